//! The private places an admin has opened.

use std::net::IpAddr;

use url::{Host, Url};

use crate::OutboundError;

/// One host and one port, exactly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Destination {
    host: String,
    port: u16,
}

impl Destination {
    /// Takes a host name or an address in any notation a URL may use.
    ///
    /// # Errors
    /// [`OutboundError::Address`] when it is neither.
    pub fn new(host: &str, port: u16) -> Result<Self, OutboundError> {
        let host = match host.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => Host::Ipv4(address),
            Ok(IpAddr::V6(address)) => Host::Ipv6(address),
            Err(_) => {
                Host::parse(host).map_err(|_| OutboundError::Address("the host is not valid"))?
            }
        };
        Ok(Self {
            host: host.to_string(),
            port,
        })
    }

    /// Where a URL leads; `None` for a URL without host or port.
    pub fn of(url: &Url) -> Option<Self> {
        Some(Self {
            host: url.host()?.to_string(),
            port: url.port_or_known_default()?,
        })
    }

    /// The host as a URL spells it.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

#[cfg(test)]
mod tests {
    use super::Destination;
    use crate::parse_url;

    #[test]
    fn all_notations_of_a_place_are_one_destination() {
        let entered = |host| Destination::new(host, 11434).ok();
        let asked = |url| Destination::of(&parse_url(url).unwrap());
        assert_eq!(entered("127.0.0.1"), asked("http://2130706433:11434/"));
        assert_eq!(entered("0x7f.1"), asked("http://127.0.0.1:11434/"));
        assert_eq!(entered("Ollama.LAN"), asked("http://ollama.lan:11434/v1"));
        assert_eq!(entered("::1"), asked("http://[0:0::1]:11434/"));
        assert_eq!(entered("[::1]"), asked("http://[::1]:11434/"));
        assert_ne!(entered("127.0.0.1"), asked("http://127.0.0.1/"));
        assert_ne!(entered("ollama.lan"), asked("http://ollama.lan.:11434/"));
        assert!(Destination::new("a b", 1).is_err());
        assert!(Destination::new("host/path", 1).is_err());
    }
}
