//! Failures that are noted and not yet written.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::Timestamp;
use domain::problems::ProblemKind;
use uuid::Uuid;

/// Different problems that are noted at once; what comes beyond is only in the log.
const MOST: usize = 200;

/// What makes failures equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subject {
    pub(super) kind: ProblemKind,
    pub(super) subject_id: Uuid,
    pub(super) cause: &'static str,
}

/// How often, when, and the last words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) name: String,
    pub(super) detail: String,
    pub(super) count: i64,
    pub(super) first_seen: Timestamp,
    pub(super) last_seen: Timestamp,
}

impl Tally {
    pub(super) fn once(name: String, detail: String, now: Timestamp) -> Self {
        Self {
            name,
            detail,
            count: 1,
            first_seen: now,
            last_seen: now,
        }
    }

    fn join(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.first_seen = self.first_seen.min(other.first_seen);
        if other.last_seen >= self.last_seen {
            self.last_seen = other.last_seen;
            self.name = other.name;
            self.detail = other.detail;
        }
    }
}

/// Noted failures, in the one order in which every instance writes them: two that write at once
/// then never wait for each other.
#[derive(Debug, Default)]
pub(super) struct Noted(BTreeMap<Subject, Tally>);

impl Noted {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Subject, &Tally)> {
        self.0.iter()
    }

    /// What is left behind the first few.
    pub(super) fn split_off_front(mut self, count: usize) -> Self {
        for _ in 0..count {
            self.0.pop_first();
        }
        self
    }

    fn add(&mut self, subject: Subject, tally: Tally) {
        if let Some(known) = self.0.get_mut(&subject) {
            known.join(tally);
        } else if self.0.len() < MOST {
            self.0.insert(subject, tally);
        }
    }
}

/// The notebook.
#[derive(Debug, Default)]
pub(crate) struct Notebook {
    noted: Mutex<Noted>,
}

impl Notebook {
    pub(super) fn note(&self, subject: Subject, tally: Tally) {
        self.noted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(subject, tally);
    }

    pub(super) fn take(&self) -> Noted {
        std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// These were not written.
    pub(super) fn put_back(&self, lost: Noted) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        for (subject, tally) in lost.0 {
            noted.add(subject, tally);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(number: u128) -> Subject {
        Subject {
            kind: ProblemKind::ProviderFailed,
            subject_id: Uuid::from_u128(number),
            cause: "auth",
        }
    }

    fn once(at: i64) -> Tally {
        Tally::once("openai".to_owned(), format!("at {at}"), Timestamp(at))
    }

    #[test]
    fn what_could_not_be_written_joins_what_came_meanwhile() {
        let notebook = Notebook::default();
        notebook.note(subject(1), once(10));
        let lost = notebook.take();
        notebook.note(subject(1), once(20));
        notebook.put_back(lost);
        let noted = notebook.take();
        let (_, tally) = noted.iter().next().unwrap();
        assert_eq!(
            (tally.count, tally.first_seen.0, tally.last_seen.0),
            (2, 10, 20)
        );
        assert_eq!(tally.detail, "at 20", "the last words stay");
    }

    #[test]
    fn it_has_an_end() {
        let notebook = Notebook::default();
        for number in 0..1_000 {
            notebook.note(subject(number), once(0));
        }
        assert_eq!(notebook.take().iter().count(), MOST);
    }
}
