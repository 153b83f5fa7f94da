//! The only time a one-time link is seen.

use leptos::prelude::*;
use locales::text;

use super::OneTimeLink;
use crate::reader::Reader;
use crate::sessions::house_address;
use crate::ui::{CopyButton, Dialog, Notice, Tone};

/// Shows a link that was just made, ready to be sent to its member.
#[component]
pub(super) fn LinkDialog(
    /// The member's name and their link; closing forgets them.
    link: RwSignal<Option<(String, OneTimeLink)>>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let address = house_address();
    let open = RwSignal::new(false);
    Effect::new(move || {
        if link.read().is_some() {
            open.set(true);
        }
    });
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is {
            link.set(None);
        }
        is
    });
    view! {
        <Dialog
            id="member-link"
            open
            title=text::members::link_title(l)
            close_label=text::common::close(l)
            foot=move || view! {
                <button
                    type="button"
                    class="button button-primary"
                    on:click=move |_| open.set(false)
                >
                    {text::common::done(l)}
                </button>
            }
        >
            {move || {
                link.get()
                    .map(|(name, link)| {
                        let until = reader.date_time(link.expires_at);
                        let href = move || format!("{}/welcome#{}", address.read(), link.token);
                        let copied = href.clone();
                        view! {
                            <Notice
                                tone=Tone::Warn
                                title=text::members::link_help(l, &name, &until)
                            />
                            <div class="copy-line">
                                <code>{href}</code>
                                <CopyButton
                                    text=copied
                                    label=text::members::copy_link(l)
                                    copied_label=text::common::copied(l)
                                />
                            </div>
                        }
                    })
            }}
        </Dialog>
    }
}
