//! What went wrong, in the terms of the fact sheet's categories, whoever said it and however.

mod body;
mod category;
mod retry;
mod scrub;

use domain::calls::{Outcome, ProviderFailure};
use domain::connections::ProviderKind;
use outbound::{OutboundError, Secret, Url};

use crate::reply::MOST_TOOL_CALLS;

pub(crate) use body::Said;
pub(crate) use retry::Head;

/// Who reads what our own client says of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Members and holders of keys, who need not know where the house's providers live.
    Everyone,
    /// Those who entered the address.
    Admins,
}

/// Builds the failures of one exchange: knows the dialect, the host and the key to keep out.
#[derive(Debug, Clone)]
pub(crate) struct Failures {
    kind: ProviderKind,
    host: String,
    key: Secret,
    readers: Readers,
}

impl Failures {
    pub(crate) fn new(kind: ProviderKind, base_url: &str, key: &Secret, readers: Readers) -> Self {
        let url = Url::parse(base_url).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        Self {
            kind,
            host: host.to_ascii_lowercase(),
            key: key.clone(),
            readers,
        }
    }

    /// An answer with a bad status.
    pub(crate) fn of_answer(&self, head: &Head, body: &[u8]) -> ProviderFailure {
        let said = Said::read(body).unwrap_or_default();
        let outcome = category::of(self.kind, &self.host, Some(head.status), &said);
        let message = if said.message.is_empty() {
            format!("HTTP status {} without a readable error", head.status)
        } else {
            self.clean(&said.message)
        };
        ProviderFailure {
            outcome,
            status: Some(head.status),
            message,
            retry_after_ms: retry::wait_ms(head, &said, outcome),
        }
    }

    /// An error object in an answer whose status was good.
    pub(crate) fn of_object(&self, body: &[u8]) -> ProviderFailure {
        let said = Said::read(body).unwrap_or_default();
        let outcome = category::of(self.kind, &self.host, None, &said);
        let message = if said.message.is_empty() {
            "the provider reported an error without words".to_owned()
        } else {
            self.clean(&said.message)
        };
        ProviderFailure {
            outcome,
            status: None,
            message,
            retry_after_ms: said.retry_after_ms,
        }
    }

    /// No answer, or only a part. The client's own words name the host, which may be one of the
    /// internal network, and what the system said of it: they are for admins and for the log.
    pub(crate) fn of_outbound(&self, error: &OutboundError) -> ProviderFailure {
        let outcome = match error {
            OutboundError::TooLarge { .. } => Outcome::Server,
            OutboundError::Address(_)
            | OutboundError::Refused { .. }
            | OutboundError::PlainHttp { .. }
            | OutboundError::Connect { .. }
            | OutboundError::Tls { .. }
            | OutboundError::Timeout { .. }
            | OutboundError::Broken { .. }
            | OutboundError::Build(_) => Outcome::Network,
        };
        match self.readers {
            Readers::Admins => self.plain(outcome, &error.to_string()),
            Readers::Everyone => {
                tracing::warn!(%error, "a provider gave no whole answer");
                self.plain(outcome, &without_host(error))
            }
        }
    }

    /// The stream ended before the reply did.
    pub(crate) fn broken_off(&self) -> ProviderFailure {
        self.network("the answer broke off before its end")
    }

    /// More tool calls than a reply may have.
    pub(crate) fn too_many_tool_calls(&self) -> ProviderFailure {
        self.server(&format!(
            "the reply has more than {MOST_TOOL_CALLS} tool calls"
        ))
    }

    pub(crate) fn network(&self, message: &str) -> ProviderFailure {
        self.plain(Outcome::Network, message)
    }

    pub(crate) fn server(&self, message: &str) -> ProviderFailure {
        self.plain(Outcome::Server, message)
    }

    pub(crate) fn plain(&self, outcome: Outcome, message: &str) -> ProviderFailure {
        ProviderFailure {
            outcome,
            status: None,
            message: self.clean(message),
            retry_after_ms: None,
        }
    }

    /// The provider's host, for the few deviations that are tied to one.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    fn clean(&self, message: &str) -> String {
        scrub::message(message, self.key.expose())
    }
}

/// What a member may know of an answer that did not come, or not whole.
fn without_host(error: &OutboundError) -> String {
    match error {
        OutboundError::Address(_)
        | OutboundError::Refused { .. }
        | OutboundError::PlainHttp { .. } => "the connection's address cannot be used".to_owned(),
        OutboundError::Connect { .. } => "no connection can be made".to_owned(),
        OutboundError::Tls { .. } => "no secure connection can be made".to_owned(),
        OutboundError::Timeout { step, .. } => format!("the provider took too long {step}"),
        OutboundError::Broken { .. } => "the connection broke off".to_owned(),
        OutboundError::TooLarge { limit_bytes, .. } => {
            format!("the answer is longer than {limit_bytes} bytes")
        }
        OutboundError::Build(_) => "the HTTP client cannot start".to_owned(),
    }
}

#[cfg(test)]
mod tests;
