//! The words of a call: the one paid use of a model, whatever door it came through.

use serde::{Deserialize, Serialize};

use crate::chats::Provenance;
use crate::limits::{ScopeKind, Unit};
use crate::models::check_model_id;
use crate::people::Fault;
use crate::prices::PriceState;
use crate::time::{Days, Timestamp};
use crate::{AppError, CallId, NanoUsd, Usage};

/// An enum of plain words with one spelling each.
pub trait Word: Copy + Sized + 'static {
    /// The spelling.
    fn spelling(self) -> &'static str;
    /// Reads the spelling back.
    fn read(word: &str) -> Option<Self>;
}

/// Writes an enum of plain words with its one spelling for databases, URLs and JSON.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every variant, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The one spelling used in databases, URLs and JSON.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads the spelling back.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl $crate::calls::Word for $name {
            fn spelling(self) -> &'static str {
                self.word()
            }
            fn read(word: &str) -> Option<Self> {
                Self::from_word(word)
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Where a call enters the house.
    Door {
        /// The chat in the browser.
        Web = "web",
        /// An OpenAI-compatible client.
        Gateway = "gateway",
        /// The REST interface.
        Api = "api",
        /// A text message.
        Sms = "sms",
        /// The Telegram bot.
        Telegram = "telegram",
        /// A project's workspace.
        Workspace = "workspace",
        /// The house itself.
        System = "system",
    }
}

words! {
    /// What a call is for.
    Purpose {
        /// An answer to a person or program.
        Reply = "reply",
        /// The title of a chat.
        Title = "title",
        /// A summary of older messages.
        Summary = "summary",
        /// Vectors for a search.
        Embedding = "embedding",
    }
}

words! {
    /// Where a call stands.
    CallState {
        /// Admitted; its hold is live.
        Open = "open",
        /// Ended with an answer, whole or cut short by the reader.
        Settled = "settled",
        /// Ended by a failure of every provider tried, or in the middle of an answer.
        Failed = "failed",
        /// Known never to have reached a provider.
        Void = "void",
    }
}

words! {
    /// Who counted the usage.
    UsageSource {
        /// The provider.
        Reported = "reported",
        /// We did, because the provider did not.
        Estimated = "estimated",
    }
}

words! {
    /// How one attempt at a provider, or a whole call, ended.
    Outcome {
        /// With an answer.
        Answered = "answered",
        /// The reader left or pressed stop.
        Stopped = "stopped",
        /// The provider refused the credential.
        Auth = "auth",
        /// The provider is rate limiting.
        RateLimited = "rate_limited",
        /// No money or quota left at the provider.
        Quota = "quota",
        /// The provider rejected the request.
        InvalidRequest = "invalid_request",
        /// The input is longer than the model takes.
        ContextLength = "context_length",
        /// The provider is overloaded.
        Overloaded = "overloaded",
        /// The provider failed.
        Server = "server",
        /// The provider could not be reached, or broke off.
        Network = "network",
        /// The server that ran the call died.
        Interrupted = "interrupted",
    }
}

impl Outcome {
    /// True where another connection may still answer: the request itself was not at fault.
    pub fn worth_another_try(self) -> bool {
        match self {
            Self::Auth
            | Self::RateLimited
            | Self::Quota
            | Self::Overloaded
            | Self::Server
            | Self::Network => true,
            Self::Answered
            | Self::Stopped
            | Self::InvalidRequest
            | Self::ContextLength
            | Self::Interrupted => false,
        }
    }
}

