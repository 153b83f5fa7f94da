//! Google Gemini by API key.

mod decode;
mod encode;
mod models;
mod state;
mod usage;
mod wire;

use domain::calls::ProviderFailure;
use outbound::{OutboundError, Request};

use crate::exchange::{Exchange, Form};
use crate::{Answer, ChatRequest, stream};

pub(crate) use models::{models, probe};

pub(crate) async fn chat(
    exchange: &Exchange<'_>,
    request: &ChatRequest,
) -> Result<Answer, ProviderFailure> {
    let model = request
        .model
        .strip_prefix("models/")
        .unwrap_or(&request.model);
    let method = if request.stream {
        "streamGenerateContent"
    } else {
        "generateContent"
    };
    let mut url = exchange.url(&["models", &format!("{model}:{method}")])?;
    if request.stream {
        url.set_query(Some("alt=sse"));
    }
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

/// The key goes into a header: in the query it would end up in logs.
fn authorised(exchange: &Exchange<'_>, request: Request) -> Result<Request, OutboundError> {
    request.secret_header("x-goog-api-key", "", &exchange.endpoint.key)
}
