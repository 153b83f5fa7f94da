//! Plain forms: set-up, sign-in and one-time links. They work without WASM and without JavaScript;
//! what is wrong is said on the same page.

use app::context::RequestContext;
use app::plain::{PlainFacts, set_up_page, sign_in_page, welcome_page};
use app::setup::SetUpEntries;
use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;

use domain::AppError;
use domain::people::Fault;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use leptos::prelude::Owner;
use serde::Deserialize;
use services::setup::NewOwner;

use crate::middleware::{SessionSecret, page_policy};
use crate::router::Host;

/// Whether strangers may find a page.
pub(super) const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// The routes.
pub(crate) fn routes() -> Router<Host> {
    Router::new()
        .route("/setup", get(set_up_look).post(set_up))
        .route("/signin", get(sign_in_look).post(sign_in))
        .route("/welcome", get(welcome_look).post(welcome))
}

#[derive(Deserialize)]
pub(crate) struct SetUpForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

async fn set_up_look(
    State(host): State<Host>,
    Extension(context): Extension<RequestContext>,
) -> Response {
    if host.services.is_set_up() {
        return Redirect::to("/signin").into_response();
    }
    set_up_sheet(&host, &context, None, SetUpEntries::default())
}

async fn set_up(
    State(host): State<Host>,
    Extension(context): Extension<RequestContext>,
    form: Result<Form<SetUpForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let entries = SetUpEntries {
        token: form.token.clone(),
        name: form.name.clone(),
        email: form.email.clone(),
    };
    let new = NewOwner {
        token: form.token,
        name: form.name,
        email: form.email,
        password: form.password,
    };
    match host.services.set_up(new, &context.origin).await {
        // The guide of the first days stands there.
        Ok(secret) => signed_in(&context, &secret, "/home"),
        Err(error) => set_up_sheet(&host, &context, Some(error.into_app()), entries),
    }
}

fn set_up_sheet(
    host: &Host,
    context: &RequestContext,
    fault: Option<AppError>,
    entries: SetUpEntries,
) -> Response {
    let status = status_of(fault.as_ref());
    sheet(status, || {
        set_up_page(&host.options, facts(context, fault), entries)
    })
}

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(crate) struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

async fn sign_in_look(
    State(host): State<Host>,
    Extension(context): Extension<RequestContext>,
    Query(next): Query<Next>,
) -> Response {
    if !host.services.is_set_up() {
        return Redirect::to("/setup").into_response();
    }
    if context.who.is_some() {
        return Redirect::to(local_path(&next.next)).into_response();
    }
    let mut page = sheet(StatusCode::OK, || {
        sign_in_page(
            &host.options,
            facts(&context, None),
            String::new(),
            next.next,
        )
    });
    // Whoever looks for their house finds its door.
    let found = HeaderValue::from_static("all");
    page.headers_mut().insert(ROBOTS, found);
    page
}

async fn sign_in(
    State(host): State<Host>,
    Extension(context): Extension<RequestContext>,
    Extension(SessionSecret(brought)): Extension<SessionSecret>,
    form: Result<Form<SignInForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let signed = host
        .services
        .sign_in(
            &form.email,
            form.password,
            &context.origin,
            brought.as_deref(),
        )
        .await;
    match signed {
        Ok(secret) => signed_in(&context, &secret, local_path(&form.next)),
        Err(error) => {
            let fault = error.into_app();
            let status = status_of(Some(&fault));
            let facts = facts(&context, Some(fault));
            sheet(status, || {
                sign_in_page(&host.options, facts, form.email, form.next)
            })
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct WelcomeForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

async fn welcome_look(
    State(host): State<Host>,
    Extension(context): Extension<RequestContext>,
) -> Response {
    sheet(StatusCode::OK, || {
        welcome_page(&host.options, facts(&context, None), String::new())
    })
}

async fn welcome(
    State(host): State<Host>,
    Extension(context): Extension<RequestContext>,
    form: Result<Form<WelcomeForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if form.token.trim().is_empty() {
        let fault = AppError::invalid("token", Fault::Empty);
        return sheet(StatusCode::BAD_REQUEST, || {
            welcome_page(&host.options, facts(&context, Some(fault)), form.token)
        });
    }
    match host
        .services
        .password_choose(&form.token, form.password, &context.origin)
        .await
    {
        Ok(secret) => signed_in(&context, &secret, "/"),
        Err(error) => {
            let fault = error.into_app();
            let status = status_of(Some(&fault));
            sheet(status, || {
                welcome_page(&host.options, facts(&context, Some(fault)), form.token)
            })
        }
    }
}

pub(super) fn facts(context: &RequestContext, fault: Option<AppError>) -> PlainFacts {
    PlainFacts {
        locale: context.locale,
        look: context.look.clone(),
        insecure: context.insecure,
        public_url: context.services.public_url().map(str::to_owned),
        house: context.services.front_page().map(|front| front.name),
        fault,
    }
}

fn status_of(fault: Option<&AppError>) -> StatusCode {
    fault.map_or(StatusCode::OK, |fault| {
        StatusCode::from_u16(fault.status_code()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    })
}

/// Draws a page and answers with it.
///
/// The page is drawn under a root of its own. Leptos leaves the owner of a page that is still being
/// sent behind on its threads: what is drawn there next would become that page's child, see its
/// reader's contexts, and lose its values when that page ends.
pub(super) fn sheet(status: StatusCode, draw: impl FnOnce() -> String) -> Response {
    let root = Owner::new_root(None);
    let page = root.with(draw);
    root.unset();
    let mut response = (status, Html(page)).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&page_policy(None, false)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// On to the app, with the cookie that keeps the login.
fn signed_in(context: &RequestContext, secret: &str, target: &str) -> Response {
    let mut headers = HeaderMap::new();
    if let Ok(cookie) = HeaderValue::from_str(&context.session_cookie(secret)) {
        headers.insert(SET_COOKIE, cookie);
    }
    (headers, Redirect::to(target)).into_response()
}

/// A target within the house, or its start: never another site, however it is spelled.
fn local_path(target: &str) -> &str {
    let is_local = target.starts_with('/')
        && !target.starts_with("//")
        && !target.contains('\\')
        && target.bytes().all(|byte| byte.is_ascii_graphic());
    if is_local { target } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn nobody_is_sent_to_another_site_after_signing_in() {
        for target in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "\\evil",
            "/\t/evil.example",
            "",
            "evil",
        ] {
            assert_eq!(local_path(target), "/", "{target}");
        }
        assert_eq!(local_path("/chats/1?a=b"), "/chats/1?a=b");
    }
}
