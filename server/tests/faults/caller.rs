//! A browser and a program in one, in front of a server that may die at any moment: every answer is
//! an `Option`.

use std::time::Duration;

use domain::chats::{ChatView, Started};
use domain::{CallId, ChatId};
use reqwest::header::{COOKIE, ORIGIN};
use serde_json::{Value, json};
use testkit::Person;

use crate::binary::PASSWORD;

/// An answer that never ends is a finding.
const PATIENCE: Duration = Duration::from_mins(2);
/// The model everything asks for.
pub(crate) const MODEL: &str = "gpt-4o-mini";

/// What came back, whole.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) call: Option<CallId>,
    pub(crate) text: String,
}

impl Told {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The code of a gateway's error or of a server function's.
    pub(crate) fn code(&self) -> String {
        let json = self.json();
        let code = json["error"]["code"].as_str().or(json["code"].as_str());
        code.unwrap_or_default().to_owned()
    }
}

/// Somebody with a login and a key.
#[derive(Clone)]
pub(crate) struct Caller {
    client: reqwest::Client,
    pub(crate) base: String,
    cookie: String,
    pub(crate) key: String,
}

fn client() -> reqwest::Client {
    outbound::install_crypto();
    #[expect(
        clippy::disallowed_methods,
        reason = "a program outside, not a way out of the house"
    )]
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .unwrap()
}

impl Caller {
    /// Signs the owner of [`crate::binary::make_owner`] in.
    pub(crate) async fn sign_in(base: &str, key: &str) -> Self {
        let visitor = Person::in_front_of(base);
        let answer = visitor.sign_in("ann@example.org", PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let cookie = answer.header("set-cookie").split(';').next().unwrap();
        Self {
            client: client(),
            base: base.to_owned(),
            cookie: cookie.to_owned(),
            key: key.to_owned(),
        }
    }

    /// Somebody without a login and a key.
    pub(crate) fn nobody(base: &str) -> Self {
        Self {
            client: client(),
            base: base.to_owned(),
            cookie: String::new(),
            key: String::new(),
        }
    }

    /// The same credentials on new connections, perhaps at another instance.
    pub(crate) fn at(&self, base: &str) -> Self {
        Self {
            client: client(),
            base: base.to_owned(),
            ..self.clone()
        }
    }

    /// The secret of the login.
    pub(crate) fn secret(&self) -> &str {
        self.cookie.split_once('=').map_or("", |(_, secret)| secret)
    }

    async fn send(request: reqwest::RequestBuilder) -> Option<Told> {
        let response = request.send().await.ok()?;
        let header = |name: &str| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        Some(Told {
            status: response.status().as_u16(),
            call: header("x-purser-call-id").and_then(|id| id.parse().ok()),
            text: response.text().await.ok()?,
        })
    }

    /// Opens a page as a browser, or asks a route as a program.
    pub(crate) async fn get(&self, path: &str) -> Option<Told> {
        let request = self.client.get(format!("{}{path}", self.base));
        Self::send(if path.starts_with("/v1") {
            request.bearer_auth(&self.key)
        } else {
            request.header(COOKIE, &self.cookie)
        })
        .await
    }

    /// Calls a server function.
    pub(crate) async fn act(&self, function: &str, arguments: Value) -> Option<Told> {
        let request = self
            .client
            .post(format!("{}/fn/{function}", self.base))
            .header(ORIGIN, &self.base)
            .header(COOKIE, &self.cookie)
            .json(&arguments);
        Self::send(request).await
    }

    /// A question to the gateway that has not left yet.
    pub(crate) fn question(&self, stream: bool) -> reqwest::RequestBuilder {
        let mut body = json!({
            "model": MODEL, "stream": stream, "max_completion_tokens": 200,
            "messages": [{ "role": "user", "content": "Hi" }],
        });
        if stream {
            body["stream_options"] = json!({ "include_usage": true });
        }
        self.client
            .post(format!("{}/v1/chat/completions", self.base))
            .bearer_auth(&self.key)
            .json(&body)
    }

    /// Asks the gateway and reads to the end.
    pub(crate) async fn chat(&self, stream: bool) -> Option<Told> {
        Self::send(self.question(stream)).await
    }

    /// Begins a chat with a message; the answer is none, an error, or what was started.
    pub(crate) async fn say(&self, text: &str) -> Option<Result<Started, Told>> {
        let message = json!({ "chat_id": null, "parent_id": null, "text": text, "model": MODEL });
        let told = self
            .act("chats/send", json!({ "message": message }))
            .await?;
        Some(if told.status == 200 {
            Ok(serde_json::from_str(&told.text).unwrap())
        } else {
            Err(told)
        })
    }

    /// Opens a chat.
    pub(crate) async fn open(&self, chat: ChatId) -> Option<ChatView> {
        let told = self
            .act("chats/open", json!({ "id": chat, "before": null }))
            .await?;
        (told.status == 200).then(|| serde_json::from_str(&told.text).unwrap())
    }

    /// Makes a key; the answer of the server function.
    pub(crate) async fn make_key(&self) -> Option<Told> {
        let new = json!({
            "name": "key", "models": [], "budget": null, "budget_window": "total",
            "requests_per_minute": null, "tokens_per_minute": null, "expires_in_days": null,
        });
        self.act("keys/create", json!({ "new": new })).await
    }

    /// The status a key meets.
    pub(crate) async fn meets(&self, secret: &str) -> Option<u16> {
        let request = self.client.get(format!("{}/v1/models", self.base));
        let told = Self::send(request.bearer_auth(secret)).await?;
        Some(told.status)
    }
}
