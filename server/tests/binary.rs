//! The real binary on a database of its own, as a person starts it.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use domain::connections::ProviderKind;
use serde_json::Value;
use testkit::{TestDatabase, eventually};

/// A running `purser serve`. It dies with the value.
pub(crate) struct Server {
    /// Its process.
    pub(crate) child: Child,
    /// Where it listens.
    pub(crate) port: u16,
    /// `http://127.0.0.1:PORT`.
    pub(crate) base: String,
}

impl Server {
    /// Starts it on a free port.
    pub(crate) async fn start(database: &TestDatabase) -> Self {
        Self::start_at(database, free_port()).await
    }

    /// Starts it where it was before, so that browsers find it again.
    pub(crate) async fn start_at(database: &TestDatabase, port: u16) -> Self {
        Self::start_told(database, port, |_| {}).await
    }

    /// The same with more said to its process.
    pub(crate) async fn start_told(
        database: &TestDatabase,
        port: u16,
        tell: impl FnOnce(&mut Command),
    ) -> Self {
        let mut serve = command(database);
        serve
            .arg("serve")
            .env("PURSER_LISTEN", format!("127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        tell(&mut serve);
        let child = serve.spawn().unwrap();
        let server = Self {
            child,
            port,
            base: format!("http://127.0.0.1:{port}"),
        };
        eventually(30, "the server listens", || async {
            let there = tokio::net::TcpStream::connect(("127.0.0.1", port)).await;
            there.ok()
        })
        .await;
        server
    }

    /// SIGKILL: no destructor, no flush.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // Both fail only for a child that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// A free port below those the kernel gives to outgoing connections: no other test can get it
/// between a server's end and its next start.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let own = u16::try_from(std::process::id() % 9_000).unwrap();
    loop {
        let port = 10_000 + (own + NEXT.fetch_add(1, Ordering::SeqCst)) % 10_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// The binary with its folder and its database.
pub(crate) fn command(database: &TestDatabase) -> Command {
    let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_purser")));
    command
        .current_dir(database.folder.path())
        .env("PURSER_DATA_DIR", database.folder.path().join("data"));
    match &database.url {
        Some(url) => command.env("DATABASE_URL", url),
        None => command.env_remove("DATABASE_URL"),
    };
    command
}

/// How to look into the binary's database from outside.
pub(crate) fn store_options(database: &TestDatabase) -> store::OpenOptions {
    store::OpenOptions {
        data_dir: database.folder.path().join("data"),
        ..database.options(false)
    }
}

/// Runs a command to its end and reads its JSON.
pub(crate) fn run(database: &TestDatabase, arguments: &[&str], input: &str) -> Value {
    let output = run_raw(database, arguments, input.as_bytes());
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs a command to its end while the rest of the story goes on.
pub(crate) async fn run_beside(database: &TestDatabase, arguments: &[&str]) -> Value {
    let mut child = command(database)
        .arg("--json")
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while child.try_wait().unwrap().is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs a command that must fail and returns why it did.
pub(crate) fn refused(database: &TestDatabase, arguments: &[&str]) -> String {
    let output = run_raw(database, arguments, b"");
    assert!(!output.status.success(), "{arguments:?} succeeded");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command to its end, whatever that is.
pub(crate) fn run_raw(database: &TestDatabase, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(database)
        .arg("--json")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

/// The password of [`make_owner`].
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Makes the owner, `ann@example.org`.
pub(crate) fn make_owner(database: &TestDatabase) {
    run(
        database,
        &[
            "user",
            "create",
            "--email",
            "ann@example.org",
            "--role",
            "owner",
            "--password-stdin",
        ],
        &format!("{PASSWORD}\n"),
    );
}

/// Makes a gateway key of the owner and returns its secret.
pub(crate) fn make_key(database: &TestDatabase) -> String {
    let made = run(
        database,
        &[
            "key",
            "create",
            "--user",
            "ann@example.org",
            "--name",
            "k",
            "--budget-usd",
            "5",
        ],
        "",
    );
    made["key"].as_str().unwrap().to_owned()
}

/// A program outside, such as one that has a gateway key.
pub(crate) fn program() -> reqwest::Client {
    outbound::install_crypto();
    #[expect(
        clippy::disallowed_methods,
        reason = "a program outside, not a way out of the house"
    )]
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Adds a connection to a fake OpenAI.
pub(crate) fn connect(database: &TestDatabase, url: &str) {
    connect_with(database, url, "sk-fake-1");
}

/// Adds a connection to a fake OpenAI with a key.
pub(crate) fn connect_with(database: &TestDatabase, url: &str, key: &str) {
    run(
        database,
        &[
            "connection",
            "add",
            "--kind",
            ProviderKind::OpenAi.word(),
            "--name",
            "openai",
            "--base-url",
            url,
            "--key-stdin",
        ],
        &format!("{key}\n"),
    );
}
