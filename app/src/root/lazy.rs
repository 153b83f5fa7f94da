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

/// A route for each page of a piece.
macro_rules! routes {
    ($piece:ident from $file:literal by $load:ident, $preload:ident: $($page:ident),+) => {
        $(
            #[derive(Debug)]
            pub(super) struct $page;

            impl LazyRoute for $page {
                fn data() -> Self {
                    // The document then names the file in its head, and both come side by side.
                    #[cfg(feature = "ssr")]
                    leptos::prefetch_lazy_fn_on_server($file);
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

routes!(Own from "own_pages" by own, preload_own: Home, Usage, Models, Keys, Account, Calls);
routes!(House from "house_pages" by house, preload_house: Members, Connections, Connection, Limits, Audit, Settings, System, Design);

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
/// the drawing can be read. The address decides and not the document's head, which names the piece only
/// sometimes since the frame is drawn before the routes.
pub async fn bring_piece() {
    let path = window().location().pathname().unwrap_or_default();
    let place = path.split('/').nth(1).unwrap_or_default();
    let mut wait = Duration::from_secs(1);
    loop {
        let brought = match place {
            "home" | "usage" | "models" | "keys" | "account" | "calls" => preload_own().await,
            "members" | "connections" | "limits" | "audit" | "settings" | "system" | "design" => {
                preload_house().await
            }
            _ => return,
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
