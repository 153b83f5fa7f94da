//! What went wrong, in the terms of the fact sheet's categories, whoever said it and however.

mod body;
mod category;
mod retry;
mod scrub;

use domain::calls::{Outcome, ProviderFailure};
use domain::connections::ProviderKind;
use outbound::{OutboundError, Secret, Url};

pub(crate) use body::Said;
pub(crate) use retry::Head;

/// Builds the failures of one exchange: knows the dialect, the host and the key to keep out.
#[derive(Debug, Clone)]
pub(crate) struct Failures {
    kind: ProviderKind,
    host: String,
    key: Secret,
}

impl Failures {
    pub(crate) fn new(kind: ProviderKind, base_url: &str, key: &Secret) -> Self {
        let url = Url::parse(base_url).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        Self {
            kind,
            host: host.to_ascii_lowercase(),
            key: key.clone(),
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

    /// No answer, or only a part.
    pub(crate) fn of_outbound(&self, error: &OutboundError) -> ProviderFailure {
        match error {
            OutboundError::TooLarge { .. } => self.server(&error.to_string()),
            OutboundError::Address(_)
            | OutboundError::Refused { .. }
            | OutboundError::PlainHttp { .. }
            | OutboundError::Connect { .. }
            | OutboundError::Tls { .. }
            | OutboundError::Timeout { .. }
            | OutboundError::Broken { .. }
            | OutboundError::Build(_) => self.network(&error.to_string()),
        }
    }

    /// The stream ended before the reply did.
    pub(crate) fn broken_off(&self) -> ProviderFailure {
        self.network("the answer broke off before its end")
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

#[cfg(test)]
mod tests;
