//! What must come back with earlier thinking, as JSON in a [`ProviderState`].

use domain::connections::ProviderKind;
use domain::messages::ProviderState;
use serde_json::{Value, json};

/// The state of a block of thinking.
pub(super) fn of_thinking(signature: &str) -> ProviderState {
    wrap(&json!({ "type": "thinking", "signature": signature }))
}

/// The state of thinking that only the provider can read.
pub(super) fn of_redacted(data: &str) -> ProviderState {
    wrap(&json!({ "type": "redacted_thinking", "data": data }))
}

/// The block to send back: `text` as it was received, signature unchanged.
pub(super) fn block(text: &str, state: Option<&ProviderState>) -> Option<Value> {
    let state = state.filter(|state| state.kind == ProviderKind::Anthropic)?;
    let mut block: Value = serde_json::from_str(&state.data).ok()?;
    if block.get("type")? == "thinking" {
        block
            .as_object_mut()?
            .insert("thinking".to_owned(), text.into());
    }
    Some(block)
}

fn wrap(data: &Value) -> ProviderState {
    ProviderState {
        kind: ProviderKind::Anthropic,
        data: data.to_string(),
    }
}
