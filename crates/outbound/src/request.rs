//! One request on its way out.

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Method};
use url::Url;

use crate::{OutboundError, Secret};

/// A request, sent by [`crate::Outbound::send`].
#[derive(Debug)]
pub struct Request {
    pub(crate) url: Url,
    method: Method,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl Request {
    /// A GET.
    pub fn get(url: Url) -> Self {
        Self {
            url,
            method: Method::GET,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    /// A POST of a JSON text.
    pub fn post_json(url: Url, body: Bytes) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(
            reqwest::header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        Self {
            url,
            method: Method::POST,
            headers,
            body: Some(body),
        }
    }

    /// A POST of bytes of any kind, with the headers that say which.
    pub fn post(url: Url, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            url,
            method: Method::POST,
            headers,
            body: Some(body),
        }
    }

    /// Adds a header.
    ///
    /// # Errors
    /// [`OutboundError::Address`] when the value has characters a header cannot have.
    pub fn header(self, name: &'static str, value: &str) -> Result<Self, OutboundError> {
        self.with(name, HeaderValue::from_str(value))
    }

    /// Adds a header that libraries must not print or index: the prefix and then the secret.
    ///
    /// # Errors
    /// [`OutboundError::Address`] when the secret has characters a header cannot have.
    pub fn secret_header(
        self,
        name: &'static str,
        prefix: &str,
        secret: &Secret,
    ) -> Result<Self, OutboundError> {
        let text = zeroize::Zeroizing::new(format!("{prefix}{}", secret.expose()));
        let value = HeaderValue::from_str(&text).map(|mut value| {
            value.set_sensitive(true);
            value
        });
        self.with(name, value)
    }

    fn with<E>(
        mut self,
        name: &'static str,
        value: Result<HeaderValue, E>,
    ) -> Result<Self, OutboundError> {
        let value =
            value.map_err(|_| OutboundError::Address("a header value or key is not valid"))?;
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self)
    }

    pub(crate) fn into_reqwest(self) -> reqwest::Request {
        let mut request = reqwest::Request::new(self.method, self.url);
        *request.headers_mut() = self.headers;
        *request.body_mut() = self.body.map(Body::from);
        request
    }
}

/// Reads an address with the parser that also connects: http or https, a host, no user or password.
///
/// # Errors
/// [`OutboundError::Address`] for anything else.
pub fn parse_url(text: &str) -> Result<Url, OutboundError> {
    let url = Url::parse(text.trim()).map_err(|_| OutboundError::Address("not a URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(OutboundError::Address("only http and https"));
    }
    if url.host().is_none() || url.port_or_known_default().is_none_or(|port| port == 0) {
        return Err(OutboundError::Address("no host or port"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(OutboundError::Address("no user or password in a URL"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::parse_url;

    #[test]
    fn only_plain_web_addresses_are_urls() {
        assert!(parse_url(" https://api.example.com/v1 ").is_ok());
        for wrong in [
            "",
            "api.example.com",
            "ftp://example.com",
            "file:///etc/passwd",
            "https://",
            "https://u@example.com",
            "https://u:p@example.com",
            "https://:p@example.com",
            "gopher://x",
            "https://exa mple.com",
            "http://a:0/",
        ] {
            assert!(parse_url(wrong).is_err(), "{wrong}");
        }
    }
}
