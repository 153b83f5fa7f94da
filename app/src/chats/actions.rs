//! What can be done with a message.

use leptos::prelude::*;
use locales::text;

use super::conversation::{Cell, Conversation};
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Toasts, Tone, copy_text};

/// A small button with a drawing and a name.
#[component]
fn Act(
    /// Its drawing.
    icon: IconName,
    /// Its name, read aloud and shown as tooltip.
    label: &'static str,
    /// What it does.
    #[prop(into)]
    run: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button button-quiet button-icon button-small"
            title=label
            aria-label=label
            on:click=move |_| run.run(())
        >
            <Icon name=icon />
        </button>
    }
}

/// Copies a message's Markdown.
fn copying(cell: Cell) -> Callback<()> {
    let talk = Conversation::here();
    let l = Reader::here().locale;
    let toasts = expect_context::<Toasts>();
    Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            if let Some(markdown) = talk.text(cell.id).await {
                copy_text(&markdown, move |copied| {
                    if copied {
                        toasts.push(Tone::Good, text::common::copied(l));
                    } else {
                        toasts.push(Tone::Bad, text::common::copy_failed(l));
                    }
                });
            }
        });
    })
}

/// What can be done with a reply.
#[component]
pub(super) fn ReplyActions(
    /// The reply.
    cell: Cell,
) -> impl IntoView {
    let l = Reader::here().locale;
    let talk = Conversation::here();
    let can_continue = move || {
        cell.view
            .with(|view| view.state.can_continue() && !view.blocks.is_empty())
    };
    let idle = move || talk.running().is_none();
    view! {
        <div class="message-actions">
            <Show when=move || can_continue() && idle()>
                <button
                    type="button"
                    class="button button-small"
                    on:click=move |_| leptos::task::spawn_local(talk.go_on(cell.id))
                >
                    <Icon name=IconName::Play />
                    {text::chat::continue_(l)}
                </button>
            </Show>
            <Act icon=IconName::Copy label=text::chat::copy_message(l) run=copying(cell) />
            <Show when=idle>
                <Act
                    icon=IconName::Refresh
                    label=text::chat::regenerate(l)
                    run=Callback::new(move |()| leptos::task::spawn_local(talk.regenerate(cell.id)))
                />
            </Show>
        </div>
    }
}

/// What can be done with a message of one's own.
#[component]
pub(super) fn UserActions(
    /// The message.
    cell: Cell,
    /// The text that is being edited.
    editing: RwSignal<Option<String>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let talk = Conversation::here();
    let edit = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            if let Some(markdown) = talk.text(cell.id).await {
                editing.set(Some(markdown));
            }
        });
    });
    view! {
        <div class="message-actions">
            <Act icon=IconName::Copy label=text::chat::copy_message(l) run=copying(cell) />
            <Show when=move || talk.running().is_none()>
                <Act icon=IconName::Edit label=text::chat::edit(l) run=edit />
            </Show>
        </div>
    }
}

/// A message of one's own while it is edited.
#[component]
pub(super) fn EditBox(
    /// The message.
    cell: Cell,
    /// The text that is being edited.
    editing: RwSignal<Option<String>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let talk = Conversation::here();
    let send = Action::new(move |(): &()| {
        let entered = editing.get_untracked().unwrap_or_default();
        async move {
            if talk.edit(cell.id, entered).await {
                editing.set(None);
            }
        }
    });
    view! {
        <div class="message-edit">
            <textarea
                class="input"
                dir="auto"
                rows="3"
                aria-label=text::chat::edit_label(l)
                prop:value=move || editing.get().unwrap_or_default()
                on:input=move |event| editing.set(Some(event_target_value(&event)))
            ></textarea>
            <div class="row row-end">
                <button type="button" class="button" on:click=move |_| editing.set(None)>
                    {text::common::cancel(l)}
                </button>
                <button
                    type="button"
                    class="button button-primary"
                    disabled=move || send.pending().get()
                    on:click=move |_| { send.dispatch(()); }
                >
                    {text::chat::edit_and_resend(l)}
                </button>
            </div>
        </div>
    }
}

/// Which of several versions is shown, and the way to the others.
#[component]
pub(super) fn Branches(
    /// The message.
    cell: Cell,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let talk = Conversation::here();
    let siblings = Memo::new(move |_| cell.view.with(|view| view.siblings.clone()));
    let position =
        move || siblings.with(|all| all.iter().position(|id| *id == cell.id).unwrap_or(0));
    let step = move |by: isize| {
        let next = siblings.with_untracked(|all| {
            let at = all.iter().position(|id| *id == cell.id)?;
            all.get(at.checked_add_signed(by)?).copied()
        });
        if let Some(next) = next {
            leptos::task::spawn_local(talk.branch(next));
        }
    };
    let told = move || {
        let (at, of) = (position() + 1, siblings.with(Vec::len));
        text::chat::branch(l, &at.to_string(), &of.to_string())
    };
    view! {
        <Show when=move || { siblings.with(Vec::len) > 1 }>
            <div class="branch">
                <Act
                    icon=IconName::ChevronLeft
                    label=text::chat::branch_previous(l)
                    run=Callback::new(move |()| step(-1))
                />
                <span class="number">{told}</span>
                <Act
                    icon=IconName::ChevronRight
                    label=text::chat::branch_next(l)
                    run=Callback::new(move |()| step(1))
                />
            </div>
        </Show>
    }
}
