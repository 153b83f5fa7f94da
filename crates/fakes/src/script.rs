//! What the fake shall do with one call; the default is to answer it well.

use std::time::Duration;

use crate::{
    ErrorKind, Fault, Oddity, RetryAfter, Scenario, Split, Usage, UsageDetails, UsagePlace,
};

/// Orders for one call. Fields left at `None` follow the builder's settings.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct Script {
    /// The kind of call this script waits for.
    pub endpoint: Endpoint,
    pub text: Text,
    /// Number of content chunks of a stream; fewer when the text is shorter than that.
    pub chunks: Option<usize>,
    /// Wait before the status line.
    pub latency: Option<Duration>,
    /// Wait between two writes of the body.
    pub chunk_delay: Option<Duration>,
    /// Usage to report instead of the counted one.
    pub usage: Option<Usage>,
    pub usage_place: UsagePlace,
    pub usage_details: UsageDetails,
    /// Tools the model calls; several are streamed interleaved where the dialect can.
    pub tool_calls: Vec<ToolCall>,
    /// Reasoning shown before the answer, where the dialect shows any.
    pub reasoning: Option<String>,
    /// Name of the reasoning field of an OpenAI-compatible server; `None` means `reasoning_content`.
    pub reasoning_field: Option<String>,
    /// Finish reason in the dialect's own spelling.
    pub finish: Option<String>,
    /// Answer the call with this instead of a generation.
    pub fault: Option<Fault>,
    pub retry_after: RetryAfter,
    /// Headers added to the answer; they replace the fake's own of the same name.
    pub headers: Vec<(String, String)>,
    /// Deviations from plain SSE, applied together.
    pub oddities: Vec<Oddity>,
    pub split: Split,
    pub ending: Ending,
    /// Compress, if the client accepts it.
    pub gzip: bool,
    /// Anthropic: what the `message_delta` says about usage.
    pub delta_usage: DeltaUsage,
    /// Anthropic: begin again with a second `message_start` after the first content.
    pub duplicate_start: bool,
    /// Gemini: refuse the prompt with this block reason, with HTTP 200 and no candidate.
    pub prompt_block: Option<String>,
    /// Gemini: the last candidate comes without `content`.
    pub no_content: bool,
}

/// The kind of call a script is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Endpoint {
    #[default]
    Generate,
    /// Model list and single model; also what a key test usually asks.
    Models,
    CountTokens,
}

/// What the model says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Text {
    /// Text derived from the last user message, a short title when a title is asked for.
    #[default]
    Derived,
    /// This text, cut into [`Script::chunks`] pieces.
    Fixed(String),
    /// Exactly these pieces.
    Chunks(Vec<String>),
}

/// One call of a tool by the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    /// JSON text of an object.
    pub arguments: String,
}

/// How the answer ends. `after` counts content chunks; of a body that is no stream, half is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    #[default]
    Clean,
    /// HTTP ends well, but finish reason and terminator are missing.
    NoFinish { after: usize },
    /// The connection closes in the middle of an event.
    Truncate { after: usize },
    /// TCP reset in the middle of an event.
    Reset { after: usize },
    /// Nothing more comes, the connection stays open.
    Hang { after: usize },
    /// The dialect's error object inside the stream; 0 makes it the first frame.
    Error { after: usize, kind: ErrorKind },
    /// The last content chunk repeats until the client leaves; blanks for a body that is no stream.
    Endless,
}

/// What Anthropic's `message_delta` reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeltaUsage {
    #[default]
    Full,
    OutputOnly,
    /// Reports more input than `message_start` did, by this many tokens.
    RaisesInput(u64),
}

impl Script {
    pub fn ok() -> Self {
        Self::default()
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: Text::Fixed(text.into()),
            ..Self::default()
        }
    }

    pub fn text_chunks<T: Into<String>>(chunks: impl IntoIterator<Item = T>) -> Self {
        Self {
            text: Text::Chunks(chunks.into_iter().map(Into::into).collect()),
            ..Self::default()
        }
    }

    /// The dialect's own answer for this error.
    pub fn error(kind: ErrorKind) -> Self {
        Fault::Kind(kind).into()
    }

    /// An answer with this JSON body, whatever the dialect.
    pub fn status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Fault::Raw {
            status,
            content_type: "application/json".into(),
            body: body.into(),
        }
        .into()
    }

    pub fn ending(ending: Ending) -> Self {
        Self {
            ending,
            ..Self::default()
        }
    }

    /// Waits for a call of this kind instead of a generation.
    pub fn on(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = endpoint;
        self
    }

    pub fn with_text(mut self, text: Text) -> Self {
        self.text = text;
        self
    }

    pub fn with_chunks(mut self, chunks: usize) -> Self {
        self.chunks = Some(chunks);
        self
    }

    pub fn with_latency(mut self, latency: Duration) -> Self {
        self.latency = Some(latency);
        self
    }

    pub fn with_chunk_delay(mut self, delay: Duration) -> Self {
        self.chunk_delay = Some(delay);
        self
    }

    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = Some(usage);
        self
    }

    pub fn with_usage_place(mut self, place: UsagePlace) -> Self {
        self.usage_place = place;
        self
    }

    pub fn with_usage_details(mut self, details: UsageDetails) -> Self {
        self.usage_details = details;
        self
    }

    /// Adds a tool call with the id `call_fake<n>`.
    pub fn with_tool_call(mut self, name: &str, arguments: &str) -> Self {
        self.tool_calls.push(ToolCall {
            id: format!("call_fake{}", self.tool_calls.len() + 1),
            name: name.into(),
            arguments: arguments.into(),
        });
        self
    }

    pub fn with_reasoning(mut self, reasoning: impl Into<String>) -> Self {
        self.reasoning = Some(reasoning.into());
        self
    }

    pub fn with_reasoning_field(mut self, field: impl Into<String>) -> Self {
        self.reasoning_field = Some(field.into());
        self
    }

    pub fn with_finish(mut self, finish: impl Into<String>) -> Self {
        self.finish = Some(finish.into());
        self
    }

    pub fn with_retry_after(mut self, retry_after: RetryAfter) -> Self {
        self.retry_after = retry_after;
        self
    }

    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn with_oddity(mut self, oddity: Oddity) -> Self {
        self.oddities.push(oddity);
        self
    }

    pub fn with_split(mut self, split: Split) -> Self {
        self.split = split;
        self
    }

    pub fn with_ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }

    pub fn with_gzip(mut self) -> Self {
        self.gzip = true;
        self
    }

    pub fn with_delta_usage(mut self, delta_usage: DeltaUsage) -> Self {
        self.delta_usage = delta_usage;
        self
    }

    pub fn with_duplicate_start(mut self) -> Self {
        self.duplicate_start = true;
        self
    }

    pub fn with_prompt_block(mut self, reason: impl Into<String>) -> Self {
        self.prompt_block = Some(reason.into());
        self
    }

    pub fn with_no_content(mut self) -> Self {
        self.no_content = true;
        self
    }
}

impl From<Fault> for Script {
    fn from(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }
}

impl From<Scenario> for Script {
    fn from(scenario: Scenario) -> Self {
        scenario.script()
    }
}
