//! What a generation request asks for, whatever its dialect.

use serde::Deserialize;

use crate::text::words;

/// The facts of a request that decide the answer.
#[derive(Debug, Default)]
pub(crate) struct Ask {
    pub(crate) model: String,
    /// Text of the first system message.
    pub(crate) system: Option<String>,
    pub(crate) last_user: String,
    pub(crate) images: usize,
    /// Words of all messages; messages without text count nothing.
    pub(crate) prompt_tokens: u64,
    /// Most output tokens allowed.
    pub(crate) limit: Option<u64>,
    /// The answer must be a JSON object.
    pub(crate) json: bool,
    /// The request turns visible reasoning on.
    pub(crate) thinks: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    System,
    User,
    Other,
}

impl Ask {
    pub(crate) fn new(model: &str) -> Self {
        Self {
            model: model.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, role: Role, text: String, images: usize) {
        self.images += images;
        self.prompt_tokens += words(&text);
        match role {
            Role::System => {
                self.system.get_or_insert(text);
            }
            // A message of tool results only has no text; the question is still the one before it.
            Role::User if !text.is_empty() => self.last_user = text,
            Role::User | Role::Other => {}
        }
    }

    pub(crate) fn wants_title(&self) -> bool {
        self.system
            .as_deref()
            .is_some_and(|system| system.to_lowercase().contains("title"))
    }
}

/// Message content of the OpenAI and Anthropic dialects: a string or a list of parts.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
pub(crate) struct Part {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    text: Option<String>,
}

impl Content {
    /// The text of all parts, and how many images there are.
    pub(crate) fn into_text(self) -> (String, usize) {
        let parts = match self {
            Self::Text(text) => return (text, 0),
            Self::Parts(parts) => parts,
        };
        let mut text = String::new();
        let mut images = 0;
        for part in parts {
            images += usize::from(matches!(part.kind.as_str(), "image" | "image_url"));
            if let Some(words) = part.text {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(&words);
            }
        }
        (text, images)
    }
}
