//! The way from an empty house to one that is used.

use serde::{Deserialize, Serialize};

use crate::calls::words;

words! {
    /// A step of it. Whether it is done shows in the house itself.
    Step {
        /// The member has an account.
        Account = "account",
        /// A provider is connected. The demo answers until then, and is none.
        Connection = "connection",
        /// The member has a chat.
        Chat = "chat",
        /// Somebody else is in the house.
        Invite = "invite",
        /// The member has a key.
        Key = "key",
    }
}

/// A step and whether it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepState {
    /// Which.
    pub step: Step,
    /// Whether it is done.
    pub done: bool,
}
