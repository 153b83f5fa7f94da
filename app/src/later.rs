//! What is needed only once somebody does something. Its code comes in a piece of its own, which is
//! fetched as soon as the page lives, so that nobody waits for it to read or to write.
//!
//! The piece hands over one table of functions, [`Tools`]: what is reached through it alone is not in
//! what is loaded first. Nothing of it may be in the server's drawing, which would wait for it.

use std::future::Future;
use std::pin::Pin;

use domain::chats::ChatView;
use domain::models::ModelChoice;
use domain::{AppError, ChatId, MessageId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::chats::{ChatList, ChatTools};
use crate::error::{Answer, ServerError};
use crate::root::FrameTools;

/// Everything that comes later.
pub(crate) struct Tools {
    asks: Asks,
    /// For chats.
    pub(crate) chats: ChatTools,
    /// For the frame.
    pub(crate) frame: FrameTools,
}

static TOOLS: Tools = Tools {
    asks: ASKS,
    chats: ChatTools::ALL,
    frame: FrameTools::ALL,
};

/// A question on its way to the server.
type Asked<T> = Pin<Box<dyn Future<Output = Answer<T>> + Send>>;

/// Server functions that what is loaded first calls. The way to the server comes later as well: what
/// the first picture needs lies in the page.
macro_rules! asks {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty, by $function:path;)+) => {
        struct Asks {
            $($name: fn($($type),*) -> Asked<$answer>,)+
        }

        const ASKS: Asks = Asks {
            $($name: |$($argument),*| Box::pin($function($($argument),*)),)+
        };

        $(
            pub(crate) async fn $name($($argument: $type),*) -> Answer<$answer> {
                match tools().await {
                    Some(tools) => (tools.asks.$name)($($argument),*).await,
                    None => Err(ServerError(AppError::Transport)),
                }
            }
        )+
    };
}

asks! {
    list_chats(cursor: Option<String>) -> ChatList, by crate::chats::list_chats;
    search_chats(query: String, cursor: Option<String>) -> ChatList, by crate::chats::search_chats;
    load_chat(id: ChatId, before: Option<MessageId>) -> ChatView, by crate::chats::load_chat;
    load_text(chat_id: ChatId, id: MessageId) -> String, by crate::chats::load_text;
    list_models() -> Vec<ModelChoice>, by crate::models::list_models;
    tell_zone(zone: String) -> (), by crate::sessions::tell_zone;
}

/// Does something with the tools: at once where they are here, else when they have come. `missed` runs
/// when they cannot be brought.
pub(crate) fn with(act: impl FnOnce(&'static Tools) + 'static, missed: impl FnOnce() + 'static) {
    do_with(Box::new(act), Box::new(missed));
}

fn do_with(act: Box<dyn FnOnce(&'static Tools)>, missed: Box<dyn FnOnce()>) {
    if let Some(tools) = untrack(|| arrived(Turn::Deeds)) {
        return act(tools);
    }
    spawn_local(async move {
        match tools().await {
            Some(tools) => act(tools),
            None => missed(),
        }
    });
}

/// In which order what waits for the tools begins with them, each in a task of its own: all at once
/// would be the longest task of a page.
#[derive(Clone, Copy)]
pub(crate) enum Turn {
    /// What somebody has asked for already.
    Deeds,
    /// Under the messages.
    Messages,
    /// In the composer, and what was said before.
    Chat,
    /// What opens in front of a page.
    Dialogs,
    /// The tab's live connection.
    #[cfg(feature = "hydrate")]
    Live,
    /// The commands.
    Palette,
    /// What slips in at the edge.
    Slips,
}

/// Draws something with the tools when its turn comes; on the server, and in the first picture, nothing.
pub(crate) fn drawn(
    turn: Turn,
    draw: impl Fn(&'static Tools) -> AnyView + Send + 'static,
) -> AnyView {
    draw_when_here(turn, Box::new(draw))
}

fn draw_when_here(turn: Turn, draw: Box<dyn Fn(&'static Tools) -> AnyView + Send>) -> AnyView {
    (move || arrived(turn).map(&draw)).into_any()
}

#[cfg(not(feature = "hydrate"))]
pub(crate) fn arrived(_turn: Turn) -> Option<&'static Tools> {
    None
}

#[cfg(not(feature = "hydrate"))]
async fn tools() -> Option<&'static Tools> {
    // Nothing to wait for on a server.
    std::future::ready(Some(&TOOLS)).await
}

#[cfg(feature = "hydrate")]
pub(crate) use browser::arrived;
#[cfg(feature = "hydrate")]
pub use browser::fetch_tools;
#[cfg(feature = "hydrate")]
use browser::tools;

#[cfg(feature = "hydrate")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "what comes in a piece of its own may not come"
)]
mod browser {
    use std::time::Duration;

    use futures_channel::oneshot;
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    use super::{TOOLS, Tools, Turn};
    use crate::ui::{after, awake, next_task};

    const TURNS: [Turn; 7] = [
        Turn::Deeds,
        Turn::Messages,
        Turn::Chat,
        Turn::Dialogs,
        Turn::Live,
        Turn::Palette,
        Turn::Slips,
    ];

    thread_local! {
        /// The tools, once they are here and it is that turn's. They outlive every page.
        static HERE: [ArcRwSignal<Option<&'static Tools>>; TURNS.len()] =
            TURNS.map(|_| ArcRwSignal::new(None));
    }

    #[wasm_split(later, wasm_split_path = ::leptos::wasm_split, fallible)]
    fn hand_over() -> Result<&'static Tools, SplitLoaderError> {
        Ok(&TOOLS)
    }

    fn here(turn: Turn) -> ArcRwSignal<Option<&'static Tools>> {
        HERE.with(|here| here[turn as usize].clone())
    }

    /// The tools if they are here and it is that turn's; an effect that asks hears of it.
    pub(crate) fn arrived(turn: Turn) -> Option<&'static Tools> {
        here(turn).get()
    }

    /// Brings the tools, or tries to. On a task of its own, because loading belongs to this thread and
    /// what asks for it may not know that.
    pub(super) async fn tools() -> Option<&'static Tools> {
        if let Some(tools) = untrack(|| arrived(Turn::Deeds)) {
            return Some(tools);
        }
        let (done, brought) = oneshot::channel();
        spawn_local(async move {
            let tools = hand_over().await.ok();
            // What draws with them must not find them before it lives: the server drew nothing there.
            awake().await;
            let _ = done.send(tools);
            if tools.is_some() && untrack(|| arrived(Turn::Deeds)).is_none() {
                for turn in TURNS {
                    here(turn).set(tools);
                    next_task().await;
                }
            }
        });
        brought.await.ok().flatten()
    }

    /// Fetches the tools, as often as it takes; once the page lives. A newer house has other files:
    /// where they do not come though there is a network, the page should be loaded again.
    pub fn fetch_tools() {
        fetch_after(Duration::ZERO);
    }

    fn fetch_after(wait: Duration) {
        after(wait, move || {
            spawn_local(async move {
                if tools().await.is_none() {
                    let next = wait * 2;
                    fetch_after(next.clamp(Duration::from_secs(1), Duration::from_secs(30)));
                }
            });
        });
    }
}
