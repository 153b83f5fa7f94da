//! The house under test: the release binary with its fake providers, furnished over its own doors.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use http::header::{CONTENT_TYPE, COOKIE, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::Failure;
use crate::process::{Process, beside, free_port, run};
use crate::request::Target;

const EMAIL: &str = "olga@example.org";
const PASSWORD: &str = "correct horse battery";
/// The same as a form.
const SIGN_IN: &str = "email=olga%40example.org&password=correct+horse+battery";
/// The fakes take any key that contains "fake".
const PROVIDER_KEY: &str = "sk-fake-bench";
/// The model all calls ask for; it has a price.
pub(crate) const MODEL: &str = "gpt-4o-mini";
/// Where the fakes speak `OpenAI`'s dialect.
const DIALECT: &str = "/openai/v1";

/// A house with an owner, fake providers and a key.
pub(crate) struct House {
    pub(crate) server: Process,
    folder: TempDir,
    database_url: Option<String>,
    site: PathBuf,
    /// The owner's session.
    cookie: String,
    client: reqwest::Client,
}

/// A fake provider with its own pace.
pub(crate) struct Fake {
    pub(crate) process: Process,
}

impl Fake {
    pub(crate) async fn start(switches: &[&str]) -> Result<Self, Failure> {
        let address = free_port()?;
        let mut command = Command::new(beside("fakes")?);
        command
            .args(["--listen", &address.to_string()])
            .args(switches);
        Ok(Self {
            process: Process::start(command, address).await?,
        })
    }

    /// `http://127.0.0.1:<port>`.
    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.process.address)
    }

    /// A call straight to it.
    pub(crate) fn target(&self, streams: bool) -> Target {
        let path = format!("{DIALECT}/chat/completions");
        Target::chat(self.process.address, &path, PROVIDER_KEY, MODEL, streams)
    }
}

/// The comparison, in front of a fake.
pub(crate) async fn pass_through(fake: &Fake) -> Result<(Process, Target, Target), Failure> {
    let address = free_port()?;
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["pass-through", "--listen", &address.to_string()])
        .args(["--upstream", &fake.root()]);
    let process = Process::start(command, address).await?;
    let target = |streams| Target {
        address,
        ..fake.target(streams)
    };
    Ok((process, target(false), target(true)))
}

