//! Logins: who reads the page, signing out, entering the password again.

mod address;
mod page;
mod step_up;

use leptos::prelude::*;

use crate::error::Answer;
use crate::reader::ReaderFacts;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

pub use address::house_address;
pub use page::SignInPage;
pub use step_up::{Proof, StepUp};

/// Who is signed in; for a browser that wonders whether it still is.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/fn", endpoint = "sessions/reader", input = server_fn::codec::Json)]
pub async fn load_reader() -> Answer<ReaderFacts> {
    // Nothing to wait for; a server function is asynchronous all the same.
    std::future::ready(reader_facts()).await
}

/// Who reads the page. The server knows when a page begins, and the browser reads it from the page.
///
/// # Errors
/// `SignedOut`.
#[cfg(feature = "ssr")]
pub fn reader_facts() -> Answer<ReaderFacts> {
    let request = context::request()?;
    let (services, who) = context::signed_in()?;
    Ok(ReaderFacts {
        offset_minutes: services.offset_minutes(&who),
        zone_known: who.time_zone.is_some(),
        address: request.address,
        insecure: request.insecure,
        look: request.look,
        model: request.model,
        live: services.hub().stands_at(who.member_id).to_string(),
        me: domain::people::Me {
            id: who.member_id,
            name: who.name,
            email: request.email,
            role: who.role,
        },
    })
}

/// The page did not say who reads it.
#[cfg(not(feature = "ssr"))]
pub fn reader_facts() -> Answer<ReaderFacts> {
    Err(crate::error::ServerError(domain::AppError::Transport))
}

/// Tells the server the browser's time zone.
///
/// # Errors
/// A zone nobody knows.
#[server(prefix = "/fn", endpoint = "sessions/zone", input = server_fn::codec::Json)]
pub async fn tell_zone(zone: String) -> Answer<()> {
    let (services, who) = context::signed_in()?;
    answer(services.set_time_zone(&who, &zone).await)
}

/// Sets the member's language; the page is loaded again in it.
///
/// # Errors
/// A language we do not speak.
#[server(prefix = "/fn", endpoint = "sessions/locale", input = server_fn::codec::Json)]
pub async fn choose_locale(tag: String) -> Answer<()> {
    let (services, who) = context::signed_in()?;
    let locale = answer(
        tag.parse::<locales::Locale>()
            .map_err(|_| domain::AppError::invalid("tag", domain::people::Fault::Malformed)),
    )?;
    answer(services.set_locale(&who, locale).await)
}

/// Ends this login.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/fn", endpoint = "sessions/sign_out", input = server_fn::codec::Json)]
pub async fn sign_out() -> Answer<()> {
    let request = context::request()?;
    let (services, who) = context::signed_in()?;
    answer(services.sign_out(&who).await)?;
    context::set_cookie(&request.session_cookie_gone());
    Ok(())
}

/// Enters the password again, for what needs it.
///
/// # Errors
/// `WrongCredentials`, `Throttled`.
#[server(prefix = "/fn", endpoint = "sessions/prove", input = server_fn::codec::Json)]
pub async fn prove(password: String) -> Answer<()> {
    let request = context::request()?;
    let (services, who) = context::signed_in()?;
    let secret = answer(services.prove(&who, password, &request.origin).await)?;
    context::set_cookie(&request.session_cookie(&secret));
    Ok(())
}
