//! Gemini responses: one for a whole answer, many small ones for a stream.

use serde_json::Value;

use crate::{
    Script, Usage, UsagePlace,
    answer::{Answer, Meter, Stop},
    frames::{Frames, Part},
    json::{put, quote},
};

use super::errors::{Shape, pretty};

const THOUGHT_SIGNATURE: &str = "RmFrZSB0aG91Z2h0";

pub(super) struct Writer<'a> {
    model: &'a str,
    script: &'a Script,
    answer: &'a Answer,
    frames: Frames,
    meter: Meter,
    shape: Shape,
    data: String,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        model: &'a str,
        script: &'a Script,
        answer: &'a Answer,
        shape: Shape,
    ) -> Self {
        Self {
            model,
            script,
            answer,
            frames: Frames::stream("\r\n", script),
            meter: answer.meter(),
            shape,
            data: String::with_capacity(512),
        }
    }

    pub(super) fn write(mut self) -> Frames {
        let answer = self.answer;
        if let Some(reason) = &self.script.prompt_block {
            self.data.clear();
            push_block(&mut self.data, reason);
            let usage = answer.usage.at(0);
            self.end_response(Part::Close, Some(usage), 0);
            self.end_array();
            return self.frames;
        }
        let mut part = String::new();
        for piece in answer.reasoning.iter() {
            part.clear();
            push_thought(&mut part, piece);
            self.meter.advance(piece);
            self.chunk(Part::Content, Some(&part), None);
        }
        self.meter.pause();
        for piece in answer.text.iter() {
            part.clear();
            push_text(&mut part, piece);
            self.meter.advance(piece);
            self.chunk(Part::Content, Some(&part), None);
        }
        self.meter.pause();
        if !answer.tool_calls.is_empty() {
            // Calls arrive whole and all at once.
            part.clear();
            push_calls(&mut part, answer);
            for tool in &answer.tool_calls {
                self.meter.advance(&tool.arguments);
                self.meter.pause();
            }
            self.chunk(Part::Content, Some(&part), None);
        }
        part.clear();
        part.push_str(r#"{"text":"""#);
        if !answer.reasoning.text().is_empty() {
            put(
                &mut part,
                format_args!(r#","thoughtSignature":"{THOUGHT_SIGNATURE}""#),
            );
        }
        part.push('}');
        let content = (!self.script.no_content).then_some(part.as_str());
        self.chunk(
            Part::Close,
            content,
            Some(finish_reason(self.script, answer)),
        );
        self.end_array();
        self.frames
    }

    fn chunk(&mut self, part: Part, parts: Option<&str>, finish: Option<&str>) {
        self.data.clear();
        push_candidate(&mut self.data, parts, finish);
        let output = match part {
            Part::Close => self.answer.usage.output,
            _ => self.meter.so_far(),
        };
        let told = match self.script.usage_place {
            UsagePlace::Nowhere => false,
            UsagePlace::Natural | UsagePlace::EveryChunk => true,
            _ => part == Part::Close,
        };
        let usage = told.then(|| self.answer.usage.at(output));
        self.end_response(part, usage, output);
    }

    /// Completes the response in `data` and sends it.
    fn end_response(&mut self, part: Part, usage: Option<Usage>, output: u64) {
        push_tail(&mut self.data, self.model, usage);
        match self.shape {
            Shape::Object => self.frames.event(part, None, &self.data, usage, output),
            Shape::Array => {
                let before = if self.frames.marks.is_empty() {
                    "["
                } else {
                    ",\r\n"
                };
                let data = format!("{before}{}", self.data);
                self.frames.raw(part, data.as_bytes(), usage, output);
            }
        }
    }

    fn end_array(&mut self) {
        if self.shape == Shape::Array {
            let output = self.frames.marks.last().map_or(0, |mark| mark.output);
            self.frames.raw(Part::Close, b"]", None, output);
        }
    }
}

/// A failure in the middle: bare JSON on several lines, no `data:`, as recorded.
pub(super) fn error(frames: &mut Frames, body: &Value, shape: Shape) {
    let output = frames.marks.last().map_or(0, |mark| mark.output);
    let text = match shape {
        Shape::Object => pretty(body),
        Shape::Array if frames.marks.is_empty() => format!("[{}]", pretty(body).trim_end()),
        Shape::Array => format!(",\r\n{}]", pretty(body).trim_end()),
    };
    frames.raw(Part::Close, text.as_bytes(), None, output);
}

/// The body of `generateContent`, and the usage it tells.
pub(super) fn whole(model: &str, script: &Script, answer: &Answer) -> (String, Option<Usage>) {
    let mut out = String::with_capacity(1024);
    let told = script.usage_place != UsagePlace::Nowhere;
    if let Some(reason) = &script.prompt_block {
        push_block(&mut out, reason);
        let usage = told.then(|| answer.usage.at(0));
        push_tail(&mut out, model, usage);
        return (out, usage);
    }
    let mut parts = String::new();
    if !answer.reasoning.text().is_empty() {
        push_thought(&mut parts, answer.reasoning.text());
    }
    if !answer.text.text().is_empty() {
        separate(&mut parts);
        push_text(&mut parts, answer.text.text());
        if !answer.reasoning.text().is_empty() {
            parts.pop();
            put(
                &mut parts,
                format_args!(r#","thoughtSignature":"{THOUGHT_SIGNATURE}"}}"#),
            );
        }
    }
    if !answer.tool_calls.is_empty() {
        separate(&mut parts);
        push_calls(&mut parts, answer);
    }
    let content = (!script.no_content).then_some(parts.as_str());
    push_candidate(&mut out, content, Some(finish_reason(script, answer)));
    let usage = told.then_some(answer.usage);
    push_tail(&mut out, model, usage);
    (out, usage)
}

fn finish_reason<'a>(script: &'a Script, answer: &Answer) -> &'a str {
    script.finish.as_deref().unwrap_or(match answer.stop {
        _ if script.no_content => "SAFETY",
        Stop::Length => "MAX_TOKENS",
        // Tool calls are a normal stop here.
        Stop::Done | Stop::Tools => "STOP",
    })
}

