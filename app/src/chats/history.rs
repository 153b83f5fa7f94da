//! The list of chats in the sidebar.

use domain::ChatId;
use domain::chats::{ChatRow, ChatView};
use domain::live::LiveEvent;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate};
use locales::text;

use super::functions::{HistoryPage, delete_chat, list_chats};
use super::live::Live;
use super::rename::RenameDialog;
use crate::error::words;
use crate::reader::Reader;
use crate::ui::{Confirm, Icon, IconName, Menu, Skeleton, Toasts, Tone};

/// The chats this tab knows, newest first.
#[derive(Clone, Copy)]
pub struct History {
    rows: RwSignal<Vec<ChatRow>>,
    next: RwSignal<Option<String>>,
    /// A chat that was just begun: its own page shows it without asking again.
    begun: StoredValue<Option<ChatView>>,
}

impl History {
    /// Puts it into the context.
    pub fn provide() {
        provide_context(Self {
            rows: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            begun: StoredValue::new(None),
        });
    }

    /// Hands a chat that was just begun to its own page.
    pub(super) fn hand_over(self, chat: ChatView) {
        self.begun.set_value(Some(chat));
    }

    /// Takes over a chat that was just begun.
    pub(super) fn take_over(self, id: Option<ChatId>) -> Option<ChatView> {
        let is_it = self
            .begun
            .with_value(|begun| begun.as_ref().map(|chat| chat.id) == id);
        if !is_it {
            return None;
        }
        let mut taken = None;
        self.begun.update_value(|begun| taken = begun.take());
        taken
    }

    /// The title of a chat, as far as it is known.
    pub fn title(self, id: ChatId) -> Option<String> {
        self.rows
            .with(|rows| rows.iter().find(|row| row.id == id)?.title.clone())
    }

    /// Takes in what happens to chats, here and on other devices.
    fn take(self, event: &LiveEvent) {
        match event {
            LiveEvent::Chat { row } => self.rows.update(|rows| {
                rows.retain(|known| known.id != row.id);
                let place = rows.partition_point(|known| known.updated_at > row.updated_at);
                rows.insert(place, row.clone());
            }),
            LiveEvent::ChatDeleted { chat_id } => {
                self.rows
                    .update(|rows| rows.retain(|known| known.id != *chat_id));
            }
            _ => {}
        }
    }
}

