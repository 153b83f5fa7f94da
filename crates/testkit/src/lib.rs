//! The running house in a test: real HTTP, a database of its own, a clock that can be turned,
//! dice that repeat, and fake providers beside it.

#![expect(clippy::unwrap_used, reason = "a test kit fails by panicking")]
#![expect(clippy::expect_used, reason = "a test kit fails by panicking")]
#![expect(clippy::missing_panics_doc, reason = "a test kit fails by panicking")]

use std::time::{Duration, Instant};

mod app;
mod books;
mod clock;
mod database;
mod dice;
mod person;
mod raw;

pub use app::{TestApp, Told};
pub use books::check as check_books;
pub use clock::FakeClock;
pub use database::{Database, TestDatabase};
pub use person::{Answer, Key, Person};
pub use raw::Raw;

/// Asks again until the answer is there: for what another instance, or a job in the background,
/// does in its own time. The bound is a guard against waiting for ever, not a measure of speed.
pub async fn eventually<T, F>(seconds: u64, what: &str, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(seconds) {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("waited {seconds} seconds until {what}");
}

/// Runs each story on SQLite and on PostgreSQL, and checks the books after it. A house that is told
/// something at its start is spelled `app: &TestApp = Told { … }`.
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: &TestApp $(= $told:expr)?) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a story may need nothing of its surroundings")]
            use super::*;

            async fn story($app: &TestApp) $body

            fn told_at_the_start() -> $crate::Told {
                Option::<$crate::Told>::None$(.or(Some($told)))?.unwrap_or_default()
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let app = $crate::TestApp::start_told($crate::Database::Sqlite, &told_at_the_start()).await;
                story(&app).await;
                app.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let app = $crate::TestApp::start_told($crate::Database::Postgres, &told_at_the_start()).await;
                story(&app).await;
                app.finish().await;
            }
        }
    )+};
}

/// Runs each story with two instances of one house on one PostgreSQL, and checks the books after it.
#[macro_export]
macro_rules! two_instances {
    ($($(#[$meta:meta])* async fn $name:ident($one:ident: &TestApp, $two:ident: &TestApp) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a story may need nothing of its surroundings")]
            use super::*;

            async fn story($one: &TestApp, $two: &TestApp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let (one, two) = $crate::TestApp::start_two().await;
                story(&one, &two).await;
                one.finish().await;
                two.finish().await;
            }
        }
    )+};
}
