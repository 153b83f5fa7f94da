//! What chunks and whole answers say.

use std::borrow::Cow;

use bytes::Bytes;
use domain::calls::{Outcome, ProviderFailure};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::usage;
use super::wire::{Block, Choice, Chunk, Function, MOST_BLOCKS, Said, Source, ToolCall};
use crate::exchange::Exchange;
use crate::failure::{self, Failures};
use crate::json::{Few, text};
use crate::reply::MOST_TOOL_CALLS;
use crate::sse::SseEvent;
use crate::stream::Decode;
use crate::{Event, Finish, Whole};

/// Reads one stream.
#[derive(Debug)]
pub(super) struct Decoder {
    failures: Failures,
    reader: Reader,
    done: bool,
}

/// What must be remembered between the chunks of one reply.
#[derive(Debug, Default)]
struct Reader {
    calls: Vec<Call>,
    sources: usize,
    finished: bool,
}

/// A tool call as far as it is known.
#[derive(Debug)]
struct Call {
    index: u32,
    id: Option<String>,
    named: bool,
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
        let Some(data) = event.data() else {
            return Ok(Vec::new());
        };
        if data.starts_with(b"[DONE]") {
            self.done = true;
            return Ok(vec![Event::Done]);
        }
        if data.trim_ascii().is_empty() {
            return Ok(Vec::new());
        }
        if event.name() == b"error" {
            return Err(self.failures.of_object(data));
        }
        let mut events = Vec::with_capacity(2);
        self.reader.read(data, false, &self.failures, &mut events)?;
        Ok(events)
    }

    fn complete(&self) -> bool {
        self.done || self.reader.finished
    }

    fn keeps_raw(&self) -> bool {
        true
    }
}

/// A whole answer, or the failure that it is.
pub(super) fn whole(body: Bytes, exchange: &Exchange<'_>) -> Result<Whole, ProviderFailure> {
    let mut events = Vec::new();
    let mut reader = Reader::default();
    reader.read(&body, true, &exchange.failures, &mut events)?;
    if events.is_empty() {
        return Err(exchange.not_json());
    }
    events.push(Event::Done);
    Ok(Whole { raw: body, events })
}

