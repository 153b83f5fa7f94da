//! Failures that are noted and not yet written.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
struct Noted(BTreeMap<Subject, Tally>);

impl Noted {
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
    /// Held by whoever writes, until it is committed.
    writing: tokio::sync::Mutex<()>,
}

impl Notebook {
    pub(super) fn note(&self, subject: Subject, tally: Tally) {
        self.lock().add(subject, tally);
    }

    /// What was noted, to write it. Whoever asks while another writes waits for that: what was noted
    /// before is then in the database, or here.
    pub(super) async fn take(&self) -> Taken<'_> {
        let turn = self.writing.lock().await;
        let noted = std::mem::take(&mut *self.lock());
        Taken {
            noted,
            notebook: self,
            _turn: turn,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Problems on their way to the database. What was not written goes back into the notebook.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    noted: Noted,
    notebook: &'a Notebook,
    _turn: tokio::sync::MutexGuard<'a, ()>,
}

impl Taken<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.noted.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Subject, &Tally)> {
        self.noted.0.iter()
    }

    /// The first few are in the database.
    pub(super) fn written(&mut self, count: usize) {
        for _ in 0..count {
            self.noted.0.pop_first();
        }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mut noted = self.notebook.lock();
        for (subject, tally) in std::mem::take(&mut self.noted.0) {
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

    #[tokio::test]
    async fn what_could_not_be_written_joins_what_came_meanwhile() {
        let notebook = Notebook::default();
        notebook.note(subject(1), once(10));
        let lost = notebook.take().await;
        notebook.note(subject(1), once(20));
        drop(lost);
        let noted = notebook.take().await;
        let (_, tally) = noted.iter().next().unwrap();
        assert_eq!(
            (tally.count, tally.first_seen.0, tally.last_seen.0),
            (2, 10, 20)
        );
        assert_eq!(tally.detail, "at 20", "the last words stay");
    }

    #[tokio::test]
    async fn what_was_written_does_not_come_back() {
        let notebook = Notebook::default();
        notebook.note(subject(1), once(10));
        notebook.note(subject(2), once(10));
        let mut taken = notebook.take().await;
        taken.written(1);
        drop(taken);
        let left = notebook.take().await;
        assert_eq!(
            left.iter()
                .map(|(one, _)| one.subject_id)
                .collect::<Vec<_>>(),
            [Uuid::from_u128(2)]
        );
    }

    #[tokio::test]
    async fn who_asks_while_another_writes_waits_for_it() {
        let notebook = Notebook::default();
        notebook.note(subject(1), once(10));
        let first = notebook.take().await;
        let mut second = std::pin::pin!(notebook.take());
        assert!(futures::poll!(&mut second).is_pending());
        drop(first);
        assert!(!second.await.is_empty());
    }

    #[tokio::test]
    async fn it_has_an_end() {
        let notebook = Notebook::default();
        for number in 0..1_000 {
            notebook.note(subject(number), once(0));
        }
        assert_eq!(notebook.take().await.iter().count(), MOST);
    }
}
