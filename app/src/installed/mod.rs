//! The house as an app that a browser keeps: its service worker, the notice of a newer version, the
//! page for when nobody answers, and the chats a device keeps.
//!
//! The worker itself is plain JavaScript beside the server's routes; here is what pages say to it.

mod kept;
mod news;
#[cfg(feature = "ssr")]
mod offline;
#[cfg(feature = "hydrate")]
mod worker;

pub(crate) use kept::{can_keep, forget_kept, keeps, set_keeps};
pub use news::NewVersion;
pub(crate) use news::{NewVersionSlip, News};
#[cfg(feature = "ssr")]
pub use offline::offline_document;
#[cfg(feature = "hydrate")]
pub(crate) use {
    kept::{KeptChat, KeptMessage, check_kept, drop_kept, forget_others, keep},
    worker::look_for_newer,
};

/// What a page says to the worker, as `service-worker.js` spells it.
#[cfg(feature = "hydrate")]
#[derive(Debug, serde::Serialize)]
#[serde(tag = "say", rename_all = "snake_case")]
enum Said {
    /// To one that waits: the page is of this build.
    Compare { build: String },
    /// To one that waits: the reader wants the new version now.
    TakeOver,
    /// Keep a chat.
    Keep { chat: KeptChat },
    /// Something may have been deleted elsewhere: ask the house.
    Check,
    /// Keep one no longer.
    Drop { id: domain::ChatId },
    /// Keep none.
    Forget,
}
