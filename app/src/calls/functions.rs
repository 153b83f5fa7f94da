//! Server functions of calls.

use domain::CallId;
use domain::calls::{CallRow, CallsWanted};
use domain::chats::Page;
use leptos::prelude::*;

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// The calls that are wanted, newest first, before a given one: of the whole house for admins,
/// otherwise the member's own.
///
/// # Errors
/// `Invalid` for what cannot be wanted, such as days that run backwards.
#[server(prefix = "/fn", endpoint = "calls/list", input = server_fn::codec::Json)]
pub async fn list_calls(wanted: CallsWanted, before: Option<CallId>) -> Answer<Page<CallRow>> {
    let (services, who) = context::signed_in()?;
    answer(services.call_list(&who, &wanted, before).await)
}

/// Calls as they stand now, of these ids those that are there: any of the house for admins, otherwise
/// the member's own.
///
/// # Errors
/// `Invalid` for more than [`READ_MOST`](domain::calls::READ_MOST) of them.
#[server(prefix = "/fn", endpoint = "calls/read", input = server_fn::codec::Json)]
pub async fn read_calls(ids: Vec<CallId>) -> Answer<Vec<CallRow>> {
    let (services, who) = context::signed_in()?;
    answer(services.call_list_of(&who, ids).await)
}
