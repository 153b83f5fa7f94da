//! The calls that are shown: each by a signal of its own, so that a line changes in its place.

use domain::CallId;
use domain::calls::{CallRow, CallState};
use domain::chats::Page;
use leptos::prelude::*;

use super::merge::{self, News};

/// So many calls stay of a list that only grows by what comes in; a reader who loads more keeps more.
const KEPT: usize = 100;

/// One call that is shown.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Its id.
    pub(super) id: CallId,
    /// How it stands.
    pub(super) row: ArcRwSignal<CallRow>,
}

impl Line {
    fn new(row: CallRow) -> Self {
        Self {
            id: row.id,
            row: ArcRwSignal::new(row),
        }
    }

    /// Tells who reads it only of what is different.
    fn renew(&self, row: &CallRow) {
        if *self.row.read_untracked() != *row {
            self.row.set(row.clone());
        }
    }
}

/// The newest page, while somebody reads further down.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    news: News,
    newest: Page<CallRow>,
}

/// The calls that are shown, newest first, and what waits to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines {
    shown: RwSignal<Vec<Line>>,
    /// Where older ones begin.
    next: RwSignal<Option<String>>,
    held: RwSignal<Option<Held>>,
    /// How many may be shown.
    most: StoredValue<usize>,
}

impl Lines {
    pub(super) fn new(first: Page<CallRow>) -> Self {
        let lines: Vec<Line> = first.rows.into_iter().map(Line::new).collect();
        Self {
            shown: RwSignal::new(lines),
            next: RwSignal::new(first.next),
            held: RwSignal::new(None),
            most: StoredValue::new(KEPT),
        }
    }

    pub(super) fn shown(self) -> Vec<Line> {
        self.shown.get()
    }

    pub(super) fn is_empty(self) -> bool {
        self.shown.read().is_empty()
    }

    /// Whether there are older ones.
    pub(super) fn has_more(self) -> bool {
        self.next.read().is_some()
    }

    /// Before which one they are.
    pub(super) fn before(self) -> Option<CallId> {
        // The list may be gone.
        self.next
            .try_with_untracked(|next| next.as_ref()?.parse().ok())?
    }

    /// Older calls have come. Those that no longer follow what is shown are left out: the list has begun
    /// anew meanwhile.
    pub(super) fn extend(self, before: CallId, older: Page<CallRow>) {
        if self.before() != Some(before) {
            return;
        }
        let Page { rows, next } = older;
        self.shown
            .update(|lines| lines.extend(rows.into_iter().map(Line::new)));
        self.next.set(next);
        let shown = self.shown.read_untracked().len();
        self.most.set_value(shown.max(KEPT));
    }

    /// Of the shown calls those that run and of which this page says nothing.
    pub(super) fn running_beside(self, newest: &Page<CallRow>) -> Vec<CallId> {
        let told = ids(&newest.rows);
        let runs = |line: &&Line| {
            merge::place(&told, line.id).is_none()
                && line.row.read_untracked().state == CallState::Open
        };
        // The page may be gone.
        let running = self
            .shown
            .try_with_untracked(|lines| lines.iter().filter(runs).map(|line| line.id).collect());
        running.unwrap_or_default()
    }

    /// How some calls stand now: shown lines change in their places, no line comes or goes.
    pub(super) fn renew(self, rows: &[CallRow]) {
        let shown = self.ids();
        let lines = self.shown.read_untracked();
        for row in rows {
            if let Some(line) = merge::place(&shown, row.id).and_then(|place| lines.get(place)) {
                line.renew(row);
            }
        }
    }

    /// What the newest page says. Calls that are not shown yet come in at once, or wait where somebody
    /// reads further down, so that nothing moves under their eyes.
    pub(super) fn hear(self, newest: Page<CallRow>, may_move: bool) {
        if may_move {
            return self.put(newest);
        }
        self.renew(&newest.rows);
        let news = merge::news(&self.ids(), &ids(&newest.rows), newest.next.is_some());
        let held = news.map(|news| Held { news, newest });
        if *self.held.read_untracked() != held {
            self.held.set(held);
        }
    }

    /// What waits.
    pub(super) fn news(self) -> Option<News> {
        self.held.read().as_ref().map(|held| held.news)
    }

    /// Brings in what waits.
    pub(super) fn bring(self) {
        if let Some(held) = self.held.get_untracked() {
            self.put(held.newest);
        }
    }

    fn put(self, newest: Page<CallRow>) {
        let shown = self.ids();
        let Page { rows, next } = newest;
        let kept = merge::meets(&shown, &ids(&rows), next.is_some());
        let old = self.shown.get_untracked();
        let line = |row: CallRow| match merge::place(&shown, row.id).map(|place| &old[place]) {
            Some(line) => {
                line.renew(&row);
                line.clone()
            }
            None => Line::new(row),
        };
        let mut lines: Vec<Line> = rows.into_iter().map(line).collect();
        let older = kept.map_or(&[][..], |from| &old[from..]);
        let mut next = if older.is_empty() {
            next
        } else {
            self.next.get_untracked()
        };
        lines.extend_from_slice(older);
        let most = self.most.get_value();
        if lines.len() > most {
            lines.truncate(most);
            next = lines.last().map(|line| line.id.to_string());
        }
        if !lines.iter().map(|line| line.id).eq(shown) {
            self.shown.set(lines);
        }
        if *self.next.read_untracked() != next {
            self.next.set(next);
        }
        if self.held.read_untracked().is_some() {
            self.held.set(None);
        }
    }

