//! The names of fields as their forms show them.

use locales::{Locale, text};

/// The label of a field, by its name in the request; `None` for what no form asks.
pub(super) fn field_label(l: Locale, field: &str) -> Option<&'static str> {
    Some(match field {
        "base_url" => text::connections::base_url(l),
        "budget" => text::keys::budget(l),
        "cached_input" => text::models::price_cached(l),
        "ceiling" => text::limits::ceiling(l),
        "email" => text::members::email(l),
        "expires_in_days" => text::keys::expiry(l),
        "from" => text::calls::filter_from(l),
        "house_name" => text::settings::house_name(l),
        "house_text" => text::settings::house_text(l),
        "input" => text::models::price_in(l),
        "key" => text::connections::key(l),
        "model" => text::models::model(l),
        "models" => text::keys::models(l),
        "name" => text::common::name(l),
        "new_password" => text::account::new_password(l),
        "output" => text::models::price_out(l),
        "password" => text::signin::password(l),
        "price" => text::models::price(l),
        "query" => text::history::search(l),
        "requests_per_minute" => text::keys::requests_per_minute(l),
        "scope_id" => text::limits::subject(l),
        "text" => text::chat::message_label(l),
        "title" => text::history::rename_label(l),
        "to" => text::calls::filter_to(l),
        "token" => text::invite::token(l),
        "tokens_per_minute" => text::keys::tokens_per_minute(l),
        "weight" => text::connections::weight(l),
        _ => return None,
    })
}
