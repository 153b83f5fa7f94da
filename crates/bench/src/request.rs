//! One kept connection, and a call over it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Failure;

/// Where calls go and what they say.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    pub(crate) key: String,
    pub(crate) body: Bytes,
    /// Whether the answer is a stream, which then has to end with its terminator.
    pub(crate) streams: bool,
}

/// What one call took.
#[derive(Debug, Default, Clone)]
pub(crate) struct Taken {
    /// To the first byte of the body.
    pub(crate) first: Duration,
    /// To its end.
    pub(crate) whole: Duration,
    /// Between the pieces in which a stream arrived.
    pub(crate) gaps: Vec<Duration>,
    pub(crate) bytes: usize,
}

impl Target {
    /// The body of a chat completion.
    pub(crate) fn chat(
        address: SocketAddr,
        path: &str,
        key: &str,
        model: &str,
        streams: bool,
    ) -> Self {
        let body = serde_json::json!({
            "model": model,
            "stream": streams,
            "max_completion_tokens": 256,
            "messages": [
                { "role": "system", "content": "Answer in one paragraph." },
                { "role": "user", "content": "What does a call cost, and who says so?" },
            ],
        });
        Self {
            address,
            path: path.to_owned(),
            key: key.to_owned(),
            body: Bytes::from(body.to_string()),
            streams,
        }
    }

    fn request(&self) -> Result<Request<Full<Bytes>>, http::Error> {
        Request::builder()
            .method(Method::POST)
            .uri(&self.path)
            .header(HOST, self.address.to_string())
            .header(AUTHORIZATION, format!("Bearer {}", self.key))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(self.body.clone()))
    }
}

/// A connection that is kept between calls.
pub(crate) struct Line {
    sender: SendRequest<Full<Bytes>>,
}

impl Line {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            // It ends with its sender; what went wrong the call on it says.
            let _ = connection.await;
        });
        Ok(Self { sender })
    }

    /// Sends one call and waits for the head of its answer.
    pub(crate) async fn begin(&mut self, target: &Target) -> Result<Response<Incoming>, Failure> {
        self.sender.ready().await?;
        Ok(self.sender.send_request(target.request()?).await?)
    }

    /// One whole call. An answer that is not what was asked for is an error.
    pub(crate) async fn call(&mut self, target: &Target, gaps: bool) -> Result<Taken, Failure> {
        let begun = Instant::now();
        let answer = self.begin(target).await?;
        let status = answer.status();
        let mut body = answer.into_body();
        let mut taken = Taken::default();
        let mut last = Bytes::new();
        let mut before = begun;
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame?.into_data() else {
                continue;
            };
            if taken.bytes == 0 {
                taken.first = begun.elapsed();
            } else if gaps {
                taken.gaps.push(before.elapsed());
            }
            if gaps {
                before = Instant::now();
            }
            taken.bytes += data.len();
            last = data;
        }
        taken.whole = begun.elapsed();
        let ended = if target.streams {
            last.trim_ascii_end().ends_with(b"[DONE]")
        } else {
            last.trim_ascii_end().ends_with(b"}")
        };
        if !status.is_success() || !ended {
            let end = String::from_utf8_lossy(&last);
            return Err(format!("{} answered {status}: …{end}", target.path).into());
        }
        Ok(taken)
    }
}
