//! The words of acts. What has none is shown as it is stored.

use domain::audit::AuditView;
use domain::connections::ProviderKind;
use domain::limits::{ScopeKind, Unit, WindowKind};
use domain::people::Role;
use domain::prices::PriceState;
use domain::problems::ProblemKind;
use locales::{Locale, text};

use crate::connections::kind_name;
use crate::limits::{amount, scope_name, window_name};
use crate::reader::Reader;
use crate::system::problem_words;

/// What was done, by its stable name.
pub(super) fn action_words(l: Locale, action: &str) -> String {
    use text::audit::action as act;
    let words = match action {
        "house_set_up" => act::house_set_up(l),
        "signed_in" => act::signed_in(l),
        "sign_in_failed" => act::sign_in_failed(l),
        "signed_out" => act::signed_out(l),
        "session_ended" => act::session_ended(l),
        "sessions_ended" => act::sessions_ended(l),
        "password_changed" => act::password_changed(l),
        "password_chosen" => act::password_chosen(l),
        "password_reset_issued" => act::password_reset_issued(l),
        "invite_accepted" => act::invite_accepted(l),
        "member_created" => act::member_created(l),
        "member_renamed" => act::member_renamed(l),
        "member_disabled" => act::member_disabled(l),
        "member_enabled" => act::member_enabled(l),
        "role_changed" => act::role_changed(l),
        "key_created" => act::key_created(l),
        "key_edited" => act::key_edited(l),
        "key_revoked" => act::key_revoked(l),
        "connection_added" => act::connection_added(l),
        "connection_edited" => act::connection_edited(l),
        "connection_enabled" => act::connection_enabled(l),
        "connection_disabled" => act::connection_disabled(l),
        "connection_removed" => act::connection_removed(l),
        "model_enabled" => act::model_enabled(l),
        "model_disabled" => act::model_disabled(l),
        "models_synced" => act::models_synced(l),
        "price_set" => act::price_set(l),
        "limit_set" => act::limit_set(l),
        "limit_removed" => act::limit_removed(l),
        "master_key_turned" => act::master_key_turned(l),
        "usage_exported" => act::usage_exported(l),
        "problem_acknowledged" => act::problem_acknowledged(l),
        "problem_resolved" => act::problem_resolved(l),
        "problem_reopened" => act::problem_reopened(l),
        "settings_changed" => act::settings_changed(l),
        unknown => unknown,
    };
    words.to_owned()
}

/// Who did it.
pub(super) fn actor_words(l: Locale, row: &AuditView) -> String {
    match (&row.actor, row.address.as_str()) {
        (Some(name), _) => name.clone(),
        (None, COMMAND_LINE) => text::audit::by_cli(l).to_owned(),
        (None, _) => text::audit::by_system(l).to_owned(),
    }
}

/// What stands in place of an address for acts of the command line.
const COMMAND_LINE: &str = "command line";

/// Where the request came from; nothing for the command line, which has no address.
pub(super) fn address_words(row: &AuditView) -> String {
    if row.address == COMMAND_LINE {
        String::new()
    } else {
        row.address.clone()
    }
}

/// More words, where the detail is one of ours.
pub(super) fn detail_words(reader: &Reader, row: &AuditView) -> String {
    let l = reader.locale;
    let known = match row.action.as_str() {
        "role_changed" | "member_created" => Role::from_word(&row.detail).map(|role| match role {
            Role::Owner => text::roles::owner(l).to_owned(),
            Role::Admin => text::roles::admin(l).to_owned(),
            Role::Member => text::roles::member(l).to_owned(),
        }),
        "price_set" => match PriceState::from_word(&row.detail) {
            Some(PriceState::Free) => Some(text::provenance::free(l).to_owned()),
            Some(PriceState::Unpriced) => Some(text::provenance::unpriced(l).to_owned()),
            Some(PriceState::Priced) => Some(text::models::price_charged(l).to_owned()),
            None => None,
        },
        "problem_acknowledged" | "problem_resolved" | "problem_reopened" => {
            ProblemKind::from_word(&row.detail).map(|kind| problem_words(l, kind).to_owned())
        }
        "limit_set" | "limit_removed" => limit_words(reader, &row.detail),
        "settings_changed" => match row.detail.as_str() {
            "front_page shown" => Some(text::audit::front_shown(l).to_owned()),
            "front_page hidden" => Some(text::audit::front_hidden(l).to_owned()),
            _ => None,
        },
        _ => ProviderKind::from_word(&row.detail).map(|kind| kind_name(l, kind).to_owned()),
    };
    known.unwrap_or_else(|| row.detail.clone())
}

/// A limit is written down as "scope ceiling unit window".
fn limit_words(reader: &Reader, detail: &str) -> Option<String> {
    let l = reader.locale;
    let mut words = detail.split(' ');
    let scope = ScopeKind::from_word(words.next()?)?;
    let ceiling: i64 = words.next()?.parse().ok()?;
    let unit = Unit::from_word(words.next()?)?;
    let window = WindowKind::from_word(words.next()?)?;
    let ceiling = match unit {
        Unit::Money => amount(reader, unit, ceiling),
        Unit::Requests => format!(
            "{} {}",
            amount(reader, unit, ceiling),
            text::limits::unit_requests(l)
        ),
        Unit::Tokens => format!(
            "{} {}",
            amount(reader, unit, ceiling),
            text::limits::unit_tokens(l)
        ),
    };
    let (scope, window) = (scope_name(l, scope), window_name(l, window));
    Some(format!("{scope} · {ceiling} · {window}"))
}
