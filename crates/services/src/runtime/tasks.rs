//! The one place that starts tasks, so that a shutdown can wait for them.

use std::future::Future;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// What is running, and the two signals that end it.
#[derive(Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    /// Set when the server starts to go down: loops end, streams to browsers close.
    closing: CancellationToken,
    /// Set when waiting is over: running calls settle at once with what they have.
    cutting: CancellationToken,
}

impl Tasks {
    /// Nothing running.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a task that a shutdown waits for. Its log lines carry the request it was started in.
    pub fn start<F>(&self, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tracker.spawn(task.in_current_span());
    }

    /// Starts work that blocks a thread, such as hashing a password.
    ///
    /// # Errors
    /// When the work panicked.
    pub async fn blocking<T, F>(&self, work: F) -> Result<T, tokio::task::JoinError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let span = tracing::Span::current();
        self.tracker
            .spawn_blocking(move || span.in_scope(work))
            .await
    }

    /// The signal that the server is going down.
    pub fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// The signal that waiting is over.
    pub fn cutting(&self) -> &CancellationToken {
        &self.cutting
    }

    /// Ends everything: says so, waits for running calls at most `patience`, then has them settle
    /// with what they have, and waits for that.
    pub async fn shut_down(&self, patience: Duration) {
        self.closing.cancel();
        self.tracker.close();
        if tokio::time::timeout(patience, self.tracker.wait())
            .await
            .is_err()
        {
            self.cutting.cancel();
            // Settling takes a commit or two; a database that hangs must not hang us.
            if tokio::time::timeout(Duration::from_secs(5), self.tracker.wait())
                .await
                .is_err()
            {
                tracing::warn!(left = self.tracker.len(), "tasks did not end in time");
            }
        }
    }
}

impl std::fmt::Debug for Tasks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tasks")
            .field("running", &self.tracker.len())
            .finish_non_exhaustive()
    }
}
