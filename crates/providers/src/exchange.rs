//! One endpoint and the client to reach it: addresses, sending, failures.

use std::time::Duration;

use bytes::Bytes;
use domain::calls::ProviderFailure;
use outbound::{Outbound, OutboundError, Request, Response, Url, parse_url};

use crate::Endpoint;
use crate::failure::{Failures, Head, Readers};

/// Until the head of an answer: models that think long begin late.
const FIRST_BYTE: Duration = Duration::from_mins(2);
/// Until the head of a list or a test.
const QUICK: Duration = Duration::from_secs(30);
/// Until the end of a whole answer, which some send only when all of it is written.
const WHOLE: Duration = Duration::from_mins(10);
/// Most bytes of a whole answer, or of all pages of a list together.
pub(crate) const LONGEST_BODY: usize = 16 << 20;
/// Most bytes of an error that are read, and how long.
const LONGEST_ERROR: usize = 256 << 10;
const ERROR_BODY: Duration = Duration::from_secs(10);

/// One call's way to a provider.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    outbound: &'a Outbound,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) failures: Failures,
}

impl<'a> Exchange<'a> {
    pub(crate) fn new(outbound: &'a Outbound, endpoint: &'a Endpoint, readers: Readers) -> Self {
        Self {
            outbound,
            endpoint,
            failures: Failures::new(endpoint.kind, &endpoint.base_url, &endpoint.key, readers),
        }
    }

    /// The base URL, or the provider's own.
    pub(crate) fn base(&self) -> Result<Url, ProviderFailure> {
        let entered = self.endpoint.base_url.trim();
        let text = if entered.is_empty() {
            self.endpoint.kind.default_base_url().unwrap_or_default()
        } else {
            entered
        };
        parse_url(text).map_err(|error| self.failures.of_outbound(&error))
    }

    /// An address below the base. Each part is one segment and is escaped, so that no model id can
    /// lead to another path.
    pub(crate) fn url(&self, path: &[&str]) -> Result<Url, ProviderFailure> {
        let mut url = self.base()?;
        url.set_query(None);
        url.set_fragment(None);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        Ok(url)
    }

    /// Sends a call for a reply; the answer's status was good.
    pub(crate) async fn ask(
        &self,
        request: Result<Request, OutboundError>,
    ) -> Result<Response, ProviderFailure> {
        self.send(request, FIRST_BYTE).await
    }

    /// Sends a call for a list or a test; the answer's status was good.
    pub(crate) async fn look(
        &self,
        request: Result<Request, OutboundError>,
    ) -> Result<Response, ProviderFailure> {
        self.send(request, QUICK).await
    }

    /// The whole body of a good answer.
    pub(crate) async fn body(&self, response: Response) -> Result<Bytes, ProviderFailure> {
        self.body_within(response, LONGEST_BODY).await
    }

    /// The whole body of a good answer that may have this many bytes.
    pub(crate) async fn body_within(
        &self,
        response: Response,
        most_bytes: usize,
    ) -> Result<Bytes, ProviderFailure> {
        let body = response.read(most_bytes, WHOLE).await;
        let body = body.map_err(|error| self.failures.of_outbound(&error))?;
        if body.trim_ascii().is_empty() {
            return Err(self.failures.network("the answer is empty"));
        }
        Ok(body)
    }

    /// What an answer that is no JSON deserves.
    pub(crate) fn not_json(&self) -> ProviderFailure {
        self.failures
            .server("the answer is not in the provider's format")
    }

    async fn send(
        &self,
        request: Result<Request, OutboundError>,
        within: Duration,
    ) -> Result<Response, ProviderFailure> {
        let sent = async { self.outbound.send(request?, within).await };
        let response = sent
            .await
            .map_err(|error| self.failures.of_outbound(&error))?;
        if (200..300).contains(&response.status()) {
            return Ok(response);
        }
        let head = Head::of(&response);
        // The status alone says enough when the rest of the error does not come.
        let body = response
            .read(LONGEST_ERROR, ERROR_BODY)
            .await
            .unwrap_or_default();
        Err(self.failures.of_answer(&head, &body))
    }
}

/// How a good answer to a streaming request is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Stream,
    Whole,
}

impl Form {
    /// Some servers answer a streaming request with one JSON text, often an error.
    pub(crate) fn of(response: &Response, stream: bool) -> Self {
        let kind = response
            .header("content-type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let whole =
            !stream || kind.starts_with("application/json") || kind.starts_with("text/html");
        if whole { Self::Whole } else { Self::Stream }
    }
}
