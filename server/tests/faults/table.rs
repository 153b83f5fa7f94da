//! One row for each fault and engine: how often it was tried, and whether the house held.

use std::io::Write;
use std::time::Instant;

use testkit::Database;

use crate::plan;

struct Row {
    fault: &'static str,
    engine: &'static str,
    times: Option<usize>,
    start: Instant,
}

impl Drop for Row {
    /// Also when the story panicked: then the times are missing.
    fn drop(&mut self) {
        let Some(path) = plan::table() else { return };
        let (times, result) = match self.times {
            Some(times) => (times.to_string(), "held".to_owned()),
            None => ("-".to_owned(), format!("BROKE, seed {}", plan::seed())),
        };
        let took = self.start.elapsed().as_secs();
        let line = format!(
            "{}\t{}\t{times}\t{took} s\t{result}\n",
            self.fault, self.engine
        );
        let file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(path);
        // A table that cannot be written is missed by whoever asked for it.
        let _ = file.and_then(|mut file| file.write_all(line.as_bytes()));
    }
}

/// Tells a story and notes how it ended; the story says how often the fault happened.
pub(crate) fn told(
    fault: &'static str,
    kind: Database,
    story: impl Future<Output = usize>,
) -> impl Future<Output = ()> {
    // Stories are long, and a test's own stack is not for them.
    let story = Box::pin(story);
    async move {
        let engine = match kind {
            Database::Sqlite => "SQLite",
            Database::Postgres => "PostgreSQL",
        };
        eprintln!("{fault} on {engine}: PURSER_FAULTS_SEED={}", plan::seed());
        let mut row = Row {
            fault,
            engine,
            times: None,
            start: Instant::now(),
        };
        row.times = Some(story.await);
    }
}

/// A story on both engines: `on_both!(name, "the fault", story)`.
macro_rules! on_both {
    ($(#[$meta:meta])* $name:ident, $fault:literal, $story:ident) => {
        mod $name {
            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let kind = testkit::Database::Sqlite;
                $crate::table::told($fault, kind, super::$story(kind)).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let kind = testkit::Database::Postgres;
                $crate::table::told($fault, kind, super::$story(kind)).await;
            }
        }
    };
}
pub(crate) use on_both;
