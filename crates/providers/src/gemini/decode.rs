//! What chunks and whole answers say.

use std::collections::BTreeSet;

use domain::calls::{Outcome, ProviderFailure};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::encode::OWN_ID;
use super::state::Signature;
use super::wire::{Candidate, Chunk, Grounding, Part};
use crate::exchange::Exchange;
use crate::failure::{Failures, Said};
use crate::json::{Few, text};
use crate::reply::MOST_TOOL_CALLS;
use crate::sse::SseEvent;
use crate::stream::Decode;
use crate::{Event, Finish, Whole};

/// Most chunks of a stream that was answered in JSON.
const MOST_CHUNKS: usize = 65_536;
/// Most sources and most searches of one reply that are told apart; what comes beyond is not told.
const MOST_SOURCES: usize = 1_024;

/// Reads one stream. It has no terminator: the end of the bytes behind a finish reason is the end.
#[derive(Debug)]
pub(super) struct Decoder {
    failures: Failures,
    reader: Reader,
}

/// What must be remembered between the chunks of one reply.
#[derive(Debug, Default)]
struct Reader {
    response_id: String,
    /// Tool calls so far.
    tools: usize,
    sources: BTreeSet<String>,
    searches: BTreeSet<String>,
    finished: bool,
}

impl Decoder {
    pub(super) fn new(failures: Failures) -> Self {
        Self {
            failures,
            reader: Reader::default(),
        }
    }
}

impl Decode for Decoder {
    fn decode(&mut self, event: &SseEvent) -> Result<Vec<Event>, ProviderFailure> {
        let mut events = Vec::with_capacity(2);
        if let Some(data) = event.data().filter(|data| !data.trim_ascii().is_empty()) {
            self.reader.read(data, &self.failures, &mut events)?;
        }
        Ok(events)
    }

    fn complete(&self) -> bool {
        self.reader.finished
    }

    fn keeps_raw(&self) -> bool {
        false
    }
}

/// A whole answer, or the failure that it is. A stream that was answered in JSON is a list of chunks.
pub(super) fn whole(body: &[u8], exchange: &Exchange<'_>) -> Result<Whole, ProviderFailure> {
    let mut events = Vec::new();
    let mut reader = Reader::default();
    let failures = &exchange.failures;
    match serde_json::from_slice::<Few<&RawValue, MOST_CHUNKS>>(body) {
        Ok(Few(chunks)) => {
            for chunk in chunks {
                reader.read(chunk.get().as_bytes(), failures, &mut events)?;
            }
        }
        Err(_) => reader.read(body, failures, &mut events)?,
    }
    if events.is_empty() {
        return Err(exchange.not_json());
    }
    events.push(Event::Done);
    Ok(Whole {
        raw: bytes::Bytes::new(),
        events,
    })
}

