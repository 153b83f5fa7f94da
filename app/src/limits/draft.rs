//! What an admin is writing about a limit.

use domain::calls::Door;
use domain::limits::{NewLimit, ScopeKind, Unit, WindowKind};
use domain::people::Fault;
use domain::{AppError, NanoUsd};
use leptos::prelude::*;
use uuid::Uuid;

/// The answers of the form so far.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) scope: RwSignal<ScopeKind>,
    /// Id of the subject as text; empty until one is chosen.
    pub(super) subject: RwSignal<String>,
    pub(super) unit: RwSignal<Unit>,
    pub(super) window: RwSignal<WindowKind>,
    pub(super) ceiling: RwSignal<String>,
    pub(super) door: RwSignal<Option<Door>>,
    pub(super) model: RwSignal<String>,
    pub(super) hard: RwSignal<bool>,
}

impl Draft {
    /// The limit most houses begin with: a monthly budget for everyone together.
    pub(super) fn blank() -> Self {
        Self {
            scope: RwSignal::new(ScopeKind::House),
            subject: RwSignal::new(String::new()),
            unit: RwSignal::new(Unit::Money),
            window: RwSignal::new(WindowKind::Month),
            ceiling: RwSignal::new(String::new()),
            door: RwSignal::new(None),
            model: RwSignal::new(String::new()),
            hard: RwSignal::new(true),
        }
    }

    /// Chooses what is counted. Money has no minute, so a minute becomes a day.
    pub(super) fn choose_unit(&self, unit: Unit) {
        self.unit.set(unit);
        if unit == Unit::Money && self.window.get_untracked() == WindowKind::Minute {
            self.window.set(WindowKind::Day);
        }
    }

    /// Chooses whose spending is bounded; the subject is asked for again.
    pub(super) fn choose_scope(&self, scope: ScopeKind) {
        self.subject.set(String::new());
        self.scope.set(scope);
    }

    /// As a new limit.
    pub(super) fn new_limit(&self) -> Result<NewLimit, AppError> {
        let scope_kind = self.scope.get_untracked();
        let subject = self.subject.get_untracked();
        let scope_id = match scope_kind {
            ScopeKind::House => Uuid::nil(),
            _ => subject
                .parse()
                .map_err(|_| AppError::invalid("scope_id", Fault::Empty))?,
        };
        let unit = self.unit.get_untracked();
        let model = self.model.get_untracked().trim().to_owned();
        Ok(NewLimit {
            scope_kind,
            scope_id,
            door: self.door.get_untracked(),
            model: (!model.is_empty()).then_some(model),
            unit,
            window: self.window.get_untracked(),
            zone: None,
            ceiling: read_ceiling(unit, &self.ceiling.get_untracked())?,
            hard: self.hard.get_untracked(),
        })
    }
}

/// Reads a ceiling in its unit, exactly.
fn read_ceiling(unit: Unit, text: &str) -> Result<i64, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AppError::invalid("ceiling", Fault::Empty));
    }
    let malformed = AppError::invalid("ceiling", Fault::Malformed);
    let ceiling = match unit {
        Unit::Money => NanoUsd::parse_usd(text).map_err(|_| malformed)?.0,
        Unit::Requests | Unit::Tokens => text.parse().map_err(|_| malformed)?,
    };
    if ceiling < 0 {
        return Err(AppError::invalid("ceiling", Fault::OutOfRange));
    }
    Ok(ceiling)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ceiling_is_read_in_its_unit() {
        assert_eq!(read_ceiling(Unit::Money, " 12.5 "), Ok(12_500_000_000));
        assert_eq!(read_ceiling(Unit::Tokens, "1000"), Ok(1_000));
        for (unit, wrong) in [
            (Unit::Money, "-1"),
            (Unit::Money, "0.0000000001"),
            (Unit::Requests, "1.5"),
            (Unit::Requests, ""),
        ] {
            assert!(read_ceiling(unit, wrong).is_err(), "{wrong}");
        }
    }
}
