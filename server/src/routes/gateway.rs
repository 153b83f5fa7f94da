//! `/v1`: the OpenAI-compatible door.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::KeyId;
use futures::StreamExt;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use http_body_util::BodyExt;
use services::access::Caller;
use services::calls::Rates;
use services::gateway::{BODY_MOST_BYTES, GatewayAnswer, GatewayBody, GatewayError};

use crate::openapi::schemas::ChatRequest;
use crate::openapi::{ChatAnswers, ModelAnswers, ModelListAnswers};
use crate::router::Host;
use crate::shares::Share;

/// The routes. They never look at cookies.
pub(crate) fn routes() -> Router<Host> {
    Router::new()
        .route("/v1/chat/completions", post(chat))
        .route("/v1/models", get(models))
        .route("/v1/models/{*id}", get(model))
        .route("/v1/{*rest}", axum::routing::any(unknown))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::disable())
}

/// Answers a conversation, whole or as it is written.
#[utoipa::path(
    post,
    path = "/v1/chat/completions",
    operation_id = "createChatCompletion",
    tag = "gateway",
    request_body = ChatRequest,
    responses(ChatAnswers),
    security(("key" = []))
)]
pub(crate) async fn chat(State(host): State<Host>, request: Request) -> Response {
    match answer(&host, request).await {
        Ok(answer) => spelled(answer),
        Err(error) => refused(&error),
    }
}

async fn answer(host: &Host, request: Request) -> Result<GatewayAnswer, GatewayError> {
    let (parts, body) = request.into_parts();
    let before = caller(host, &parts.headers, &parts.uri)?;
    let mut upload = host.uploads.begin(before.key_id);
    let body = read_body(body, &mut upload).await?;
    // A body may be long on its way, and the key be revoked meanwhile.
    let caller = caller(host, &parts.headers, &parts.uri)?;
    host.services.gateway_chat(caller, &body).await
}

/// The models this key may use.
#[utoipa::path(
    get,
    path = "/v1/models",
    operation_id = "listModels",
    tag = "gateway",
    responses(ModelListAnswers),
    security(("key" = []))
)]
pub(crate) async fn models(State(host): State<Host>, request: Request) -> Response {
    match caller(&host, request.headers(), request.uri()) {
        Ok(caller) => axum::Json(host.services.gateway_models(&caller)).into_response(),
        Err(error) => refused(&error),
    }
}

/// One model. Its id may hold slashes, as they are or escaped.
#[utoipa::path(
    get,
    path = "/v1/models/{id}",
    operation_id = "retrieveModel",
    tag = "gateway",
    params(("id" = String, Path, description = "The model as a request names it.", min_length = 1)),
    responses(ModelAnswers),
    security(("key" = []))
)]
pub(crate) async fn model(
    State(host): State<Host>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let found = caller(&host, request.headers(), request.uri())
        .and_then(|caller| host.services.gateway_model(&caller, &id));
    match found {
        Ok(model) => axum::Json(model).into_response(),
        Err(error) => refused(&error),
    }
}

async fn unknown(State(host): State<Host>, request: Request) -> Response {
    let error = caller(&host, request.headers(), request.uri())
        .err()
        .unwrap_or_else(|| {
            GatewayError::unknown_route(request.method().as_str(), request.uri().path())
        });
    refused(&error)
}

async fn wrong_method(request: Request) -> Response {
    let error = GatewayError::wrong_method(request.method().as_str(), request.uri().path());
    refused(&error)
}

