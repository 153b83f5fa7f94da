//! What a call cost in tokens, and where in the answer the provider says so.

/// Token counts as inclusive totals: `cached` and `cache_write` are parts of `input`, `reasoning` is part of `output`.
///
/// Each dialect converts them into its own fields, some of which exclude each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub input: u64,
    pub cached: u64,
    pub cache_write: u64,
    pub output: u64,
    pub reasoning: u64,
}

impl Usage {
    pub const fn new(input: u64, output: u64) -> Self {
        Self {
            input,
            cached: 0,
            cache_write: 0,
            output,
            reasoning: 0,
        }
    }

    /// Input that was neither read from nor written to the cache.
    pub(crate) const fn uncached(self) -> u64 {
        self.input
            .saturating_sub(self.cached)
            .saturating_sub(self.cache_write)
    }

    /// Output without the reasoning.
    pub(crate) const fn visible(self) -> u64 {
        self.output.saturating_sub(self.reasoning)
    }

    /// The same call while only `output` tokens have been produced.
    pub(crate) fn at(self, output: u64) -> Self {
        Self {
            output,
            reasoning: self.reasoning.min(output),
            ..self
        }
    }
}

/// Where a stream carries its usage. Not every dialect knows every place; each falls back to its nearest one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UsagePlace {
    /// As the dialect does by itself; the OpenAI ones then honour `stream_options.include_usage`.
    #[default]
    Natural,
    /// Nowhere, and not in a whole answer either.
    Nowhere,
    /// On the chunk with the finish reason, asked for or not (`DeepSeek`, Mistral).
    FinishChunk,
    /// On every chunk, growing (Gemini, Perplexity).
    EveryChunk,
    /// On the finish chunk at the top and inside `x_groq`, then again on a chunk without choices (Groq).
    Twice,
    /// On an extra last chunk with `choices: []`, asked for or not.
    SeparateChunk,
}

/// How complete a usage object of the OpenAI family is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UsageDetails {
    #[default]
    Full,
    /// Without the two `*_details` objects.
    Missing,
    /// With `*_details: null`.
    Null,
}