impl Reader {
    fn read(
        &mut self,
        data: &[u8],
        whole: bool,
        failures: &Failures,
        events: &mut Vec<Event>,
    ) -> Result<(), ProviderFailure> {
        let chunk: Chunk<'_> = match serde_json::from_slice(data) {
            Ok(chunk) => chunk,
            Err(error) if error.classify() == Category::Data && !whole => {
                return foreign(data, failures, events);
            }
            Err(_) => return Err(unreadable(data, failures)),
        };
        let groq = chunk.x_groq.as_ref();
        if chunk
            .error
            .or(groq.and_then(|groq| groq.error))
            .is_some_and(|error| !is_blank(error))
        {
            // Whatever the chunk says besides: an error ends the reply.
            return Err(failures.of_object(match groq.and_then(|groq| groq.error) {
                Some(error) if chunk.error.is_none() => error.get().as_bytes(),
                _ => data,
            }));
        }
        let Few(choices) = chunk.choices.unwrap_or_default();
        if choices.is_empty() && chunk.usage.is_none() {
            reject_errors(data, failures)?;
        }
        let mut finish = None;
        for choice in choices {
            self.choice(choice, whole, failures, events, &mut finish)?;
        }
        for sources in [chunk.search_results, chunk.citations]
            .into_iter()
            .flatten()
        {
            if self.sources(sources, events) {
                break;
            }
        }
        if let Some(raw) = chunk.usage.or(groq.and_then(|groq| groq.usage)) {
            let (usage, cost) = usage::read(raw);
            events.extend(usage.map(Event::Usage));
            events.extend(cost.map(Event::Cost));
        }
        if let Some(reason) = finish {
            self.finished = true;
            events.push(Event::Finish(finish_of(&reason, failures)?));
        }
        Ok(())
    }

    fn choice(
        &mut self,
        choice: Choice<'_>,
        whole: bool,
        failures: &Failures,
        events: &mut Vec<Event>,
        finish: &mut Option<String>,
    ) -> Result<(), ProviderFailure> {
        let said = match choice.delta {
            Some(delta) if !whole => delta,
            _ if whole => {
                let message = choice
                    .message
                    .and_then(|raw| serde_json::from_str(raw.get()).ok());
                message.or(choice.delta).unwrap_or_default()
            }
            _ => Said::default(),
        };
        if choice.index.unwrap_or(0) == 0 {
            let reason = choice
                .finish_reason
                .and_then(text)
                .filter(|reason| !reason.is_empty());
            if let Some(reason) = reason {
                *finish = Some(reason.into_owned());
            }
            return self.said(said, failures, events);
        }
        let bytes = other_bytes(&said);
        if bytes > 0 {
            events.push(Event::Other { bytes });
        }
        Ok(())
    }

    fn said(
        &mut self,
        said: Said<'_>,
        failures: &Failures,
        events: &mut Vec<Event>,
    ) -> Result<(), ProviderFailure> {
        let reasoning = said
            .reasoning_content
            .and_then(text)
            .filter(|text| !text.is_empty());
        let reasoning = reasoning.or_else(|| said.reasoning.and_then(text));
        push_text(events, reasoning, Event::Reasoning);
        if let Some(content) = said.content {
            match text(content) {
                Some(text) => push_text(events, Some(text), Event::Text),
                None => blocks(content, events),
            }
        }
        push_text(events, said.refusal.and_then(text), Event::Text);
        let Few(calls) = said.tool_calls.unwrap_or_default();
        for (place, call) in calls.into_iter().enumerate() {
            events.push(self.tool_call(place, call, failures)?);
        }
        if let Some(function) = said.function_call {
            let call = ToolCall {
                index: Some(0),
                id: None,
                function: Some(function),
            };
            events.push(self.tool_call(0, call, failures)?);
        }
        if let Some(annotations) = said.annotations {
            events.extend(citations(annotations));
        }
        Ok(())
    }

    /// Known ids and names are never overwritten, least of all with the empty strings some repeat.
    /// Every piece is looked up among the calls so far, so there may not be any number of them.
    fn tool_call(
        &mut self,
        place: usize,
        call: ToolCall<'_>,
        failures: &Failures,
    ) -> Result<Event, ProviderFailure> {
        let id = call.id.filter(|id| !id.is_empty());
        let index = call
            .index
            .unwrap_or_else(|| self.index_for(place, id.as_deref()));
        let known = self.calls.iter().position(|known| known.index == index);
        if known.is_none() && self.calls.len() >= MOST_TOOL_CALLS {
            return Err(failures.too_many_tool_calls());
        }
        let position = known.unwrap_or_else(|| {
            self.calls.push(Call {
                index,
                id: None,
                named: false,
            });
            self.calls.len() - 1
        });
        let function = call.function.unwrap_or_default();
        let arguments = arguments(&function);
        let mut news = (None, None);
        if let Some(known) = self.calls.get_mut(position) {
            if known.id.is_none() && id.is_some() {
                known.id.clone_from(&id);
                news.0 = id;
            }
            if !known.named {
                news.1 = function.name.filter(|name| !name.is_empty());
                known.named = news.1.is_some();
            }
        }
        Ok(Event::ToolCall {
            index,
            id: news.0,
            name: news.1,
            arguments,
        })
    }

    /// Mistral leaves the index out: a new id is a new call, no id goes on with the last.
    fn index_for(&self, place: usize, id: Option<&str>) -> u32 {
        let known = self
            .calls
            .iter()
            .find(|call| id.is_some() && call.id.as_deref() == id);
        let next = || {
            self.calls
                .iter()
                .map(|call| call.index.saturating_add(1))
                .max()
                .unwrap_or(0)
        };
        match (known, id) {
            (Some(call), _) => call.index,
            (None, Some(_)) => next(),
            (None, None) => self.calls.last().map_or_else(
                || u32::try_from(place).unwrap_or(u32::MAX),
                |call| call.index,
            ),
        }
    }

    /// Sources beyond those already told, since every chunk repeats them; false without any.
    fn sources(&mut self, raw: &RawValue, events: &mut Vec<Event>) -> bool {
        let told = self.sources;
        let all = citations(raw);
        self.sources = told.max(all.len());
        let any = !all.is_empty();
        events.extend(all.into_iter().skip(told));
        any
    }
}

