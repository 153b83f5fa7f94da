//! One HTTP answer, ready to be written.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use crate::{Ending, RetryAfter, Script, Split, frames::Frames};

type Fixed = &'static [(&'static str, &'static str)];

/// An answer with everything its writer has to know.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: Cow<'static, str>,
    /// Headers of every answer of this kind.
    pub(crate) fixed: Fixed,
    pub(crate) extra: Vec<(String, String)>,
    pub(crate) body: Frames,
    /// Prompt tokens, counted as sent once the body begins.
    pub(crate) prompt_tokens: u64,
    /// Never write anything.
    pub(crate) silent: bool,
    pub(crate) latency: Duration,
    pub(crate) chunk_delay: Duration,
    pub(crate) split: Split,
}

impl Reply {
    pub(crate) fn whole(
        status: u16,
        content_type: impl Into<Cow<'static, str>>,
        body: Vec<u8>,
    ) -> Self {
        Self::new(status, content_type, Frames::whole(body))
    }

    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::whole(status, "application/json", body.to_string().into_bytes())
    }

    pub(crate) fn new(
        status: u16,
        content_type: impl Into<Cow<'static, str>>,
        body: Frames,
    ) -> Self {
        Self {
            status,
            content_type: content_type.into(),
            fixed: &[],
            extra: Vec::new(),
            body,
            prompt_tokens: 0,
            silent: false,
            latency: Duration::ZERO,
            chunk_delay: Duration::ZERO,
            split: Split::default(),
        }
    }

    pub(crate) fn fixed(mut self, headers: Fixed) -> Self {
        self.fixed = headers;
        self
    }

    /// Sets a header, replacing one of the same name.
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.extra
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.extra.push((name.to_owned(), value.into()));
        self
    }

    /// Breaks a whole body as a script orders; errors inside it make no sense and change nothing.
    pub(crate) fn breaking(mut self, ending: Ending) -> Self {
        self.body = Frames::whole_answer(self.body.bytes, None, 0, ending);
        self
    }

    /// Applies what a script says about any answer. Compression needs the client's consent, hence `accepts_gzip`.
    pub(crate) fn scripted(mut self, script: &Arc<Script>, accepts_gzip: bool) -> Self {
        if script.retry_after != RetryAfter::Natural {
            self.extra
                .retain(|(name, _)| !name.starts_with("retry-after"));
        }
        if let Some((name, value)) = script.retry_after.header() {
            self = self.header(&name, value);
        }
        for (name, value) in &script.headers {
            self = self.header(name, value.clone());
        }
        if script.gzip && accepts_gzip && self.body.gzip().is_ok() {
            self = self.header("content-encoding", "gzip");
        }
        self.latency = script.latency.unwrap_or_default();
        self.chunk_delay = script.chunk_delay.unwrap_or_default();
        self.split = script.split.clone();
        self
    }

    /// Appends status line and headers.
    pub(crate) fn head(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"HTTP/1.1 ");
        out.extend_from_slice(self.status.to_string().as_bytes());
        out.push(b' ');
        out.extend_from_slice(reason(self.status).as_bytes());
        header(out, "content-type", &self.content_type);
        for (name, value) in self.fixed {
            if !self
                .extra
                .iter()
                .any(|(other, _)| other.eq_ignore_ascii_case(name))
            {
                header(out, name, value);
            }
        }
        for (name, value) in &self.extra {
            header(out, name, value);
        }
        match self.body.length {
            Some(length) => header(out, "content-length", &length.to_string()),
            None => header(out, "transfer-encoding", "chunked"),
        }
        out.extend_from_slice(b"\r\n\r\n");
    }
}

fn header(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value.as_bytes());
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}
