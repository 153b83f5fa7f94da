//! Server functions of models.

#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::unused_async,
        reason = "a server function is async, and this one waits for nothing"
    )
)]

use domain::models::ModelChoice;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context;
use crate::error::Answer;

/// The models the signed-in member may use now, by themselves or with a key of theirs.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/fn", endpoint = "models/list", input = server_fn::codec::Json)]
pub async fn list_models() -> Answer<Vec<ModelChoice>> {
    let (services, who) = context::signed_in()?;
    Ok(services.model_list(&who.caller()))
}
