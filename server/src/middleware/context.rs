//! Who asks, and from where: once per request, for pages, server functions and live events.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use app::context::{RequestContext, cookie_name};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::AppError;
use domain::look::{LOOK_COOKIE, Look, MODEL_COOKIE};
use http::header::{ACCEPT_LANGUAGE, COOKIE, HOST, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use ipnet::IpNet;
use locales::Locale;
use services::access::Origin;

use crate::router::Host;

/// Puts the [`RequestContext`] into the request.
pub(crate) async fn attach(State(host): State<Host>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let address = address_of(&parts, &host.trusted_proxies);
    let mut request = Request::from_parts(parts, body);
    let headers = request.headers();
    let origin = Origin {
        address,
        agent: text(headers, USER_AGENT).chars().take(200).collect(),
    };
    let secret = cookie(headers, cookie_name(host.secure));
    let who = match &secret {
        None => None,
        Some(secret) => match host.services.resolve_session(secret, &origin).await {
            Ok(who) => Some(who),
            Err(error) => match error.into_app() {
                AppError::SignedOut => None,
                // Not "signed out": that would send people to sign in again for nothing.
                _ => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
            },
        },
    };
    let email = match &who {
        None => None,
        Some(who) => match host.services.member_email(who).await {
            Ok(email) => email,
            Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    };
    let locale = in_query(request.uri().query())
        .or_else(|| who.as_ref()?.locale.as_deref()?.parse().ok())
        .unwrap_or_else(|| of_browser(headers));
    let look = cookie(headers, LOOK_COOKIE).map_or_else(Look::default, |kept| Look::read(&kept));
    let model = cookie(headers, MODEL_COOKIE).and_then(|kept| decoded(&kept));
    let asked = text(headers, HOST);
    let insecure = !host.secure && !is_loopback(asked);
    // The only hosts whose pages may change anything while no public address is configured; a name could be
    // anybody's.
    let is_own = is_loopback(asked) || host_ip(asked).is_some();
    let public_url = host.services.public_url().map(str::to_owned);
    let context = RequestContext {
        address: public_url.or_else(|| is_own.then(|| format!("http://{asked}"))),
        services: host.services.clone(),
        who,
        email,
        origin,
        locale,
        look,
        model,
        secure: host.secure,
        insecure,
    };
    request.extensions_mut().insert(context);
    request.extensions_mut().insert(SessionSecret(secret));
    next.run(request).await
}

/// The session cookie that the request brought, good or not.
#[derive(Clone)]
pub(crate) struct SessionSecret(pub(crate) Option<String>);

/// The address of whoever sent a request.
pub(super) fn address_of(parts: &Parts, trusted: &[IpNet]) -> IpAddr {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    client_address(peer, &parts.headers, trusted)
}

/// The client's address: the socket's, or what a trusted proxy says of it.
///
/// Read from the right: each trusted proxy vouches for the address before its own; the first one
/// that is not trusted is the client, whatever stands left of it.
pub(crate) fn client_address(
    peer: Option<IpAddr>,
    headers: &HeaderMap,
    trusted: &[IpNet],
) -> IpAddr {
    let is_trusted = |address: IpAddr| {
        trusted
            .iter()
            .any(|net| net.contains(&address.to_canonical()))
    };
    let mut client = peer
        .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
        .to_canonical();
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in forwarded.into_iter().rev() {
        if !is_trusted(client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

/// The language of an answer that is the same for everybody: the address's, else the browser's.
pub(crate) fn asked_locale(query: Option<&str>, headers: &HeaderMap) -> Locale {
    in_query(query).unwrap_or_else(|| of_browser(headers))
}

fn in_query(query: Option<&str>) -> Option<Locale> {
    query?
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang=")?.parse().ok())
}

fn of_browser(headers: &HeaderMap) -> Locale {
    Locale::negotiate(text(headers, ACCEPT_LANGUAGE))
}

fn text(headers: &HeaderMap, name: http::HeaderName) -> &str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, value)| *known == name && !value.is_empty() && value.len() <= 128)
        .map(|(_, value)| value.to_owned())
}

/// A text as a cookie's value spells it; none where there is nothing in it.
fn decoded(value: &str) -> Option<String> {
    let (text, _) = url::form_urlencoded::parse(value.as_bytes()).next()?;
    Some(text.into_owned()).filter(|text| !text.is_empty())
}

/// Whether a Host header names this machine itself.
pub(super) fn is_loopback(host: &str) -> bool {
    host_ip(host).is_some_and(|address| address.is_loopback())
        || host_name(host).eq_ignore_ascii_case("localhost")
}

/// The address that a Host header spells in numbers.
pub(super) fn host_ip(host: &str) -> Option<IpAddr> {
    host_name(host)
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

fn host_name(host: &str) -> &str {
    if host.starts_with('[') {
        return host.find(']').map_or(host, |end| &host[..=end]);
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(forwarded: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        headers
    }

    fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        client_address(peer.parse().ok(), &headers(forwarded), &trusted).to_string()
    }

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        assert_eq!(client("192.0.2.1", &["198.51.100.7"], &[]), "192.0.2.1");
        assert_eq!(
            client("10.0.0.1", &["198.51.100.7"], &["10.0.0.0/8"]),
            "198.51.100.7"
        );
        assert_eq!(
            client("10.0.0.1", &["1.1.1.1, 198.51.100.7"], &["10.0.0.0/8"]),
            "198.51.100.7"
        );
        assert_eq!(
            client("10.0.0.1", &["203.0.113.9", "10.0.0.2"], &["10.0.0.0/8"]),
            "203.0.113.9"
        );
        assert_eq!(
            client("10.0.0.1", &["nonsense"], &["10.0.0.0/8"]),
            "10.0.0.1"
        );
        assert_eq!(
            client("::ffff:10.0.0.1", &["198.51.100.7"], &["10.0.0.0/8"]),
            "198.51.100.7"
        );
    }

    #[test]
    fn a_host_header_is_loopback_only_if_it_says_so() {
        for host in [
            "localhost",
            "LOCALHOST:3000",
            "127.0.0.1:3000",
            "[::1]:3000",
            "127.9.9.9",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "example.org",
            "localhost.example.org",
            "10.0.0.1",
            "127.0.0.1.example.org",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
