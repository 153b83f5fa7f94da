//! The OpenAPI document of what machines talk to: the gateway, and whether the house lives.
//!
//! Operations are described where they are answered; a test compares them with the routes that
//! there are, and real answers with the schemas.

mod answers;
pub mod schemas;

use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

pub(crate) use answers::{
    ChatAnswers, DocumentAnswers, HealthAnswers, ModelAnswers, ModelListAnswers, ReadyAnswers,
};

use crate::routes::{document, gateway, health};

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Purser",
        description = "The machine-facing doors of a Purser. The gateway speaks the dialect of OpenAI's chat completions, \
                       so that their libraries need only another base address and a key from the Keys page."
    ),
    paths(
        gateway::chat,
        gateway::models,
        gateway::model,
        health::health,
        health::ready,
        document::document
    ),
    components(schemas(
        schemas::ChatRequest,
        schemas::ChatCompletion,
        schemas::ChatCompletionChunk,
        schemas::ChatCompletionEvent,
        schemas::ModelList,
        schemas::Model,
        schemas::ErrorAnswer,
        schemas::ErrorKind
    )),
    modifiers(&Keys),
    tags(
        (name = "gateway", description = "Paid for by the owner of the key."),
        (name = "house", description = "For whoever watches over the house. No key.")
    )
)]
pub(crate) struct Document;

/// How a caller says who it is.
struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let mut bearer = Http::new(HttpAuthScheme::Bearer);
        bearer.bearer_format = Some("sk-purser-…".to_owned());
        bearer.description = Some(
            "A gateway key. `x-api-key` and `api-key` carry one as well; several different ones are refused."
                .to_owned(),
        );
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("key", SecurityScheme::Http(bearer));
    }
}
