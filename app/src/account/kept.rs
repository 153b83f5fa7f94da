//! Whether this device keeps chats for reading without the house.

use leptos::prelude::*;
use locales::text;

use crate::installed::{can_keep, keeps, set_keeps};
use crate::reader::Reader;

/// A switch for this device alone, off until somebody wants it.
#[component]
pub(super) fn KeptChats() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let member = reader.facts.me.id;
    let on = RwSignal::new(false);
    // Only the browser knows; the server draws the switch as it is at first.
    let possible = RwSignal::new(true);
    Effect::new(move || {
        possible.set(can_keep());
        on.set(keeps(member));
    });
    view! {
        <section class="card">
            <div class="card-head">
                <h2 class="card-title">{text::account::this_device(l)}</h2>
            </div>
            <div class="card-body">
                <label class="choice">
                    <input
                        class="switch"
                        type="checkbox"
                        role="switch"
                        aria-describedby="kept-help"
                        prop:checked=on
                        disabled=move || !possible.get()
                        on:change:target=move |event| {
                            let wanted = event.target().checked();
                            on.set(wanted);
                            set_keeps(member, wanted);
                        }
                    />
                    <span>{text::installed::keep(l)}</span>
                </label>
                <p class="field-help" id="kept-help">
                    {move || if possible.get() {
                        text::installed::keep_help(l)
                    } else {
                        text::installed::keep_impossible(l)
                    }}
                </p>
            </div>
        </section>
    }
}
