//! The list of keys.

use std::sync::Arc;

use leptos::prelude::*;
use locales::text;

use super::ceilings::Ceilings;
use super::{KeyState, ListedKey};
use crate::reader::Reader;
use crate::ui::{Badge, DataTable, Empty, Head, Icon, IconName, Tone};

/// The member's keys, or what keys are good for while there is none.
#[component]
pub(super) fn KeyTable(
    /// The keys, newest first.
    keys: Vec<ListedKey>,
    /// Opens the dialog that makes a key.
    creating: RwSignal<bool>,
    /// Asks whether this key shall be revoked.
    #[prop(into)]
    revoke: Callback<ListedKey>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let head = vec![
        Head::text(text::keys::name(l)),
        Head::text(text::keys::models(l)),
        Head::text(text::keys::limits(l)),
        Head::text(text::common::created(l)),
        Head::text(text::keys::last_used(l)),
        Head::text(text::keys::expires(l)),
        Head::text(text::common::status(l)),
        Head::actions(text::common::actions(l)),
    ];
    let keys: Arc<[ListedKey]> = keys.into();
    view! {
        <DataTable
            id="keys"
            caption=text::keys::title(l)
            quiet_caption=true
            head=head
            is_empty=keys.is_empty()
            empty=move || view! {
                <Empty
                    icon=IconName::Key
                    title=text::keys::empty_title(l)
                    text=text::keys::empty_text(l)
                >
                    <button
                        type="button"
                        class="button button-primary"
                        on:click=move |_| creating.set(true)
                    >
                        <Icon name=IconName::Plus />
                        {text::keys::create(l)}
                    </button>
                </Empty>
            }
        >
            {keys
                .iter()
                .map(|key| view! { <KeyLine key=key.clone() revoke /> })
                .collect_view()}
        </DataTable>
    }
}

/// One key.
#[component]
fn KeyLine(
    /// The key.
    key: ListedKey,
    /// Asks whether it shall be revoked.
    revoke: Callback<ListedKey>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let row = key.row.clone();
    let (word, tone) = match key.state {
        KeyState::Active => (text::keys::active(l), Tone::Good),
        KeyState::Expiring => (text::keys::expiring(l), Tone::Warn),
        KeyState::Expired => (text::keys::expired(l), Tone::Warn),
        KeyState::Revoked => (text::keys::revoked(l), Tone::Neutral),
    };
    let models = if row.models.is_empty() {
        view! { <span>{text::keys::models_all(l)}</span> }.into_any()
    } else {
        let names = row
            .models
            .iter()
            .map(|model| view! { <li>{model.clone()}</li> })
            .collect_view();
        view! { <ul class="mono small">{names}</ul> }.into_any()
    };
    let last_used = row.last_used_at.map_or_else(
        || text::keys::last_used_never(l).to_owned(),
        |at| reader.date_time(at),
    );
    let expires = row.expires_at.map_or_else(
        || text::keys::expiry_never(l).to_owned(),
        |at| reader.date(at),
    );
    let tail = format!("{}…{}", domain::keys::KEY_PREFIX, row.tail);
    let label = format!("{}: {}", text::keys::revoke(l), row.name);
    let button = (key.state != KeyState::Revoked).then(|| {
        view! {
            <button
                type="button"
                class="button button-quiet button-small"
                aria-label=label
                on:click=move |_| revoke.run(key.clone())
            >
                {text::keys::revoke(l)}
            </button>
        }
    });
    view! {
        <tr>
            <th scope="row">
                <div>
                    {row.name}
                    <div class="field-optional mono small cut">{tail}</div>
                </div>
            </th>
            <td data-label=text::keys::models(l)>{models}</td>
            <td data-label=text::keys::limits(l)>
                <Ceilings ceilings=row.ceilings />
            </td>
            <td data-label=text::common::created(l)>{reader.date(row.created_at)}</td>
            <td data-label=text::keys::last_used(l)>{last_used}</td>
            <td data-label=text::keys::expires(l)>{expires}</td>
            <td data-label=text::common::status(l)>
                <Badge text=word tone />
            </td>
            <td class="table-actions">{button}</td>
        </tr>
    }
}
