//! What the account page asks the server.

use domain::SessionId;
use domain::people::SessionRow;
use leptos::prelude::*;

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// Changes the signed-in member's password. Every other login of theirs ends.
///
/// # Errors
/// `WrongCredentials` for the current password; `Invalid` with `new_password`; `Throttled`.
#[server(prefix = "/fn", endpoint = "account/password", input = server_fn::codec::Json)]
pub async fn change_password(current: String, new: String) -> Answer<()> {
    let request = context::request()?;
    let (services, who) = context::signed_in()?;
    let changed = services.password_change(&who, current, new, &request.origin);
    let secret = answer(changed.await)?;
    context::set_cookie(&request.session_cookie(&secret));
    Ok(())
}

/// The signed-in member's logins, newest first.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/fn", endpoint = "account/sessions", input = server_fn::codec::Json)]
pub async fn load_sessions() -> Answer<Vec<SessionRow>> {
    let (services, who) = context::signed_in()?;
    answer(services.session_list(&who).await)
}

/// Ends one of the signed-in member's logins, or every one but this.
///
/// # Errors
/// `NotFound` also when the login is somebody else's.
#[server(prefix = "/fn", endpoint = "account/session_end", input = server_fn::codec::Json)]
pub async fn end_session(id: Option<SessionId>) -> Answer<()> {
    let (services, who) = context::signed_in()?;
    answer(services.session_end(&who, id).await)
}
