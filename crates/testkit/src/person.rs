//! Somebody with a browser, or a program with a key: everything goes through the door.

use std::net::IpAddr;
use std::time::Duration;

use domain::MemberId;
use reqwest::header::{AUTHORIZATION, ORIGIN};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::TestApp;

/// A browser with its cookies.
pub struct Person {
    /// Name.
    pub name: String,
    /// Id.
    pub id: MemberId,
    base: String,
    /// Where the pages it has open say they come from.
    origin: String,
    client: reqwest::Client,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: http::HeaderMap,
    /// Body.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The body as a type; the status must be good.
    pub fn ok<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, 200, "{}", self.text);
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    async fn from(response: reqwest::Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap_or_default(),
        }
    }
}

/// An answer that never ends is a finding, not something to wait for.
const PATIENCE: Duration = Duration::from_mins(3);
/// The server closes what is idle for 15 seconds: whoever asks at that moment gets no answer.
const IDLE: Duration = Duration::from_secs(5);

fn client() -> reqwest::Client {
    client_at(None)
}

fn client_at(address: Option<IpAddr>) -> reqwest::Client {
    outbound::install_crypto();
    #[expect(
        clippy::disallowed_methods,
        reason = "a browser, not a way out of the house"
    )]
    reqwest::Client::builder()
        .cookie_store(true)
        // Stories read what travels.
        .no_gzip()
        .redirect(reqwest::redirect::Policy::none())
        .local_address(address)
        .timeout(PATIENCE)
        .pool_idle_timeout(IDLE)
        .no_proxy()
        .build()
        .expect("an HTTP client")
}

impl Person {
    pub(crate) fn new(app: &TestApp, name: &str, id: MemberId) -> Self {
        Self {
            name: name.to_owned(),
            id,
            base: app.base(),
            origin: app.origin.clone(),
            client: client(),
        }
    }

    pub(crate) fn at(app: &TestApp, address: [u8; 4]) -> Self {
        Self {
            client: client_at(Some(IpAddr::from(address))),
            ..Self::new(app, "stranger", MemberId::NIL)
        }
    }

    /// Somebody with a browser in front of any server, such as the real binary.
    pub fn in_front_of(base: &str) -> Self {
        Self {
            name: "visitor".to_owned(),
            id: MemberId::NIL,
            base: base.to_owned(),
            origin: base.to_owned(),
            client: client(),
        }
    }

    /// The same browser with the same cookies, in front of another instance of the house.
    #[must_use]
    pub fn on(&self, other: &TestApp) -> Self {
        Self {
            name: self.name.clone(),
            id: self.id,
            base: other.base(),
            origin: other.origin.clone(),
            client: self.client.clone(),
        }
    }

    /// Opens a page or reads a route.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::from(
            self.client
                .get(self.url(path))
                .send()
                .await
                .expect("an answer"),
        )
        .await
    }

    /// Sends a plain form from a page of ours.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.form_request(path, fields)).await
    }

    /// A plain form that is not sent yet, for headers no page of ours would send.
    pub fn form_request(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        self.client
            .post(self.url(path))
            .header(ORIGIN, &self.origin)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.join("&"))
    }

    /// Tries to sign in.
    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.form("/signin", &[("email", email), ("password", password)])
            .await
    }

    /// Calls a server function, as a page of ours does.
    pub async fn act(&self, function: &str, arguments: Value) -> Answer {
        let request = self
            .client
            .post(self.url(&format!("/fn/{function}")))
            .header(ORIGIN, &self.origin)
            .json(&arguments);
        Answer::from(request.send().await.expect("an answer")).await
    }

    /// Any request, for what no page of ours would send.
    pub fn request(&self, method: http::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// Sends a request made by [`Self::request`].
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        Answer::from(request.send().await.expect("an answer")).await
    }

    /// Makes a gateway key with a budget in USD.
    pub async fn key(&self, name: &str, budget_usd: Option<&str>) -> Key {
        self.key_with(json!({ "name": name, "budget": budget_usd.map(nano) }))
            .await
    }

    /// Makes a gateway key; what is not said is unlimited.
    pub async fn key_with(&self, mut new: Value) -> Key {
        let defaults = json!({
            "name": "key", "models": [], "budget": null, "budget_window": "total",
            "requests_per_minute": null, "tokens_per_minute": null, "expires_in_days": null,
        });
        for (name, value) in defaults.as_object().unwrap() {
            new.as_object_mut()
                .unwrap()
                .entry(name.clone())
                .or_insert_with(|| value.clone());
        }
        let made: Value = self.act("keys/create", json!({ "new": new })).await.ok();
        Key {
            id: made["row"]["id"].as_str().unwrap().to_owned(),
            secret: made["secret"].as_str().unwrap().to_owned(),
            base: self.base.clone(),
            client: client(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

fn nano(usd: &str) -> i64 {
    domain::NanoUsd::parse_usd(usd).expect("an amount").0
}

fn escaped(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A program with a gateway key.
#[derive(Clone)]
pub struct Key {
    /// Id.
    pub id: String,
    /// The secret.
    pub secret: String,
    base: String,
    client: reqwest::Client,
}

impl Key {
    /// A key that was never made.
    pub fn made_up(app: &TestApp, secret: &str) -> Self {
        Self {
            id: String::new(),
            secret: secret.to_owned(),
            base: app.base(),
            client: client(),
        }
    }

    /// The same key at another instance of the house.
    #[must_use]
    pub fn on(&self, other: &TestApp) -> Self {
        Self {
            base: other.base(),
            ..self.clone()
        }
    }

    /// Reads a route.
    pub async fn get(&self, path: &str) -> Answer {
        let request = self.client.get(format!("{}{path}", self.base));
        Answer::from(self.with_key(request).send().await.expect("an answer")).await
    }

    /// Asks for a chat completion.
    pub async fn chat(&self, body: Value) -> Answer {
        Answer::from(self.start_chat(body).await).await
    }

    /// Asks for a chat completion and hands back what has begun.
    pub async fn start_chat(&self, body: Value) -> reqwest::Response {
        let request = self
            .client
            .post(format!("{}/v1/chat/completions", self.base))
            .json(&body);
        self.with_key(request).send().await.expect("an answer")
    }

    /// Sends raw bytes as a chat completion.
    pub async fn chat_raw(&self, body: &str) -> Answer {
        let request = self
            .client
            .post(format!("{}/v1/chat/completions", self.base))
            .header("content-type", "application/json")
            .body(body.to_owned());
        Answer::from(self.with_key(request).send().await.expect("an answer")).await
    }

    fn with_key(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        request.header(AUTHORIZATION, format!("Bearer {}", self.secret))
    }
}
