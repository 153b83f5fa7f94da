//! What travels through the gateway, for the document. The gateway keeps a client's JSON as it came
//! and passes a provider's bytes on, so nothing is built from these types: tests hold real requests
//! and answers against them.

use serde_json::Value;
use utoipa::ToSchema;

/// What to complete. A field that is not listed is passed on as it came, where the provider speaks
/// the same dialect; under a money limit one that may cost more than tokens is refused.
#[derive(ToSchema)]
pub struct ChatRequest {
    /// A model of `GET /v1/models`.
    #[schema(min_length = 1, max_length = 300, example = "demo")]
    pub model: String,
    /// The conversation so far.
    #[schema(min_items = 1, max_items = 10_000)]
    pub messages: Vec<ChatMessage>,
    /// Whether the answer comes as server-sent events while it is written.
    pub stream: Option<bool>,
    /// What a stream tells beside the answer.
    pub stream_options: Option<StreamOptions>,
    /// Most tokens of the answer. Where a budget applies and none is named, the house sets one and
    /// says so in `x-purser-max-output`. Its older name `max_tokens` does as well; both together must
    /// agree.
    #[schema(minimum = 1, maximum = 10_000_000)]
    pub max_completion_tokens: Option<i64>,
    /// How many answers.
    #[schema(minimum = 1, maximum = 128)]
    pub n: Option<i64>,
    /// How freely the next word is chosen; the provider knows its bounds.
    pub temperature: Option<f64>,
    /// The share of likely words to choose from; the provider knows its bounds.
    pub top_p: Option<f64>,
    /// Where the answer ends.
    pub stop: Option<Stop>,
    /// How much a reasoning model thinks.
    pub reasoning_effort: Option<String>,
    /// The form of the answer.
    pub response_format: Option<ResponseFormat>,
    /// What the model may ask the client to do.
    pub tools: Option<Vec<Tool>>,
    /// Which tool, as a word or as an object with a name.
    pub tool_choice: Option<Value>,
    /// The provider's class of service; under a money limit only those at the listed price.
    pub service_tier: Option<String>,
    /// Kinds of output; under a money limit only `text`.
    pub modalities: Option<Vec<String>>,
}

/// What a stream tells beside the answer.
#[derive(ToSchema)]
pub struct StreamOptions {
    /// Whether the last chunk before the end tells the usage.
    pub include_usage: Option<bool>,
}

/// One text, or several, at which an answer ends.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum Stop {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// One message.
#[derive(ToSchema)]
pub struct ChatMessage {
    /// Who speaks.
    pub role: Speaker,
    /// What is said.
    pub content: Option<Said>,
    /// The speaker's name, or the tool's.
    pub name: Option<String>,
    /// What the assistant asked for.
    pub tool_calls: Option<Vec<ToolCall>>,
    /// Which of those a tool answers.
    pub tool_call_id: Option<String>,
}

/// Who speaks.
#[derive(ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The rules of the conversation.
    System,
    /// The same, under its newer name.
    Developer,
    /// The person.
    User,
    /// The model.
    Assistant,
    /// A tool's answer.
    Tool,
    /// The same, under its older name.
    Function,
}

/// Plain text, or parts.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum Said {
    /// Plain text.
    Text(String),
    /// Parts.
    Parts(Vec<Part>),
}

/// One part of a message.
#[derive(ToSchema)]
pub struct Part {
    /// `text`, `refusal` or `image_url`; under a money limit any other is refused.
    #[serde(rename = "type")]
    #[schema(example = "text")]
    pub kind: String,
    /// The words of a `text`.
    pub text: Option<String>,
    /// The words of a `refusal`.
    pub refusal: Option<String>,
    /// The picture of an `image_url`.
    pub image_url: Option<ImageUrl>,
}

/// Where a picture is. The house never fetches it.
#[derive(ToSchema)]
pub struct ImageUrl {
    /// A `data:` address with the picture in it, or an address for the provider.
    pub url: String,
}

/// A call of a tool that the model asks for.
#[derive(ToSchema)]
pub struct ToolCall {
    /// By which its answer is known.
    #[schema(required = false)]
    pub id: String,
    /// What to call.
    pub function: Option<CalledFunction>,
}

/// A function with its arguments.
#[derive(ToSchema)]
pub struct CalledFunction {
    /// Its name.
    pub name: String,
    /// JSON in a text.
    #[schema(required = false)]
    pub arguments: String,
}

/// What the model may ask the client to do.
#[derive(ToSchema)]
pub struct Tool {
    /// `function`; under a money limit any other is refused.
    #[serde(rename = "type")]
    #[schema(example = "function")]
    pub kind: String,
    /// The function.
    pub function: Option<Function>,
}

/// A function the client offers.
#[derive(ToSchema)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// A JSON schema of its arguments.
    pub parameters: Option<Value>,
}

/// The form of an answer.
#[derive(ToSchema)]
pub struct ResponseFormat {
    /// `text`, `json_object` or `json_schema`.
    #[serde(rename = "type")]
    #[schema(example = "text")]
    pub kind: String,
    /// The schema of a `json_schema`.
    pub json_schema: Option<FormatSchema>,
}

