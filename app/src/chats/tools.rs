//! What of chats comes later: commands, dialogs, and the live connection.

use domain::chats::ChatRow;
use domain::{AppError, MessageId};
use leptos::prelude::*;

use super::batches::Batches;
use super::edit::MessageEdit;
use super::held::bring_buttons_to_finger;
use super::history_list::DeleteDialog;
use super::message_actions::{OwnActions, ReplyActions};
use super::open::OpenChat;
use super::pastes::Pastes;
use super::picker::PickerDialog;
use super::rename::RenameDialog;
use crate::later;

/// Puts what has come where it belongs.
type Put = Box<dyn FnOnce()>;

/// What a member can have done to the open chat.
pub(crate) enum Deed {
    /// Sends what stands in the composer.
    Send,
    /// Stops the running reply.
    Stop,
    /// Has another reply written.
    Regenerate(MessageId),
    /// Has a reply that ended early go on.
    GoOn(MessageId),
    /// Shows the branch through another version of a message.
    Show(MessageId),
    /// Loads earlier messages; what is given runs when they are put in.
    LoadEarlier(Box<dyn FnOnce(Put)>),
}

/// Reached through [`later`] alone.
pub(crate) struct ChatTools {
    act: fn(OpenChat, Deed),
    /// What was pasted beside the draft.
    pub(super) pastes: fn() -> AnyView,
    /// The list of models; open or closed.
    pub(super) picker: fn(RwSignal<bool>) -> AnyView,
    /// Another title for a chat.
    pub(super) renaming: fn(RwSignal<Option<ChatRow>>) -> AnyView,
    /// Deleting a chat.
    pub(super) deleting: fn(RwSignal<Option<ChatRow>>) -> AnyView,
    /// A message's text in place of it, until the signal is emptied.
    pub(super) editing: fn(MessageId, String, RwSignal<Option<String>>) -> AnyView,
    /// The buttons under one's own words.
    pub(super) own_actions: fn(MessageId, RwSignal<Option<String>>) -> AnyView,
    /// The buttons under a reply.
    pub(super) reply_actions: fn(MessageId, Memo<bool>) -> AnyView,
    /// Earlier messages that were loaded; and from then on a message that is pressed is heard.
    pub(super) batches: fn() -> AnyView,
    /// Opens the live connection, and keeps on the device what is to be kept there.
    #[cfg(feature = "hydrate")]
    pub(super) live: fn(),
}

impl ChatTools {
    /// All of them.
    pub(crate) const ALL: Self = Self {
        act: |open, deed| match deed {
            Deed::Send => open.send(),
            Deed::Stop => open.stop(),
            Deed::Regenerate(id) => open.regenerate(id),
            Deed::GoOn(id) => open.go_on(id),
            Deed::Show(id) => open.show(id),
            Deed::LoadEarlier(around) => open.load_earlier(around),
        },
        pastes: || view! { <Pastes /> }.into_any(),
        picker: |shown| view! { <PickerDialog shown /> }.into_any(),
        renaming: |subject| view! { <RenameDialog subject /> }.into_any(),
        deleting: |subject| view! { <DeleteDialog subject /> }.into_any(),
        editing: |id, text, editing| view! { <MessageEdit id text editing /> }.into_any(),
        own_actions: |id, editing| view! { <OwnActions id editing /> }.into_any(),
        reply_actions: |id, has_text| view! { <ReplyActions id has_text /> }.into_any(),
        batches: || {
            bring_buttons_to_finger();
            view! { <Batches /> }.into_any()
        },
        #[cfg(feature = "hydrate")]
        live: super::live::begin,
    };
}

impl OpenChat {
    /// Has something done, as soon as its code is here.
    pub(super) fn please(self, deed: Deed) {
        later::with(
            move |tools| (tools.chats.act)(self, deed),
            move || self.error.set(Some(AppError::Transport)),
        );
    }
}
