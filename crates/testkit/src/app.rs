//! The running house.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::connections::{NewConnection, ProviderKind};
use domain::people::Role;
use domain::prices::Rates;
use domain::{ConnectionId, MemberId};
use fakes::{Dialect, Fake};
use outbound::{Outbound, Policy, install_crypto};
use server::config::{Config, LogFormat};
use server::{Host, listen, router};
use services::access::Administrator;
use services::runtime::{Runtime, Tasks};
use services::secrets::Sealer;
use services::{Options, Services};
use store::Store;
use tokio::net::TcpListener;

use crate::database::{Database, TestDatabase};
use crate::dice::Dice;
use crate::person::Person;
use crate::{FakeClock, books};

/// The password of everybody in a test.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// What a house is told at its start; the default is what most stories want.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// `PURSER_PUBLIC_URL`.
    pub public_url: Option<&'static str>,
    /// `PURSER_TRUSTED_PROXIES`.
    pub trusted_proxies: &'static [&'static str],
    /// What a peer may take of the listener.
    pub bounds: listen::Bounds,
}

/// A house with its server, its fake providers and its clock.
pub struct TestApp {
    /// What the house can do, for looking behind the door.
    pub services: Services,
    /// The clock.
    pub clock: Arc<FakeClock>,
    /// The fake providers.
    pub fake: Fake,
    /// Where the server listens.
    pub address: SocketAddr,
    /// Where its pages say they come from.
    pub(crate) origin: String,
    database: TestDatabase,
}

impl TestApp {
    /// Starts a house that nobody owns yet, without connections.
    pub async fn start(kind: Database) -> Self {
        Self::start_told(kind, &Told::default()).await
    }

    /// Starts a house that nobody owns yet with a configuration of its own.
    pub async fn start_told(kind: Database, told: &Told) -> Self {
        let database = TestDatabase::new(kind).await;
        Self::start_on(database, Arc::new(FakeClock::new()), 1, told).await
    }

    /// Starts two instances of one house on one PostgreSQL, under one clock.
    pub async fn start_two() -> (Self, Self) {
        let database = TestDatabase::new(Database::Postgres).await;
        let (other, clock) = (database.beside(), Arc::new(FakeClock::new()));
        let one = Self::start_on(database, clock.clone(), 1, &Told::default()).await;
        let two = Self::start_on(other, clock, 2, &Told::default()).await;
        (one, two)
    }

