//! How a failure travels from a server function to the page, and what a person reads of it.

mod fields;

use domain::AppError;
use domain::calls::{Outcome, ProviderFailure, Refusal};
use domain::error::Conflict;
use domain::limits::{ScopeKind, Unit};
use domain::notice::Notice;
use domain::people::Fault;
use leptos::prelude::*;
use locales::{Locale, text};
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::ServerFnErrorErr;

use self::fields::field_label;
use crate::reader::Reader;

/// The error of every server function: an [`AppError`] on its way through Leptos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerError(pub AppError);

impl FromServerFnError for ServerError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => {
                // Such as a newer server, which does not know what an older page asks for.
                #[cfg(feature = "hydrate")]
                crate::installed::look_for_newer();
                Self(AppError::invalid("request", Fault::Malformed))
            }
            _ => Self(AppError::Transport),
        }
    }
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ServerError {}

/// Shorthand of server functions.
pub type Answer<T> = Result<T, ServerError>;

/// Hands a service's answer to the page, with the HTTP status that says the same.
#[cfg(feature = "ssr")]
pub fn answer<T>(result: Result<T, impl Into<AppError>>) -> Answer<T> {
    result.map_err(|error| {
        let error = error.into();
        answer_with_status(&error);
        ServerError(error)
    })
}

/// What nobody can find: an address that cannot be one.
pub fn missing<T>() -> Answer<T> {
    #[cfg(feature = "ssr")]
    answer_with_status(&AppError::NotFound);
    Err(ServerError(AppError::NotFound))
}

/// Gives what is being answered the HTTP status of a failure.
#[cfg(feature = "ssr")]
pub fn answer_with_status(error: &AppError) {
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        let status = http::StatusCode::from_u16(error.status_code());
        options.set_status(status.unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR));
    }
}

/// What a person reads of a failure: what happened, and what to do next.
pub fn words(reader: &Reader, error: &AppError) -> String {
    let l = reader.locale;
    match error {
        AppError::NotFound => text::notices::not_found(l).to_owned(),
        AppError::Forbidden => text::notices::forbidden(l).to_owned(),
        AppError::SignedOut => text::notices::signed_out(l).to_owned(),
        AppError::WrongCredentials => text::signin::wrong(l).to_owned(),
        AppError::StepUp => text::notices::confirm_password_first(l).to_owned(),
        AppError::Invalid { field, fault } => fault_words(l, field, *fault),
        AppError::Conflict { what } => conflict_words(l, *what),
        AppError::Throttled { retry_after_ms } => {
            text::signin::throttled(l, minutes(*retry_after_ms))
        }
        AppError::Refused { refusal } => refusal_words(reader, refusal),
        AppError::Provider { failure } => failure_words(l, failure),
        AppError::Unavailable => text::notices::database_unavailable(l).to_owned(),
        AppError::Transport => text::common::connection_lost(l).to_owned(),
        AppError::Internal => text::notices::internal(l).to_owned(),
    }
}

/// What is wrong with a field.
pub fn fault_words(l: Locale, field: &str, fault: Fault) -> String {
    match (field, fault) {
        ("password" | "new_password", Fault::TooShort) => text::fields::password_too_short(
            l,
            i64::try_from(domain::people::PASSWORD_LEAST).unwrap_or(i64::MAX),
        ),
        ("email", _) => text::fields::email(l).to_owned(),
        ("base_url", Fault::Malformed) => text::fields::url(l).to_owned(),
        ("text", Fault::TooLong) => text::chat::message_too_long(l).to_owned(),
        (_, Fault::Empty) => text::fields::required(l).to_owned(),
        // What no form asks, such as a cursor: nothing the reader could mend.
        (field, _) => field_label(l, field).map_or_else(
            || text::common::error_text(l).to_owned(),
            |label| text::notices::invalid_input(l, label),
        ),
    }
}

fn conflict_words(l: Locale, what: Conflict) -> String {
    match what {
        Conflict::AlreadySetUp => text::setup::already_done(l),
        Conflict::EmailTaken => text::fields::email_taken(l),
        Conflict::NameTaken => text::fields::name_taken(l),
        Conflict::LastOwner => text::members::last_owner(l),
        Conflict::ReplyRunning => text::notices::already_replying(l),
        Conflict::SentAlready => text::notices::sent_already(l),
        Conflict::KeyNeeded => text::connections::key_needed_again(l),
        Conflict::LinkSpent => text::invite::invalid_text(l),
    }
    .to_owned()
}

