//! Errors in the shape that OpenAI clients understand.

use domain::AppError;
use domain::calls::{Outcome, ProviderFailure, Refusal};
use domain::limits::Unit;
use domain::time::{DAY_MS, SECOND_MS};
use serde_json::{Value, json};

use crate::calls::Settled;

/// A refusal or failure, as an HTTP status and the OpenAI error object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayError {
    /// HTTP status.
    pub status: u16,
    /// `error.type`.
    pub kind: &'static str,
    /// `error.code`.
    pub code: &'static str,
    /// `error.message`: for a developer, in English.
    pub message: String,
    /// `error.param`.
    pub param: Option<String>,
    /// For `Retry-After`.
    pub retry_after_ms: Option<i64>,
    /// For `x-should-retry`, which the SDKs obey.
    pub should_retry: Option<bool>,
}

const INVALID: &str = "invalid_request_error";

impl GatewayError {
    fn new(
        status: u16,
        kind: &'static str,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            kind,
            code,
            message: message.into(),
            param: None,
            retry_after_ms: None,
            should_retry: None,
        }
    }

    /// A body that cannot be understood.
    pub fn bad_request(message: impl Into<String>, param: Option<&str>) -> Self {
        let error = Self::new(400, INVALID, "invalid_request", message);
        Self {
            param: param.map(str::to_owned),
            ..error
        }
    }

    /// No key, or one that is not good.
    pub fn bad_key() -> Self {
        Self::new(
            401,
            INVALID,
            "invalid_api_key",
            "Incorrect API key provided. Make one on the Keys page of this Purser.",
        )
    }

    /// Several different keys in one request.
    pub fn conflicting_keys() -> Self {
        Self::new(
            400,
            INVALID,
            "conflicting_api_keys",
            "The request carries more than one API key.",
        )
    }

    /// No such route.
    pub fn unknown_route(method: &str, path: &str) -> Self {
        Self::new(
            404,
            INVALID,
            "unknown_url",
            format!("Invalid URL ({method} {path})"),
        )
    }

    /// The route knows other methods.
    pub fn wrong_method(method: &str, path: &str) -> Self {
        Self::new(
            405,
            INVALID,
            "method_not_allowed",
            format!("Not allowed to {method} on {path}"),
        )
    }

    /// No such model.
    pub fn unknown_model(model: &str) -> Self {
        let message =
            format!("The model `{model}` does not exist or you do not have access to it.");
        let error = Self::new(404, INVALID, "model_not_found", message);
        Self {
            param: Some("model".to_owned()),
            ..error
        }
    }

    /// A body larger than the door.
    pub fn too_large() -> Self {
        Self::new(
            413,
            INVALID,
            "request_too_large",
            "The request body is too large.",
        )
    }

    /// Too many bodies are on their way at once.
    pub fn too_busy() -> Self {
        let error = Self::new(
            503,
            "service_unavailable_error",
            "uploads_full",
            "Too many large requests are arriving at once. Try again shortly.",
        );
        Self {
            retry_after_ms: Some(1_000),
            ..error
        }
    }

    /// The answer is there, but its settlement could not be written: it must not be seen, and a
    /// retry would be paid twice.
    pub fn unsettled() -> Self {
        let error = Self::new(
            503,
            "server_error",
            "settlement_pending",
            "The call ran, but it could not be recorded. It is resolved by itself; do not retry it blindly.",
        );
        Self {
            should_retry: Some(false),
            ..error
        }
    }

    /// Why a settled call is no answer; `None` when it is one.
    pub fn of(settled: &Settled) -> Option<Self> {
        if settled.revoked {
            return Some(Self::bad_key());
        }
        if let Some(failure) = &settled.failure {
            return Some(Self::provider(failure));
        }
        (settled.outcome == Outcome::Interrupted).then(|| {
            Self::new(
                503,
                "service_unavailable_error",
                "server_stopping",
                "The server was stopped before the answer was whole. What was delivered is charged.",
            )
        })
    }

    /// A provider's failure, in words that tell whose fault it is.
    pub fn provider(failure: &ProviderFailure) -> Self {
        let said = &failure.message;
        let error = match failure.outcome {
            Outcome::InvalidRequest => Self::new(400, INVALID, "invalid_request", said.clone()),
            Outcome::ContextLength => {
                Self::new(400, INVALID, "context_length_exceeded", said.clone())
            }
            Outcome::RateLimited => Self::new(
                429,
                "rate_limit_error",
                "provider_rate_limited",
                format!("The provider is rate limiting this house: {said}"),
            ),
            Outcome::Overloaded => Self::new(
                503,
                "service_unavailable_error",
                "provider_overloaded",
                format!("The provider is overloaded: {said}"),
            ),
            Outcome::Auth => Self::new(
                502,
                "server_error",
                "provider_refused_key",
                "The provider refused this house's key; an admin must renew the connection.",
            ),
            Outcome::Quota => Self::new(
                502,
                "server_error",
                "provider_out_of_quota",
                "This house's account at the provider has no money or quota left.",
            ),
            Outcome::Network => Self::new(
                502,
                "server_error",
                "provider_unreachable",
                format!("The provider could not be reached or broke off: {said}"),
            ),
            Outcome::Server | Outcome::Answered | Outcome::Stopped | Outcome::Interrupted => {
                Self::new(
                    502,
                    "server_error",
                    "provider_failed",
                    format!("The provider failed: {said}"),
                )
            }
        };
        // A wrong key does not mend itself within the SDK's retries.
        let hopeless = matches!(failure.outcome, Outcome::Auth | Outcome::Quota);
        Self {
            retry_after_ms: failure.retry_after_ms,
            should_retry: hopeless.then_some(false),
            ..error
        }
    }

    /// The OpenAI error object.
    pub fn body(&self) -> Value {
        json!({
            "error": {
                "message": self.message,
                "type": self.kind,
                "param": self.param,
                "code": self.code,
            }
        })
    }

    /// The same as an event of a stream that has begun.
    pub(super) fn event(&self) -> String {
        format!("data: {}\n\n", self.body())
    }

    fn refusal(refusal: &Refusal) -> Self {
        let status = refusal.status_code();
        match refusal {
            Refusal::LimitReached {
                scope,
                unit,
                left,
                needed,
                largest_output,
                ..
            } => {
                let (kind, code) = match unit {
                    Unit::Money => ("insufficient_quota", "insufficient_quota"),
                    Unit::Requests | Unit::Tokens => ("rate_limit_error", "limit_reached"),
                };
                let amount = |value: i64| match unit {
                    Unit::Money => domain::NanoUsd(value).to_string(),
                    Unit::Requests | Unit::Tokens => format!("{value} {}", unit.word()),
                };
                let fits = match largest_output {
                    Some(tokens) => {
                        format!(" It would fit with max_completion_tokens = {tokens} or less.")
                    }
                    None => String::new(),
                };
                let message = format!(
                    "The {} limit has {} left and this request may need {}.{fits}",
                    scope.word(),
                    amount(*left),
                    amount(*needed)
                );
                let error = Self::new(status, kind, code, message);
                // A budget that is gone does not come back within a client's patience.
                Self {
                    should_retry: Some(false),
                    ..error
                }
            }
            Refusal::RateLimited {
                scope,
                unit,
                retry_after_ms,
            } => {
                let message = format!(
                    "Rate limit reached for {} per minute of this {}. Try again in {} s.",
                    unit.word(),
                    scope.word(),
                    (retry_after_ms + SECOND_MS - 1) / SECOND_MS
                );
                let error = Self::new(status, "rate_limit_error", "rate_limit_exceeded", message);
                Self {
                    retry_after_ms: Some((*retry_after_ms).min(DAY_MS)),
                    ..error
                }
            }
            Refusal::ModelUnknown { model } => Self::unknown_model(model),
            Refusal::ModelNotAllowed { model } => Self::new(
                status,
                INVALID,
                "model_not_allowed",
                format!("This key may not use the model `{model}`."),
            ),
            Refusal::ModelUnpriced { model } => Self::new(
                status,
                INVALID,
                "model_unpriced",
                format!(
                    "The model `{model}` has no price, and a money limit applies. An admin can set one."
                ),
            ),
            Refusal::FeatureUnpriced { feature } => Self::new(
                status,
                INVALID,
                "feature_unpriced",
                format!("`{feature}` has no price, and a money limit applies."),
            ),
            Refusal::QueueFull { retry_after_ms } => {
                let error = Self::new(
                    status,
                    "service_unavailable_error",
                    "queue_full",
                    "Too many calls are waiting. Try again shortly.",
                );
                Self {
                    retry_after_ms: Some(*retry_after_ms),
                    ..error
                }
            }
        }
    }
}

impl From<AppError> for GatewayError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused { refusal } => Self::refusal(&refusal),
            AppError::Provider { failure } => Self::provider(&failure),
            AppError::SignedOut | AppError::WrongCredentials => Self::bad_key(),
            AppError::Unavailable => Self::new(
                503,
                "service_unavailable_error",
                "database_unavailable",
                "The house cannot record calls at the moment, so it starts none.",
            ),
            AppError::NotFound
            | AppError::Forbidden
            | AppError::StepUp
            | AppError::Invalid { .. }
            | AppError::Conflict { .. }
            | AppError::Throttled { .. } => {
                Self::new(error.status_code(), INVALID, "refused", error.to_string())
            }
            AppError::Transport | AppError::Internal => {
                Self::new(500, "server_error", "internal_error", "Internal error.")
            }
        }
    }
}

impl From<crate::Error> for GatewayError {
    fn from(error: crate::Error) -> Self {
        error.into_app().into()
    }
}
