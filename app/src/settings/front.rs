//! What the house says to whoever is not signed in.

use domain::AppError;
use domain::front::{FrontPage, NAME_MOST, TEXT_MOST};
use domain::people::Fault;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use locales::{Locale, text};

use super::set_front_page;
use crate::error::ServerError;
use crate::reader::Reader;
use crate::ui::{Field, FormTrouble, Toasts, Tone};

/// The switch, the name and the words of the front page.
#[component]
pub(super) fn FrontForm(
    /// As it is set.
    page: FrontPage,
) -> impl IntoView {
    let l = Reader::here().locale;
    let toasts = expect_context::<Toasts>();
    let shown = RwSignal::new(page.shown);
    let name = RwSignal::new(page.name);
    let words = RwSignal::new(page.text);
    let error = RwSignal::new(None::<AppError>);
    let save = Action::new(move |page: &FrontPage| {
        let page = page.clone();
        async move {
            match set_front_page(page).await {
                Ok(()) => toasts.push(Tone::Good, text::settings::saved(l)),
                Err(ServerError(why)) => error.set(Some(why)),
            }
        }
    });
    let busy = save.pending();
    let wrong = move |field: &'static str, most: usize| {
        Signal::derive(move || match error.get()? {
            AppError::Invalid { field: at, fault } if at == field => {
                Some(fault_words(l, fault, most))
            }
            _ => None,
        })
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let page = FrontPage {
            shown: shown.get_untracked(),
            name: name.get_untracked(),
            text: words.get_untracked(),
        };
        // The same rules as the server's, so that what cannot be is said at once.
        match page.checked() {
            Ok(page) => {
                error.set(None);
                save.dispatch(page);
            }
            Err(why) => error.set(Some(why)),
        }
    };
    view! {
        <form class="card" novalidate=true on:submit=on_submit aria-labelledby="front-title">
            <div class="card-head">
                <h2 class="card-title" id="front-title">{text::settings::front(l)}</h2>
            </div>
            <div class="form card-body">
                <FormTrouble error fields=&["house_name", "house_text"] />
                <div class="field">
                    <label class="choice">
                        <input
                            class="switch"
                            type="checkbox"
                            role="switch"
                            aria-describedby="front-help"
                            checked=shown.get_untracked()
                            prop:checked=shown
                            on:change:target=move |event| shown.set(event.target().checked())
                        />
                        <span>{text::settings::front_show(l)}</span>
                    </label>
                    <p class="field-help" id="front-help">{text::settings::front_help(l)}</p>
                </div>
                <Field
                    id="house-name"
                    label=text::settings::house_name(l)
                    help=text::settings::house_name_help(l)
                    optional=text::common::optional(l)
                    error=wrong("house_name", NAME_MOST)
                >
                    <input
                        class="input"
                        type="text"
                        autocomplete="organization"
                        value=name.get_untracked()
                        prop:value=name
                        on:input:target=move |event| name.set(event.target().value())
                    />
                </Field>
                <Field
                    id="house-text"
                    label=text::settings::house_text(l)
                    help=text::settings::house_text_help(l)
                    optional=text::common::optional(l)
                    error=wrong("house_text", TEXT_MOST)
                >
                    <textarea
                        class="input"
                        rows="5"
                        prop:value=words
                        on:input:target=move |event| words.set(event.target().value())
                    ></textarea>
                </Field>
            </div>
            <div class="card-foot form-actions">
                <button
                    type="submit"
                    class="button button-primary"
                    class:is-busy=busy
                    disabled=busy
                >
                    {text::common::save(l)}
                </button>
            </div>
        </form>
    }
}

/// What is wrong with a field that holds so many characters at most.
fn fault_words(l: Locale, fault: Fault, most: usize) -> String {
    match fault {
        Fault::TooLong => text::fields::too_long(l, i64::try_from(most).unwrap_or(i64::MAX)),
        _ => text::settings::unprintable(l).to_owned(),
    }
}
