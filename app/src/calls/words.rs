//! The words of calls.

use domain::calls::{CallRow, CallState, Door, Outcome, Purpose};
use locales::{Locale, text};

use crate::ui::Tone;

/// Where a call entered.
pub(crate) fn door_name(l: Locale, door: Door) -> &'static str {
    match door {
        Door::Web => text::calls::door_web(l),
        Door::Gateway => text::calls::door_gateway(l),
        Door::Api => text::calls::door_api(l),
        Door::Sms => text::calls::door_sms(l),
        Door::Telegram => text::calls::door_telegram(l),
        Door::Workspace => text::calls::door_workspace(l),
        Door::System => text::calls::door_system(l),
    }
}

/// What it was for.
pub(super) fn purpose_name(l: Locale, purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Reply => text::calls::purpose_reply(l),
        Purpose::Title => text::calls::purpose_title(l),
        Purpose::Summary => text::calls::purpose_summary(l),
        Purpose::Embedding => text::calls::purpose_embedding(l),
    }
}

/// How it ended.
pub(crate) fn outcome_name(l: Locale, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => text::calls::outcome_answered(l),
        Outcome::Stopped => text::calls::outcome_stopped(l),
        Outcome::Auth => text::calls::outcome_auth(l),
        Outcome::RateLimited => text::calls::outcome_rate_limited(l),
        Outcome::Quota => text::calls::outcome_quota(l),
        Outcome::InvalidRequest => text::calls::outcome_invalid_request(l),
        Outcome::ContextLength => text::calls::outcome_context_length(l),
        Outcome::Overloaded => text::calls::outcome_overloaded(l),
        Outcome::Server => text::calls::outcome_server(l),
        Outcome::Network => text::calls::outcome_network(l),
        Outcome::Interrupted => text::calls::outcome_interrupted(l),
    }
}

/// Where a call stands, as a badge, and how it ended where the badge does not say it.
pub(super) fn state_words(l: Locale, row: &CallRow) -> (Tone, &'static str, Option<&'static str>) {
    let ended = row.outcome.map(|outcome| outcome_name(l, outcome));
    match (row.state, row.outcome) {
        (CallState::Open, _) => (Tone::Brass, text::calls::state_open(l), None),
        (CallState::Settled, Some(Outcome::Stopped)) => {
            (Tone::Neutral, text::calls::state_stopped(l), None)
        }
        (CallState::Settled, Some(Outcome::Answered) | None) => {
            (Tone::Good, text::calls::state_settled(l), None)
        }
        (CallState::Settled, Some(_)) => (Tone::Warn, text::calls::state_settled(l), ended),
        (CallState::Failed, _) => (Tone::Bad, text::calls::state_failed(l), ended),
        (CallState::Void, _) => (Tone::Neutral, text::calls::state_void(l), ended),
    }
}
