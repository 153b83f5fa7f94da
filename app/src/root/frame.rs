//! The frame around every page: the sidebar with places and chats, and the page beside it.

use domain::AppError;
use domain::look::Liking;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use locales::{Locale, text};

use super::palette::{PaletteButton, listen};
use super::places::{Place, of_administrators, of_members};
use crate::chats::{ChatDialogs, HistoryList, forget_drafts};
use crate::error::ServerError;
use crate::installed::forget_kept;
use crate::later::{self, Turn};
use crate::look::keep_liking;
use crate::reader::Reader;
use crate::sessions::{choose_locale, sign_out};
use crate::ui::{Frame, Icon, IconName, Menu, in_turn, make_room_for_keyboard};

/// The frame with its sidebar.
#[component]
pub(super) fn HouseFrame(
    /// The page.
    children: Children,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let narrow = RwSignal::new(reader.facts.look.has(Liking::Narrow));
    let palette = RwSignal::new(false);
    let shortcuts = RwSignal::new(false);
    listen(palette, shortcuts);
    tell_zone_once(&reader);
    make_room_for_keyboard();
    view! {
        <Frame
            name=text::common::app_name(l)
            skip_label=text::common::skip_to_content(l)
            menu_label=text::nav::open_menu(l)
            collapse_label=text::nav::narrow(l)
            narrow
            on_narrow=move |narrow| keep_liking(Liking::Narrow, narrow)
            sidebar=move || view! { <Sidebar palette /> }
            bar=move || view! {
                <A href="/" attr:class="button button-quiet button-icon" attr:aria-label=text::nav::new_chat(l)>
                    <Icon name=IconName::Plus />
                </A>
            }
        >
            {children()}
        </Frame>
        <ChatDialogs />
        {later::drawn(Turn::Palette, move |tools| (tools.frame.palette)(palette, shortcuts))}
    }
}

/// Places in the sidebar.
#[component]
fn Places(
    /// Which.
    places: Vec<Place>,
) -> impl IntoView {
    places
        .into_iter()
        .map(|place| {
            view! {
                <A href=place.href exact=true attr:class="nav-link">
                    <Icon name=place.icon />
                    <span class="cut">{place.label}</span>
                </A>
            }
        })
        .collect_view()
}

/// Places and chats.
#[component]
fn Sidebar(
    /// The palette, open or closed.
    palette: RwSignal<bool>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let administers = reader.facts.me.role.administers();
    view! {
        <PaletteButton shown=palette />
        <nav class="nav" aria-label=text::nav::label(l)>
            {in_turn(move || view! { <Places places=of_members(l, administers) /> })}
        </nav>
        {administers.then(|| view! { <Administration /> })}
        <HistoryList />
        <div class="sidebar-foot">
            {in_turn(|| view! { <AccountMenu /> })}
        </div>
    }
}

/// The places of who administers, folded while they are elsewhere, so that chats have room: it stays
/// unfolded for who likes it so.
#[component]
fn Administration() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let places = of_administrators(l);
    let path = use_location().pathname;
    let is_there = {
        let places = places.clone();
        Memo::new(move |_| {
            let path = path.read();
            places.iter().any(|place| path.starts_with(place.href))
        })
    };
    let is_liked = reader.facts.look.has(Liking::Administration);
    let open = RwSignal::new(is_liked || is_there.get_untracked());
    Effect::new(move || {
        if is_there.get() {
            open.set(true);
        }
    });
    view! {
        <details class="nav-fold" open=open>
            <summary
                class="nav-link"
                on:click=move |event| {
                    event.prevent_default();
                    let is_open = !open.get_untracked();
                    open.set(is_open);
                    keep_liking(Liking::Administration, is_open);
                }
            >
                <Icon name=IconName::ChevronRight />
                <span class="cut">{text::nav::administration(l)}</span>
            </summary>
            <nav class="nav" aria-label=text::nav::administration(l)>
                <Places places />
            </nav>
        </details>
    }
}

/// The member's own menu: account, language, signing out.
#[component]
fn AccountMenu() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let name = reader.facts.me.name.clone();
    // What cannot be brought cannot be asked for either: the page is loaded again, and says why.
    let choose = |locale: Locale| later::with(move |tools| (tools.frame.speak)(locale), reload);
    let leave = || later::with(|tools| (tools.frame.leave)(), reload);
    let languages = Locale::ALL
        .iter()
        .map(|locale| {
            let locale = *locale;
            view! {
                <button
                    type="button"
                    class="menu-item"
                    lang=locale.tag()
                    aria-current=(locale == l).then_some("true")
                    on:click=move |_| choose(locale)
                >
                    <Icon name=if locale == l { IconName::Check } else { IconName::Globe } />
                    <span>{locale.native_name()}</span>
                </button>
            }
        })
        .collect_view();
    let face_name = name.clone();
    view! {
        <Menu
            id="account-menu"
            label=name
            button_class="nav-link"
            from_start=true
            face=move || view! {
                <Icon name=IconName::User />
                <span class="cut">{face_name}</span>
            }
        >
            <a class="menu-item" href="/account">
                <Icon name=IconName::User />
                <span>{text::nav::account(l)}</span>
            </a>
            <hr class="menu-rule" />
            {languages}
            <hr class="menu-rule" />
            <button type="button" class="menu-item" on:click=move |_| leave()>
                <Icon name=IconName::SignOut />
                <span>{text::nav::sign_out(l)}</span>
            </button>
        </Menu>
    }
}

/// Tells the server the browser's zone where it does not know it, so that days end at midnight.
fn tell_zone_once(reader: &Reader) {
    let known = reader.facts.zone_known;
    Effect::new(move || {
        if known {
            return;
        }
        if let Some(zone) = browser_zone() {
            leptos::task::spawn_local(async move {
                // A zone the server does not know leaves the house's: nothing to tell anybody.
                let _ = later::tell_zone(zone).await;
            });
        }
    });
}

/// The browser's IANA zone; on the server none.
fn browser_zone() -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        let format =
            js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
        js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into())
            .ok()?
            .as_string()
    }
    #[cfg(not(feature = "hydrate"))]
    None
}

#[cfg(feature = "hydrate")]
thread_local! {
    /// Whether this tab is signing out.
    static LEAVING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether this tab is signing out by itself: then whoever hears first that nobody is signed in any more
/// must not leave the page before it is done.
#[cfg(feature = "hydrate")]
pub(crate) fn is_leaving() -> bool {
    LEAVING.get()
}

/// Signs out, and leaves nothing of the member in this browser.
pub(super) async fn leave() {
    #[cfg(feature = "hydrate")]
    LEAVING.set(true);
    // Who cannot be signed out is shown the page they are still signed in to.
    forget_kept();
    let left = sign_out().await;
    // Also where the login had ended elsewhere.
    if matches!(left, Ok(()) | Err(ServerError(AppError::SignedOut))) {
        forget_drafts();
    }
    go_to("/signin");
}

/// Sets the member's language, and shows the page in it.
pub(super) async fn speak(locale: Locale) {
    // A page in the old language says that it was not set.
    let _ = choose_locale(locale.tag().to_owned()).await;
    reload();
}

/// Leaves for a page outside the app, in the browser only.
pub(crate) fn go_to(path: &str) {
    #[cfg(feature = "hydrate")]
    {
        let _ = window().location().set_href(path);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = path;
}

/// Loads the page again, in the browser only.
pub(crate) fn reload() {
    #[cfg(feature = "hydrate")]
    {
        let _ = window().location().reload();
    }
}
