//! What a request carries for pages and server functions. The server puts it there.

use domain::AppError;
use domain::look::Look;
use http::header::SET_COOKIE;
use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use locales::Locale;
use services::Services;
use services::access::{Administrator, Origin, SignedIn};

use crate::error::{Answer, answer};

/// The request, as far as pages need it. In the extensions of every request.
#[derive(Clone)]
pub struct RequestContext {
    /// What the house can do.
    pub services: Services,
    /// Who asks, if they are signed in.
    pub who: Option<SignedIn>,
    /// Their e-mail, when they have one.
    pub email: Option<String>,
    /// Where the request came from.
    pub origin: Origin,
    /// Language of the answer.
    pub locale: Locale,
    /// How the house shall look in this browser.
    pub look: Look,
    /// The model this browser chose last.
    pub model: Option<String>,
    /// The address people reach the house at: the configured one, or the one this was asked for where
    /// that is surely our own.
    pub address: Option<String>,
    /// Whether the house is reached over https.
    pub secure: bool,
    /// Whether passwords travel in the clear over a network.
    pub insecure: bool,
}

impl RequestContext {
    /// The context of the running request; none while the routes are being listed.
    pub fn find() -> Option<Self> {
        use_context::<Parts>()?.extensions.get::<Self>().cloned()
    }

    /// The cookie that keeps a login.
    pub fn session_cookie(&self, secret: &str) -> String {
        let most_seconds = services::access::SESSION_MOST_MS / 1_000;
        // Lax, because a link from a mail must arrive signed in; unsafe methods are checked by origin.
        format!(
            "{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={most_seconds}{}",
            cookie_name(self.secure),
            if self.secure { "; Secure" } else { "" }
        )
    }

    /// Takes the cookie back.
    pub fn session_cookie_gone(&self) -> String {
        format!(
            "{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}",
            cookie_name(self.secure),
            if self.secure { "; Secure" } else { "" }
        )
    }
}

/// Name of the session cookie. The prefix makes browsers insist on https, the host and the root path.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-purser" } else { "purser" }
}

/// The running request.
///
/// # Errors
/// Outside a request.
pub fn request() -> Answer<RequestContext> {
    answer(RequestContext::find().ok_or(AppError::Internal))
}

/// The signed-in member and the services.
///
/// # Errors
/// [`AppError::SignedOut`].
pub fn signed_in() -> Answer<(Services, SignedIn)> {
    let request = request()?;
    let who = answer(request.who.ok_or(AppError::SignedOut))?;
    Ok((request.services, who))
}

/// Proof that the signed-in member runs the house, and the services.
///
/// # Errors
/// [`AppError::SignedOut`] or [`AppError::Forbidden`].
pub fn administrator() -> Answer<(Services, Administrator)> {
    let (services, who) = signed_in()?;
    let admin = answer(who.administrator())?;
    Ok((services, admin))
}

/// Sends a cookie with the answer of a server function.
pub fn set_cookie(cookie: &str) {
    if let (Some(options), Ok(value)) = (
        use_context::<ResponseOptions>(),
        http::HeaderValue::from_str(cookie),
    ) {
        options.append_header(SET_COOKIE, value);
    }
}
