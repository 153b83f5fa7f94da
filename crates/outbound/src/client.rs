//! The client.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use reqwest::{Client, redirect};
use url::{Host, Url};

use crate::resolver::{NotMetadata, PublicOnly};
use crate::{Destination, OutboundError, Request, Response, Step, is_metadata, is_public};

/// Time limits of the client.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Until a connection stands, TLS included. Default 10 s.
    pub connect: Duration,
    /// Between two pieces of a body. Default 90 s; below 60 s slow reasoning models break off.
    pub idle: Duration,
    /// Places that may be private or plain http from the start.
    pub allowed: Vec<Destination>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(90),
            allowed: Vec::new(),
        }
    }
}

/// The one HTTP client of the house. Clones share connections and the allow-list.
#[derive(Debug, Clone)]
pub struct Outbound {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Resolves to public addresses only.
    public: Client,
    /// Resolves to anything but metadata; used only after an exact match with the allow-list. A
    /// client of its own, because a resolver sees no port, and connections must not be shared with the other.
    allowed: Client,
    allow_list: ArcSwap<HashSet<Destination>>,
    idle: Duration,
}

/// Makes `ring` the TLS provider of this process, unless one is set already.
pub fn install_crypto() {
    // The error only says that somebody was faster.
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
}

impl Outbound {
    /// Builds the client.
    ///
    /// # Errors
    /// [`OutboundError::Build`], for example when the system has no root certificates.
    pub fn new(policy: Policy) -> Result<Self, OutboundError> {
        install_crypto();
        let failed = |error: reqwest::Error| OutboundError::Build(error.to_string());
        Ok(Self {
            inner: Arc::new(Inner {
                public: builder(&policy)
                    .https_only(true)
                    .dns_resolver(PublicOnly)
                    .build()
                    .map_err(failed)?,
                allowed: builder(&policy)
                    .dns_resolver(NotMetadata)
                    .build()
                    .map_err(failed)?,
                allow_list: ArcSwap::from_pointee(policy.allowed.into_iter().collect()),
                idle: policy.idle,
            }),
        })
    }

    /// Replaces the allow-list. Requests that have begun are not cut off.
    pub fn set_allowed(&self, allowed: impl IntoIterator<Item = Destination>) {
        self.inner
            .allow_list
            .store(Arc::new(allowed.into_iter().collect()));
    }

    /// Adds one place to the allow-list.
    ///
    /// # Errors
    /// [`OutboundError::Address`] when the host is no host.
    pub fn allow(&self, host: &str, port: u16) -> Result<(), OutboundError> {
        let destination = Destination::new(host, port)?;
        self.inner.allow_list.rcu(|list| {
            let mut list = HashSet::clone(list);
            list.insert(destination.clone());
            list
        });
        Ok(())
    }

    /// Says without any network whether a URL could be asked: scheme, allow-list, literal addresses.
    /// A name that passes may still turn out to lead to a private address.
    ///
    /// # Errors
    /// [`OutboundError::Refused`] or [`OutboundError::PlainHttp`].
    pub fn check(&self, url: &Url) -> Result<(), OutboundError> {
        self.client_for(url).map(|_| ())
    }

    /// Sends a request and waits at most `within` for the head of the answer, connecting included.
    ///
    /// # Errors
    /// Anything of [`OutboundError`] but [`OutboundError::TooLarge`] and [`OutboundError::Build`].
    /// A bad status is no error.
    pub async fn send(
        &self,
        request: Request,
        within: Duration,
    ) -> Result<Response, OutboundError> {
        let (client, destination) = self.client_for(&request.url)?;
        let (host, port) = (destination.host(), destination.port());
        let sent = client.execute(request.into_reqwest());
        match tokio::time::timeout(within, sent).await {
            Ok(Ok(answer)) => Ok(Response::new(
                answer,
                host.to_owned(),
                port,
                self.inner.idle,
            )),
            Ok(Err(error)) => Err(OutboundError::of_reqwest(&error, host, port)),
            Err(_) => Err(OutboundError::Timeout {
                host: host.to_owned(),
                step: Step::Head,
            }),
        }
    }

    /// The client that may ask a URL.
    fn client_for(&self, url: &Url) -> Result<(&Client, Destination), OutboundError> {
        let destination = Destination::of(url).ok_or(OutboundError::Address("no host or port"))?;
        let host = || destination.host().to_owned();
        let refused = || OutboundError::Refused {
            host: host(),
            port: destination.port(),
        };
        // The HTTP library resolves names only, and would connect to a literal as it stands.
        let literal = literal(url);
        if literal.is_some_and(is_metadata) {
            return Err(refused());
        }
        if self.inner.allow_list.load().contains(&destination) {
            return Ok((&self.inner.allowed, destination));
        }
        if literal.is_some_and(|address| !is_public(address)) {
            return Err(refused());
        }
        if url.scheme() != "https" {
            return Err(OutboundError::PlainHttp { host: host() });
        }
        Ok((&self.inner.public, destination))
    }
}

/// The address that a URL spells in numbers.
fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
        Host::Domain(_) => None,
    }
}

/// Whether a URL names an address that nobody can open: [`is_metadata`]. A name may still turn out to
/// lead to one, and is refused then.
pub fn leads_to_metadata(url: &Url) -> bool {
    literal(url).is_some_and(is_metadata)
}

#[expect(clippy::disallowed_methods, reason = "this is the one client")]
fn builder(policy: &Policy) -> reqwest::ClientBuilder {
    Client::builder()
        .user_agent(concat!("purser/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .referer(false)
        // A proxy would do the resolving, and nothing here could vet its choice.
        .no_proxy()
        .connect_timeout(policy.connect)
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_mins(1))
        .http2_keep_alive_interval(Duration::from_secs(30))
        .http2_keep_alive_timeout(Duration::from_secs(20))
        // Shorter than the patience of common load balancers, so that few connections are stale.
        .pool_idle_timeout(Duration::from_secs(50))
        .gzip(true)
}
