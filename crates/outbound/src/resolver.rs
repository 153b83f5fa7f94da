//! Names to vetted addresses.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use crate::{is_metadata, is_public};

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

/// The system's resolver without the addresses at which a machine's cloud answers: for names that an
/// admin has opened, wherever they lead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NotMetadata;

impl Resolve for NotMetadata {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(opened(found)?)
        })
    }
}

fn opened(found: impl Iterator<Item = SocketAddr>) -> Result<Addrs, NotPublic> {
    kept(found.filter(|address| !is_metadata(address.ip())))
}

/// Drops what is not public. Some networks add a private translation to every public address, so
/// one private answer does not condemn the others.
fn vetted(found: impl Iterator<Item = SocketAddr>) -> Result<Addrs, NotPublic> {
    kept(found.filter(|address| is_public(address.ip())))
}

fn kept(found: impl Iterator<Item = SocketAddr>) -> Result<Addrs, NotPublic> {
    let left: Vec<SocketAddr> = found.collect();
    if left.is_empty() {
        Err(NotPublic)
    } else {
        Ok(Box::new(left.into_iter()))
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use reqwest::dns::Addrs;

    use super::{NotPublic, opened, vetted};

    fn asked(addresses: &[&str]) -> std::vec::IntoIter<SocketAddr> {
        let found = addresses.iter().map(|address| address.parse().unwrap());
        found.collect::<Vec<_>>().into_iter()
    }

    fn left(answer: Result<Addrs, NotPublic>) -> Option<Vec<String>> {
        answer
            .ok()
            .map(|left| left.map(|address| address.ip().to_string()).collect())
    }

    #[test]
    fn only_public_answers_of_a_name_are_used() {
        let kept = |addresses: &[&str]| left(vetted(asked(addresses)));
        assert_eq!(
            kept(&["127.0.0.1:0", "8.8.8.8:0", "[fd00::1]:0"]),
            Some(vec!["8.8.8.8".into()])
        );
        assert_eq!(kept(&["10.0.0.1:0", "[::1]:0", "[::ffff:8.8.8.8]:0"]), None);
        assert_eq!(kept(&[]), None);
    }

    #[test]
    fn an_opened_name_leads_to_a_private_place_but_never_to_metadata() {
        let kept = |addresses: &[&str]| left(opened(asked(addresses)));
        assert_eq!(
            kept(&["169.254.169.254:0", "192.168.1.7:0"]),
            Some(vec!["192.168.1.7".into()])
        );
        assert_eq!(kept(&["169.254.169.254:0", "[fd00:ec2::254]:0"]), None);
    }
}
