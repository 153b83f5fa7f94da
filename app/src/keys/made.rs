//! The only time a key's secret is seen.

use domain::keys::MadeKey;
use leptos::prelude::*;
use locales::text;

use super::examples::Examples;
use crate::reader::Reader;
use crate::ui::{CopyButton, Dialog, Notice, Tone};

/// Shows the secret of a key that was just made, ready to be copied and tried.
#[component]
pub(super) fn MadeKeyDialog(
    /// Open or closed; closing forgets the secret.
    open: RwSignal<bool>,
    /// The key.
    made: RwSignal<Option<MadeKey>>,
    /// A model to try it with, where the key names none.
    #[prop(into)]
    model: Signal<Option<String>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    Effect::new(move || {
        if !open.get() {
            made.set(None);
        }
    });
    view! {
        <Dialog
            id="key-made"
            open
            wide=true
            title=text::keys::created_title(l)
            close_label=text::common::close(l)
            foot=move || view! {
                <button
                    type="button"
                    class="button button-primary"
                    on:click=move |_| open.set(false)
                >
                    {text::keys::stored_it(l)}
                </button>
            }
        >
            {move || {
                made.get()
                    .map(|MadeKey { row, secret }| {
                        let model = row.models.first().cloned().or_else(|| model.get_untracked());
                        let copied = secret.clone();
                        view! {
                            <Notice tone=Tone::Warn title=text::keys::shown_once(l) />
                            <div class="copy-line">
                                <code aria-label=text::keys::key(l)>{secret.clone()}</code>
                                <CopyButton
                                    text=move || copied.clone()
                                    label=text::keys::copy_key(l)
                                    copied_label=text::common::copied(l)
                                />
                            </div>
                            <h3>{text::keys::example_title(l)}</h3>
                            <Examples id="key-made-examples" secret model />
                        }
                    })
            }}
        </Dialog>
    }
}
