//! The outside services that can be spoken for.

use crate::{anthropic, call::Call, gemini, openai, reply::Reply};

/// One provider's language. Adding one is a variant here and a module with an `answer` function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    OpenAi,
    /// A server that copies OpenAI's chat completions, with the liberties such servers take.
    Compatible,
    Anthropic,
    Gemini,
}

impl Dialect {
    pub const ALL: [Self; 4] = [
        Self::OpenAi,
        Self::Compatible,
        Self::Anthropic,
        Self::Gemini,
    ];

    /// First segment of the path.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Compatible => "compatible",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
        }
    }

    /// Path of the base URL as the provider's own clients take it.
    pub const fn base_path(self) -> &'static str {
        match self {
            Self::OpenAi => "/openai/v1",
            Self::Compatible => "/compatible/v1",
            Self::Anthropic => "/anthropic",
            Self::Gemini => "/gemini/v1beta",
        }
    }

    /// The dialect of a path, and the path behind its prefix.
    pub(crate) fn of(path: &str) -> Option<(Self, &str)> {
        let path = path.strip_prefix('/')?;
        let (name, _) = path.split_once('/')?;
        let dialect = Self::ALL
            .into_iter()
            .find(|dialect| dialect.name() == name)?;
        Some((dialect, &path[name.len()..]))
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    pub(crate) fn answer(self, call: &Call<'_>) -> Reply {
        match self {
            Self::OpenAi => openai::answer(call, &openai::OPENAI),
            Self::Compatible => openai::answer(call, &openai::COMPATIBLE),
            Self::Anthropic => anthropic::answer(call),
            Self::Gemini => gemini::answer(call),
        }
    }
}