/// The list, grouped by day.
#[component]
pub fn HistoryList() -> impl IntoView {
    let l = Reader::here().locale;
    let first = Resource::new(|| (), |()| list_chats(None));
    view! {
        <div class="sidebar-fill">
            <p class="nav-title" id="history-label">{text::history::label(l)}</p>
            <Suspense fallback=|| view! { <Skeleton count=5 /> }>
                {move || Suspend::new(async move {
                    match first.await {
                        Ok(page) => view! { <Chats page /> }.into_any(),
                        Err(error) => {
                            let told = words(&Reader::here(), &error.0);
                            view! { <p class="faint small">{told}</p> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </div>
    }
}

/// The chats of the first page, and what comes and goes after it.
#[component]
fn Chats(
    /// The first page.
    page: HistoryPage,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let history = expect_context::<History>();
    let today = reader.day_number(page.now);
    history.rows.set(page.page.rows);
    history.next.set(page.page.next);
    Live::here().listen(move |event| history.take(event));
    let more = Action::new(move |cursor: &String| {
        let cursor = cursor.clone();
        async move {
            if let Ok(older) = list_chats(Some(cursor)).await {
                history.rows.update(|rows| {
                    let new = older.page.rows.into_iter();
                    let new: Vec<ChatRow> = new
                        .filter(|row| rows.iter().all(|known| known.id != row.id))
                        .collect();
                    rows.extend(new);
                });
                history.next.set(older.page.next);
            }
        }
    });
    let day_of = StoredValue::new(reader);
    let group = move |wanted: Day| {
        let rows = move || {
            history
                .rows
                .get()
                .into_iter()
                .filter(|row| {
                    let days =
                        day_of.with_value(|reader| today - reader.day_number(row.updated_at));
                    Day::of(days) == wanted
                })
                .collect::<Vec<_>>()
        };
        let label = wanted.label(l);
        view! {
            <Show when=move || !rows().is_empty()>
                <p class="nav-title">{label}</p>
                <ul class="nav" aria-label=label>
                    <For each=rows key=|row| (row.id, row.title.clone()) let:row>
                        <Entry row />
                    </For>
                </ul>
            </Show>
        }
    };
    view! {
        <nav aria-labelledby="history-label">
            {group(Day::Today)} {group(Day::Yesterday)} {group(Day::Earlier)}
            <Show when=move || history.rows.with(Vec::is_empty)>
                <p class="faint small">{text::history::empty(l)}</p>
            </Show>
            <Show when=move || history.next.get().is_some()>
                <button
                    type="button"
                    class="button button-quiet button-small"
                    on:click=move |_| {
                        if let Some(cursor) = history.next.get_untracked() { more.dispatch(cursor); }
                    }
                >
                    {text::common::load_more(l)}
                </button>
            </Show>
        </nav>
    }
}

/// The groups of the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Day {
    Today,
    Yesterday,
    Earlier,
}

impl Day {
    fn of(days_ago: i64) -> Self {
        match days_ago {
            ..=0 => Self::Today,
            1 => Self::Yesterday,
            _ => Self::Earlier,
        }
    }

    fn label(self, l: locales::Locale) -> &'static str {
        match self {
            Self::Today => text::history::today(l),
            Self::Yesterday => text::history::yesterday(l),
            Self::Earlier => text::history::earlier(l),
        }
    }
}

/// One chat with its menu.
#[component]
fn Entry(
    /// The chat.
    row: ChatRow,
) -> impl IntoView {
    let l = Reader::here().locale;
    let id = row.id;
    let title = row
        .title
        .clone()
        .unwrap_or_else(|| text::chat::untitled(l).to_owned());
    let shown_title = title.clone();
    let asked_title = title;
    let href = format!("/chats/{id}");
    let (renaming, deleting) = (RwSignal::new(false), RwSignal::new(false));
    let location = use_location();
    let navigate = use_navigate();
    let here = href.clone();
    let toasts = expect_context::<Toasts>();
    let reader = StoredValue::new(Reader::here());
    let delete = Action::new(move |(): &()| {
        let navigate = navigate.clone();
        let here = here.clone();
        async move {
            match delete_chat(id).await {
                Ok(()) => {
                    toasts.push(Tone::Good, text::history::deleted(l));
                    if location.pathname.get_untracked() == here {
                        navigate("/", leptos_router::NavigateOptions::default());
                    }
                }
                Err(error) => {
                    toasts.push(
                        Tone::Bad,
                        reader.with_value(|reader| words(reader, &error.0)),
                    );
                }
            }
        }
    });
    view! {
        <li class="history-item">
            <A href=href exact=true attr:class="nav-link">
                <span class="cut" dir="auto">{shown_title}</span>
            </A>
            <Menu
                id=format!("chat-menu-{id}")
                label=text::common::more_actions(l)
                face=|| view! { <Icon name=IconName::More /> }
            >
                <button type="button" class="menu-item" on:click=move |_| renaming.set(true)>
                    <Icon name=IconName::Edit />
                    <span>{text::common::rename(l)}</span>
                </button>
                <button type="button" class="menu-item tone-bad" on:click=move |_| deleting.set(true)>
                    <Icon name=IconName::Trash />
                    <span>{text::common::delete(l)}</span>
                </button>
            </Menu>
            <RenameDialog id open=renaming title=row.title.unwrap_or_default() />
            <Confirm
                id=format!("chat-delete-{id}")
                open=deleting
                title=text::history::delete_title(l)
                confirm_label=text::common::delete(l)
                cancel_label=text::common::cancel(l)
                danger=true
                on_confirm=Callback::new(move |()| { delete.dispatch(()); })
            >
                <p dir="auto"><strong>{asked_title.clone()}</strong></p>
                <p>{text::history::delete_text(l)}</p>
            </Confirm>
        </li>
    }
}
