//! Pages whose code comes when one of them is first opened, so that the chat need not wait for it.
//!
//! Two pieces and not one a page: what several pages share would otherwise lie in a file for every
//! combination of them.

#![expect(
    clippy::unnecessary_wraps,
    reason = "what comes in a piece of its own may not come"
)]

use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::LazyRoute;

use super::frame::go_to;
use crate::ui::{Skeleton, after};

/// What a member has beside the chats.
#[derive(Debug, Clone, Copy)]
enum Own {
    Home,
    Usage,
    Models,
    Keys,
    Account,
    Calls,
    History,
}

/// What administrators look after.
#[derive(Debug, Clone, Copy)]
enum House {
    Members,
    Connections,
    Connection,
    Limits,
    Audit,
    Settings,
    System,
    Design,
}

#[wasm_split(own_pages, wasm_split_path = ::leptos::wasm_split, fallible, preload(preload_own))]
fn own(page: Own) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Own::Home => crate::home::HomePage().into_any(),
        Own::Usage => crate::usage::UsagePage().into_any(),
        Own::Models => crate::models::ModelsPage().into_any(),
        Own::Keys => crate::keys::KeysPage().into_any(),
        Own::Account => crate::account::AccountPage().into_any(),
        Own::Calls => crate::calls::CallsPage().into_any(),
        Own::History => crate::chats::HistoryPage().into_any(),
    })
}

#[wasm_split(house_pages, wasm_split_path = ::leptos::wasm_split, fallible, preload(preload_house))]
fn house(page: House) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        House::Members => crate::members::MembersPage().into_any(),
        House::Connections => crate::connections::ConnectionsPage().into_any(),
        House::Connection => crate::connections::ConnectionPage().into_any(),
        House::Limits => crate::limits::LimitsPage().into_any(),
        House::Audit => crate::audit::AuditPage().into_any(),
        House::Settings => crate::settings::SettingsPage().into_any(),
        House::System => crate::system::SystemPage().into_any(),
        House::Design => crate::design::DesignPage().into_any(),
    })
}

/// A route for each page of a piece, and the first parts of the addresses they stand at.
macro_rules! routes {
    ($places:ident, $piece:ident by $load:ident, $preload:ident: $($page:ident at $place:literal),+) => {
        const $places: &[&str] = &[$($place),+];

        $(
            #[derive(Debug)]
            pub(super) struct $page;

            impl LazyRoute for $page {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    let path = asked_for();
                    $load($piece::$page)
                        .await
                        .unwrap_or_else(|_| fetch_document(&path))
                }

                async fn preload() {
                    // A failure shows when the page is drawn.
                    let _ = $preload().await;
                }
            }
        )+
    };
}

routes!(OWN_PLACES, Own by own, preload_own:
    Home at "home", Usage at "usage", Models at "models", Keys at "keys", Account at "account",
    Calls at "calls", History at "history");
routes!(HOUSE_PLACES, House by house, preload_house:
    Members at "members", Connections at "connections", Connection at "connections",
    Limits at "limits", Audit at "audit", Settings at "settings", System at "system",
    Design at "design");

/// A piece of code with the pages it brings.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Piece {
    /// See [`Own`].
    Own,
    /// See [`House`].
    House,
}

impl Piece {
    /// Which one the page at this path comes with, if it comes with any.
    pub(crate) fn at(path: &str) -> Option<Self> {
        let place = path.split('/').nth(1)?;
        if OWN_PLACES.contains(&place) {
            Some(Self::Own)
        } else if HOUSE_PLACES.contains(&place) {
            Some(Self::House)
        } else {
            None
        }
    }

    /// Its name among the files.
    #[cfg(feature = "ssr")]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Own => "own_pages",
            Self::House => "house_pages",
        }
    }
}

/// The address that is being gone to; the window may still show the one before.
fn asked_for() -> String {
    let url = leptos_router::hooks::use_url();
    let url = url.read_untracked();
    format!("{}{}", url.path(), url.search())
}

/// The piece did not come: a newer house has other files, or there is no network. Its own document
/// brings the right ones, or tells what is wrong.
fn fetch_document(path: &str) -> AnyView {
    go_to(path);
    view! { <div class="page"><Skeleton count=6 /></div> }.into_any()
}

/// Brings the piece of the page at this address before anything of it comes to life. Until it is there
/// the drawing can be read.
pub async fn bring_piece() {
    let path = window().location().pathname().unwrap_or_default();
    let Some(piece) = Piece::at(&path) else {
        return;
    };
    let mut wait = Duration::from_secs(1);
    loop {
        let brought = match piece {
            Piece::Own => preload_own().await,
            Piece::House => preload_house().await,
        };
        match brought {
            Ok(()) => return,
            Err(_) => pause(wait).await,
        }
        wait = (wait * 2).min(Duration::from_secs(30));
    }
}

/// A while before the next try.
async fn pause(wait: Duration) {
    let (done, waited) = futures_channel::oneshot::channel();
    after(wait, move || {
        let _ = done.send(());
    });
    let _ = waited.await;
}
