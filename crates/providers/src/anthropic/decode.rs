//! What events and whole answers say.

use domain::calls::ProviderFailure;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::state;
use super::usage::Counts;
use super::wire::{Block, Citation, Delta, Happening, Message};
use crate::exchange::Exchange;
use crate::failure::Failures;
use crate::json::{Few, text};
use crate::reply::MOST_TOOL_CALLS;
use crate::sse::SseEvent;
use crate::stream::Decode;
use crate::{Event, Finish, Whole};

/// Most blocks that are being written at the same time; the provider writes one after the other.
const MOST_OPEN_BLOCKS: usize = 128;

/// Reads one stream.
#[derive(Debug)]
pub(super) struct Decoder {
    failures: Failures,
    reader: Reader,
    done: bool,
}

/// What must be remembered between the events of one reply.
#[derive(Debug, Default)]
struct Reader {
    begun: bool,
    counts: Counts,
    open: Vec<(u32, Open)>,
    /// Tool calls so far.
    tools: usize,
    text: Told,
    thinking: Told,
    finished: bool,
}

/// A block that is being written.
#[derive(Debug)]
enum Open {
    Text,
    Thinking {
        any_text: bool,
        signature: String,
    },
    Tool {
        index: u32,
        input: String,
        any_input: bool,
    },
    Other,
}

impl Decoder {
    pub(super) fn new(failures: Failures) -> Self {
        Self {
            failures,
            reader: Reader::default(),
            done: false,
        }
    }
}

impl Decode for Decoder {
    fn decode(&mut self, event: &SseEvent) -> Result<Vec<Event>, ProviderFailure> {
        let Some(data) = event.data().filter(|data| !data.trim_ascii().is_empty()) else {
            return Ok(Vec::new());
        };
        let happening: Happening<'_> = match serde_json::from_slice(data) {
            Ok(happening) => happening,
            // An event of a new shape: not for us.
            Err(error) if error.classify() == Category::Data => return Ok(Vec::new()),
            Err(_) => return Err(self.failures.server("an event of the stream is not JSON")),
        };
        let kind = happening.kind.and_then(text).unwrap_or_default();
        if kind == "error" || event.name() == b"error" || happening.error.is_some() {
            return Err(self.failures.of_object(data));
        }
        let mut events = Vec::with_capacity(1);
        let index = happening.index.unwrap_or(0);
        match kind.as_ref() {
            "message_start" => {
                self.reader.start(
                    happening.message.and_then(|message| message.usage),
                    &mut events,
                );
            }
            "content_block_start" => {
                let block = happening.content_block.unwrap_or_default();
                let failures = &self.failures;
                self.reader
                    .block_start(index, block, failures, &mut events)?;
            }
            "content_block_delta" => {
                let delta = happening.delta.unwrap_or_default();
                self.reader.block_delta(index, delta, &mut events);
            }
            "content_block_stop" => self.reader.block_stop(index, &mut events),
            "message_delta" => {
                if let Some(newer) = happening.usage {
                    self.reader.counts.update(newer);
                    events.push(Event::Usage(self.reader.counts.usage()));
                }
                let reason = happening
                    .delta
                    .and_then(|delta| delta.stop_reason)
                    .and_then(text);
                if let Some(reason) = reason {
                    self.reader.finished = true;
                    events.push(Event::Finish(finish_of(&reason)));
                }
            }
            "message_stop" => {
                self.done = true;
                events.push(Event::Done);
            }
            _ => {}
        }
        Ok(events)
    }

    fn complete(&self) -> bool {
        self.done || self.reader.finished
    }

    fn keeps_raw(&self) -> bool {
        false
    }
}

/// A whole answer, or the failure that it is.
pub(super) fn whole(body: &[u8], exchange: &Exchange<'_>) -> Result<Whole, ProviderFailure> {
    let failures = &exchange.failures;
    let failure = || {
        if crate::failure::Said::is_error(body) {
            failures.of_object(body)
        } else {
            exchange.not_json()
        }
    };
    let message: Message<'_> = serde_json::from_slice(body).map_err(|_| failure())?;
    let Few(blocks) = message.content.ok_or_else(failure)?;
    let mut events = Vec::new();
    let mut reader = Reader::default();
    for (block, index) in blocks.into_iter().zip(0..) {
        reader.block_start(index, block, failures, &mut events)?;
        reader.block_stop(index, &mut events);
    }
    events.extend(message.usage.map(|counts| Event::Usage(counts.usage())));
    events.extend(
        message
            .stop_reason
            .map(|reason| Event::Finish(finish_of(&reason))),
    );
    events.push(Event::Done);
    Ok(Whole {
        raw: bytes::Bytes::new(),
        events,
    })
}

impl Reader {
    /// A second start in one stream begins the message again: its usage replaces the former, and
    /// what is told again is not passed on again.
    fn start(&mut self, counts: Option<Counts>, events: &mut Vec<Event>) {
        if self.begun {
            self.counts = Counts::default();
            self.open.clear();
            self.text.again();
            self.thinking.again();
            self.finished = false;
        }
        self.begun = true;
        if let Some(counts) = counts {
            self.counts.update(counts);
            events.push(Event::Usage(self.counts.usage()));
        }
    }

