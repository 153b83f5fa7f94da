//! The words of limits, and their amounts.

use domain::NanoUsd;
use domain::limits::{ScopeKind, Unit, WindowKind};
use locales::{Locale, text};

use crate::reader::Reader;

/// Whose spending is bounded.
pub(crate) fn scope_name(l: Locale, scope: ScopeKind) -> &'static str {
    match scope {
        // Groups do not exist yet.
        ScopeKind::House | ScopeKind::Group => text::limits::scope_house(l),
        ScopeKind::Member => text::limits::scope_member(l),
        ScopeKind::Key => text::limits::scope_key(l),
        ScopeKind::Connection => text::limits::scope_connection(l),
    }
}

/// What is counted.
pub(super) fn unit_name(l: Locale, unit: Unit) -> &'static str {
    match unit {
        Unit::Money => text::limits::unit_money(l),
        Unit::Requests => text::limits::unit_requests(l),
        Unit::Tokens => text::limits::unit_tokens(l),
    }
}

/// Over which time.
pub(crate) fn window_name(l: Locale, window: WindowKind) -> &'static str {
    match window {
        WindowKind::Minute => text::limits::window_minute(l),
        WindowKind::Day => text::limits::window_day(l),
        WindowKind::Month => text::limits::window_month(l),
        WindowKind::Total => text::limits::window_total(l),
    }
}

/// An amount in a limit's unit, for reading.
pub(crate) fn amount(reader: &Reader, unit: Unit, value: i64) -> String {
    match unit {
        Unit::Money => reader.money(NanoUsd(value)),
        Unit::Requests | Unit::Tokens => reader.integer(value),
    }
}

/// The same with all its places.
pub(super) fn amount_exact(reader: &Reader, unit: Unit, value: i64) -> String {
    match unit {
        Unit::Money => reader.money_exact(NanoUsd(value)),
        Unit::Requests | Unit::Tokens => reader.integer(value),
    }
}
