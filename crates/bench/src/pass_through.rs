//! What the gateway is compared with: axum and reqwest, nothing counted, nobody asked who they are.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::serve::ListenerExt;
use http::StatusCode;
use tokio::net::TcpListener;

use crate::Failure;

#[derive(Clone)]
struct Onward {
    client: reqwest::Client,
    upstream: String,
}

/// Passes every request on until the process is ended.
pub(crate) async fn serve(listen: SocketAddr, upstream: String) -> Result<(), Failure> {
    let onward = Onward {
        client: reqwest::Client::builder().build()?,
        upstream,
    };
    let router = Router::new().fallback(pass).with_state(onward);
    let listener = TcpListener::bind(listen).await?.tap_io(|stream| {
        // Without it a chunk waits up to 40 ms for the acknowledgement of the one before. An error
        // here is a connection that is gone already.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await?;
    Ok(())
}

async fn pass(State(onward): State<Onward>, request: Request) -> Result<Response, StatusCode> {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, 32 * 1024 * 1024)
        .await
        .map_err(|_| StatusCode::BAD_REQUEST)?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut onwards = onward
        .client
        .request(parts.method, format!("{}{path}", onward.upstream))
        .body(bytes);
    for name in [http::header::AUTHORIZATION, http::header::CONTENT_TYPE] {
        if let Some(value) = parts.headers.get(&name) {
            onwards = onwards.header(name, value);
        }
    }
    let answer = onwards.send().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let mut response = Response::builder().status(answer.status());
    if let Some(kind) = answer.headers().get(http::header::CONTENT_TYPE) {
        response = response.header(http::header::CONTENT_TYPE, kind);
    }
    response
        .body(Body::from_stream(answer.bytes_stream()))
        .map_err(|_| StatusCode::BAD_GATEWAY)
}
