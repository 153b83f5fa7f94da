//! By day or by night.

use domain::look::Liking;
use leptos::prelude::*;
use locales::text;

use crate::look::choose_theme;
use crate::reader::Reader;

/// How the house looks in this browser: as the system has it, by day, or by night; at once.
#[component]
pub(super) fn Appearance() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let look = reader.facts.look;
    let choice = |theme: Option<Liking>, label: &'static str| {
        let is_chosen = look.theme() == theme.and_then(|theme| look.with(theme, true).theme());
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="theme"
                    checked=is_chosen
                    on:change=move |_| choose_theme(theme)
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <section class="card">
            <div class="card-head">
                <div>
                    <h2 class="card-title" id="theme">{text::nav::theme(l)}</h2>
                    <p class="faint small">{text::account::this_browser(l)}</p>
                </div>
            </div>
            <div class="card-body" role="radiogroup" aria-labelledby="theme">
                {choice(None, text::nav::theme_system(l))}
                {choice(Some(Liking::Light), text::nav::theme_light(l))}
                {choice(Some(Liking::Dark), text::nav::theme_dark(l))}
            </div>
        </section>
    }
}