/// A list of addresses, of sources, or of annotations that hold one.
fn citations(raw: &RawValue) -> Vec<Event> {
    if let Ok(Few(urls)) = serde_json::from_str::<Few<String, MOST_BLOCKS>>(raw.get()) {
        return urls
            .into_iter()
            .map(|url| Event::Citation { url, title: None })
            .collect();
    }
    let Few(sources) =
        serde_json::from_str::<Few<Source, MOST_BLOCKS>>(raw.get()).unwrap_or_default();
    let cited = sources.into_iter().filter_map(|source| {
        let Source {
            url,
            title,
            url_citation,
        } = source;
        let (url, title) = url_citation.map_or((url, title), |inner| (inner.url, inner.title));
        Some(Event::Citation { url: url?, title })
    });
    cited.collect()
}

fn push_text(events: &mut Vec<Event>, text: Option<Cow<'_, str>>, event: fn(String) -> Event) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        events.push(event(text.into_owned()));
    }
}

/// Mistral's content: a list of text and thinking.
fn blocks(content: &RawValue, events: &mut Vec<Event>) {
    let Few(list) =
        serde_json::from_str::<Few<Block, MOST_BLOCKS>>(content.get()).unwrap_or_default();
    for block in list {
        if block.kind.as_deref() == Some("thinking") {
            let texts: String = block
                .thinking
                .0
                .into_iter()
                .filter_map(|part| part.text)
                .collect();
            push_text(events, Some(texts.into()), Event::Reasoning);
        } else {
            push_text(events, block.text.map(Cow::from), Event::Text);
        }
    }
}

/// The arguments as JSON text.
fn arguments(function: &Function<'_>) -> String {
    let Some(raw) = function.arguments else {
        return String::new();
    };
    text(raw).map_or_else(|| raw.get().to_owned(), Cow::into_owned)
}

/// Bytes of output in a choice that nobody here reads.
fn other_bytes(said: &Said<'_>) -> u32 {
    let text_bytes = |raw: Option<&RawValue>| {
        raw.map_or(0, |raw| {
            text(raw).map_or_else(|| raw.get().len(), |text| text.len())
        })
    };
    let calls = said
        .tool_calls
        .iter()
        .flat_map(|Few(calls)| calls)
        .filter_map(|call| call.function.as_ref());
    let calls: usize = calls
        .chain(said.function_call.as_ref())
        .map(|function| arguments(function).len() + function.name.as_deref().map_or(0, str::len))
        .sum();
    let texts = [
        said.content,
        said.reasoning_content,
        said.reasoning,
        said.refusal,
    ];
    let bytes = calls + texts.into_iter().map(text_bytes).sum::<usize>();
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn finish_of(reason: &str, failures: &Failures) -> Result<Finish, ProviderFailure> {
    Ok(match reason {
        "stop" | "eos" | "stop_sequence" => Finish::Stop,
        "length" | "model_length" | "max_tokens" => Finish::Length,
        "tool_calls" | "function_call" => Finish::ToolCalls,
        "content_filter" => Finish::ContentFilter,
        "error" => return Err(failures.server("the provider ended the reply with an error")),
        "insufficient_system_resource" => {
            let message = "the provider ran out of resources in the middle of the reply";
            return Err(failures.plain(Outcome::Overloaded, message));
        }
        _ => Finish::Other,
    })
}

fn is_blank(raw: &RawValue) -> bool {
    matches!(raw.get(), "null" | "\"\"" | "{}" | "false")
}

/// JSON of another shape: an error in foreign words, or something new that is let through. Counted,
/// lest output that we cannot read were free.
fn foreign(
    data: &[u8],
    failures: &Failures,
    events: &mut Vec<Event>,
) -> Result<(), ProviderFailure> {
    reject_errors(data, failures)?;
    events.push(Event::Other {
        bytes: u32::try_from(data.len()).unwrap_or(u32::MAX),
    });
    Ok(())
}

fn reject_errors(data: &[u8], failures: &Failures) -> Result<(), ProviderFailure> {
    if failure::Said::is_error(data) {
        return Err(failures.of_object(data));
    }
    Ok(())
}

fn unreadable(data: &[u8], failures: &Failures) -> ProviderFailure {
    if reject_errors(data, failures).is_err() {
        return failures.of_object(data);
    }
    failures.server("the answer is not in the provider's format")
}

#[cfg(test)]
mod tests;
