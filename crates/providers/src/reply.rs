//! What a provider answers, independent of any dialect.

use bytes::Bytes;
use domain::calls::ProviderFailure;
use domain::messages::ProviderState;
use domain::{NanoUsd, Usage};
use futures::stream::BoxStream;

/// Most tool calls of one reply: as many as OpenAI takes tools in one request, and far more than a
/// model uses at once. The tables that tell calls apart stay this small.
pub(crate) const MOST_TOOL_CALLS: usize = 128;

/// An answer whose status was good.
pub enum Answer {
    /// Piece by piece. An error item is the last one; an end without [`Event::Done`] never happens
    /// silently: a truncated stream ends with a `network` failure. Reading on behind `Done` to the
    /// end keeps the connection for the next call; dropping the stream closes it.
    Stream(BoxStream<'static, Result<Frame, ProviderFailure>>),
    /// At once.
    Whole(Whole),
}

/// One event of a provider's stream.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The bytes as they came, event terminator included, in the OpenAI dialect; empty in others,
    /// and in a last frame that stands for a terminator the provider left out. Comments are frames
    /// without events.
    pub raw: Bytes,
    /// What they say, in order.
    pub events: Vec<Event>,
}

/// A whole answer.
#[derive(Debug, Clone, Default)]
pub struct Whole {
    /// The body as it came, in the OpenAI dialect; empty in others.
    pub raw: Bytes,
    /// What it says, in order: texts, tool calls, usage, finish.
    pub events: Vec<Event>,
}

/// One thing a provider says.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// More text of choice 0.
    Text(String),
    /// More reasoning. An empty one begins a part for the state that follows.
    Reasoning(String),
    /// More of a tool call. `id` and `name` come once, arguments in pieces.
    ToolCall {
        /// Which of several calls.
        index: u32,
        /// The provider's id.
        id: Option<String>,
        /// The tool.
        name: Option<String>,
        /// More of the JSON text of its arguments.
        arguments: String,
    },
    /// Opaque data that belongs to the part written last (text, reasoning or tool call; an empty
    /// reasoning part where there is none): must be echoed unchanged. It ends its part: text or
    /// reasoning behind it, an empty one too, begins a new part.
    State(ProviderState),
    /// A source.
    Citation {
        /// Address.
        url: String,
        /// Title.
        title: Option<String>,
    },
    /// The usage so far. The last one counts; figures that it leaves out stay as they were.
    Usage(Usage),
    /// A cost the provider itself states, never negative. The last one counts.
    Cost(NanoUsd),
    /// Output of a choice other than 0: relayed in the OpenAI dialect, counted by bytes when the
    /// provider reports no usage.
    Other {
        /// Bytes of text and arguments.
        bytes: u32,
    },
    /// Why the reply ended.
    Finish(Finish),
    /// The stream's own terminator, or the end of a whole answer.
    Done,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// By itself.
    Stop,
    /// At the output maximum.
    Length,
    /// To use tools.
    ToolCalls,
    /// By the provider's content policy.
    ContentFilter,
    /// For a reason we do not know.
    Other,
}

/// A model a provider lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListedModel {
    /// The provider's id.
    pub id: String,
    /// Name to show.
    pub label: Option<String>,
    /// Most input tokens.
    pub context_tokens: Option<i64>,
    /// Most output tokens.
    pub max_output_tokens: Option<i64>,
    /// Whether it can chat; a guess from the id where the provider does not say.
    pub chat: bool,
    /// Whether the provider announces its end.
    pub deprecated: bool,
}
