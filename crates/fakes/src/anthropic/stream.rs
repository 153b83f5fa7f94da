//! The events of a streamed message.

use serde_json::Value;

use crate::{
    DeltaUsage, Script, Usage, UsagePlace,
    answer::{Answer, Meter},
    frames::{Frames, Part},
    json::{put, quote},
    text::fragments,
};

use super::messages::{MESSAGE_ID, SIGNATURE, stop_reason};

/// Spaces that may stand before the last brace of a delta, hiding its length.
const PADDING: &str = "            ";

pub(super) struct Writer<'a> {
    model: &'a str,
    script: &'a Script,
    answer: &'a Answer,
    frames: Frames,
    meter: Meter,
    data: String,
    /// Index of the next content block.
    block: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(model: &'a str, script: &'a Script, answer: &'a Answer) -> Self {
        Self {
            model,
            script,
            answer,
            frames: Frames::stream("\n", script),
            meter: answer.meter(),
            data: String::with_capacity(512),
            block: 0,
        }
    }

    pub(super) fn write(mut self) -> Frames {
        self.start();
        if self.script.duplicate_start {
            self.open(r#"{"type":"text","text":""}"#);
            let first = self.answer.text.iter().next().unwrap_or("lost");
            self.delta("text_delta", "text", first);
            self.block = 0;
            self.meter = self.answer.meter();
            self.start();
        }
        self.thinking();
        self.text();
        self.tools();
        self.finish();
        self.frames
    }

    fn start(&mut self) {
        // One output token is always counted at the start; the final number replaces it.
        let usage = self.answer.usage.at(1);
        let told = self.told();
        self.data.clear();
        put(
            &mut self.data,
            format_args!(
                r#"{{"type":"message_start","message":{{"id":"{MESSAGE_ID}","type":"message","role":"assistant","model":"#
            ),
        );
        quote(&mut self.data, self.model);
        self.data
            .push_str(r#","content":[],"stop_reason":null,"stop_sequence":null"#);
        if told {
            self.data.push_str(r#","usage":{"#);
            push_input(&mut self.data, usage);
            self.data
                .push_str(r#","output_tokens":1,"service_tier":"standard"}"#);
        }
        self.data.push_str("}}");
        self.send(Part::Open, "message_start", told.then_some(usage));
    }

    fn thinking(&mut self) {
        if self.answer.reasoning.text().is_empty() {
            return;
        }
        self.open(r#"{"type":"thinking","thinking":"","signature":""}"#);
        let answer = self.answer;
        for piece in answer.reasoning.iter() {
            self.meter.advance(piece);
            self.delta("thinking_delta", "thinking", piece);
        }
        self.meter.pause();
        self.delta("signature_delta", "signature", SIGNATURE);
        self.stop();
    }

    fn text(&mut self) {
        if self.answer.text.text().is_empty() {
            return;
        }
        self.open(r#"{"type":"text","text":""}"#);
        let answer = self.answer;
        for piece in answer.text.iter() {
            self.meter.advance(piece);
            self.delta("text_delta", "text", piece);
        }
        self.meter.pause();
        self.stop();
    }

    fn tools(&mut self) {
        for tool in &self.answer.tool_calls {
            let mut block = String::from(r#"{"type":"tool_use","id":"#);
            quote(&mut block, &tool.id);
            block.push_str(r#","name":"#);
            quote(&mut block, &tool.name);
            block.push_str(r#","input":{}}"#);
            self.open(&block);
            self.delta("input_json_delta", "partial_json", "");
            if tool.arguments != "{}" {
                for fragment in fragments(&tool.arguments) {
                    self.meter.advance(fragment);
                    self.delta("input_json_delta", "partial_json", fragment);
                }
            }
            self.meter.pause();
            self.stop();
        }
    }

    fn finish(&mut self) {
        let usage = self.answer.usage;
        let reported = match self.script.delta_usage {
            DeltaUsage::Full | DeltaUsage::OutputOnly => usage,
            DeltaUsage::RaisesInput(more) => Usage {
                input: usage.input + more,
                ..usage
            },
        };
        let told = self.told();
        self.data.clear();
        self.data
            .push_str(r#"{"type":"message_delta","delta":{"stop_reason":"#);
        quote(&mut self.data, stop_reason(self.answer, self.script));
        self.data.push_str(r#","stop_sequence":null}"#);
        if told {
            self.data.push_str(r#","usage":{"#);
            if self.script.delta_usage == DeltaUsage::OutputOnly {
                put(
                    &mut self.data,
                    format_args!(r#""output_tokens":{}"#, usage.output),
                );
            } else {
                push_input(&mut self.data, reported);
                push_output(&mut self.data, reported);
            }
            self.data.push('}');
        }
        self.data.push('}');
        self.frames.event(
            Part::Close,
            Some("message_delta"),
            &self.data,
            told.then_some(reported),
            usage.output,
        );
        self.frames.event(
            Part::Close,
            Some("message_stop"),
            r#"{"type":"message_stop"}"#,
            None,
            usage.output,
        );
    }

    fn told(&self) -> bool {
        self.script.usage_place != UsagePlace::Nowhere
    }

    /// Begins a content block; the first is followed by a ping, as in recordings.
    fn open(&mut self, block: &str) {
        self.data.clear();
        put(
            &mut self.data,
            format_args!(
                r#"{{"type":"content_block_start","index":{},"content_block":{block}}}"#,
                self.block
            ),
        );
        self.send(Part::Open, "content_block_start", None);
        if self.block == 0 {
            self.data.clear();
            self.data.push_str(r#"{"type": "ping"}"#);
            self.send(Part::Open, "ping", None);
        }
    }

    fn delta(&mut self, kind: &str, field: &str, piece: &str) {
        let padding = self.frames.marks.len() * 7 % PADDING.len();
        self.data.clear();
        put(
            &mut self.data,
            format_args!(
                r#"{{"type":"content_block_delta","index":{},"delta":{{"type":"{kind}","{field}":"#,
                self.block
            ),
        );
        quote(&mut self.data, piece);
        self.data.push('}');
        self.data.push_str(&PADDING[..padding]);
        self.data.push('}');
        self.send(Part::Content, "content_block_delta", None);
    }

    fn stop(&mut self) {
        self.data.clear();
        put(
            &mut self.data,
            format_args!(r#"{{"type":"content_block_stop","index":{}}}"#, self.block),
        );
        self.block += 1;
        self.send(Part::Close, "content_block_stop", None);
    }

    fn send(&mut self, part: Part, name: &str, usage: Option<Usage>) {
        let output = self.meter.so_far();
        self.frames
            .event(part, Some(name), &self.data, usage, output);
    }
}

/// The error object as an event of the stream.
pub(super) fn error(frames: &mut Frames, body: &Value) {
    let output = frames.marks.last().map_or(0, |mark| mark.output);
    frames.event(Part::Close, Some("error"), &body.to_string(), None, output);
}

/// Appends the members of a usage object that speak of the prompt. The three counts exclude each other.
pub(super) fn push_input(out: &mut String, usage: Usage) {
    let Usage {
        cached,
        cache_write,
        ..
    } = usage;
    put(
        out,
        format_args!(
            r#""input_tokens":{},"cache_creation_input_tokens":{cache_write},"cache_read_input_tokens":{cached},"cache_creation":{{"ephemeral_5m_input_tokens":{cache_write},"ephemeral_1h_input_tokens":0}}"#,
            usage.uncached()
        ),
    );
}

/// Appends those that speak of the answer, with a leading comma.
pub(super) fn push_output(out: &mut String, usage: Usage) {
    put(out, format_args!(r#","output_tokens":{}"#, usage.output));
    if usage.reasoning > 0 {
        put(
            out,
            format_args!(
                r#","output_tokens_details":{{"thinking_tokens":{}}}"#,
                usage.reasoning
            ),
        );
    }
}
