//! What the model says to one request, before a dialect puts it into its own shape.

use crate::{
    Script, Text, ToolCall, Usage,
    conversation::Ask,
    text::{self, Chunked, words},
};

pub(crate) struct Answer {
    pub(crate) text: Chunked,
    pub(crate) reasoning: Chunked,
    pub(crate) tool_calls: Vec<ToolCall>,
    pub(crate) usage: Usage,
    pub(crate) stop: Stop,
    /// Output words of one copy, the measure for how far a stream has come.
    counted: u64,
}

/// Why the model stopped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    Done,
    Length,
    Tools,
}

impl Answer {
    /// Answers `ask` as `script` orders, `copies` times (the `n` of the OpenAI dialect).
    pub(crate) fn compose(ask: &Ask, script: &Script, chunks: usize, copies: u64) -> Self {
        let reasoning = match &script.reasoning {
            Some(reasoning) => reasoning.clone(),
            None if ask.thinks => text::reasoning(ask),
            None => String::new(),
        };
        let mut text = match &script.text {
            Text::Derived if script.tool_calls.is_empty() => {
                Chunked::evenly(text::reply(ask), chunks)
            }
            Text::Derived => Chunked::default(),
            Text::Fixed(text) => Chunked::evenly(text.clone(), chunks),
            Text::Chunks(chunks) => Chunked::exactly(chunks),
        };
        let cut = ask.limit.is_some_and(|limit| text.limit(limit));
        let stop = match () {
            () if cut => Stop::Length,
            () if !script.tool_calls.is_empty() => Stop::Tools,
            () => Stop::Done,
        };
        let reasoning_words = words(&reasoning);
        let tool_words: u64 = script.tool_calls.iter().map(|c| words(&c.arguments)).sum();
        let counted = reasoning_words + words(text.text()) + tool_words;
        let usage = script.usage.unwrap_or(Usage {
            reasoning: reasoning_words * copies,
            ..Usage::new(ask.prompt_tokens.max(1), (counted * copies).max(1))
        });
        Self {
            reasoning: Chunked::evenly(reasoning, 3),
            text,
            tool_calls: script.tool_calls.clone(),
            usage,
            stop,
            counted,
        }
    }

    pub(crate) fn meter(&self) -> Meter {
        Meter {
            output: self.usage.output,
            counted: self.counted,
            seen: 0,
            inside_word: false,
        }
    }
}

/// Follows a stream and tells how many output tokens it has carried so far.
pub(crate) struct Meter {
    output: u64,
    counted: u64,
    seen: u64,
    inside_word: bool,
}

impl Meter {
    /// Tokens after `piece`; a word split over two pieces counts once.
    pub(crate) fn advance(&mut self, piece: &str) -> u64 {
        for character in piece.chars() {
            let space = character.is_whitespace();
            self.seen += u64::from(!space && !self.inside_word);
            self.inside_word = !space;
        }
        self.so_far()
    }

    /// The next piece starts a new word in any case.
    pub(crate) fn pause(&mut self) {
        self.inside_word = false;
    }

    pub(crate) fn so_far(&self) -> u64 {
        if self.counted == 0 {
            return 0;
        }
        // A script may report other numbers than were counted; the share stays right.
        self.output * self.seen.min(self.counted) / self.counted
    }
}
