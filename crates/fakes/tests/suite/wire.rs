//! A raw HTTP/1.1 client that hides nothing: it keeps chunk borders and tells how the connection ended.

use std::fmt::Write as _;

use fakes::{Dialect, Fake};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// HTTP chunks of a chunked body, or the whole body.
    pub(crate) chunks: Vec<Vec<u8>>,
    pub(crate) ended: Ended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Complete,
    /// The connection closed before the message was complete.
    Cut,
    Reset,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        self.chunks.concat()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body()).unwrap()
    }

    /// Server-sent events with their names.
    pub(crate) fn named_events(&self) -> Vec<(String, String)> {
        events(&self.text())
    }

    /// The JSON of all events, `[DONE]` left out.
    pub(crate) fn events(&self) -> Vec<Value> {
        let events = self.named_events();
        let data = events
            .iter()
            .filter(|(_, data)| !data.starts_with("[DONE]"));
        data.map(|(_, data)| serde_json::from_str(data).unwrap())
            .collect()
    }
}

/// Reads SSE as the standard says, and takes an unfinished last event too.
pub(crate) fn events(text: &str) -> Vec<(String, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut events = Vec::new();
    for block in text.split("\n\n") {
        let mut name = String::new();
        let mut data: Vec<&str> = Vec::new();
        for line in block.lines() {
            if let Some(value) = line.strip_prefix("data:") {
                data.push(value.strip_prefix(' ').unwrap_or(value));
            } else if let Some(value) = line.strip_prefix("event: ") {
                value.clone_into(&mut name);
            }
        }
        if !data.is_empty() {
            events.push((name, data.join("\n")));
        }
    }
    events
}

/// Sends a request and leaves reading to the caller.
pub(crate) async fn open(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> TcpStream {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_at(rest.find('/').unwrap());
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream
        .write_all(format!("{head}\r\n{body}").as_bytes())
        .await
        .unwrap();
    stream
}

pub(crate) async fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut stream = open(method, url, headers, body).await;
    read(&mut stream).await
}

/// Reads one answer to its end.
pub(crate) async fn read(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let mut ended = Ended::Complete;
    loop {
        if let Some(answer) = parse(&bytes, ended) {
            return answer;
        }
        assert_eq!(ended, Ended::Complete, "no head at all: {bytes:?}");
        match stream.read_buf(&mut bytes).await {
            Ok(0) => ended = Ended::Cut,
            Ok(_) => {}
            Err(_) => ended = Ended::Reset,
        }
    }
}

/// `None` while more bytes are needed.
fn parse(bytes: &[u8], ended: Ended) -> Option<Answer> {
    let head_end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..head_end]).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap());
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut answer = Answer {
        status,
        headers: headers.collect(),
        chunks: Vec::new(),
        ended,
    };
    let mut rest = &bytes[head_end..];
    if let Some(length) = answer.header("content-length") {
        let complete = rest.len() == length.parse::<usize>().unwrap();
        answer.chunks.push(rest.to_vec());
        return finished(answer, complete);
    }
    loop {
        let Some(line_end) = rest.windows(2).position(|two| two == b"\r\n") else {
            return finished(answer, false);
        };
        let size = std::str::from_utf8(&rest[..line_end]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        let Some(chunk) = rest.get(line_end + 2..line_end + 2 + size) else {
            return finished(answer, false);
        };
        if size == 0 {
            return finished(answer, true);
        }
        answer.chunks.push(chunk.to_vec());
        rest = rest.get(line_end + 4 + size..).unwrap_or_default();
    }
}

fn finished(mut answer: Answer, complete: bool) -> Option<Answer> {
    if complete {
        answer.ended = Ended::Complete;
        return Some(answer);
    }
    (answer.ended != Ended::Complete).then_some(answer)
}

/// Headers that open the door of a dialect with `key`.
pub(crate) fn keyed(dialect: Dialect, key: &str) -> Vec<(&'static str, String)> {
    match dialect {
        Dialect::OpenAi | Dialect::Compatible => vec![("authorization", format!("Bearer {key}"))],
        Dialect::Anthropic => vec![
            ("x-api-key", key.to_owned()),
            ("anthropic-version", "2023-06-01".to_owned()),
        ],
        Dialect::Gemini => vec![("x-goog-api-key", key.to_owned())],
    }
}

/// URL and body of a streaming question of a dialect.
pub(crate) fn question(fake: &Fake, dialect: Dialect, model: &str) -> (String, Value) {
    let base = fake.url(dialect);
    match dialect {
        Dialect::OpenAi | Dialect::Compatible => (
            format!("{base}/chat/completions"),
            json!({
                "model": model, "stream": true, "stream_options": {"include_usage": true},
                "messages": [{"role": "user", "content": "hello there fake"}],
            }),
        ),
        Dialect::Anthropic => (
            format!("{base}/v1/messages"),
            json!({
                "model": model, "stream": true, "max_tokens": 4096,
                "messages": [{"role": "user", "content": "hello there fake"}],
            }),
        ),
        Dialect::Gemini => (
            format!("{base}/models/{model}:streamGenerateContent?alt=sse"),
            json!({"contents": [{"role": "user", "parts": [{"text": "hello there fake"}]}]}),
        ),
    }
}

pub(crate) const fn model(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::OpenAi => "gpt-6-luna",
        Dialect::Compatible => "local-chat",
        Dialect::Anthropic => "claude-haiku-5-5",
        Dialect::Gemini => "gemini-3.8-flash",
    }
}

/// Asks a streaming question with a chosen model and key.
pub(crate) async fn ask_as(fake: &Fake, dialect: Dialect, model: &str, key: &str) -> Answer {
    let (url, body) = question(fake, dialect, model);
    let headers = keyed(dialect, key);
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    send("POST", &url, &headers, &body.to_string()).await
}

/// Asks a streaming question.
pub(crate) async fn ask(fake: &Fake, dialect: Dialect) -> Answer {
    ask_as(fake, dialect, model(dialect), "sk-fake-1").await
}

/// The answer text in a dialect's stream, reasoning left out.
pub(crate) fn spoken(dialect: Dialect, events: &[Value]) -> String {
    let texts = events.iter().map(|event| match dialect {
        Dialect::OpenAi | Dialect::Compatible => &event["choices"][0]["delta"]["content"],
        Dialect::Anthropic => &event["delta"]["text"],
        Dialect::Gemini => {
            let part = &event["candidates"][0]["content"]["parts"][0];
            if part["thought"] == true {
                &Value::Null
            } else {
                &part["text"]
            }
        }
    });
    texts.filter_map(Value::as_str).collect()
}
