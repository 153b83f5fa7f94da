//! A house that the suite breaks: the real binary, its database, a fake provider, and its log.

use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fakes::{Dialect, Fake};
use store::Store;
use testkit::{Database, TestDatabase, eventually};

use crate::binary::{Server, connect, free_port, make_owner, run, store_options};
use crate::caller::Caller;

/// The provider's key: what must never stand in a log.
const CANARY: &str = "sk-fake-1";
/// A server that was ended is back within this.
const BACK_WITHIN: Duration = Duration::from_secs(5);

/// The house.
pub(crate) struct House {
    pub(crate) database: TestDatabase,
    pub(crate) fake: Fake,
    pub(crate) caller: Caller,
    pub(crate) server: Option<Server>,
    port: u16,
    base: String,
    environment: Vec<(String, String)>,
}

impl House {
    /// A house with an owner, a connection, a key with a large budget, and its running server,
    /// which is told these things.
    pub(crate) async fn new(kind: Database, fake: Fake, environment: &[(&str, String)]) -> Self {
        Self::on(TestDatabase::new(kind).await, fake, environment).await
    }

    /// The same on a database that is there already.
    pub(crate) async fn on(
        database: TestDatabase,
        fake: Fake,
        environment: &[(&str, String)],
    ) -> Self {
        make_owner(&database);
        connect(&database, &fake.url(Dialect::OpenAi));
        let made = run(
            &database,
            &[
                "key",
                "create",
                "--user",
                "ann@example.org",
                "--name",
                "load",
                "--budget-usd",
                "1000000",
            ],
            "",
        );
        fake.clear();
        let port = free_port();
        let base = format!("http://127.0.0.1:{port}");
        let environment = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let mut house = Self {
            database,
            fake,
            caller: Caller::nobody(&base),
            server: None,
            port,
            base,
            environment,
        };
        house.serve().await;
        house.caller = Caller::sign_in(&house.base, made["key"].as_str().unwrap()).await;
        house
    }

    fn log(&self) -> PathBuf {
        self.database.folder.path().join("server.log")
    }

    /// The command that serves, at a port, on this database.
    pub(crate) async fn another(&self, database: &TestDatabase, port: u16) -> Server {
        let log: File = OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.log())
            .unwrap();
        Server::start_told(database, port, |command| {
            command
                .stdout(log.try_clone().unwrap())
                .stderr(log)
                .env("PURSER_LOG", "info,services=debug,providers=debug")
                .envs(self.environment.iter().cloned());
        })
        .await
    }

    /// Starts the server where it was before. It must be back in time.
    pub(crate) async fn serve(&mut self) {
        let start = Instant::now();
        self.server = Some(self.another(&self.database, self.port).await);
        let caller = self.caller.at(&self.base);
        eventually(30, "the server is healthy", || async {
            let told = caller.get("/health").await?;
            (told.status == 200).then_some(())
        })
        .await;
        let took = start.elapsed();
        assert!(took <= BACK_WITHIN, "/health was back only after {took:?}");
        self.caller = caller;
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.server.take().unwrap().kill();
    }

    /// Starts the server, and kills it before it has begun to listen, or soon after.
    pub(crate) async fn kill_while_starting(&mut self, after: Duration) {
        let mut child = crate::binary::command(&self.database)
            .arg("serve")
            .env("PURSER_LISTEN", format!("127.0.0.1:{}", self.port))
            .envs(self.environment.iter().cloned())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(after).await;
        // Fails only for a child that is gone already.
        let _ = child.kill();
        child.wait().unwrap();
    }

    /// Looks into the database from outside.
    pub(crate) async fn look(&self) -> Store {
        Store::open(&store_options(&self.database)).await.unwrap()
    }

    /// Asserts that nothing secret stands in what the servers said.
    pub(crate) fn no_secret_is_logged(&self, more: &[String]) {
        let log = std::fs::read_to_string(self.log()).unwrap();
        let master = self.database.folder.path().join("data/master.key");
        let master = std::fs::read_to_string(master).unwrap();
        let own = [
            CANARY,
            crate::binary::PASSWORD,
            master.trim(),
            self.caller.secret(),
            &self.caller.key,
        ];
        for secret in own.into_iter().chain(more.iter().map(String::as_str)) {
            assert!(!secret.is_empty());
            if let Some(line) = log.lines().find(|line| line.contains(secret)) {
                panic!("a secret is logged: {line}");
            }
        }
    }

    /// Waits until no call is open.
    pub(crate) async fn settled(&self, seconds: u64) {
        self.still(seconds, false).await;
    }

    /// Waits until no call is open and no reply is being written.
    pub(crate) async fn quiet(&self, seconds: u64) {
        self.still(seconds, true).await;
    }

    /// Waits until nothing has run for a while: between a reply and its title nothing is open.
    async fn still(&self, seconds: u64, replies_too: bool) {
        const WHILE: usize = 20;
        let store = self.look().await;
        let quiet = AtomicUsize::new(0);
        eventually(
            seconds,
            "every call is settled and every reply ended",
            || async {
                let calls = store.open_call_list().await.ok()?;
                let replies = store.message_list_streaming().await.ok()?;
                let runs = !calls.is_empty() || (replies_too && !replies.is_empty());
                if runs {
                    quiet.store(0, Ordering::SeqCst);
                }
                (quiet.fetch_add(1, Ordering::SeqCst) >= WHILE).then_some(())
            },
        )
        .await;
        store.close().await.unwrap();
    }
}
