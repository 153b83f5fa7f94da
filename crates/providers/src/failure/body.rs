//! Error bodies in all their shapes.

use serde_json::Value;

use super::retry;

/// Longest JSON that is read as an error. Errors are short; the tree of a longer text would take
/// many times its bytes.
const LONGEST: usize = 256 << 10;

/// What an error body says.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Said {
    /// For people.
    pub(crate) message: String,
    /// For programs, in lower case: type, code, status, reasons, quota ids.
    pub(super) words: Vec<String>,
    /// A status inside the body.
    pub(super) status: Option<u16>,
    /// The hint of a wait inside the body.
    pub(super) retry_after_ms: Option<i64>,
}

impl Said {
    /// Reads a body; `None` when it is no JSON error, as with the pages of gateways.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let value = tree(body)?;
        let mut said = Self::default();
        said.take_outer(&value);
        (!said.message.is_empty() || !said.words.is_empty()).then_some(said)
    }

    /// True when a top-level object, in an answer with a good status, can only be an error.
    pub(crate) fn is_error(body: &[u8]) -> bool {
        let Some(value) = tree(body) else {
            return false;
        };
        let has = |name: &str| value.get(name).is_some_and(|member| !member.is_null());
        let is_text = |name: &str| value.get(name).is_some_and(Value::is_string);
        has("error")
            || value.get("object").and_then(Value::as_str) == Some("error")
            || value.get("type").and_then(Value::as_str) == Some("error")
            || (has("code") && is_text("message"))
            || (is_text("message") && has("request_id"))
            || has("detail")
            || value
                .as_array()
                .and_then(|list| list.first())
                .is_some_and(|first| first.get("error").is_some())
    }

    fn take_outer(&mut self, value: &Value) {
        match value {
            // Gemini wraps its errors in a list of one.
            Value::Array(list) => list.iter().take(1).for_each(|first| self.take_outer(first)),
            Value::Object(_) => {
                match value.get("error") {
                    Some(Value::String(text)) => self.take_message(text),
                    Some(inner @ Value::Object(_)) => self.take_object(inner),
                    _ => {}
                }
                self.take_object(value);
            }
            Value::String(text) => self.take_message(text),
            _ => {}
        }
    }

    fn take_object(&mut self, value: &Value) {
        for name in [
            "code",
            "type",
            "status",
            "error_type",
            "error_code",
            "reason",
            "quotaId",
        ] {
            self.take_word(value.get(name));
        }
        if let Some(text) = value.get("message").and_then(Value::as_str) {
            self.take_message(text);
        }
        if let Some(delay) = value.get("retryDelay").and_then(Value::as_str) {
            self.retry_after_ms = retry::duration_ms(delay).map(retry::sane_ms);
        }
        self.take_detail(value.get("detail"));
        for name in ["details", "metadata", "violations"] {
            match value.get(name) {
                Some(Value::Array(list)) => {
                    list.iter()
                        .take(20)
                        .for_each(|entry| self.take_object(entry));
                }
                Some(inner @ Value::Object(_)) => self.take_object(inner),
                _ => {}
            }
        }
    }

    /// `FastAPI`'s word for errors: a text, or a list of what is wrong where.
    fn take_detail(&mut self, detail: Option<&Value>) {
        match detail {
            Some(Value::String(text)) => self.take_message(text),
            Some(Value::Array(list)) => {
                let texts: Vec<&str> = list
                    .iter()
                    .filter_map(|entry| entry.get("msg")?.as_str())
                    .take(5)
                    .collect();
                self.take_message(&texts.join("; "));
            }
            Some(inner @ Value::Object(_)) => self.take_object(inner),
            _ => {}
        }
    }

    /// The first message is the one closest to the error.
    fn take_message(&mut self, text: &str) {
        if self.message.is_empty() {
            text.clone_into(&mut self.message);
        }
    }

    fn take_word(&mut self, value: Option<&Value>) {
        match value {
            Some(Value::String(word)) if word.len() <= 200 => {
                if self.status.is_none() {
                    self.status = word
                        .parse()
                        .ok()
                        .filter(|status| (400..600).contains(status));
                }
                self.words.push(word.to_ascii_lowercase());
            }
            Some(Value::Number(number)) => {
                let number = number
                    .as_u64()
                    .and_then(|number| u16::try_from(number).ok());
                if self.status.is_none() {
                    self.status = number.filter(|status| (400..600).contains(status));
                }
                self.words.extend(number.map(|number| number.to_string()));
            }
            _ => {}
        }
    }
}

fn tree(body: &[u8]) -> Option<Value> {
    let body = body.trim_ascii();
    if body.len() > LONGEST {
        return None;
    }
    serde_json::from_slice(body).ok()
}
