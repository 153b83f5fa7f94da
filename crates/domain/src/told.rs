//! Readers of what tells its kind among its fields, as in `{"notice": "output_lowered", "tokens": 9}`.
//!
//! serde's own readers of such enums keep everything aside until the kind is known and read it a second
//! time from there, so that every type below them is read by two programs: 12 KB of what the chat loads
//! first. These read whatever any kind has, and pick.

use serde::Deserialize;
use thiserror::Error;

use crate::Timestamp;
use crate::calls::{ProviderFailure, Refusal};
use crate::error::{AppError, Conflict};
use crate::limits::{ScopeKind, Unit};
use crate::notice::Notice;
use crate::people::Fault;

/// A kind came without something that belongs to it.
#[derive(Debug, Error)]
#[error("missing field `{0}`")]
pub struct Missing(&'static str);

fn needed<T>(name: &'static str, value: Option<T>) -> Result<T, Missing> {
    value.ok_or(Missing(name))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RefusalKind {
    LimitReached,
    RateLimited,
    ModelUnknown,
    ModelNotAllowed,
    ModelUnpriced,
    FeatureUnpriced,
    QueueFull,
}

/// Whatever a [`Refusal`] may have.
#[derive(Deserialize)]
pub(crate) struct RefusalTold {
    refusal: RefusalKind,
    scope: Option<ScopeKind>,
    unit: Option<Unit>,
    ceiling: Option<i64>,
    left: Option<i64>,
    needed: Option<i64>,
    returns_at: Option<Timestamp>,
    largest_output: Option<i64>,
    retry_after_ms: Option<i64>,
    model: Option<String>,
    feature: Option<String>,
}

impl TryFrom<RefusalTold> for Refusal {
    type Error = Missing;

    fn try_from(told: RefusalTold) -> Result<Self, Missing> {
        let scope = needed("scope", told.scope);
        let unit = needed("unit", told.unit);
        let retry_after_ms = needed("retry_after_ms", told.retry_after_ms);
        let model = needed("model", told.model);
        Ok(match told.refusal {
            RefusalKind::LimitReached => Self::LimitReached {
                scope: scope?,
                unit: unit?,
                ceiling: needed("ceiling", told.ceiling)?,
                left: needed("left", told.left)?,
                needed: needed("needed", told.needed)?,
                returns_at: told.returns_at,
                largest_output: told.largest_output,
            },
            RefusalKind::RateLimited => Self::RateLimited {
                scope: scope?,
                unit: unit?,
                retry_after_ms: retry_after_ms?,
            },
            RefusalKind::ModelUnknown => Self::ModelUnknown { model: model? },
            RefusalKind::ModelNotAllowed => Self::ModelNotAllowed { model: model? },
            RefusalKind::ModelUnpriced => Self::ModelUnpriced { model: model? },
            RefusalKind::FeatureUnpriced => Self::FeatureUnpriced {
                feature: needed("feature", told.feature)?,
            },
            RefusalKind::QueueFull => Self::QueueFull {
                retry_after_ms: retry_after_ms?,
            },
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum NoticeKind {
    Refused,
    ProviderFailed,
    OutputLowered,
    SettlementPending,
    ReplyTooLong,
    Interrupted,
}

/// Whatever a [`Notice`] may have.
#[derive(Deserialize)]
pub(crate) struct NoticeTold {
    notice: NoticeKind,
    refusal: Option<Refusal>,
    failure: Option<ProviderFailure>,
    tokens: Option<i64>,
}

impl TryFrom<NoticeTold> for Notice {
    type Error = Missing;

    fn try_from(told: NoticeTold) -> Result<Self, Missing> {
        Ok(match told.notice {
            NoticeKind::Refused => Self::Refused {
                refusal: needed("refusal", told.refusal)?,
            },
            NoticeKind::ProviderFailed => Self::ProviderFailed {
                failure: needed("failure", told.failure)?,
            },
            NoticeKind::OutputLowered => Self::OutputLowered {
                tokens: needed("tokens", told.tokens)?,
            },
            NoticeKind::SettlementPending => Self::SettlementPending,
            NoticeKind::ReplyTooLong => Self::ReplyTooLong,
            NoticeKind::Interrupted => Self::Interrupted,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ErrorCode {
    NotFound,
    Forbidden,
    SignedOut,
    WrongCredentials,
    StepUp,
    Invalid,
    Conflict,
    Throttled,
    Refused,
    Provider,
    Unavailable,
    Transport,
    Internal,
}

/// Whatever an [`AppError`] may have.
#[derive(Deserialize)]
pub(crate) struct ErrorTold {
    code: ErrorCode,
    field: Option<String>,
    fault: Option<Fault>,
    what: Option<Conflict>,
    retry_after_ms: Option<i64>,
    refusal: Option<Refusal>,
    failure: Option<ProviderFailure>,
}

impl TryFrom<ErrorTold> for AppError {
    type Error = Missing;

    fn try_from(told: ErrorTold) -> Result<Self, Missing> {
        Ok(match told.code {
            ErrorCode::NotFound => Self::NotFound,
            ErrorCode::Forbidden => Self::Forbidden,
            ErrorCode::SignedOut => Self::SignedOut,
            ErrorCode::WrongCredentials => Self::WrongCredentials,
            ErrorCode::StepUp => Self::StepUp,
            ErrorCode::Invalid => Self::Invalid {
                field: needed("field", told.field)?,
                fault: needed("fault", told.fault)?,
            },
            ErrorCode::Conflict => Self::Conflict {
                what: needed("what", told.what)?,
            },
            ErrorCode::Throttled => Self::Throttled {
                retry_after_ms: needed("retry_after_ms", told.retry_after_ms)?,
            },
            ErrorCode::Refused => Self::Refused {
                refusal: needed("refusal", told.refusal)?,
            },
            ErrorCode::Provider => Self::Provider {
                failure: needed("failure", told.failure)?,
            },
            ErrorCode::Unavailable => Self::Unavailable,
            ErrorCode::Transport => Self::Transport,
            ErrorCode::Internal => Self::Internal,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::calls::Outcome;

    fn comes_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(all: &[T]) {
        for one in all {
            let told = serde_json::to_string(one).unwrap();
            assert_eq!(&serde_json::from_str::<T>(&told).unwrap(), one, "{told}");
        }
    }

    fn refusals() -> Vec<Refusal> {
        let limit = |returns_at, largest_output| Refusal::LimitReached {
            scope: ScopeKind::Member,
            unit: Unit::Money,
            ceiling: 5,
            left: 1,
            needed: 2,
            returns_at,
            largest_output,
        };
        let model = || "a".to_owned();
        vec![
            limit(None, None),
            limit(Some(Timestamp(7)), Some(8)),
            Refusal::RateLimited {
                scope: ScopeKind::Key,
                unit: Unit::Requests,
                retry_after_ms: 3,
            },
            Refusal::ModelUnknown { model: model() },
            Refusal::ModelNotAllowed { model: model() },
            Refusal::ModelUnpriced { model: model() },
            Refusal::FeatureUnpriced { feature: model() },
            Refusal::QueueFull { retry_after_ms: 4 },
        ]
    }

    fn failure() -> ProviderFailure {
        serde_json::from_value(serde_json::json!({
            "outcome": Outcome::Server,
            "status": 503,
            "message": "busy",
            "retry_after_ms": 1,
        }))
        .unwrap()
    }

    #[test]
    fn every_kind_comes_back_as_it_was_told() {
        comes_back(&refusals());
        let refusal = refusals().remove(0);
        comes_back(&[
            Notice::Refused {
                refusal: refusal.clone(),
            },
            Notice::ProviderFailed { failure: failure() },
            Notice::OutputLowered { tokens: 9 },
            Notice::SettlementPending,
            Notice::ReplyTooLong,
            Notice::Interrupted,
        ]);
        comes_back(&[
            AppError::NotFound,
            AppError::Forbidden,
            AppError::SignedOut,
            AppError::WrongCredentials,
            AppError::StepUp,
            AppError::invalid("name", Fault::Empty),
            AppError::Conflict {
                what: Conflict::NameTaken,
            },
            AppError::Throttled { retry_after_ms: 6 },
            AppError::Refused { refusal },
            AppError::Provider { failure: failure() },
            AppError::Unavailable,
            AppError::Transport,
            AppError::Internal,
        ]);
    }

    #[test]
    fn what_lacks_a_field_or_is_of_no_kind_is_not_read() {
        let read = |told: &str| serde_json::from_str::<Notice>(told);
        let lacking = read(r#"{"notice":"output_lowered"}"#).unwrap_err();
        assert!(lacking.to_string().contains("tokens"), "{lacking}");
        assert!(read(r#"{"notice":"sung"}"#).is_err());
        // A newer house may say more.
        assert_eq!(
            read(r#"{"notice":"interrupted","at":1}"#).unwrap(),
            Notice::Interrupted
        );
    }
}
