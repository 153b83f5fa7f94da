//! The chats a device keeps for reading without the house, if its member wants that.
//!
//! The browser remembers for which member it is on; the chats themselves the worker keeps. Whoever
//! sees the sign-in page is signed out, and `public/plain.js` removes them there in any case.

use domain::MemberId;
#[cfg(feature = "hydrate")]
use domain::{ChatId, messages::Author};
#[cfg(feature = "hydrate")]
use serde::Serialize;

/// Where the browser keeps for whom it is on.
#[cfg(feature = "hydrate")]
const PLACE: &str = "purser.kept";

/// A chat as the device keeps it.
#[cfg(feature = "hydrate")]
#[derive(Debug, Serialize)]
pub(crate) struct KeptChat {
    /// Id.
    pub(crate) id: ChatId,
    /// Whose.
    pub(crate) member: MemberId,
    /// Its title.
    pub(crate) title: Option<String>,
    /// Its finished messages, oldest first.
    pub(crate) messages: Vec<KeptMessage>,
}

/// A message of it.
#[cfg(feature = "hydrate")]
#[derive(Debug, Serialize)]
pub(crate) struct KeptMessage {
    /// Who speaks.
    pub(crate) from: Author,
    /// Its text as the server has rendered it.
    pub(crate) html: String,
}

/// Whether this browser can keep anything: it needs a worker, and that needs an encrypted connection.
pub(crate) fn can_keep() -> bool {
    #[cfg(feature = "hydrate")]
    return super::worker::is_possible();
    #[cfg(not(feature = "hydrate"))]
    false
}

/// Whether it keeps chats of this member; on the server it does not.
pub(crate) fn keeps(member: MemberId) -> bool {
    #[cfg(feature = "hydrate")]
    return kept_for().is_some_and(|known| known == member.to_string());
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = member;
        false
    }
}

/// Switches it on or off for this member; off erases what there is.
pub(crate) fn set_keeps(member: MemberId, on: bool) {
    #[cfg(feature = "hydrate")]
    if let Ok(Some(storage)) = leptos::prelude::window().local_storage() {
        let _ = if on {
            storage.set_item(PLACE, &member.to_string())
        } else {
            storage.remove_item(PLACE)
        };
    }
    let _ = member;
    if !on {
        forget_kept();
    }
}

/// Keeps a chat as it is now.
#[cfg(feature = "hydrate")]
pub(crate) fn keep(chat: KeptChat) {
    super::worker::tell(&super::Said::Keep { chat });
}

/// Erases those that were deleted while nobody here could hear of it.
#[cfg(feature = "hydrate")]
pub(crate) fn check_kept(member: MemberId) {
    if keeps(member) {
        super::worker::tell(&super::Said::Check);
    }
}

/// Erases one chat, because it is deleted.
#[cfg(feature = "hydrate")]
pub(crate) fn drop_kept(id: ChatId) {
    if kept_for().is_some() {
        super::worker::tell(&super::Said::Drop { id });
    }
}

/// Erases all of them; the member's wish stays for when they come back.
pub(crate) fn forget_kept() {
    #[cfg(feature = "hydrate")]
    super::worker::tell(&super::Said::Forget);
}

/// Erases what is left of another member, should they not have been signed out here.
#[cfg(feature = "hydrate")]
pub(crate) fn forget_others(member: MemberId) {
    if kept_for().is_some() && !keeps(member) {
        set_keeps(member, false);
    }
}

#[cfg(feature = "hydrate")]
fn kept_for() -> Option<String> {
    leptos::prelude::window()
        .local_storage()
        .ok()??
        .get_item(PLACE)
        .ok()?
}
