//! Bodies that are too long, too slow or cut off.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use outbound::{Outbound, OutboundError, Policy, Request, Response, Secret, Step, parse_url};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const SOON: Duration = Duration::from_secs(5);

/// What the server does behind the head of its answer.
#[derive(Clone, Copy)]
enum Body {
    Endless,
    Drip,
    Hang,
    Cut,
    NoHead,
}

async fn serve(mut stream: TcpStream, body: Body) -> std::io::Result<()> {
    let mut asked = [0; 4096];
    let _length = stream.read(&mut asked).await?;
    if matches!(body, Body::NoHead) {
        return std::future::pending().await;
    }
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nx-name: value\r\ncontent-length: 1000000000\r\n\r\n")
        .await?;
    loop {
        stream.write_all(&[b'x'; 1000]).await?;
        match body {
            Body::Endless => {}
            Body::Drip => tokio::time::sleep(Duration::from_millis(20)).await,
            Body::Hang | Body::NoHead => std::future::pending().await,
            Body::Cut => return stream.shutdown().await,
        }
    }
}

async fn ask(
    body: Body,
    idle: Duration,
    within: Duration,
) -> (JoinSet<()>, Result<Response, OutboundError>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let _left = serve(stream, body).await;
    });
    let outbound = Outbound::new(Policy {
        idle,
        ..Policy::default()
    })
    .unwrap();
    outbound.allow("127.0.0.1", port).unwrap();
    let url = parse_url(&format!("http://127.0.0.1:{port}/secret/path?key=canary")).unwrap();
    let request =
        Request::get(url).secret_header("authorization", "Bearer ", &Secret::new("canary"));
    let answer = outbound.send(request.unwrap(), within).await;
    (tasks, answer)
}

#[tokio::test]
async fn an_endless_body_is_cut_by_size() {
    let (_server, answer) = ask(Body::Endless, SOON, SOON).await;
    let answer = answer.unwrap();
    assert_eq!(answer.header("x-name"), Some("value"));
    let read = answer.read(100_000, SOON).await;
    assert_eq!(
        read,
        Err(OutboundError::TooLarge {
            host: "127.0.0.1".into(),
            limit_bytes: 100_000
        })
    );
}

#[tokio::test]
async fn a_dripping_body_is_cut_by_time() {
    let (_server, answer) = ask(Body::Drip, SOON, SOON).await;
    let read = answer
        .unwrap()
        .read(usize::MAX, Duration::from_millis(200))
        .await;
    assert_eq!(
        read,
        Err(OutboundError::Timeout {
            host: "127.0.0.1".into(),
            step: Step::Body
        })
    );
}

#[tokio::test]
async fn a_silent_body_runs_into_the_idle_limit() {
    let (_server, answer) = ask(Body::Hang, Duration::from_millis(100), SOON).await;
    let mut answer = answer.unwrap();
    assert_eq!(
        answer.chunk().await.unwrap().map(|chunk| chunk.len()),
        Some(1000)
    );
    assert_eq!(
        answer.chunk().await,
        Err(OutboundError::Timeout {
            host: "127.0.0.1".into(),
            step: Step::Idle
        })
    );
}

#[tokio::test]
async fn a_server_that_says_nothing_runs_into_the_limit_for_the_head() {
    let (_server, answer) = ask(Body::NoHead, SOON, Duration::from_millis(100)).await;
    let late = OutboundError::Timeout {
        host: "127.0.0.1".into(),
        step: Step::Head,
    };
    assert_eq!(answer.err(), Some(late));
}

#[tokio::test]
async fn a_body_that_ends_early_is_broken_and_its_error_tells_no_secret() {
    let (_server, answer) = ask(Body::Cut, SOON, SOON).await;
    let error = answer.unwrap().read(usize::MAX, SOON).await.unwrap_err();
    assert!(matches!(error, OutboundError::Broken { .. }), "{error:?}");
    let text = format!("{error} {error:?}");
    assert!(
        !text.contains("canary") && !text.contains("secret"),
        "{text}"
    );
}

#[tokio::test]
async fn nobody_listening_is_a_failed_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let outbound = Outbound::new(Policy::default()).unwrap();
    outbound.allow("127.0.0.1", port).unwrap();
    let request = Request::get(parse_url(&format!("http://127.0.0.1:{port}/")).unwrap());
    let error = outbound.send(request, SOON).await.unwrap_err();
    assert_eq!(
        error,
        OutboundError::Connect {
            host: "127.0.0.1".into(),
            reason: "connection refused".into()
        }
    );
}