impl House {
    /// A new house on an empty database.
    pub(crate) async fn open(site: &Path, database_url: Option<&str>) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let database_url = database_url.map(str::to_owned);
        let server = serve(folder.path(), database_url.as_deref(), site).await?;
        let mut house = Self {
            server,
            folder,
            database_url,
            site: site.to_owned(),
            cookie: String::new(),
            client: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
        };
        let owner = [
            "user",
            "create",
            "--email",
            EMAIL,
            "--role",
            "owner",
            "--password-stdin",
        ];
        house.tell(&owner, PASSWORD).await?;
        house.sign_in().await?;
        Ok(house)
    }

    async fn sign_in(&mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        // What a command did beside the server holds within a second.
        while begun.elapsed() < Duration::from_secs(5) {
            let answer = self
                .client
                .post(self.url("/signin"))
                .header(ORIGIN, self.url(""))
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(SIGN_IN)
                .send()
                .await?;
            let cookie = answer
                .headers()
                .get(SET_COOKIE)
                .and_then(|value| value.to_str().ok())
                .and_then(|value| value.split(';').next());
            if let Some(cookie) = cookie {
                cookie.clone_into(&mut self.cookie);
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Err("the owner cannot sign in".into())
    }

    /// Connects a fake, under this name.
    pub(crate) async fn connect(&self, fake: &Fake, name: &str) -> Result<(), Failure> {
        let base = format!("{}{DIALECT}", fake.root());
        let add = [
            "connection",
            "add",
            "--kind",
            "openai",
            "--name",
            name,
            "--base-url",
            &base,
            "--key-stdin",
        ];
        self.tell(&add, PROVIDER_KEY).await?;
        Ok(())
    }

    /// A key of the owner with a budget, which the running server knows.
    pub(crate) async fn key(&self, name: &str, budget_usd: &str) -> Result<String, Failure> {
        let create = [
            "key",
            "create",
            "--user",
            EMAIL,
            "--name",
            name,
            "--budget-usd",
            budget_usd,
        ];
        let made: Value = serde_json::from_str(&self.tell(&create, "").await?)?;
        let key = made["key"].as_str().ok_or("no key was printed")?.to_owned();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            let answer = self
                .client
                .get(self.url("/v1/models"))
                .bearer_auth(&key)
                .send()
                .await?;
            if answer.status().is_success() && answer.text().await?.contains(MODEL) {
                return Ok(key);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err("the server does not learn of a new key".into())
    }

    /// A call through the gateway, over one connection.
    pub(crate) fn target(&self, key: &str, connection: &str, streams: bool) -> Target {
        let model = format!("{connection}/{MODEL}");
        Target::chat(
            self.server.address,
            "/v1/chat/completions",
            key,
            &model,
            streams,
        )
    }

    /// Calls a server function as the owner.
    pub(crate) async fn act(&self, name: &str, arguments: &Value) -> Result<Value, Failure> {
        let answer = self
            .client
            .post(self.url(&format!("/fn/{name}")))
            .header(COOKIE, &self.cookie)
            .header(ORIGIN, self.url(""))
            .json(arguments)
            .send()
            .await?;
        let (status, text) = (answer.status(), answer.text().await?);
        if !status.is_success() {
            return Err(format!("{name} answered {status}: {text}").into());
        }
        Ok(serde_json::from_str(&text)?)
    }

    /// Sets what output costs at a connection: USD per million tokens. Input is free.
    pub(crate) async fn price(&self, connection: &str, output_usd: &str) -> Result<(), Failure> {
        let rows = self.act("connections/list", &json!({})).await?;
        let id = rows
            .as_array()
            .and_then(|rows| rows.iter().find(|row| row["name"] == connection))
            .map(|row| row["id"].clone())
            .ok_or("no such connection")?;
        let price = json!({ "price": "per_million", "input": "0", "cached_input": "", "output": output_usd });
        let set = json!({ "connection": id, "kind": "openai", "model": MODEL, "price": price });
        self.act("prices/set", &set).await?;
        Ok(())
    }

    /// Gets a page as the owner; the bytes as they travel.
    pub(crate) async fn page(&self, path: &str) -> Result<bytes::Bytes, Failure> {
        let answer = self
            .client
            .get(self.url(path))
            .header(COOKIE, &self.cookie)
            .header("accept-encoding", "br")
            .send()
            .await?;
        if !answer.status().is_success() {
            return Err(format!("{path} answered {}", answer.status()).into());
        }
        Ok(answer.bytes().await?)
    }

    /// The same to read.
    pub(crate) async fn plain_page(&self, path: &str) -> Result<String, Failure> {
        let answer = self
            .client
            .get(self.url(path))
            .header(COOKIE, &self.cookie)
            .send()
            .await?;
        Ok(answer.text().await?)
    }

    /// Ends the server and starts it again; gives the time until it says that it is ready.
    pub(crate) async fn restart(self) -> Result<(Self, Duration), Failure> {
        self.server.end().await?;
        let begun = Instant::now();
        let server = serve(self.folder.path(), self.database_url.as_deref(), &self.site).await?;
        let this = Self { server, ..self };
        while !this
            .client
            .get(this.url("/ready"))
            .send()
            .await?
            .status()
            .is_success()
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok((this, begun.elapsed()))
    }

    /// The database beside the server, to fill it.
    pub(crate) fn options(&self) -> store::OpenOptions {
        store::OpenOptions {
            url: self.database_url.clone(),
            data_dir: self.folder.path().to_owned(),
            server: false,
        }
    }

    /// Bytes of all files of the data folder.
    pub(crate) fn bytes(&self) -> Result<u64, Failure> {
        let mut bytes = 0;
        for file in std::fs::read_dir(self.folder.path())? {
            bytes += file?.metadata()?.len();
        }
        Ok(bytes)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }

    /// Runs a command beside the server.
    async fn tell(&self, arguments: &[&str], input: &str) -> Result<String, Failure> {
        let mut command = purser(self.folder.path(), self.database_url.as_deref())?;
        command.arg("--json").args(arguments);
        run(&mut command, &format!("{input}\n")).await
    }
}

/// The binary with the settings of a house, and none of whoever runs this.
fn purser(folder: &Path, database_url: Option<&str>) -> Result<Command, Failure> {
    let mut command = Command::new(beside("purser")?);
    command.env_clear().env("PURSER_DATA_DIR", folder);
    command.env("PURSER_LOG", "warn");
    if let Some(url) = database_url {
        command.env("DATABASE_URL", url);
    }
    Ok(command)
}

async fn serve(folder: &Path, database_url: Option<&str>, site: &Path) -> Result<Process, Failure> {
    let address: SocketAddr = free_port()?;
    let mut command = purser(folder, database_url)?;
    command
        .arg("serve")
        .env("PURSER_LISTEN", address.to_string())
        .env("LEPTOS_OUTPUT_NAME", "purser")
        .env("LEPTOS_SITE_ROOT", site)
        .env("LEPTOS_SITE_PKG_DIR", "pkg")
        .env("LEPTOS_HASH_FILES", "true");
    Process::start(command, address).await
}
