//! What chunks and whole answers look like. Members with their default value are left out.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::usage::Counts;
use crate::json::{Few, lenient_text};

/// Most candidates of one reply.
const MOST_CANDIDATES: usize = 128;
/// Most parts of one chunk or whole answer, and most sources or searches of one.
const MOST_PARTS: usize = 1_024;

/// A chunk of a stream, or a whole answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Chunk<'a> {
    #[serde(borrow, default)]
    pub(super) candidates: Option<Few<Candidate<'a>, MOST_CANDIDATES>>,
    #[serde(default)]
    pub(super) prompt_feedback: Option<Feedback>,
    #[serde(default)]
    pub(super) usage_metadata: Option<Counts>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) response_id: Option<String>,
    #[serde(borrow, default)]
    pub(super) error: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Candidate<'a> {
    #[serde(default)]
    pub(super) index: Option<u32>,
    #[serde(borrow, default)]
    pub(super) content: Option<Content<'a>>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) finish_reason: Option<String>,
    #[serde(default)]
    pub(super) grounding_metadata: Option<Grounding>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Content<'a> {
    #[serde(borrow, default)]
    pub(super) parts: Option<Few<Part<'a>, MOST_PARTS>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Part<'a> {
    #[serde(borrow, default)]
    pub(super) text: Option<&'a RawValue>,
    #[serde(default)]
    pub(super) thought: bool,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) thought_signature: Option<String>,
    #[serde(borrow, default)]
    pub(super) function_call: Option<FunctionCall<'a>>,
    /// Pictures and the like, which nobody here shows.
    #[serde(borrow, default)]
    pub(super) inline_data: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FunctionCall<'a> {
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) name: Option<String>,
    #[serde(borrow, default)]
    pub(super) args: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Feedback {
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) block_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Grounding {
    #[serde(default)]
    pub(super) web_search_queries: Few<String, MOST_PARTS>,
    #[serde(default)]
    pub(super) grounding_chunks: Few<Source, MOST_PARTS>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Source {
    #[serde(default)]
    pub(super) web: Option<Page>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Page {
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) uri: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) title: Option<String>,
}
