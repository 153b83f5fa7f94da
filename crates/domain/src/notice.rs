//! Things to tell a person, as data: words come when they are rendered in the reader's language.

use serde::{Deserialize, Serialize};

use crate::calls::{ProviderFailure, Refusal};

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "notice",
    rename_all = "snake_case",
    try_from = "crate::told::NoticeTold"
)]
pub enum Notice {
    /// A call was not admitted.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// Every provider tried failed.
    ProviderFailed {
        /// How the last one did.
        failure: ProviderFailure,
    },
    /// The output maximum was lowered so that the call fits its budget.
    OutputLowered {
        /// To this many tokens.
        tokens: i64,
    },
    /// The settlement could not be written; nothing is lost, and it is resolved by itself.
    SettlementPending,
    /// The reply grew beyond what the house keeps of one, and was ended there.
    ReplyTooLong,
    /// The server was stopped while the reply was being written.
    Interrupted,
}
