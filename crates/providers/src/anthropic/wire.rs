//! What events and whole answers look like.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::usage::Counts;
use crate::json::{Few, lenient_text};

/// Most blocks of a whole answer, and most citations of one block.
const MOST_BLOCKS: usize = 1_024;
const MOST_CITATIONS: usize = 128;

/// An event of a stream.
#[derive(Debug, Deserialize)]
pub(super) struct Happening<'a> {
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Option<&'a RawValue>,
    #[serde(default)]
    pub(super) index: Option<u32>,
    #[serde(borrow, default)]
    pub(super) message: Option<Message<'a>>,
    #[serde(borrow, default)]
    pub(super) content_block: Option<Block<'a>>,
    #[serde(borrow, default)]
    pub(super) delta: Option<Delta<'a>>,
    #[serde(default)]
    pub(super) usage: Option<Counts>,
    #[serde(borrow, default)]
    pub(super) error: Option<&'a RawValue>,
}

/// A whole answer, or the head of a streamed one.
#[derive(Debug, Deserialize)]
pub(super) struct Message<'a> {
    #[serde(borrow, default)]
    pub(super) content: Option<Few<Block<'a>, MOST_BLOCKS>>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) stop_reason: Option<String>,
    #[serde(default)]
    pub(super) usage: Option<Counts>,
}

/// A block of content, whole or at its start.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Block<'a> {
    #[serde(default, rename = "type", deserialize_with = "lenient_text")]
    pub(super) kind: Option<String>,
    #[serde(borrow, default)]
    pub(super) text: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) thinking: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) signature: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) data: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) name: Option<String>,
    #[serde(borrow, default)]
    pub(super) input: Option<&'a RawValue>,
    #[serde(default)]
    pub(super) citations: Option<Few<Citation, MOST_CITATIONS>>,
}

/// A piece of a block, or the end of the message.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Delta<'a> {
    #[serde(borrow, default)]
    pub(super) text: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) thinking: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) signature: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) partial_json: Option<&'a RawValue>,
    #[serde(default)]
    pub(super) citation: Option<Citation>,
    #[serde(borrow, default)]
    pub(super) stop_reason: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Citation {
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) url: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(super) title: Option<String>,
}
