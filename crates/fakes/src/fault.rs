//! Answers that are no generation: the errors every dialect renders in its own shape, and those that have none.

use std::borrow::Cow;

use crate::{call::Call, reply::Reply};

/// What went wrong at the provider. Each dialect has its own status, wording and headers for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    MissingKey,
    BadKey,
    /// The key is good but not for this.
    Forbidden,
    /// The account has no credit left.
    NoMoney,
    /// A limit the customer or the contract set.
    SpendLimit,
    RateLimited,
    /// A rate limit that lasts for hours.
    RateLimitedDaily,
    /// Traffic grew too steeply.
    Ramp,
    Overloaded,
    Server,
    Timeout,
    ContextLength,
    /// The request is too many bytes.
    TooLarge,
    UnknownModel,
    /// A request the provider refuses as malformed.
    Invalid,
}

/// An answer instead of a generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The dialect's own answer for this error.
    Kind(ErrorKind),
    /// Exactly this.
    Raw {
        status: u16,
        content_type: Cow<'static, str>,
        body: Vec<u8>,
    },
    /// The dialect's error body with status 200.
    JsonError(ErrorKind),
    Html,
    Garbage,
    Redirect,
    Silent,
    EmptyBody,
}

/// What is said about when to try again; `Natural` leaves it to the dialect and the error.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RetryAfter {
    #[default]
    Natural,
    Absent,
    Seconds(u64),
    /// Seconds with a fraction, as some gateways send them.
    Fraction(f64),
    /// `retry-after` as an HTTP date, given in full since the fake has no clock.
    HttpDate(String),
    /// `retry-after-ms`.
    Millis(f64),
}

impl RetryAfter {
    /// The header to send, when it is this side that decides.
    pub(crate) fn header(&self) -> Option<(String, String)> {
        let (name, value) = match self {
            Self::Natural | Self::Absent => return None,
            Self::Seconds(seconds) => ("retry-after", seconds.to_string()),
            Self::Fraction(seconds) => ("retry-after", seconds.to_string()),
            Self::HttpDate(date) => ("retry-after", date.clone()),
            Self::Millis(millis) => ("retry-after-ms", millis.to_string()),
        };
        Some((name.to_owned(), value))
    }
}

const HTML: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n";

/// Not UTF-8, not JSON, and with a NUL; the `data:` makes stream readers look into it.
const GARBAGE: &[u8] = b"data: {\"id\":\xff\xfe\x00 not json ]]\n\n\x1f\x8b\x08garbage\n\ndata: 42\n\ndata: \"str\"\n\n";

/// Renders `fault`, asking `kind` for the errors that have a shape in the caller's dialect.
pub(crate) fn reply(
    call: &Call<'_>,
    fault: &Fault,
    streaming: bool,
    kind: impl Fn(ErrorKind) -> Reply,
) -> Reply {
    match fault {
        Fault::Kind(error) => kind(*error),
        Fault::JsonError(error) => Reply {
            status: 200,
            ..kind(*error)
        },
        Fault::Raw {
            status,
            content_type,
            body,
        } => Reply::whole(*status, content_type.clone(), body.clone()),
        Fault::Html => Reply::whole(502, "text/html", HTML.into()),
        Fault::Garbage if streaming => Reply::whole(200, "text/event-stream", GARBAGE.into()),
        Fault::Garbage => Reply::whole(200, "application/json", GARBAGE.into()),
        Fault::Redirect => Reply::whole(307, "text/plain", Vec::new()).header(
            "location",
            // Another host name for the same listener, so that a followed redirect shows up in the record.
            format!("http://localhost:{}/redirected", call.shared.address.port()),
        ),
        Fault::Silent => Reply {
            silent: true,
            ..Reply::whole(200, "text/plain", Vec::new())
        },
        Fault::EmptyBody => Reply::whole(200, "application/json", Vec::new()),
    }
}
