//! The OpenAI-compatible door: what a client's body means, and how an answer is spelled for it.
//!
//! A connection of the same dialect gets the client's own JSON and gives its own bytes back; for
//! the others request and answer are translated.

mod answer;
mod encode;
mod error;
mod parse;
mod wire;

use bytes::Bytes;
use domain::CallId;
use domain::calls::{Door, Purpose};
use futures::stream::BoxStream;
use serde_json::json;

use crate::Services;
use crate::access::Caller;
use crate::calls::{CallRequest, Piece, Rates};

pub use error::GatewayError;

/// Largest body of a request: images travel inside it.
pub const BODY_MOST_BYTES: usize = 32 * 1024 * 1024;

/// An answer that has begun.
pub struct GatewayAnswer {
    /// The call, for its header.
    pub call_id: CallId,
    /// The output maximum the house set because the request named none.
    pub injected_output: Option<i64>,
    /// What is left of the tightest rates.
    pub rates: Rates,
    /// The body.
    pub body: GatewayBody,
}

/// The body of an answer.
pub enum GatewayBody {
    /// JSON, settled.
    Whole(Bytes),
    /// Server-sent events; the terminator comes only after the settlement.
    Stream(BoxStream<'static, Bytes>),
}

impl Services {
    /// Answers a chat completion.
    ///
    /// # Errors
    /// A body that cannot be understood, a refusal, or the failure of every provider before the
    /// first token.
    pub async fn gateway_chat(
        &self,
        caller: Caller,
        body: &Bytes,
    ) -> Result<GatewayAnswer, GatewayError> {
        let parsed = parse::chat(body)?;
        let (stream, wants_usage) = (parsed.request.stream, parsed.wants_usage);
        let model = parsed.model.clone();
        let mut running = self
            .call(CallRequest {
                caller,
                door: Door::Gateway,
                purpose: Purpose::Reply,
                parent: None,
                tag: None,
                model: parsed.model,
                request: parsed.request,
                unpriced_features: parsed.unpriced_features,
                may_lower_output: false,
            })
            .await?;
        let spelling = encode::Spelling {
            id: running.call_id,
            created: self.runtime().now().0 / 1_000,
            model,
            wants_usage,
        };
        // Until something came, a failure can still be an HTTP status.
        let first = running
            .pieces
            .recv()
            .await
            .ok_or_else(GatewayError::unsettled)?;
        if let Piece::Settled(settled) = &first {
            if !settled.durable {
                return Err(GatewayError::unsettled());
            }
            if let Some(error) = GatewayError::of(settled) {
                return Err(error);
            }
        }
        let call_id = running.call_id;
        let injected_output = running.injected_output;
        let rates = running.rates;
        let body = if stream {
            GatewayBody::Stream(answer::stream(running, first, spelling))
        } else {
            GatewayBody::Whole(answer::whole(running, first, &spelling).await?)
        };
        Ok(GatewayAnswer {
            call_id,
            injected_output,
            rates,
            body,
        })
    }

    /// The models a caller may use, as the OpenAI list spells them.
    pub fn gateway_models(&self, caller: &Caller) -> serde_json::Value {
        let data: Vec<_> = self
            .model_list(caller)
            .into_iter()
            .map(|choice| model_json(&choice.id, choice.kind.word()))
            .collect();
        json!({ "object": "list", "data": data })
    }

    /// One model.
    ///
    /// # Errors
    /// 404 in the OpenAI shape, also for a model outside the key's scope.
    pub fn gateway_model(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<serde_json::Value, GatewayError> {
        let house = self.house();
        match house.catalog.routes(id) {
            Some((entry, routes)) if caller.may_use(id, &entry.model) => Ok(model_json(
                id,
                routes.first().map_or("", |route| route.kind.word()),
            )),
            _ => Err(GatewayError::unknown_model(id)),
        }
    }
}

/// The list has no dates of making: a fixed one keeps typed clients content.
fn model_json(id: &str, owner: &str) -> serde_json::Value {
    json!({ "id": id, "object": "model", "created": 0, "owned_by": owner })
}
