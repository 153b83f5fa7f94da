//! Looks again and again at what the house says of its calls, while somebody looks at the list.
//!
//! The house is asked, and does not tell by itself: calls run on every instance of it.

use std::time::Duration;

use domain::calls::{CallRow, CallsWanted, READ_MOST};
use domain::chats::Page;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::lines::Lines;
use super::news::is_at_top;
use super::sign::Liveness;
use super::{list_calls, read_calls};
use crate::error::Answer;
use crate::ui::{after, when_seen};

/// Between an answer and the next question.
const WAIT: Duration = Duration::from_secs(2);
/// It doubles with each question that is not answered, up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Keeps the lines as they are in the house, until the list is gone.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    wanted: StoredValue<CallsWanted>,
    lines: Lines,
    liveness: Liveness,
    pace: StoredValue<Pace>,
}

/// When what is asked.
struct Pace {
    /// Whether anything is.
    goes: bool,
    /// Grows whenever that changes: what was planned or asked before counts no more.
    turn: u32,
    /// Whether a question is on its way; there is one at a time.
    asks: bool,
    wait: Duration,
}

impl Watch {
    /// Begins once the page lives; never on the server.
    pub(super) fn begin(wanted: StoredValue<CallsWanted>, lines: Lines, liveness: Liveness) {
        let watch = Self {
            wanted,
            lines,
            liveness,
            pace: StoredValue::new(Pace {
                goes: false,
                turn: 0,
                asks: false,
                wait: WAIT,
            }),
        };
        let is_seen = RwSignal::new(false);
        when_seen(move |seen| is_seen.set(seen));
        Effect::new(move |before: Option<bool>| {
            let goes = is_seen.get() && !liveness.is_paused.get();
            match before {
                // The list has just been read.
                None => {
                    liveness.is_lost.set(false);
                    watch.turn(goes, WAIT);
                }
                Some(before) if before != goes => watch.turn(goes, Duration::ZERO),
                Some(_) => {}
            }
            goes
        });
    }

    /// Goes on after a while, or stops.
    fn turn(self, goes: bool, wait: Duration) {
        let turn = self.pace.try_update_value(|pace| {
            pace.goes = goes;
            pace.turn += 1;
            pace.wait = WAIT;
            pace.turn
        });
        if let Some(turn) = turn.filter(|_| goes) {
            self.look_after(turn, wait);
        }
    }

    fn look_after(self, turn: u32, wait: Duration) {
        after(wait, move || {
            if self.pace.try_with_value(|pace| pace.turn) == Some(turn) {
                self.look();
            }
        });
    }

    fn look(self) {
        let turn = self.pace.try_update_value(|pace| {
            // Whoever asks looks again when the answer is here.
            let may_ask = pace.goes && !pace.asks;
            pace.asks |= may_ask;
            may_ask.then_some(pace.turn)
        });
        let (Some(turn), Some(wanted)) = (turn.flatten(), self.wanted.try_get_value()) else {
            return;
        };
        spawn_local(async move {
            let heard = self.ask(wanted).await;
            let wait = self.pace.try_update_value(|pace| {
                pace.asks = false;
                pace.wait = if heard.is_ok() {
                    WAIT
                } else {
                    (pace.wait * 2).min(LONGEST_WAIT)
                };
                (pace.turn == turn).then_some(pace.wait)
            });
            match wait {
                Some(Some(wait)) => {
                    self.hear(heard);
                    self.look_after(turn, wait);
                }
                // Stopped meanwhile, and perhaps gone on.
                Some(None) => self.look(),
                // The list is gone.
                None => {}
            }
        });
    }

    /// The newest page, and how the running calls stand of which it says nothing.
    async fn ask(self, wanted: CallsWanted) -> Answer<(Page<CallRow>, Vec<CallRow>)> {
        let newest = list_calls(wanted, None).await?;
        let mut others = Vec::new();
        for ids in self.lines.running_beside(&newest).chunks(READ_MOST) {
            others.extend(read_calls(ids.to_vec()).await?);
        }
        Ok((newest, others))
    }

    fn hear(self, heard: Answer<(Page<CallRow>, Vec<CallRow>)>) {
        let Self {
            lines, liveness, ..
        } = self;
        if liveness.is_lost.get_untracked() != heard.is_err() {
            liveness.is_lost.set(heard.is_err());
        }
        if let Ok((newest, others)) = heard {
            lines.renew(&others);
            lines.hear(newest, is_at_top());
        }
    }
}
