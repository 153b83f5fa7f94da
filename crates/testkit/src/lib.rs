//! The running house in a test: real HTTP, a database of its own, a clock that can be turned,
//! dice that repeat, and fake providers beside it.

#![expect(clippy::unwrap_used, reason = "a test kit fails by panicking")]
#![expect(clippy::expect_used, reason = "a test kit fails by panicking")]
#![expect(clippy::missing_panics_doc, reason = "a test kit fails by panicking")]

mod app;
mod books;
mod clock;
mod database;
mod dice;
mod person;

pub use app::TestApp;
pub use clock::FakeClock;
pub use database::{Database, TestDatabase};
pub use person::{Answer, Key, Person};

/// Runs each story on SQLite and on PostgreSQL, and checks the books after it.
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: &TestApp) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a story may need nothing of its surroundings")]
            use super::*;

            async fn story($app: &TestApp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let app = $crate::TestApp::start($crate::Database::Sqlite).await;
                story(&app).await;
                app.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let app = $crate::TestApp::start($crate::Database::Postgres).await;
                story(&app).await;
                app.finish().await;
            }
        }
    )+};
}
