//! Choosing a model.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use locales::text;

use super::open::OpenChat;
use super::picker_list::{PickerList, option_id, ordered};
use crate::later::{self, Turn};
use crate::models::found;
use crate::reader::Reader;
use crate::ui::{ComboField, Dialog, Icon, IconName, moved};

/// Id of the list, for the search field that steers it.
pub(super) const LIST: &str = "picker-list";

/// A button with the model's name; it opens a list with a search field above.
#[component]
pub(super) fn ModelPicker() -> impl IntoView {
    let l = Reader::here().locale;
    let open = OpenChat::here();
    let shown = RwSignal::new(false);
    let name = move || {
        let model = open.model.get();
        model.map_or_else(|| text::picker::choose(l).to_owned(), |model| model.label)
    };
    view! {
        <button
            type="button"
            class="button button-quiet picker-button"
            aria-haspopup="dialog"
            title=text::picker::choose(l)
            on:click=move |_| shown.set(true)
        >
            <span class="only-read">{text::picker::label(l)}</span>
            <span>{name}</span>
            <Icon name=IconName::ChevronDown />
        </button>
        {later::drawn(Turn::Dialogs, move |tools| (tools.chats.picker)(shown))}
    }
}

/// The list of models in a dialog; arrows move, Enter chooses, Esc closes.
#[component]
pub(super) fn PickerDialog(
    /// Open or closed.
    shown: RwSignal<bool>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let open = OpenChat::here();
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(None::<String>);
    let models = Memo::new(move |_| {
        let query = query.read();
        let mut models = open.models.get();
        models.retain(|model| {
            let texts = [model.id.as_str(), model.label.as_str()];
            let connections = model.connections.iter().map(String::as_str);
            let texts: Vec<&str> = texts.into_iter().chain(connections).collect();
            found(&texts, &query)
        });
        ordered(models)
    });
    Effect::new(move || {
        if shown.get() {
            query.set(String::new());
            let model = open.model.get_untracked();
            active.set(model.map(|model| model.id));
        }
    });
    let take = Callback::new(move |id: String| {
        open.choose(id);
        shown.set(false);
    });
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let models = models.read_untracked();
        let now = active.get_untracked();
        let now = models
            .iter()
            .position(|model| Some(&model.id) == now.as_ref());
        match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                if let Some(model) = now.and_then(|now| models.get(now)) {
                    take.run(model.id.clone());
                }
            }
            "Escape" => {
                // A search field would only empty itself.
                event.prevent_default();
                shown.set(false);
            }
            key => {
                if let Some(to) = moved(key, now, models.len()) {
                    event.prevent_default();
                    active.set(models.get(to).map(|model| model.id.clone()));
                }
            }
        }
    };
    let on_input = move |text: String| {
        query.set(text);
        let first = models
            .read_untracked()
            .first()
            .map(|model| model.id.clone());
        active.set(first);
    };
    let active_option = move || {
        let active = active.get()?;
        models.with(|models| {
            let place = models.iter().position(|model| model.id == active)?;
            Some(option_id(place))
        })
    };
    view! {
        <Dialog
            id="picker"
            open=shown
            title=text::picker::choose(l)
            close_label=text::common::close(l)
        >
            <div class="picker">
                <ComboField
                    label=text::picker::search(l)
                    list=LIST
                    active_option=Signal::derive(active_option)
                    query=query
                    on_input=Callback::new(on_input)
                    on_key=Callback::new(on_key)
                />
                {move || shown.get().then(|| view! { <PickerList models active on_take=take /> })}
            </div>
        </Dialog>
    }
}
