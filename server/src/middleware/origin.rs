//! A cookie travels with requests that other sites cause. Whatever changes something must prove
//! that it comes from our own pages.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use super::context::{host_ip, is_loopback};
use crate::router::Host;

/// Which origin is ours.
#[derive(Debug, Clone)]
pub(crate) enum Origins {
    /// The configured public address, and no other.
    Public(String),
    /// Not configured: the request's own Host, if it is loopback or an address in numbers. A name
    /// could be anybody's that points here.
    OwnHost,
}

impl Origins {
    pub(crate) fn new(public_url: Option<&Url>) -> Self {
        match public_url {
            Some(url) => Self::Public(url.origin().ascii_serialization()),
            None => Self::OwnHost,
        }
    }

    fn allows(&self, headers: &HeaderMap) -> bool {
        let text = |name| {
            headers
                .get(name)
                .and_then(|value: &http::HeaderValue| value.to_str().ok())
        };
        if headers.get_all(ORIGIN).iter().count() > 1 {
            return false;
        }
        let host = text(HOST).unwrap_or_default();
        let same_site = match text(http::HeaderName::from_static("sec-fetch-site")) {
            Some(site) => site == "same-origin",
            None => true,
        };
        let own_host = is_loopback(host) || host_ip(host).is_some();
        match (self, text(ORIGIN)) {
            (Self::Public(own), Some(origin)) => same_site && origin == own,
            (Self::OwnHost, Some(origin)) => {
                same_site && own_host && (origin == format!("http://{host}"))
            }
            // Browsers that leave Origin out of same-origin requests still say where they came from.
            (own, None) => {
                headers.contains_key("sec-fetch-site")
                    && same_site
                    && (own_host || matches!(own, Self::Public(_)))
            }
        }
    }
}

/// Refuses state changes that do not come from our own pages.
pub(crate) async fn refuse_foreign(
    State(host): State<Host>,
    request: Request,
    next: Next,
) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe || host.origins.allows(request.headers()) {
        return next.run(request).await;
    }
    let told = "This request does not come from this Purser's own pages. If you use a name to reach it, \
                set PURSER_PUBLIC_URL to that address.\n";
    (StatusCode::FORBIDDEN, told).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(own: Option<&str>, pairs: &[(&'static str, &str)]) -> bool {
        let url = own.map(|own| Url::parse(own).unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        Origins::new(url.as_ref()).allows(&headers)
    }

    #[test]
    fn without_a_public_address_only_this_machines_own_page_may_write() {
        let host = ("host", "127.0.0.1:3000");
        assert!(allowed(None, &[host, ("origin", "http://127.0.0.1:3000")]));
        assert!(allowed(None, &[host, ("sec-fetch-site", "same-origin")]));
        assert!(!allowed(None, &[host, ("origin", "http://127.0.0.1:3001")]));
        assert!(!allowed(None, &[host, ("origin", "null")]));
        assert!(!allowed(None, &[host]));
        assert!(!allowed(None, &[host, ("sec-fetch-site", "cross-site")]));
        assert!(!allowed(None, &[host, ("sec-fetch-site", "same-site")]));
        // A name that somebody pointed at us.
        assert!(!allowed(
            None,
            &[("host", "evil.example"), ("origin", "http://evil.example")]
        ));
        assert!(!allowed(
            None,
            &[("host", "evil.example"), ("sec-fetch-site", "same-origin")]
        ));
    }

    #[test]
    fn with_a_public_address_that_and_no_other_may_write() {
        let own = Some("https://purser.example.org");
        let host = ("host", "purser.example.org");
        assert!(allowed(
            own,
            &[host, ("origin", "https://purser.example.org")]
        ));
        assert!(!allowed(
            own,
            &[host, ("origin", "http://purser.example.org")]
        ));
        assert!(!allowed(
            own,
            &[host, ("origin", "https://purser.example.org.evil.example")]
        ));
        assert!(!allowed(
            own,
            &[("host", "evil.example"), ("origin", "https://evil.example")]
        ));
        let twice = [
            host,
            ("origin", "https://purser.example.org"),
            ("origin", "https://evil.example"),
        ];
        assert!(!allowed(own, &twice));
    }
}
