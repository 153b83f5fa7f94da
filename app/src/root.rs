//! The root of the app: who reads, the frame around every page, and which page stands where.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::nested_router::Outlet;
use leptos_router::{Lazy, path};
use locales::text;

use crate::chats::{ChatPage, History, Live};
use crate::error::{ServerError, words};
use crate::installed::{NewVersion, News};
use crate::later::{self, Turn};
use crate::page_data::PageData;
use crate::reader::{Reader, page_locale};
use crate::sessions::reader_facts;
use crate::ui::{Empty, IconName, ToastRegion, Toasts, in_turn, turns};

pub(crate) mod frame;
mod lazy;
mod palette;
mod places;
mod tools;

use frame::HouseFrame;
#[cfg(feature = "ssr")]
pub(crate) use lazy::Piece;
pub use lazy::bring_piece;
pub(crate) use tools::FrameTools;

/// The app. Everything below the loading border knows its [`Reader`].
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Toasts::provide();
    News::provide();
    let locale = page_locale();
    view! {
        <Title formatter=move |title: String| {
            let house = text::common::app_name(locale);
            if title.is_empty() { house.to_owned() } else { text::common::page_title(locale, &title) }
        } />
        <Router><div class="part">{in_turn(|| view! { <House /> })}</div></Router>
        {turns()}
        <NewVersion locale />
        <ToastRegion>{later::drawn(Turn::Slips, move |tools| (tools.frame.slips)(locale))}</ToastRegion>
    }
}

/// The frame and the page in it for whoever reads; without a frame where that is not known.
///
/// Nothing is waited for here: what a page waits for must be known when its drawing begins, or its
/// status would come after the first piece of the answer has left. The frame is not a route, because
/// routes come to life all at once.
#[component]
fn House() -> impl IntoView {
    let locale = page_locale();
    match SharedValue::<_, PageData>::new_with_encoding(reader_facts).into_inner() {
        Ok(facts) => {
            provide_context(Reader { locale, facts });
            History::provide();
            Live::provide();
            view! {
                <div class="part">{in_turn(|| view! { <HouseFrame><Pages /></HouseFrame> })}</div>
            }
            .into_any()
        }
        Err(error) => {
            provide_context(error);
            view! { <Pages /> }.into_any()
        }
    }
}

/// Which page stands where.
#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <ParentRoute path=path!("") view=ForReader>
                <Route path=path!("") view=ChatPage />
                <Route path=path!("chats/:id") view=ChatPage />
                <Route path=path!("history") view={Lazy::<lazy::History>::new()} />
                <Route path=path!("home") view={Lazy::<lazy::Home>::new()} />
                <Route path=path!("usage") view={Lazy::<lazy::Usage>::new()} />
                <Route path=path!("models") view={Lazy::<lazy::Models>::new()} />
                <Route path=path!("keys") view={Lazy::<lazy::Keys>::new()} />
                <Route path=path!("account") view={Lazy::<lazy::Account>::new()} />
                <Route path=path!("members") view={Lazy::<lazy::Members>::new()} />
                <Route path=path!("connections") view={Lazy::<lazy::Connections>::new()} />
                <Route path=path!("connections/:id") view={Lazy::<lazy::Connection>::new()} />
                <Route path=path!("limits") view={Lazy::<lazy::Limits>::new()} />
                <Route path=path!("calls") view={Lazy::<lazy::Calls>::new()} />
                <Route path=path!("audit") view={Lazy::<lazy::Audit>::new()} />
                <Route path=path!("settings") view={Lazy::<lazy::Settings>::new()} />
                <Route path=path!("system") view={Lazy::<lazy::System>::new()} />
                <Route path=path!("design") view={Lazy::<lazy::Design>::new()} />
            </ParentRoute>
        </Routes>
    }
}

/// The page for whoever reads; without one, why not.
#[component]
fn ForReader() -> impl IntoView {
    match use_context::<ServerError>() {
        None => view! { <Outlet /> }.into_any(),
        Some(error) => view! { <Unreachable error /> }.into_any(),
    }
}

/// The house cannot say who reads: signed out, or the database is away.
#[component]
fn Unreachable(
    /// Why.
    error: ServerError,
) -> impl IntoView {
    let l = page_locale();
    // Nobody is known here, so the words that need a reader's clock do without it.
    let reader = Reader {
        locale: l,
        facts: crate::reader::ReaderFacts::unknown(),
    };
    view! {
        <main class="plain">
            <div class="plain-card">
                <Empty
                    icon=IconName::Warning
                    title=text::common::error_title(l)
                    text=words(&reader, &error.0)
                >
                    <a class="button button-primary" href="/" rel="external">
                        {text::common::reload(l)}
                    </a>
                </Empty>
            </div>
        </main>
    }
}

/// No such page.
#[component]
fn NotFoundPage() -> impl IntoView {
    let l = page_locale();
    #[cfg(feature = "ssr")]
    crate::error::answer_with_status(&domain::AppError::NotFound);
    let title = text::errors::not_found_title(l);
    let nothing = view! {
        <Empty
            icon=IconName::Search
            title
            text=text::errors::not_found_text(l)
            heads_page=true
        >
            <a class="button button-primary" href="/" rel="external">
                {text::errors::go_home(l)}
            </a>
        </Empty>
    };
    view! {
        <Title text=title />
        {if use_context::<Reader>().is_some() {
            nothing.into_any()
        } else {
            view! { <main class="plain"><div class="plain-card">{nothing}</div></main> }.into_any()
        }}
    }
}
