//! What a colour says.

/// Meaning of a coloured thing; the words beside it always say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to notice.
    #[default]
    Neutral,
    /// The house accent: chosen, new, in progress.
    Brass,
    /// As it should be.
    Good,
    /// Soon a problem.
    Warn,
    /// A problem.
    Bad,
}

impl Tone {
    /// Class of the stylesheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Brass => "tone-brass",
            Self::Good => "tone-good",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
        }
    }
}
