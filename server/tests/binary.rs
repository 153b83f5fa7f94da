//! The real binary on a database of its own, as a person starts it.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use domain::connections::ProviderKind;
use serde_json::Value;
use testkit::{TestDatabase, eventually};

/// A running `purser serve`. It dies with the value.
pub(crate) struct Server {
    child: Child,
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
        let child = command(database)
            .arg("serve")
            .env("PURSER_LISTEN", format!("127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
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
    let mut child = command(database)
        .arg("--json")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
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

/// Adds a connection to a fake OpenAI.
pub(crate) fn connect(database: &TestDatabase, url: &str) {
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
        "sk-fake-1\n",
    );
}