/// What a person reads of a notice under a reply.
pub fn notice_words(reader: &Reader, notice: &Notice) -> String {
    let l = reader.locale;
    match notice {
        Notice::Refused { refusal } => refusal_words(reader, refusal),
        Notice::ProviderFailed { failure } => failure_words(l, failure),
        Notice::OutputLowered { tokens } => text::notices::output_lowered(l, *tokens),
        Notice::SettlementPending => text::notices::settlement_pending(l).to_owned(),
        Notice::ReplyTooLong => text::chat::reply_too_long(l).to_owned(),
        Notice::Interrupted => text::chat::interrupted(l).to_owned(),
    }
}

fn refusal_words(reader: &Reader, refusal: &Refusal) -> String {
    let l = reader.locale;
    match refusal {
        Refusal::LimitReached {
            scope,
            unit: Unit::Money,
            largest_output: None,
            returns_at,
            ..
        } => match returns_at {
            Some(at) => {
                text::notices::budget_exhausted(l, scope_words(l, *scope), &reader.date_time(*at))
            }
            None => text::notices::budget_exhausted_for_good(l, scope_words(l, *scope)),
        },
        Refusal::LimitReached {
            scope,
            unit: Unit::Money,
            left,
            needed,
            ..
        } => text::notices::budget_too_small(
            l,
            &reader.money(domain::NanoUsd(*needed)),
            &reader.money(domain::NanoUsd(*left)),
            scope_words(l, *scope),
        ),
        Refusal::LimitReached {
            scope,
            unit: Unit::Requests,
            ..
        } => text::notices::request_limit(l, scope_words(l, *scope)),
        Refusal::LimitReached {
            scope,
            unit: Unit::Tokens,
            ..
        } => text::notices::token_limit(l, scope_words(l, *scope)),
        Refusal::RateLimited { retry_after_ms, .. } => {
            text::notices::rate_limited(l, seconds(*retry_after_ms))
        }
        Refusal::ModelUnknown { model } => text::notices::model_unknown(l, model),
        Refusal::ModelNotAllowed { model } => text::notices::model_not_allowed(l, model),
        Refusal::ModelUnpriced { model } => text::notices::model_unpriced(l, model),
        Refusal::FeatureUnpriced { .. } => text::notices::feature_unpriced(l).to_owned(),
        Refusal::QueueFull { .. } => text::notices::queue_full(l).to_owned(),
    }
}

/// What a person reads of a provider's failure.
pub fn failure_words(l: Locale, failure: &ProviderFailure) -> String {
    let provider = text::notices::the_provider(l);
    match failure.outcome {
        Outcome::Auth => text::notices::provider_refused_key(l, provider),
        Outcome::Quota => text::notices::provider_out_of_money(l, provider),
        Outcome::RateLimited => text::notices::provider_rate_limited(l, provider),
        Outcome::Overloaded => text::notices::provider_overloaded(l, provider),
        Outcome::InvalidRequest => {
            text::notices::provider_invalid_request(l, provider, &failure.message)
        }
        Outcome::ContextLength => text::notices::context_too_long(l).to_owned(),
        Outcome::Network if failure.status.is_some() => {
            text::notices::provider_broke_off(l, provider)
        }
        Outcome::Network => text::notices::provider_unreachable(l, provider),
        Outcome::Server if failure.status.is_some_and(|status| status >= 500) => {
            text::notices::provider_failed(l, provider)
        }
        Outcome::Server | Outcome::Answered | Outcome::Stopped | Outcome::Interrupted => {
            text::notices::provider_unintelligible(l, provider)
        }
    }
}

fn scope_words(l: Locale, scope: ScopeKind) -> &'static str {
    match scope {
        ScopeKind::House | ScopeKind::Group => text::notices::scope_house(l),
        ScopeKind::Member => text::notices::scope_member(l),
        ScopeKind::Key => text::notices::scope_key(l),
        ScopeKind::Connection => text::notices::scope_connection(l),
    }
}

fn seconds(duration_ms: i64) -> i64 {
    duration_ms.saturating_add(999) / 1_000
}

fn minutes(duration_ms: i64) -> i64 {
    duration_ms.saturating_add(59_999) / 60_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_speaks_of_the_label_and_never_of_a_name_in_the_request() {
        let weight = fault_words(Locale::En, "weight", Fault::OutOfRange);
        assert!(weight.contains(text::connections::weight(Locale::En)));
        for unknown in ["request", "cursor", "zone"] {
            let words = fault_words(Locale::En, unknown, Fault::Malformed);
            assert!(!words.contains(unknown), "{words}");
        }
    }
}