fn push_candidate(out: &mut String, parts: Option<&str>, finish: Option<&str>) {
    out.push_str(r#"{"candidates":[{"#);
    if let Some(parts) = parts {
        put(
            out,
            format_args!(r#""content":{{"parts":[{parts}],"role":"model"}},"#),
        );
    }
    if let Some(finish) = finish {
        out.push_str(r#""finishReason":"#);
        quote(out, finish);
        out.push(',');
    }
    out.push_str(r#""index":0}],"#);
}

fn push_block(out: &mut String, reason: &str) {
    out.push_str(r#"{"promptFeedback":{"blockReason":"#);
    quote(out, reason);
    out.push_str(
        r#","safetyRatings":[{"category":"HARM_CATEGORY_DANGEROUS_CONTENT","probability":"HIGH","blocked":true}]},"#,
    );
}

fn push_tail(out: &mut String, model: &str, usage: Option<Usage>) {
    if let Some(usage) = usage {
        push_usage(out, usage);
    }
    out.push_str(r#""modelVersion":"#);
    quote(out, model);
    out.push_str(r#","responseId":"r-fake1"}"#);
}

/// Thoughts are not part of the candidates' count, and zero is left out.
fn push_usage(out: &mut String, usage: Usage) {
    let input = usage.input;
    put(
        out,
        format_args!(r#""usageMetadata":{{"promptTokenCount":{input}"#),
    );
    if usage.visible() > 0 {
        put(
            out,
            format_args!(r#","candidatesTokenCount":{}"#, usage.visible()),
        );
    }
    put(
        out,
        format_args!(
            r#","totalTokenCount":{},"promptTokensDetails":[{{"modality":"TEXT","tokenCount":{input}}}]"#,
            input + usage.output
        ),
    );
    if usage.cached > 0 {
        put(
            out,
            format_args!(r#","cachedContentTokenCount":{}"#, usage.cached),
        );
    }
    if usage.reasoning > 0 {
        put(
            out,
            format_args!(r#","thoughtsTokenCount":{}"#, usage.reasoning),
        );
    }
    out.push_str("},");
}

fn push_text(out: &mut String, text: &str) {
    out.push_str(r#"{"text":"#);
    quote(out, text);
    out.push('}');
}

fn push_thought(out: &mut String, text: &str) {
    out.push_str(r#"{"text":"#);
    quote(out, text);
    out.push_str(r#","thought":true}"#);
}

/// All calls of the answer; the first carries the signature to be sent back.
fn push_calls(out: &mut String, answer: &Answer) {
    for (index, tool) in answer.tool_calls.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(r#"{"functionCall":{"id":"#);
        quote(out, &tool.id);
        out.push_str(r#","name":"#);
        quote(out, &tool.name);
        put(out, format_args!(r#","args":{}}}"#, tool.arguments));
        if index == 0 {
            put(
                out,
                format_args!(r#","thoughtSignature":"{THOUGHT_SIGNATURE}""#),
            );
        }
        out.push('}');
    }
}

fn separate(out: &mut String) {
    if !out.is_empty() {
        out.push(',');
    }
}
