//! Server functions of calls.

use domain::CallId;
use domain::calls::CallRow;
use domain::chats::Page;
use leptos::prelude::*;

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// Calls before a given one, newest first: all of the house for admins, otherwise the member's own.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/fn", endpoint = "calls/list", input = server_fn::codec::Json)]
pub async fn list_calls(before: Option<CallId>) -> Answer<Page<CallRow>> {
    let (services, who) = context::signed_in()?;
    answer(services.call_list(&who, before).await)
}