    fn block_start(
        &mut self,
        index: u32,
        block: Block<'_>,
        failures: &Failures,
        events: &mut Vec<Event>,
    ) -> Result<(), ProviderFailure> {
        let open = match block.kind.as_deref() {
            Some("text") => {
                self.text(block.text, events);
                let Few(citations) = block.citations.unwrap_or_default();
                cite(citations, events);
                Open::Text
            }
            Some("thinking") => {
                let any_text = self.thinking(block.thinking, events);
                Open::Thinking {
                    any_text,
                    signature: block.signature.unwrap_or_default(),
                }
            }
            Some("redacted_thinking") => {
                events.push(Event::Reasoning(String::new()));
                events.push(Event::State(state::of_redacted(
                    &block.data.unwrap_or_default(),
                )));
                Open::Other
            }
            Some("tool_use") => {
                if self.tools >= MOST_TOOL_CALLS {
                    return Err(failures.too_many_tool_calls());
                }
                let tool = u32::try_from(self.tools).unwrap_or(u32::MAX);
                self.tools += 1;
                events.push(Event::ToolCall {
                    index: tool,
                    id: block.id,
                    name: block.name,
                    arguments: String::new(),
                });
                let input = block
                    .input
                    .map(RawValue::get)
                    .unwrap_or_default()
                    .to_owned();
                Open::Tool {
                    index: tool,
                    input,
                    any_input: false,
                }
            }
            _ => Open::Other,
        };
        self.open.retain(|(other, _)| *other != index);
        if self.open.len() >= MOST_OPEN_BLOCKS {
            // Every piece is looked up among them.
            return Err(failures.server("the reply has too many blocks open at once"));
        }
        self.open.push((index, open));
        Ok(())
    }

    fn block_delta(&mut self, at: u32, delta: Delta<'_>, events: &mut Vec<Event>) {
        self.text(delta.text, events);
        let thought = self.thinking(delta.thinking, events);
        cite(delta.citation, events);
        match self
            .open
            .iter_mut()
            .find(|(index, _)| *index == at)
            .map(|(_, open)| open)
        {
            Some(Open::Thinking {
                any_text,
                signature,
            }) => {
                *any_text |= thought;
                signature.push_str(&delta.signature.and_then(text).unwrap_or_default());
            }
            Some(Open::Tool {
                index, any_input, ..
            }) => {
                let piece = delta.partial_json.and_then(text).unwrap_or_default();
                if !piece.is_empty() {
                    *any_input = true;
                    let arguments = piece.into_owned();
                    events.push(Event::ToolCall {
                        index: *index,
                        id: None,
                        name: None,
                        arguments,
                    });
                }
            }
            Some(Open::Text | Open::Other) | None => {}
        }
    }

    fn block_stop(&mut self, at: u32, events: &mut Vec<Event>) {
        let Some(place) = self.open.iter().position(|(index, _)| *index == at) else {
            return;
        };
        match self.open.swap_remove(place).1 {
            Open::Thinking {
                any_text,
                signature,
            } if !signature.is_empty() => {
                if !any_text {
                    // The signature needs a part of its own, whatever was written before.
                    events.push(Event::Reasoning(String::new()));
                }
                events.push(Event::State(state::of_thinking(&signature)));
            }
            // Nothing came in pieces: what the block began with is all of it.
            Open::Tool {
                index,
                input,
                any_input: false,
            } => {
                let arguments = if input.is_empty() {
                    "{}".to_owned()
                } else {
                    input
                };
                events.push(Event::ToolCall {
                    index,
                    id: None,
                    name: None,
                    arguments,
                });
            }
            Open::Thinking { .. } | Open::Tool { .. } | Open::Text | Open::Other => {}
        }
    }

    fn text(&mut self, raw: Option<&RawValue>, events: &mut Vec<Event>) {
        let news = raw.and_then(text).and_then(|piece| self.text.tell(&piece));
        events.extend(news.map(Event::Text));
    }

    /// True when there was any.
    fn thinking(&mut self, raw: Option<&RawValue>, events: &mut Vec<Event>) -> bool {
        let piece = raw.and_then(text).filter(|piece| !piece.is_empty());
        let any = piece.is_some();
        events.extend(
            piece
                .and_then(|piece| self.thinking.tell(&piece))
                .map(Event::Reasoning),
        );
        any
    }
}

/// Text passed on so far, so that a message that is told again is not doubled.
#[derive(Debug, Default)]
struct Told {
    all: String,
    /// While a message is told again: how far it has agreed with the former.
    agreed: Option<usize>,
}

impl Told {
    fn again(&mut self) {
        self.agreed = (!self.all.is_empty()).then_some(0);
    }

    /// The part of a piece that is new.
    fn tell(&mut self, piece: &str) -> Option<String> {
        let mut news = piece.to_owned();
        if let Some(agreed) = self.agreed.take() {
            let rest = self.all.get(agreed..).unwrap_or_default();
            if rest.starts_with(piece) {
                self.agreed = Some(agreed + piece.len()).filter(|agreed| *agreed < self.all.len());
                return None;
            }
            news = match piece.strip_prefix(rest) {
                Some(behind) => behind.to_owned(),
                // Another text: what was taken for the former is a part of it.
                None => format!("{}{piece}", self.all.get(..agreed).unwrap_or_default()),
            };
        }
        self.all.push_str(&news);
        (!news.is_empty()).then_some(news)
    }
}

fn cite(citations: impl IntoIterator<Item = Citation>, events: &mut Vec<Event>) {
    events.extend(citations.into_iter().filter_map(|citation| {
        Some(Event::Citation {
            url: citation.url?,
            title: citation.title,
        })
    }));
}

fn finish_of(reason: &str) -> Finish {
    match reason {
        "end_turn" | "stop_sequence" => Finish::Stop,
        "max_tokens" | "model_context_window_exceeded" => Finish::Length,
        "tool_use" => Finish::ToolCalls,
        "refusal" => Finish::ContentFilter,
        _ => Finish::Other,
    }
}

#[cfg(test)]
mod tests;
