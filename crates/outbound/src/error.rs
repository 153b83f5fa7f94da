//! What can go wrong outside. Texts name hosts and limits, never paths, headers, keys or bodies.

use std::error::Error;
use std::io;

use thiserror::Error;

use crate::resolver::NotPublic;

/// Why a request has no answer, or only a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OutboundError {
    /// The URL or a header is not usable.
    #[error("not a usable address: {0}")]
    Address(&'static str),
    /// The destination is not on the public internet and not allow-listed. Nothing was sent.
    #[error("{host} is not a public address, and port {port} of it is not on the allow-list")]
    Refused {
        /// The host as the URL spells it.
        host: String,
        /// The port.
        port: u16,
    },
    /// Plain http to a host that is not allow-listed. Nothing was sent.
    #[error("plain http is only for allow-listed hosts, and {host} is none")]
    PlainHttp {
        /// The host as the URL spells it.
        host: String,
    },
    /// The host name is unknown, or nothing answers there.
    #[error("cannot connect to {host}: {reason}")]
    Connect {
        /// The host.
        host: String,
        /// What the system said.
        reason: String,
    },
    /// No secure connection; most often a certificate that does not fit.
    #[error("no secure connection to {host}: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// What the check said.
        reason: String,
    },
    /// It took too long.
    #[error("{host} took too long {step}")]
    Timeout {
        /// The host.
        host: String,
        /// Over what.
        step: Step,
    },
    /// The connection broke off in the middle.
    #[error("the connection to {host} broke off: {reason}")]
    Broken {
        /// The host.
        host: String,
        /// What the system said.
        reason: String,
    },
    /// The body is longer than allowed.
    #[error("the answer of {host} is longer than {limit_bytes} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// The limit.
        limit_bytes: usize,
    },
    /// The client itself cannot be built, for want of root certificates for example.
    #[error("the HTTP client cannot start: {0}")]
    Build(String),
}

/// Steps that have a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Until the connection stands.
    Connect,
    /// Until the head of the answer.
    Head,
    /// Between two pieces of the body.
    Idle,
    /// Until the end of a body that is wanted whole.
    Body,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "to accept a connection",
            Self::Head => "to begin its answer",
            Self::Idle => "to go on with its answer",
            Self::Body => "to finish its answer",
        })
    }
}

impl OutboundError {
    /// Sorts a failure of the HTTP library, whose own texts may hold the URL and are dropped.
    pub(crate) fn of_reqwest(error: &reqwest::Error, host: &str, port: u16) -> Self {
        let host = host.to_owned();
        if chain(error).any(|cause| cause.downcast_ref::<NotPublic>().is_some()) {
            return Self::Refused { host, port };
        }
        if let Some(tls) = chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
            return Self::Tls {
                host,
                reason: tls.to_string(),
            };
        }
        let step = if error.is_connect() {
            Step::Connect
        } else {
            Step::Idle
        };
        if error.is_timeout() {
            return Self::Timeout { host, step };
        }
        // The library's word for a failed look-up has no type of its own.
        if chain(error).any(|cause| cause.to_string() == "dns error") {
            return Self::Connect {
                host,
                reason: "its name cannot be resolved".to_owned(),
            };
        }
        let reason = chain(error)
            .find_map(|cause| cause.downcast_ref::<io::Error>())
            .map_or_else(
                || "protocol error".to_owned(),
                |cause| cause.kind().to_string(),
            );
        if error.is_connect() {
            Self::Connect { host, reason }
        } else if error.is_builder() {
            Self::Address("the request cannot be built")
        } else {
            Self::Broken { host, reason }
        }
    }
}

/// The error and all its causes. What an `io::Error` wraps is not its `source`, hence the detour.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        wrapped
            .map(|inner| inner as &(dyn Error + 'static))
            .or_else(|| error.source())
    })
}
