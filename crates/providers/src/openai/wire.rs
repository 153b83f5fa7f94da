//! What chunks and whole answers look like. Only what is needed is read; a member of an unexpected
//! type is taken as missing wherever that is cheap.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Few, lenient_text};

/// Most choices of one reply; OpenAI takes no more of them in a request.
const MOST_CHOICES: usize = 128;
/// Most pieces of tool calls in one chunk: a whole call may come in many.
const MOST_PIECES: usize = 1_024;
/// Most blocks of content and most sources of one chunk.
pub(super) const MOST_BLOCKS: usize = 1_024;

/// A chunk of a stream, or a whole answer.
#[derive(Debug, Deserialize)]
pub(super) struct Chunk<'a> {
    #[serde(borrow, default)]
    pub(super) choices: Option<Few<Choice<'a>, MOST_CHOICES>>,
    #[serde(borrow, default)]
    pub(super) usage: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) error: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) x_groq: Option<Groq<'a>>,
    /// Perplexity's sources; every chunk repeats them.
    #[serde(borrow, default)]
    pub(super) search_results: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) citations: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Choice<'a> {
    #[serde(default)]
    pub(super) index: Option<u32>,
    #[serde(borrow, default)]
    pub(super) delta: Option<Said<'a>>,
    /// Of a whole answer. Perplexity repeats it in every chunk, so it stays unread until wanted.
    #[serde(borrow, default)]
    pub(super) message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) finish_reason: Option<&'a RawValue>,
}

/// A delta or a message.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Said<'a> {
    /// A string, or Mistral's list of blocks.
    #[serde(borrow, default)]
    pub(super) content: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) reasoning_content: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) reasoning: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) refusal: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) tool_calls: Option<Few<ToolCall<'a>, MOST_PIECES>>,
    #[serde(borrow, default)]
    pub(super) function_call: Option<Function<'a>>,
    #[serde(borrow, default)]
    pub(super) annotations: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ToolCall<'a> {
    #[serde(default)]
    pub(super) index: Option<u32>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) id: Option<String>,
    #[serde(borrow, default)]
    pub(super) function: Option<Function<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Function<'a> {
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) name: Option<String>,
    /// A string of JSON; some send the object itself.
    #[serde(borrow, default)]
    pub(super) arguments: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Groq<'a> {
    #[serde(borrow, default)]
    pub(super) usage: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) error: Option<&'a RawValue>,
}

/// A block of a content list.
#[derive(Debug, Deserialize)]
pub(super) struct Block {
    #[serde(default, rename = "type", deserialize_with = "lenient_text")]
    pub(super) kind: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) thinking: Few<Block, MOST_BLOCKS>,
}

/// A source in any of its shapes.
#[derive(Debug, Deserialize)]
pub(super) struct Source {
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) url: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) url_citation: Option<Box<Source>>,
}
