//! Server functions of limits. All are for admins.

use domain::LimitId;
use domain::limits::{LimitRow, NewLimit};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// Something a limit can bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its id.
    pub id: Uuid,
    /// Its name; of a key with its owner's.
    pub name: String,
}

/// Everything a limit can bound, besides the house.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Subjects {
    /// Members.
    pub members: Vec<Subject>,
    /// Live keys, by owner.
    pub keys: Vec<Subject>,
    /// Connections.
    pub connections: Vec<Subject>,
}

/// Every limit with what its running window has used and holds.
///
/// # Errors
/// `Forbidden`.
#[server(prefix = "/fn", endpoint = "limits/list", input = server_fn::codec::Json)]
pub async fn list_limits() -> Answer<Vec<LimitRow>> {
    let (services, admin) = context::administrator()?;
    answer(services.limit_list(&admin).await)
}

/// Sets a limit.
///
/// # Errors
/// `Invalid` with the field.
#[server(prefix = "/fn", endpoint = "limits/create", input = server_fn::codec::Json)]
pub async fn create_limit(new: NewLimit) -> Answer<LimitId> {
    let (services, admin) = context::administrator()?;
    answer(services.limit_create(&admin, &new).await)
}

/// Removes a limit.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/fn", endpoint = "limits/delete", input = server_fn::codec::Json)]
pub async fn delete_limit(id: LimitId) -> Answer<()> {
    let (services, admin) = context::administrator()?;
    answer(services.limit_delete(&admin, id).await)
}

/// What a limit can bound.
///
/// # Errors
/// `Forbidden`.
#[server(prefix = "/fn", endpoint = "limits/subjects", input = server_fn::codec::Json)]
pub async fn list_limit_subjects() -> Answer<Subjects> {
    let (services, admin) = context::administrator()?;
    let members = answer(services.member_list(&admin).await)?;
    let connections = answer(services.connection_list(&admin).await)?;
    let subject = |id, name| Subject { id, name };
    Ok(Subjects {
        members: members
            .into_iter()
            // Who runs the house is bounded by its owners only.
            .filter(|member| admin.role.may_act_on(member.role))
            .map(|member| subject(member.id.0, member.name))
            .collect(),
        keys: services
            .key_list_all(&admin)
            .into_iter()
            .map(|(id, name, owner)| subject(id.0, format!("{owner} · {name}")))
            .collect(),
        connections: connections
            .into_iter()
            .map(|connection| subject(connection.id.0, connection.name))
            .collect(),
    })
}
