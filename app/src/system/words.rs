//! The words of problems.

use domain::calls::Outcome;
use domain::problems::{ProblemKind, ProblemState, ProblemView};
use locales::{Locale, text};

use crate::calls::outcome_name;
use crate::ui::Tone;

/// What went wrong.
pub(crate) fn problem_words(l: Locale, kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::ProviderFailed => text::system::provider_failed(l),
        ProblemKind::SettlementUnwritten => text::system::settlement_unwritten(l),
        ProblemKind::DatabaseFailed => text::system::database_failed(l),
        ProblemKind::SnapshotStale => text::system::snapshot_stale(l),
        ProblemKind::CallsRecovered => text::system::calls_recovered(l),
        ProblemKind::SweepFailed => text::system::sweep_failed(l),
    }
}

/// Why, where there is a word for it.
pub(super) fn cause_words(l: Locale, problem: &ProblemView) -> Option<&'static str> {
    if let Some(outcome) = Outcome::from_word(&problem.cause) {
        return Some(outcome_name(l, outcome));
    }
    match problem.cause.as_str() {
        "" => None,
        "unavailable" => Some(text::system::cause_unavailable(l)),
        _ => Some(text::system::cause_in_log(l)),
    }
}

/// What became of it, with its colour.
pub(super) fn state_words(l: Locale, state: ProblemState) -> (&'static str, Tone) {
    match state {
        ProblemState::Open => (text::system::state_open(l), Tone::Bad),
        ProblemState::Acknowledged => (text::system::state_acknowledged(l), Tone::Warn),
        ProblemState::Resolved => (text::system::state_resolved(l), Tone::Good),
    }
}
