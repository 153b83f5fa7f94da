//! Names to vetted addresses.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use crate::is_public;

/// The system's resolver without its non-public answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PublicOnly;

/// A name that leads to no public address.
#[derive(Debug, Error)]
#[error("no public address")]
pub(crate) struct NotPublic;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The library puts the URL's port in the place of port 0.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(vetted(found)?)
        })
    }
}

/// Drops what is not public. Some networks add a private translation to every public address, so
/// one private answer does not condemn the others.
fn vetted(found: impl Iterator<Item = SocketAddr>) -> Result<Addrs, NotPublic> {
    let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
    if public.is_empty() {
        Err(NotPublic)
    } else {
        Ok(Box::new(public.into_iter()))
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::vetted;

    fn kept(addresses: &[&str]) -> Option<Vec<String>> {
        let found = addresses
            .iter()
            .map(|address| address.parse::<SocketAddr>().unwrap());
        vetted(found)
            .ok()
            .map(|kept| kept.map(|address| address.ip().to_string()).collect())
    }

    #[test]
    fn only_public_answers_of_a_name_are_used() {
        assert_eq!(
            kept(&["127.0.0.1:0", "8.8.8.8:0", "[fd00::1]:0"]),
            Some(vec!["8.8.8.8".into()])
        );
        assert_eq!(kept(&["10.0.0.1:0", "[::1]:0", "[::ffff:8.8.8.8]:0"]), None);
        assert_eq!(kept(&[]), None);
    }
}
