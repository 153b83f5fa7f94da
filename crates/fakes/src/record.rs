//! What the fake has been asked, kept for assertions.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

use crate::{Dialect, request::Request};

/// One request that reached the fake.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// `None` for a path of no dialect, such as the target of the redirect scenario.
    pub dialect: Option<Dialect>,
    pub method: String,
    /// With the dialect's prefix.
    pub path: String,
    /// Raw, without the question mark.
    pub query: String,
    /// Names in lower case, in the order they came.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    /// The client left before the answer was complete.
    pub disconnected: bool,
}

impl Recorded {
    /// The first value of a header, by lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON, `Null` when it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// A recorded request whose fate is still open.
#[derive(Debug)]
pub(crate) struct Entry {
    dialect: Option<Dialect>,
    request: Arc<Request>,
    disconnected: AtomicBool,
}

#[derive(Debug, Default)]
pub(crate) struct Record {
    entries: Mutex<Vec<Arc<Entry>>>,
    changed: Notify,
}

impl Record {
    pub(crate) fn push(&self, dialect: Option<Dialect>, request: &Arc<Request>) -> Arc<Entry> {
        let entry = Arc::new(Entry {
            dialect,
            request: Arc::clone(request),
            disconnected: AtomicBool::new(false),
        });
        locked(&self.entries).push(Arc::clone(&entry));
        self.changed.notify_waiters();
        entry
    }

    pub(crate) fn disconnected(&self, entry: &Entry) {
        entry.disconnected.store(true, Ordering::Release);
        self.changed.notify_waiters();
    }

    pub(crate) fn clear(&self) {
        locked(&self.entries).clear();
    }

    pub(crate) fn all(&self) -> Vec<Recorded> {
        locked(&self.entries)
            .iter()
            .map(|entry| Recorded {
                dialect: entry.dialect,
                method: entry.request.method.clone(),
                path: entry.request.path.clone(),
                query: entry.request.query.clone(),
                headers: entry.request.headers.clone(),
                body: entry.request.body.clone(),
                disconnected: entry.disconnected.load(Ordering::Acquire),
            })
            .collect()
    }

    /// Waits until at least `count` recorded requests satisfy `wanted`.
    pub(crate) async fn wait(
        &self,
        count: usize,
        wanted: impl Fn(&Recorded) -> bool,
    ) -> Vec<Recorded> {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // Registers before looking, so that no change falls between looking and waiting.
            changed.as_mut().enable();
            let all = self.all();
            if all.iter().filter(|request| wanted(request)).count() >= count {
                return all;
            }
            changed.await;
        }
    }
}

/// Locks whatever another thread's panic left behind: the data is only ever replaced as a whole.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
