//! The answers of each operation: statuses, headers, bodies.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{Content, Ref, RefOr};

type Answers = BTreeMap<String, RefOr<Response>>;

/// Every way a request to `/v1` may fail, and when.
const REFUSALS: [(u16, &str); 10] = [
    (
        400,
        "The request cannot be understood, or carries several keys or one in its address.",
    ),
    (401, "No key, or one that is not good."),
    (402, "A budget has no room for the worst case of this call."),
    (
        403,
        "This key may not use this model, or something in the request has no price under a money limit.",
    ),
    (404, "There is no such model or address for this key."),
    (413, "The body is larger than 32 MiB."),
    (
        429,
        "A limit is reached, here or at the provider. `retry-after` says when it is worth coming back.",
    ),
    (500, "A fault of the house."),
    (
        502,
        "The provider failed, refused the house or cannot be reached.",
    ),
    (
        503,
        "The provider is overloaded, or the house cannot record calls. With `x-should-retry: false` the call \
         ran and a retry would be paid twice.",
    ),
];

/// Refusals of an operation that reads only.
const READING: &[u16] = &[400, 401, 404, 500];

/// Answers of `POST /v1/chat/completions`.
pub(crate) struct ChatAnswers;

impl IntoResponses for ChatAnswers {
    fn responses() -> Answers {
        let mut answer = ResponseBuilder::new()
            .description("The answer. It is recorded before its end is told.")
            .content("application/json", json("ChatCompletion"))
            // The form of one event: OpenAPI 3.1 has no word for a stream of them.
            .content("text/event-stream", json("ChatCompletionEvent"))
            .header(
                "x-purser-call-id",
                header(Type::String, None, "The id of the call in the house."),
            )
            .header(
                "x-request-id",
                header(
                    Type::String,
                    None,
                    "The id of the request: a short one that came with it, or a new one.",
                ),
            )
            .header(
                "x-purser-max-output",
                header(
                    Type::Integer,
                    None,
                    "The output maximum that the house set, because a budget applies and the request named none.",
                ),
            );
        for what in ["requests", "tokens"] {
            let told =
                |text: &str| format!("{text} {what} a minute, of the tightest limit that applies.");
            answer = answer
                .header(
                    format!("x-ratelimit-limit-{what}"),
                    header(Type::Integer, None, &told("The ceiling of")),
                )
                .header(
                    format!("x-ratelimit-remaining-{what}"),
                    header(Type::Integer, None, &told("What is left of")),
                )
                .header(
                    format!("x-ratelimit-reset-{what}"),
                    header(
                        Type::String,
                        Some("^[0-9]+ms$"),
                        &told("When there is room again for all"),
                    ),
                );
        }
        let all: Vec<u16> = REFUSALS.iter().map(|(status, _)| *status).collect();
        with_refusals(answer.build(), &all)
    }
}

/// Answers of `GET /v1/models`.
pub(crate) struct ModelListAnswers;

impl IntoResponses for ModelListAnswers {
    fn responses() -> Answers {
        with_refusals(good("The models this key may use.", "ModelList"), READING)
    }
}

/// Answers of `GET /v1/models/{id}`.
pub(crate) struct ModelAnswers;

impl IntoResponses for ModelAnswers {
    fn responses() -> Answers {
        with_refusals(good("The model.", "Model"), READING)
    }
}

/// Answers of `GET /health`.
pub(crate) struct HealthAnswers;

impl IntoResponses for HealthAnswers {
    fn responses() -> Answers {
        BTreeMap::from([("200".to_owned(), RefOr::T(words("The process lives.")))])
    }
}

/// Answers of `GET /ready`.
pub(crate) struct ReadyAnswers;

impl IntoResponses for ReadyAnswers {
    fn responses() -> Answers {
        BTreeMap::from([
            (
                "200".to_owned(),
                RefOr::T(words("The database answers and its tables are there.")),
            ),
            (
                "503".to_owned(),
                RefOr::T(words("The database does not answer.")),
            ),
        ])
    }
}

/// Answers of `GET /openapi.json`.
pub(crate) struct DocumentAnswers;

impl IntoResponses for DocumentAnswers {
    fn responses() -> Answers {
        let object = Schema::from(ObjectBuilder::new().schema_type(Type::Object).build());
        let answer = ResponseBuilder::new()
            .description("This document.")
            .content("application/json", Content::new(Some(object)));
        BTreeMap::from([("200".to_owned(), RefOr::T(answer.build()))])
    }
}

fn good(description: &str, schema: &str) -> Response {
    ResponseBuilder::new()
        .description(description)
        .content("application/json", json(schema))
        .build()
}

fn words(description: &str) -> Response {
    let text = Schema::from(ObjectBuilder::new().schema_type(Type::String).build());
    ResponseBuilder::new()
        .description(description)
        .content("text/plain", Content::new(Some(text)))
        .build()
}

fn with_refusals(answer: Response, statuses: &[u16]) -> Answers {
    let mut answers = BTreeMap::from([("200".to_owned(), RefOr::T(answer))]);
    for (status, description) in REFUSALS {
        if statuses.contains(&status) {
            answers.insert(status.to_string(), RefOr::T(refusal(status, description)));
        }
    }
    answers
}

fn refusal(status: u16, description: &str) -> Response {
    let mut refusal = ResponseBuilder::new()
        .description(description)
        .content("application/json", json("ErrorAnswer"));
    if matches!(status, 402 | 429 | 502 | 503) {
        refusal = refusal.header(
            "x-should-retry",
            header(
                Type::String,
                Some("^(true|false)$"),
                "Whether a client should try again by itself. The OpenAI libraries obey it.",
            ),
        );
    }
    if matches!(status, 429 | 502 | 503) {
        refusal = refusal
            .header(
                "retry-after",
                header(
                    Type::Integer,
                    None,
                    "Seconds until it is worth coming back.",
                ),
            )
            .header(
                "retry-after-ms",
                header(Type::Integer, None, "The same in milliseconds."),
            );
    }
    refusal.build()
}

fn json(schema: &str) -> Content {
    Content::new(Some(RefOr::<Schema>::Ref(Ref::from_schema_name(schema))))
}

fn header(kind: Type, pattern: Option<&str>, description: &str) -> Header {
    let schema = ObjectBuilder::new().schema_type(kind).pattern(pattern);
    HeaderBuilder::new()
        .schema(Schema::from(schema.build()))
        .description(Some(description))
        .build()
}
