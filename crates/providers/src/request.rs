//! What a caller wants from a model, independent of any dialect.

use std::collections::BTreeMap;

use domain::messages::ProviderState;
use serde_json::value::RawValue;

/// One request for a reply.
#[derive(Debug, Clone)]
pub struct ChatRequest {
    /// The provider's own id of the model.
    pub model: String,
    /// The conversation, oldest first, system messages included.
    pub messages: Vec<Message>,
    /// Most output tokens, when the caller or the house sets one.
    pub max_output: Option<i64>,
    /// Whether the answer should come piece by piece.
    pub stream: bool,
    /// Everything else a dialect may understand.
    pub options: Options,
    /// The body of a gateway client that already speaks the OpenAI dialect. Connections of that
    /// dialect send it on as it is, with only model, output maximum and stream options replaced.
    pub raw: Option<RawBody>,
}

/// Who says something to the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Instructions.
    System,
    /// The person or program.
    User,
    /// The model, earlier.
    Assistant,
    /// A tool's result.
    Tool,
}

/// One message to the model.
#[derive(Debug, Clone)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What, in order.
    pub content: Vec<Content>,
}

impl Message {
    /// A message of plain text.
    pub fn text(role: Role, text: impl Into<String>) -> Self {
        Self {
            role,
            content: vec![Content::Text {
                text: text.into(),
                provider_state: None,
            }],
        }
    }
}

/// One piece of a message. A provider state goes back only to the kind it came from.
#[derive(Debug, Clone)]
pub enum Content {
    /// Text.
    Text {
        /// The text.
        text: String,
        /// Opaque data that belongs to it.
        provider_state: Option<ProviderState>,
    },
    /// Earlier reasoning; sent only where its provider wants it back.
    Reasoning {
        /// The text.
        text: String,
        /// Opaque data that belongs to it.
        provider_state: Option<ProviderState>,
    },
    /// A picture, as base64 data.
    Image {
        /// Media type such as `image/png`.
        media_type: String,
        /// The data in base64.
        data: String,
    },
    /// A picture by address, for the provider to fetch.
    ImageUrl {
        /// The address.
        url: String,
    },
    /// A tool the model wanted to use.
    ToolCall {
        /// Its id.
        id: String,
        /// The tool.
        name: String,
        /// JSON text of the arguments.
        arguments: String,
        /// Opaque data that belongs to it.
        provider_state: Option<ProviderState>,
    },
    /// What a tool returned.
    ToolResult {
        /// The id of the tool call.
        call_id: String,
        /// Tool name, for dialects that want it.
        name: Option<String>,
        /// The result.
        text: String,
    },
}

/// Options with the same meaning in every dialect. `None` is "not said": the provider's default.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Sampling temperature.
    pub temperature: Option<f64>,
    /// Nucleus sampling.
    pub top_p: Option<f64>,
    /// Texts that end the reply.
    pub stop: Vec<String>,
    /// How many replies; more than one only in the OpenAI dialect.
    pub n: Option<i64>,
    /// How hard to think: the OpenAI words `minimal`, `low`, `medium`, `high`, ….
    pub reasoning_effort: Option<String>,
    /// A JSON schema the reply must match.
    pub json_schema: Option<serde_json::Value>,
    /// Whether the reply must be some JSON object.
    pub json_object: bool,
    /// Tools the model may use.
    pub tools: Vec<Tool>,
    /// Whether it must.
    pub tool_choice: ToolChoice,
}

/// A tool the model may use.
#[derive(Debug, Clone)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// JSON schema of its arguments.
    pub parameters: Option<serde_json::Value>,
}

/// Whether a tool must be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ToolChoice {
    /// As the model likes.
    #[default]
    Auto,
    /// None.
    None,
    /// Any, but one.
    Required,
    /// This one.
    Named(String),
}

/// The top level of a client's JSON object, each value as the bytes it came in.
///
/// A key that stands twice is kept once, so that nothing checked here can be smuggled past.
#[derive(Debug, Clone, Default)]
pub struct RawBody(pub BTreeMap<String, Box<RawValue>>);
