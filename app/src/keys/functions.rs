//! What the keys page asks the server.

use domain::KeyId;
use domain::keys::{KeyRow, MadeKey, NewKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// How long before its end a key is said to expire soon.
#[cfg(feature = "ssr")]
const EXPIRING_MS: i64 = 14 * domain::time::DAY_MS;

/// Whether a key works now. Said by the server, whose clock decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// It works.
    Active,
    /// It works, and dies by itself within two weeks.
    Expiring,
    /// It has died by itself.
    Expired,
    /// Its owner has ended it.
    Revoked,
}

/// A key with its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedKey {
    /// The key.
    pub row: KeyRow,
    /// Whether it works now.
    pub state: KeyState,
}

/// The signed-in member's keys, newest first.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/fn", endpoint = "keys/list", input = server_fn::codec::Json)]
pub async fn load_keys() -> Answer<Vec<ListedKey>> {
    let (services, who) = context::signed_in()?;
    let now = services.runtime().now();
    let rows = answer(services.key_list(&who).await)?;
    let listed = rows.into_iter().map(|row| {
        let state = match (row.revoked_at, row.expires_at) {
            (Some(_), _) => KeyState::Revoked,
            (None, Some(at)) if at <= now => KeyState::Expired,
            (None, Some(at)) if at.since(now) <= EXPIRING_MS => KeyState::Expiring,
            _ => KeyState::Active,
        };
        ListedKey { row, state }
    });
    Ok(listed.collect())
}

/// Makes a key for the signed-in member.
///
/// # Errors
/// `Invalid` by field; `name` out of range when there are too many keys.
#[server(prefix = "/fn", endpoint = "keys/create", input = server_fn::codec::Json)]
pub async fn create_key(new: NewKey) -> Answer<MadeKey> {
    let (services, who) = context::signed_in()?;
    answer(services.key_create(&who, &new).await)
}

/// Revokes one of the signed-in member's keys.
///
/// # Errors
/// `NotFound` also when the key belongs to someone else.
#[server(prefix = "/fn", endpoint = "keys/revoke", input = server_fn::codec::Json)]
pub async fn revoke_key(id: KeyId) -> Answer<()> {
    let (services, who) = context::signed_in()?;
    answer(services.key_revoke(&who, id).await)
}