/// A named schema.
#[derive(ToSchema)]
pub struct FormatSchema {
    /// The JSON schema.
    pub schema: Option<Value>,
}

/// A whole answer. A provider of the same dialect may say more than is listed.
#[derive(ToSchema)]
pub struct ChatCompletion {
    /// The provider's id, or ours.
    pub id: String,
    /// Always `chat.completion`.
    #[schema(example = "chat.completion")]
    pub object: String,
    /// Unix seconds.
    pub created: i64,
    /// The model that answered.
    pub model: String,
    /// The answers, `n` of them.
    pub choices: Vec<Choice>,
    /// What was used.
    pub usage: Option<Usage>,
}

/// One answer.
#[derive(ToSchema)]
pub struct Choice {
    /// Which of the `n`.
    pub index: i64,
    /// The answer.
    pub message: AnswerMessage,
    /// Why it ends: `stop`, `length`, `tool_calls`, `content_filter`.
    pub finish_reason: Option<String>,
}

/// What the model says.
#[derive(ToSchema)]
pub struct AnswerMessage {
    /// `assistant`.
    #[schema(example = "assistant")]
    pub role: String,
    /// The words; null where it only calls tools.
    #[schema(required)]
    pub content: Option<String>,
    /// Why it says nothing.
    pub refusal: Option<String>,
    /// What it thought, where the provider tells.
    pub reasoning_content: Option<String>,
    /// The tools it asks for.
    pub tool_calls: Option<Vec<ToolCall>>,
}

/// One event of a stream.
#[derive(ToSchema)]
pub struct ChatCompletionEvent {
    /// A `ChatCompletionChunk` as JSON; in the last event `[DONE]`. An `ErrorAnswer`, with no `[DONE]`
    /// behind it, is a stream that failed.
    pub data: String,
}

/// What the `data:` of a stream's event holds.
#[derive(ToSchema)]
pub struct ChatCompletionChunk {
    /// The same in every chunk.
    pub id: String,
    /// Always `chat.completion.chunk`.
    #[schema(example = "chat.completion.chunk")]
    pub object: String,
    /// Unix seconds.
    pub created: i64,
    /// The model that answers.
    pub model: String,
    /// What is new; empty in the chunk that tells the usage.
    pub choices: Vec<ChunkChoice>,
    /// What was used: in one chunk, if `stream_options.include_usage` asked for it.
    pub usage: Option<Usage>,
}

/// What is new in one of the answers.
#[derive(ToSchema)]
pub struct ChunkChoice {
    /// Which of the `n`.
    pub index: i64,
    /// What is new.
    pub delta: Delta,
    /// Why it ends, once it does.
    pub finish_reason: Option<String>,
}

/// What a chunk adds to a message.
#[derive(ToSchema)]
pub struct Delta {
    /// In the first chunk.
    pub role: Option<String>,
    /// More words.
    pub content: Option<String>,
    /// More thoughts, where the provider tells.
    pub reasoning_content: Option<String>,
    /// More of the tools it asks for, each with its `index`.
    pub tool_calls: Option<Vec<Value>>,
}

/// What a call used.
#[derive(ToSchema)]
pub struct Usage {
    /// Tokens read.
    pub prompt_tokens: i64,
    /// Tokens written, thoughts included.
    pub completion_tokens: i64,
    /// Both.
    pub total_tokens: i64,
}

/// The models a key may use.
#[derive(ToSchema)]
pub struct ModelList {
    /// Always `list`.
    #[schema(example = "list")]
    pub object: String,
    /// The models.
    pub data: Vec<Model>,
}

/// A model.
#[derive(ToSchema)]
pub struct Model {
    /// What a request names: the provider's id, or `connection/model`.
    #[schema(example = "demo")]
    pub id: String,
    /// Always `model`.
    #[schema(example = "model")]
    pub object: String,
    /// Always 0: the house does not know when it was made.
    pub created: i64,
    /// Whose dialect it is reached by.
    pub owned_by: String,
}

/// A refusal or a failure. After the first chunk of a stream it comes as a `data:` line of this
/// form, and no `[DONE]` follows.
#[derive(ToSchema)]
pub struct ErrorAnswer {
    /// What is wrong.
    pub error: ErrorBody,
}

/// What is wrong.
#[derive(ToSchema)]
pub struct ErrorBody {
    /// For a developer, in English.
    pub message: String,
    /// Whose fault it is.
    #[serde(rename = "type")]
    pub kind: ErrorKind,
    /// The field at fault.
    #[schema(required)]
    pub param: Option<String>,
    /// A word that stays the same.
    #[schema(example = "invalid_api_key")]
    pub code: String,
}

/// Whose fault an error is.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The request's.
    InvalidRequestError,
    /// Nobody's; it is too much at once.
    RateLimitError,
    /// A budget is spent.
    InsufficientQuota,
    /// The provider's or the house's.
    ServerError,
    /// The provider's or the house's, and it passes.
    ServiceUnavailableError,
}
