//! What the members page asks the server.

use domain::people::{MemberRow, Role};
use domain::{MemberId, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// A link over which a member chooses a password. Its token is seen once, by the admin who made it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTimeLink {
    /// What stands after the `#` of the address.
    pub token: String,
    /// When it stops working by itself.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for OneTimeLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OneTimeLink")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "ssr")]
impl From<services::members::Link> for OneTimeLink {
    fn from(link: services::members::Link) -> Self {
        Self {
            token: link.token,
            expires_at: link.expires_at,
        }
    }
}

/// Every member, oldest first.
///
/// # Errors
/// `Forbidden` for whoever does not run the house.
#[server(prefix = "/fn", endpoint = "members/list", input = server_fn::codec::Json)]
pub async fn load_members() -> Answer<Vec<MemberRow>> {
    let (services, admin) = context::administrator()?;
    answer(services.member_list(&admin).await)
}

/// Makes a member who chooses a password over the link that comes back.
///
/// # Errors
/// `StepUp`; `Invalid` by field; a taken address; a role above the admin's own.
#[server(prefix = "/fn", endpoint = "members/invite", input = server_fn::codec::Json)]
pub async fn invite_member(name: String, email: String, role: Role) -> Answer<OneTimeLink> {
    let (services, admin) = context::administrator()?;
    answer(services.member_invite(&admin, &name, &email, role).await).map(OneTimeLink::from)
}

/// Shuts a member out, or lets them in again.
///
/// # Errors
/// `StepUp`, `NotFound`, `Forbidden`, or the last owner.
#[server(prefix = "/fn", endpoint = "members/enable", input = server_fn::codec::Json)]
pub async fn set_member_enabled(id: MemberId, enabled: bool) -> Answer<()> {
    let (services, admin) = context::administrator()?;
    answer(services.member_set_enabled(&admin, id, enabled).await)
}

/// Gives a member another role.
///
/// # Errors
/// `StepUp`, `NotFound`, `Forbidden`, or the last owner.
#[server(prefix = "/fn", endpoint = "members/role", input = server_fn::codec::Json)]
pub async fn set_member_role(id: MemberId, role: Role) -> Answer<()> {
    let (services, admin) = context::administrator()?;
    answer(services.member_set_role(&admin, id, role).await)
}

/// Makes a link over which a member chooses a new password; every login of theirs ends.
///
/// # Errors
/// `StepUp`, `NotFound`, or `Forbidden`.
#[server(prefix = "/fn", endpoint = "members/reset", input = server_fn::codec::Json)]
pub async fn reset_member(id: MemberId) -> Answer<OneTimeLink> {
    let (services, admin) = context::administrator()?;
    answer(services.member_reset(&admin, id).await).map(OneTimeLink::from)
}