/// The one resolver of keys, whatever header carries them. Several different ones are refused, and
/// so are keys in the address, which end up in logs.
fn caller(host: &Host, headers: &HeaderMap, uri: &Uri) -> Result<Caller, GatewayError> {
    let in_query = uri
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .any(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            matches!(name, "key" | "api_key" | "api-key" | "access_token")
        });
    if in_query {
        return Err(GatewayError::bad_request(
            "API keys belong into the Authorization header",
            None,
        ));
    }
    let mut keys: Vec<&str> = Vec::new();
    for value in headers.get_all(AUTHORIZATION) {
        let value = value.to_str().map_err(|_| GatewayError::bad_key())?;
        let (scheme, key) = value.split_once(' ').unwrap_or((value, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(GatewayError::bad_key());
        }
        keys.push(key.trim());
    }
    for name in ["x-api-key", "api-key"] {
        for value in headers.get_all(name) {
            keys.push(value.to_str().map_err(|_| GatewayError::bad_key())?.trim());
        }
    }
    let key = keys
        .first()
        .copied()
        .filter(|key| !key.is_empty())
        .ok_or_else(GatewayError::bad_key)?;
    if keys.iter().any(|other| *other != key) {
        return Err(GatewayError::conflicting_keys());
    }
    host.services
        .resolve_key(key)
        .map_err(|_| GatewayError::bad_key())
}

/// The listener bounds the time.
async fn read_body(mut body: Body, upload: &mut Share<KeyId>) -> Result<Bytes, GatewayError> {
    // Most bodies are one piece, which is passed on as it came.
    let mut pieces: Vec<Bytes> = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            let message = "the request body did not arrive";
            return Err(GatewayError::bad_request(message, None));
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.len();
        if length > BODY_MOST_BYTES {
            return Err(GatewayError::too_large());
        }
        if !upload.add(data.len()) {
            return Err(GatewayError::too_busy());
        }
        pieces.push(data);
    }
    Ok(match pieces.len() {
        1 => pieces.remove(0),
        _ => pieces.concat().into(),
    })
}

fn spelled(answer: GatewayAnswer) -> Response {
    let mut response = match answer.body {
        GatewayBody::Whole(body) => {
            let mut response = Response::new(Body::from(body));
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(CONTENT_TYPE, json);
            response
        }
        GatewayBody::Stream(stream) => {
            let frames = stream.map(Ok::<Bytes, std::convert::Infallible>);
            let mut response = Response::new(Body::from_stream(frames));
            let headers = response.headers_mut();
            headers.insert(
                CONTENT_TYPE,
                HeaderValue::from_static("text/event-stream; charset=utf-8"),
            );
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
            response
        }
    };
    let headers = response.headers_mut();
    set(headers, "x-purser-call-id", &answer.call_id.to_string());
    if let Some(most) = answer.injected_output {
        set(headers, "x-purser-max-output", &most.to_string());
    }
    rate_headers(headers, &answer.rates);
    response
}

fn rate_headers(headers: &mut HeaderMap, rates: &Rates) {
    if let Some(rate) = rates.requests {
        set(
            headers,
            "x-ratelimit-limit-requests",
            &rate.ceiling.to_string(),
        );
        set(
            headers,
            "x-ratelimit-remaining-requests",
            &rate.left.to_string(),
        );
        set(
            headers,
            "x-ratelimit-reset-requests",
            &format!("{}ms", rate.full_in_ms),
        );
    }
    if let Some(rate) = rates.tokens {
        set(
            headers,
            "x-ratelimit-limit-tokens",
            &rate.ceiling.to_string(),
        );
        set(
            headers,
            "x-ratelimit-remaining-tokens",
            &rate.left.to_string(),
        );
        set(
            headers,
            "x-ratelimit-reset-tokens",
            &format!("{}ms", rate.full_in_ms),
        );
    }
}

fn refused(error: &GatewayError) -> Response {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, axum::Json(error.body())).into_response();
    let headers = response.headers_mut();
    if let Some(retry_after_ms) = error.retry_after_ms {
        let seconds = retry_after_ms.max(0).saturating_add(999) / 1_000;
        if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
            headers.insert(RETRY_AFTER, value);
        }
        set(
            headers,
            "retry-after-ms",
            &retry_after_ms.max(0).to_string(),
        );
    }
    if let Some(should_retry) = error.should_retry {
        set(
            headers,
            "x-should-retry",
            if should_retry { "true" } else { "false" },
        );
    }
    response
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
