//! An answer: its head at once, its body under limits.

use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::{Instant, Sleep};

use crate::{OutboundError, Step};

/// An answer of any status. Dropping it drops the connection, unless the body was read to its end.
#[derive(Debug)]
pub struct Response {
    answer: reqwest::Response,
    host: String,
    port: u16,
    idle: Duration,
    timer: Pin<Box<Sleep>>,
}

impl Response {
    pub(crate) fn new(answer: reqwest::Response, host: String, port: u16, idle: Duration) -> Self {
        let timer = Box::pin(tokio::time::sleep(idle));
        Self {
            answer,
            host,
            port,
            idle,
            timer,
        }
    }

    /// The status. A redirect is an answer like any other.
    pub fn status(&self) -> u16 {
        self.answer.status().as_u16()
    }

    /// The first header of a name in lower case, when it is readable text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.answer.headers().get(name)?.to_str().ok()
    }

    /// All headers with readable values, names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.answer.headers().iter();
        headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
    }

    /// The next piece of the body, decompressed; `None` at its end.
    ///
    /// # Errors
    /// [`OutboundError::Timeout`] when nothing comes for the idle time, [`OutboundError::Broken`]
    /// when the connection ends before the body.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, OutboundError> {
        // One timer for the whole body: putting off its end costs next to nothing.
        self.timer.as_mut().reset(Instant::now() + self.idle);
        tokio::select! {
            biased;
            chunk = self.answer.chunk() => {
                chunk.map_err(|error| OutboundError::of_reqwest(&error, &self.host, self.port))
            }
            () = self.timer.as_mut() => {
                Err(OutboundError::Timeout { host: self.host.clone(), step: Step::Idle })
            }
        }
    }

    /// The whole body, decompressed.
    ///
    /// # Errors
    /// As [`Self::chunk`]; [`OutboundError::TooLarge`] beyond `limit_bytes`, and a timeout when the
    /// body takes longer than `within`: a body that never ends is cut off either way.
    pub async fn read(
        mut self,
        limit_bytes: usize,
        within: Duration,
    ) -> Result<Bytes, OutboundError> {
        let deadline = Instant::now() + within;
        let late = |host: &str| OutboundError::Timeout {
            host: host.to_owned(),
            step: Step::Body,
        };
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        loop {
            let chunk = tokio::time::timeout_at(deadline, self.chunk()).await;
            let Some(chunk) = chunk.map_err(|_| late(&self.host))?? else {
                break;
            };
            if first.len().max(all.len()) + chunk.len() > limit_bytes {
                return Err(OutboundError::TooLarge {
                    host: self.host,
                    limit_bytes,
                });
            }
            if all.is_empty() && first.is_empty() {
                // Most bodies are one piece, which then needs no copy.
                first = chunk;
                continue;
            }
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&chunk);
        }
        Ok(if all.is_empty() { first } else { all.freeze() })
    }
}
