//! Signatures of thoughts, which come with any part and must go back with it.

use domain::connections::ProviderKind;
use domain::messages::ProviderState;
use serde::{Deserialize, Serialize};

/// One signature, as JSON in a [`ProviderState`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Signature {
    /// The signature, unchanged.
    #[serde(rename = "thoughtSignature")]
    pub(super) text: String,
    /// It came with an empty text behind the part it is kept with.
    #[serde(default)]
    pub(super) alone: bool,
}

impl Signature {
    pub(super) fn into_state(self) -> Option<ProviderState> {
        let data = serde_json::to_string(&self).ok()?;
        Some(ProviderState {
            kind: ProviderKind::Gemini,
            data,
        })
    }

    pub(super) fn of(state: Option<&ProviderState>) -> Option<Self> {
        let state = state.filter(|state| state.kind == ProviderKind::Gemini)?;
        serde_json::from_str(&state.data).ok()
    }
}