impl Reader {
    fn read(
        &mut self,
        data: &[u8],
        failures: &Failures,
        events: &mut Vec<Event>,
    ) -> Result<(), ProviderFailure> {
        let chunk: Chunk<'_> = match serde_json::from_slice(data) {
            Ok(chunk) => chunk,
            Err(error) if error.classify() == Category::Data => {
                if Said::is_error(data) {
                    return Err(failures.of_object(data));
                }
                // Of a shape we do not know; counted, lest it were free.
                events.push(Event::Other {
                    bytes: u32::try_from(data.len()).unwrap_or(u32::MAX),
                });
                return Ok(());
            }
            Err(_) => return Err(failures.server("the answer is not in the provider's format")),
        };
        if chunk.error.is_some() {
            return Err(failures.of_object(data));
        }
        let blocked = chunk
            .prompt_feedback
            .and_then(|feedback| feedback.block_reason);
        let Few(candidates) = chunk.candidates.unwrap_or_default();
        if let Some(reason) = blocked.filter(|_| candidates.is_empty()) {
            let message = format!("the provider blocked the prompt: {reason}");
            return Err(failures.plain(Outcome::InvalidRequest, &message));
        }
        if let Some(id) = chunk.response_id {
            self.response_id = id;
        }
        let mut finish = None;
        for candidate in candidates {
            self.candidate(candidate, failures, events, &mut finish)?;
        }
        if let Some(counts) = chunk.usage_metadata {
            events.push(Event::Usage(counts.usage(self.searches.len())));
        }
        if let Some(reason) = finish {
            self.finished = true;
            events.push(Event::Finish(self.finish_of(&reason)));
        }
        Ok(())
    }

    fn candidate(
        &mut self,
        candidate: Candidate<'_>,
        failures: &Failures,
        events: &mut Vec<Event>,
        finish: &mut Option<String>,
    ) -> Result<(), ProviderFailure> {
        let Few(parts) = candidate
            .content
            .and_then(|content| content.parts)
            .unwrap_or_default();
        if candidate.index.unwrap_or(0) > 0 {
            let bytes: usize = parts.iter().map(size).sum();
            if bytes > 0 {
                events.push(Event::Other {
                    bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
                });
            }
            return Ok(());
        }
        for part in parts {
            self.part(part, failures, events)?;
        }
        if let Some(grounding) = candidate.grounding_metadata {
            self.ground(grounding, events);
        }
        *finish = candidate
            .finish_reason
            .filter(|reason| reason != "FINISH_REASON_UNSPECIFIED");
        Ok(())
    }

    fn part(
        &mut self,
        part: Part<'_>,
        failures: &Failures,
        events: &mut Vec<Event>,
    ) -> Result<(), ProviderFailure> {
        let said = part.text.and_then(text).unwrap_or_default().into_owned();
        let mut alone = said.is_empty();
        if !said.is_empty() {
            events.push(if part.thought {
                Event::Reasoning(said)
            } else {
                Event::Text(said)
            });
        }
        if let Some(picture) = part.inline_data {
            let bytes = u32::try_from(picture.get().len()).unwrap_or(u32::MAX);
            events.push(Event::Other { bytes });
        }
        if let Some(call) = part.function_call {
            alone = false;
            if self.tools >= MOST_TOOL_CALLS {
                return Err(failures.too_many_tool_calls());
            }
            let index = u32::try_from(self.tools).unwrap_or(u32::MAX);
            self.tools += 1;
            // Results are told apart by id, and not every model gives one.
            let own = || format!("{OWN_ID}{}-{index}", self.response_id);
            events.push(Event::ToolCall {
                index,
                id: Some(call.id.filter(|id| !id.is_empty()).unwrap_or_else(own)),
                name: call.name,
                arguments: call
                    .args
                    .map_or_else(|| "{}".to_owned(), |args| args.get().to_owned()),
            });
        }
        let signature = part
            .thought_signature
            .filter(|signature| !signature.is_empty());
        let state = signature.and_then(|text| Signature { text, alone }.into_state());
        events.extend(state.map(Event::State));
        Ok(())
    }

    /// Sources and searches, which later chunks may repeat.
    fn ground(&mut self, grounding: Grounding, events: &mut Vec<Event>) {
        for query in grounding.web_search_queries.0 {
            if self.searches.len() < MOST_SOURCES {
                self.searches.insert(query);
            }
        }
        let Few(sources) = grounding.grounding_chunks;
        for page in sources.into_iter().filter_map(|source| source.web) {
            if self.sources.len() >= MOST_SOURCES {
                break;
            }
            if let Some(url) = page.uri.filter(|url| self.sources.insert(url.clone())) {
                events.push(Event::Citation {
                    url,
                    title: page.title,
                });
            }
        }
    }

    /// Tool calls end with the same word as texts.
    fn finish_of(&self, reason: &str) -> Finish {
        match reason {
            "STOP" if self.tools > 0 => Finish::ToolCalls,
            "STOP" => Finish::Stop,
            "MAX_TOKENS" => Finish::Length,
            "SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" => {
                Finish::ContentFilter
            }
            _ => Finish::Other,
        }
    }
}

/// Bytes of output in a part that nobody here reads.
fn size(part: &Part<'_>) -> usize {
    let raw = [
        part.text,
        part.inline_data,
        part.function_call.as_ref().and_then(|call| call.args),
    ];
    raw.into_iter().flatten().map(|raw| raw.get().len()).sum()
}

#[cfg(test)]
mod tests;
