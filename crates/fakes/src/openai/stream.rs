//! The chunks of a streamed chat completion.

use crate::{
    Script, Usage, UsagePlace,
    answer::{Answer, Meter},
    frames::{Frames, Part},
    json::{put, quote},
    text::fragments,
};

use super::{
    COMPLETION_ID, CREATED, Flavour,
    chat::{StreamOptions, finish_reason},
    push_usage,
};

/// Material of the `obfuscation` member, which hides the length of each chunk.
const PADDING: &str = "x9QbT2kLmZ0aVwR7";

pub(super) struct Writer<'a> {
    flavour: &'a Flavour,
    script: &'a Script,
    answer: &'a Answer,
    frames: Frames,
    meter: Meter,
    /// What every chunk begins with.
    head: String,
    data: String,
    place: UsagePlace,
    /// Chunks without usage say `"usage":null`.
    null_usage: bool,
    obfuscate: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        flavour: &'a Flavour,
        model: &str,
        script: &'a Script,
        answer: &'a Answer,
        options: &StreamOptions,
    ) -> Self {
        let place = match script.usage_place {
            UsagePlace::Natural if options.include_usage == Some(true) => UsagePlace::SeparateChunk,
            UsagePlace::Natural => UsagePlace::Nowhere,
            place => place,
        };
        let mut head = String::with_capacity(160);
        put(
            &mut head,
            format_args!(
                r#"{{"id":"{COMPLETION_ID}","object":"chat.completion.chunk","created":{CREATED},"model":"#
            ),
        );
        quote(&mut head, model);
        if flavour.official {
            head.push_str(r#","service_tier":"default""#);
        }
        head.push_str(r#","system_fingerprint":"fp_fake1""#);
        Self {
            flavour,
            script,
            answer,
            frames: Frames::stream("\n", script),
            meter: answer.meter(),
            head,
            data: String::with_capacity(512),
            place,
            null_usage: matches!(place, UsagePlace::SeparateChunk | UsagePlace::FinishChunk),
            obfuscate: flavour.official && options.include_obfuscation != Some(false),
        }
    }

    /// Writes the whole stream with `copies` choices, interleaved.
    pub(super) fn write(mut self, copies: u64) -> Frames {
        let answer = self.answer;
        for choice in 0..copies {
            let content = if answer.tool_calls.is_empty() {
                r#""""#
            } else {
                "null"
            };
            let refusal = if self.flavour.official {
                r#","refusal":null"#
            } else {
                ""
            };
            let delta = format!(r#"{{"role":"assistant","content":{content}{refusal}}}"#);
            self.delta(Part::Open, choice, &delta);
        }
        if self.flavour.shows_reasoning {
            self.reasoning(copies);
        } else {
            self.meter.advance(answer.reasoning.text());
            self.meter.pause();
        }
        let mut delta = String::new();
        for piece in answer.text.iter() {
            for choice in 0..copies {
                delta.clear();
                delta.push_str(r#"{"content":"#);
                quote(&mut delta, piece);
                delta.push('}');
                self.count(choice, piece);
                self.delta(Part::Content, choice, &delta);
            }
        }
        self.meter.pause();
        for choice in 0..copies {
            self.tools(choice);
        }
        self.finish(copies);
        self.frames.done();
        self.frames
    }

    fn reasoning(&mut self, copies: u64) {
        let field = self
            .script
            .reasoning_field
            .as_deref()
            .unwrap_or("reasoning_content");
        let mut delta = String::new();
        for piece in self.answer.reasoning.iter() {
            for choice in 0..copies {
                delta.clear();
                delta.push_str(r#"{"content":null,"#);
                quote(&mut delta, field);
                delta.push(':');
                quote(&mut delta, piece);
                delta.push('}');
                self.count(choice, piece);
                self.delta(Part::Content, choice, &delta);
            }
        }
        self.meter.pause();
    }

    /// All calls begin together, then their arguments arrive in turns.
    fn tools(&mut self, choice: u64) {
        let calls = &self.answer.tool_calls;
        for (index, tool) in calls.iter().enumerate() {
            let mut delta = format!(r#"{{"tool_calls":[{{"index":{index},"id":"#);
            quote(&mut delta, &tool.id);
            delta.push_str(r#","type":"function","function":{"name":"#);
            quote(&mut delta, &tool.name);
            delta.push_str(r#","arguments":""}}]}"#);
            self.delta(Part::Content, choice, &delta);
        }
        let mut fragments: Vec<_> = calls
            .iter()
            .map(|tool| fragments(&tool.arguments))
            .collect();
        loop {
            let mut wrote = false;
            for (index, fragments) in fragments.iter_mut().enumerate() {
                let Some(fragment) = fragments.next() else {
                    continue;
                };
                wrote = true;
                let mut delta =
                    format!(r#"{{"tool_calls":[{{"index":{index},"function":{{"arguments":"#);
                quote(&mut delta, fragment);
                delta.push_str("}}]}");
                self.count(choice, fragment);
                self.delta(Part::Content, choice, &delta);
            }
            if !wrote {
                break;
            }
        }
        self.meter.pause();
    }

    fn finish(&mut self, copies: u64) {
        let usage = self.answer.usage;
        let mut choices = String::new();
        for choice in 0..copies {
            choices.clear();
            put(
                &mut choices,
                format_args!(r#"{{"index":{choice},"delta":{{}},"logprobs":null,"finish_reason":"#),
            );
            quote(&mut choices, finish_reason(self.answer, self.script));
            choices.push('}');
            let tells = matches!(
                self.place,
                UsagePlace::FinishChunk | UsagePlace::Twice | UsagePlace::EveryChunk
            );
            let last = choice + 1 == copies;
            self.chunk(
                Part::Close,
                &choices,
                (tells && last).then_some(usage),
                usage.output,
            );
        }
        if matches!(self.place, UsagePlace::SeparateChunk | UsagePlace::Twice) {
            self.chunk(Part::Close, "", Some(usage), usage.output);
        }
    }

    /// Only the first choice counts, since the meter measures one copy and the others run beside it.
    fn count(&mut self, choice: u64, piece: &str) {
        if choice == 0 {
            self.meter.advance(piece);
        }
    }

    fn delta(&mut self, part: Part, choice: u64, delta: &str) {
        let mut choices = String::with_capacity(delta.len() + 64);
        put(
            &mut choices,
            format_args!(
                r#"{{"index":{choice},"delta":{delta},"logprobs":null,"finish_reason":null}}"#
            ),
        );
        let so_far = self.meter.so_far();
        let usage = (self.place == UsagePlace::EveryChunk).then(|| self.answer.usage.at(so_far));
        self.chunk(part, &choices, usage, so_far);
    }

    fn chunk(&mut self, part: Part, choices: &str, usage: Option<Usage>, output: u64) {
        let data = &mut self.data;
        data.clear();
        data.push_str(&self.head);
        data.push_str(r#","choices":["#);
        data.push_str(choices);
        data.push(']');
        if let Some(usage) = usage {
            if self.place == UsagePlace::Twice && !choices.is_empty() {
                data.push_str(r#","x_groq":{"id":"req_fake1","usage":"#);
                push_usage(data, usage, self.script);
                data.push('}');
            }
            data.push_str(r#","usage":"#);
            push_usage(data, usage, self.script);
        } else if self.null_usage {
            data.push_str(r#","usage":null"#);
        }
        if self.obfuscate {
            let length = 1 + self.frames.marks.len() * 5 % PADDING.len();
            put(
                data,
                format_args!(r#","obfuscation":"{}""#, &PADDING[..length]),
            );
        }
        data.push('}');
        self.frames.event(part, None, data, usage, output);
    }
}

/// The error object as an event of the stream.
pub(super) fn error(frames: &mut Frames, body: &serde_json::Value) {
    let output = frames.marks.last().map_or(0, |mark| mark.output);
    frames.event(Part::Close, None, &body.to_string(), None, output);
}