    /// Starts a house on a database that may hold something already.
    pub async fn start_on(
        database: TestDatabase,
        clock: Arc<FakeClock>,
        seed: u64,
        told: &Told,
    ) -> Self {
        install_crypto();
        let runtime = Runtime {
            clock: clock.clone(),
            randomness: Arc::new(Dice::new(seed)),
            tasks: Tasks::new(),
        };
        let store = Store::open(&database.options(true))
            .await
            .expect("the database opens");
        let sealer = Sealer::new(runtime.clone(), &[7; 32], &[]).expect("a key of 32 bytes");
        let outbound = Outbound::new(Policy::default()).expect("the HTTP client");
        let options = Options {
            store,
            runtime: runtime.clone(),
            outbound,
            sealer,
            public_url: told.public_url.map(str::to_owned),
        };
        let services = Services::open(options).await.expect("the services open");
        services.start_server().await.expect("the server starts");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let config = config(&database, address, told);
        let router = router(Host::new(services.clone(), &config));
        let tasks = runtime.tasks.clone();
        runtime
            .tasks
            .start(listen::serve(listener, router, tasks, told.bounds.clone()));
        let fake = Fake::start().await.expect("the fake providers start");
        Self {
            services,
            clock,
            fake,
            address,
            origin: told
                .public_url
                .map_or_else(|| format!("http://{address}"), str::to_owned),
            database,
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Somebody with a browser who is not signed in.
    pub fn stranger(&self) -> Person {
        Person::new(self, "stranger", MemberId::NIL)
    }

    /// Somebody at another machine, whose socket says so: any `127.x.y.z` is one.
    pub fn stranger_at(&self, address: [u8; 4]) -> Person {
        Person::at(self, address)
    }

    /// Makes a member and signs them in through the door.
    pub async fn member(&self, name: &str, role: Role) -> Person {
        let email = format!("{name}@example.org");
        let id = self
            .services
            .member_create_with_password(
                &Administrator::command_line(),
                name,
                &email,
                role,
                PASSWORD.to_owned(),
            )
            .await
            .expect("the member is made");
        let person = Person::new(self, name, id);
        let answer = person
            .form("/signin", &[("email", &email), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.status, 303, "{name} signs in: {}", answer.text);
        person
    }

    /// The owner of the house.
    pub async fn owner(&self) -> Person {
        self.member("olga", Role::Owner).await
    }

    /// Adds a connection to the fake provider of a dialect and switches its models on.
    pub async fn connect(&self, kind: ProviderKind, name: &str) -> ConnectionId {
        let dialect = match kind {
            ProviderKind::OpenAi => Dialect::OpenAi,
            ProviderKind::OpenAiCompatible => Dialect::Compatible,
            ProviderKind::Anthropic => Dialect::Anthropic,
            ProviderKind::Gemini => Dialect::Gemini,
            ProviderKind::Demo => return self.connect_to(kind, name, "demo://instant").await,
        };
        let url = self.fake.url(dialect);
        self.connect_to(kind, name, &url).await
    }

    /// Adds a connection to an address and switches its chat models on.
    pub async fn connect_to(&self, kind: ProviderKind, name: &str, url: &str) -> ConnectionId {
        let admin = Administrator::command_line();
        let new = NewConnection {
            kind,
            name: name.to_owned(),
            base_url: url.to_owned(),
            key: if kind == ProviderKind::Demo {
                String::new()
            } else {
                "sk-fake-1".to_owned()
            },
            weight: 1,
        };
        let id = self
            .services
            .connection_create(&admin, &new)
            .await
            .expect("the connection is added");
        self.services
            .connection_sync(&admin, id)
            .await
            .expect("its models are found");
        let models: Vec<String> = self
            .services
            .connection_models(&admin, id)
            .await
            .expect("its models are listed")
            .into_iter()
            .filter(|model| model.chat)
            .map(|model| model.model)
            .collect();
        self.services
            .connection_models_enable(&admin, id, &models, true)
            .await
            .expect("models go on");
        id
    }

    /// Sets a price in nano-USD per million tokens, for every connection of a kind.
    pub async fn price(&self, kind: ProviderKind, model: &str, input: i64, output: i64) {
        let rates = Rates {
            input,
            output,
            ..Rates::default()
        };
        // A price row of the same instant would be the same row.
        self.clock.advance(1);
        self.services
            .price_set(
                &Administrator::command_line(),
                kind,
                model,
                None,
                Some(rates),
            )
            .await
            .expect("the price is set");
    }

    /// Waits until no call runs any more and every reply is final.
    pub async fn settle(&self) {
        for _ in 0..2_000 {
            let open = self
                .services
                .store()
                .open_call_list()
                .await
                .expect("open calls");
            let streaming = self
                .services
                .store()
                .message_list_streaming()
                .await
                .expect("replies");
            if open.is_empty() && streaming.is_empty() && self.services.running_calls() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("calls or replies are still running after ten seconds");
    }

    /// Checks the books and stops the house.
    pub async fn finish(&self) {
        self.settle().await;
        books::check(self.services.store()).await;
        self.services.shut_down(Duration::from_secs(5)).await;
    }

    /// The routes of the house, as the router itself writes them down.
    pub fn routes(&self) -> impl std::fmt::Debug + use<> {
        let config = config(&self.database, self.address, &Told::default());
        router(Host::new(self.services.clone(), &config))
    }

    /// The database's folder and address, for a second instance or the binary.
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }
}

/// A configuration for an in-process server.
fn config(database: &TestDatabase, listen: SocketAddr, told: &Told) -> Config {
    Config {
        listen,
        data_dir: database.folder.path().to_owned(),
        database_url: None,
        public_url: told
            .public_url
            .map(|url| url.parse().expect("a public address")),
        master_key: None,
        master_key_file: None,
        trusted_proxies: told
            .trusted_proxies
            .iter()
            .map(|net| net.parse().expect("a network such as 127.0.0.0/8"))
            .collect(),
        log: "warn".to_owned(),
        log_format: LogFormat::Text,
        metrics_listen: None,
        otlp_endpoint: None,
        site_root: database.folder.path().join("site"),
        hashes: None,
    }
}