    fn ids(self) -> Vec<CallId> {
        let lines = self.shown.read_untracked();
        lines.iter().map(|line| line.id).collect()
    }
}

fn ids(rows: &[CallRow]) -> Vec<CallId> {
    rows.iter().map(|row| row.id).collect()
}

#[cfg(test)]
mod tests {
    use domain::calls::{Door, Purpose};
    use domain::prices::PriceState;
    use domain::{Timestamp, Usage};

    use super::*;

    fn id(moment: i64) -> CallId {
        CallId::new(Timestamp(1_790_000_000_000 + moment), [7; 10])
    }

    fn call(moment: i64, state: CallState) -> CallRow {
        CallRow {
            id: id(moment),
            at: Timestamp(1_790_000_000_000 + moment),
            member: None,
            key: None,
            door: Door::Gateway,
            purpose: Purpose::Reply,
            model: "demo".to_owned(),
            connection: None,
            state,
            outcome: None,
            usage: Usage::default(),
            usage_source: None,
            price_state: PriceState::Free,
            charge: None,
            overrun: false,
            first_token_ms: None,
            duration_ms: None,
        }
    }

    /// A page of settled calls with more behind it.
    fn page(moments: impl IntoIterator<Item = i64>) -> Page<CallRow> {
        let settled = |moment| call(moment, CallState::Settled);
        let rows: Vec<CallRow> = moments.into_iter().map(settled).collect();
        let next = rows.last().map(|row| row.id.to_string());
        Page { rows, next }
    }

    fn shown(lines: Lines) -> Vec<i64> {
        let moment = |line: &Line| line.row.get_untracked().at.0 - 1_790_000_000_000;
        lines.shown.get_untracked().iter().map(moment).collect()
    }

    fn news(lines: Lines) -> Option<News> {
        untrack(|| lines.news())
    }

    #[test]
    fn a_call_that_ends_changes_in_its_line_wherever_that_is() {
        Owner::new().with(|| {
            let mut first = page([9, 8]);
            first.rows[0].state = CallState::Open;
            let lines = Lines::new(first);
            let mut older = page([7, 6]);
            older.rows[1].state = CallState::Open;
            lines.extend(id(8), older);
            let before = lines.shown.get_untracked();

            let newest = page([9, 8]);
            assert_eq!(lines.running_beside(&newest), [id(6)]);
            lines.renew(&[call(6, CallState::Settled), call(5, CallState::Settled)]);
            lines.hear(newest, true);
            assert_eq!(shown(lines), [9, 8, 7, 6]);
            // Who reads the lines that were there hears of it.
            for line in before {
                assert_eq!(line.row.get_untracked().state, CallState::Settled);
            }
        });
    }

    #[test]
    fn new_calls_wait_for_who_reads_further_down() {
        Owner::new().with(|| {
            let lines = Lines::new(page([7, 6, 5]));
            lines.hear(page([9, 8, 7]), false);
            assert_eq!(
                (shown(lines), news(lines)),
                (vec![7, 6, 5], Some(News::Are(2)))
            );
            lines.hear(page([12, 11, 10]), false);
            assert_eq!(news(lines), Some(News::AreAtLeast(3)));
            lines.hear(page([10, 9, 8]), false);
            assert_eq!(news(lines), Some(News::AreAtLeast(3)));
            lines.hear(page([9, 8, 7]), false);
            lines.bring();
            assert_eq!((shown(lines), news(lines)), (vec![9, 8, 7, 6, 5], None));
            assert_eq!(lines.before(), Some(id(5)));
            // At the top they come at once, and nothing waits.
            lines.hear(page([10, 9, 8]), true);
            assert_eq!((shown(lines), news(lines)), (vec![10, 9, 8, 7, 6, 5], None));
        });
    }

    #[test]
    fn what_no_longer_follows_is_not_put_below_a_list_that_began_anew() {
        Owner::new().with(|| {
            let lines = Lines::new(page([3, 2, 1]));
            lines.hear(page([9, 8, 7]), true);
            lines.extend(id(1), page([0]));
            assert_eq!(shown(lines), [9, 8, 7]);
            lines.extend(id(7), page([6, 5]));
            assert_eq!(shown(lines), [9, 8, 7, 6, 5]);
        });
    }

    #[test]
    fn a_list_that_stands_open_for_days_stays_short_and_loses_nothing() {
        Owner::new().with(|| {
            let most = i64::try_from(KEPT).unwrap();
            let lines = Lines::new(page((0..50).rev()));
            for last in 50..most + 20 {
                lines.hear(page((last - 49..=last).rev()), true);
            }
            assert_eq!(shown(lines), (20..most + 20).rev().collect::<Vec<_>>());
            assert_eq!(
                lines.before(),
                Some(id(20)),
                "what was left out can be loaded"
            );
            // Whoever loads more keeps more.
            lines.extend(id(20), page((0..20).rev()));
            lines.hear(page((most - 30..most + 20).rev()), true);
            assert_eq!(shown(lines).len(), KEPT + 20);
        });
    }
}
