//! Anthropic's messages.

mod decode;
mod encode;
mod models;
mod state;
mod usage;
mod wire;

use domain::calls::ProviderFailure;
use outbound::{OutboundError, Request, Url};

use crate::exchange::{Exchange, Form};
use crate::{Answer, ChatRequest, stream};

pub(crate) use models::{models, probe};

/// Still served, and unlike the newer one it allows sampling parameters where models do.
const VERSION: &str = "2023-06-01";

pub(crate) async fn chat(
    exchange: &Exchange<'_>,
    request: &ChatRequest,
) -> Result<Answer, ProviderFailure> {
    let url = address(exchange, "messages")?;
    let call = authorised(exchange, Request::post_json(url, encode::body(request)));
    let response = exchange.ask(call).await?;
    let failures = exchange.failures.clone();
    match Form::of(&response, request.stream) {
        Form::Stream => {
            let decoder = decode::Decoder::new(failures.clone());
            Ok(Answer::Stream(stream::frames(response, decoder, failures)))
        }
        Form::Whole => {
            let body = exchange.body(response).await?;
            decode::whole(&body, exchange).map(Answer::Whole)
        }
    }
}

fn authorised(exchange: &Exchange<'_>, request: Request) -> Result<Request, OutboundError> {
    request.header("anthropic-version", VERSION)?.secret_header(
        "x-api-key",
        "",
        &exchange.endpoint.key,
    )
}

/// The base URL is entered with and without its version.
fn address(exchange: &Exchange<'_>, name: &str) -> Result<Url, ProviderFailure> {
    let versioned = exchange
        .base()?
        .path()
        .trim_end_matches('/')
        .ends_with("/v1");
    if versioned {
        exchange.url(&[name])
    } else {
        exchange.url(&["v1", name])
    }
}
