//! OpenAI's chat completions, and everybody who copies them.

mod decode;
mod encode;
mod models;
mod pass;
mod usage;
mod wire;

use domain::calls::ProviderFailure;
use outbound::{OutboundError, Request, Secret};

use crate::exchange::{Exchange, Form};
use crate::{Answer, ChatRequest, stream};

pub(crate) use models::{models, probe};

pub(crate) async fn chat(
    exchange: &Exchange<'_>,
    request: &ChatRequest,
) -> Result<Answer, ProviderFailure> {
    let url = exchange.url(&["chat", "completions"])?;
    let dialect = Dialect::of(exchange);
    let body = match &request.raw {
        Some(raw) => pass::body(dialect, request, raw),
        None => encode::body(dialect, request),
    };
    let call = authorised(Request::post_json(url, body), &exchange.endpoint.key);
    let response = exchange.ask(call).await?;
    let failures = exchange.failures.clone();
    match Form::of(&response, request.stream) {
        Form::Stream => {
            let decoder = decode::Decoder::new(failures.clone());
            Ok(Answer::Stream(stream::frames(response, decoder, failures)))
        }
        Form::Whole => {
            let body = exchange.body(response).await?;
            decode::whole(body, exchange).map(Answer::Whole)
        }
    }
}

/// Adds the key, if there is one: a local model server may have none.
fn authorised(request: Request, key: &Secret) -> Result<Request, OutboundError> {
    if key.is_empty() {
        Ok(request)
    } else {
        request.secret_header("authorization", "Bearer ", key)
    }
}

/// The few ways in which the copies differ from the original when they are asked.
#[derive(Debug, Clone, Copy)]
struct Dialect {
    /// How a request names the output maximum, unless its client chose.
    output_limit: &'static str,
    /// Whether a stream may be asked for its usage. The others report it unasked.
    stream_options: bool,
    /// Whether earlier reasoning must come back, or the request is refused.
    returns_reasoning: bool,
}

impl Dialect {
    fn of(exchange: &Exchange<'_>) -> Self {
        let host = exchange.failures.host();
        let is_original = exchange.endpoint.kind == domain::connections::ProviderKind::OpenAi;
        Self {
            output_limit: if is_original {
                "max_completion_tokens"
            } else {
                "max_tokens"
            },
            stream_options: !host.ends_with("mistral.ai"),
            returns_reasoning: host.ends_with("deepseek.com"),
        }
    }
}