/// Why a call was not admitted. Nothing left the house and nothing was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "refusal",
    rename_all = "snake_case",
    try_from = "crate::told::RefusalTold"
)]
pub enum Refusal {
    /// A hard ceiling has no room for the worst case.
    LimitReached {
        /// Whose ceiling it is.
        scope: ScopeKind,
        /// What it counts.
        unit: Unit,
        /// The ceiling, in the unit (nano-USD for money).
        ceiling: i64,
        /// What is left of it.
        left: i64,
        /// What the worst case needs.
        needed: i64,
        /// When room returns; `None` when it does not by itself.
        returns_at: Option<Timestamp>,
        /// The largest output maximum that would still fit, if one does.
        largest_output: Option<i64>,
    },
    /// Too many requests or tokens a minute.
    RateLimited {
        /// Whose rate it is.
        scope: ScopeKind,
        /// Requests or tokens.
        unit: Unit,
        /// Milliseconds until the same request fits.
        retry_after_ms: i64,
    },
    /// Nobody serves a model of this name.
    ModelUnknown {
        /// The name as asked for.
        model: String,
    },
    /// The model exists, but not for this key or member.
    ModelNotAllowed {
        /// The name as asked for.
        model: String,
    },
    /// The model has no price, and a hard money limit applies.
    ModelUnpriced {
        /// The name as asked for.
        model: String,
    },
    /// A feature of the request has no price, and a hard money limit applies.
    FeatureUnpriced {
        /// The feature, as the request spells it.
        feature: String,
    },
    /// More calls are waiting than the house admits.
    QueueFull {
        /// Milliseconds until a retry is sensible.
        retry_after_ms: i64,
    },
}

/// What a provider did wrong, in the terms of the fact sheet's categories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderFailure {
    /// The category.
    pub outcome: Outcome,
    /// HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// The provider's own words, cut to a sane length and free of our secrets.
    pub message: String,
    /// Milliseconds the provider asked to wait.
    pub retry_after_ms: Option<i64>,
}

/// Calls that can be read by their ids at once.
pub const READ_MOST: usize = 100;

/// Which calls are listed: those that fit all of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CallsWanted {
    /// Only the reader's own, also for who runs the house. Members never see others.
    pub only_mine: bool,
    /// Only those of a model, by the house's id, spelled as it is recorded.
    pub model: Option<String>,
    /// Only those of some days of the reader's calendar.
    pub days: Days,
}

impl CallsWanted {
    /// Whether it leaves anything out.
    pub fn filters(&self) -> bool {
        *self != Self::default()
    }

    /// Refuses what cannot be meant.
    ///
    /// # Errors
    /// `Invalid` for `model` or `to`.
    pub fn check(&self) -> Result<(), AppError> {
        if let Some(model) = &self.model {
            check_model_id(model).map_err(|fault| AppError::invalid("model", fault))?;
        }
        if self.days.is_backwards() {
            return Err(AppError::invalid("to", Fault::OutOfRange));
        }
        Ok(())
    }
}

/// A call in the list of calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRow {
    /// Id, also the cursor.
    pub id: CallId,
    /// When it was admitted.
    pub at: Timestamp,
    /// Who caused it; told to admins only.
    pub member: Option<String>,
    /// Name of the key it came with.
    pub key: Option<String>,
    /// Where it entered.
    pub door: Door,
    /// What for.
    pub purpose: Purpose,
    /// The model, by the house's id.
    pub model: String,
    /// Name of the connection that answered or was tried last; `None` before any, and once it is removed.
    pub connection: Option<String>,
    /// Where it stands.
    pub state: CallState,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Units.
    pub usage: Usage,
    /// Who counted them.
    pub usage_source: Option<UsageSource>,
    /// Whether a price was known.
    pub price_state: PriceState,
    /// What the member is charged; `None` while it runs and when unpriced.
    pub charge: Option<NanoUsd>,
    /// Whether the cost exceeded what was held for it.
    pub overrun: bool,
    /// Milliseconds to the first token.
    pub first_token_ms: Option<i64>,
    /// Milliseconds to the end.
    pub duration_ms: Option<i64>,
}

impl CallRow {
    /// Where the charge comes from; `None` where nothing was counted.
    pub fn provenance(&self) -> Option<Provenance> {
        self.usage_source.map(|source| match source {
            UsageSource::Reported => Provenance::Metered,
            UsageSource::Estimated => Provenance::Estimated,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for door in Door::ALL {
            assert_eq!(Door::from_word(door.word()), Some(*door));
        }
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_word(outcome.word()), Some(*outcome));
        }
    }
}
