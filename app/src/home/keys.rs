//! Keys that need a look: they expire soon, or their budget is nearly used.

use domain::keys::KeyCeiling;
use domain::limits::WindowKind;
use leptos::prelude::*;
use locales::text;
use serde::{Deserialize, Serialize};

use super::beside::Ruled;
use crate::keys::{KeyState, ListedKey, ceiling_words, load_keys};
use crate::reader::Reader;
use crate::ui::{Badge, Skeleton, Tone, Trouble};

/// From this share on a ceiling is said to be near.
const NEAR_PERCENT: i128 = 80;

/// The member's keys, as far as this page tells of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Watched {
    /// Whether one works at all.
    any: bool,
    /// Those that need a look.
    keys: Vec<ListedKey>,
}

/// The keys that need a look, or a word that none does.
#[component]
pub(super) fn Keys() -> impl IntoView {
    let l = Reader::here().locale;
    let keys = Resource::new(
        || (),
        |()| async {
            let mut keys = load_keys().await?;
            keys.retain(works);
            let any = !keys.is_empty();
            keys.retain(needs_a_look);
            Ok(Watched { any, keys })
        },
    );
    view! {
        <Ruled id="home-keys" title=text::nav::keys(l) href="/keys">
            <Transition fallback=|| view! { <Skeleton count=2 /> }>
                {move || Suspend::new(async move {
                    match keys.await {
                        Ok(watched) => view! { <KeyLines watched /> }.into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
        </Ruled>
    }
}

#[component]
fn KeyLines(
    /// The keys.
    watched: Watched,
) -> impl IntoView {
    let l = Reader::here().locale;
    if !watched.any {
        return view! {
            <p class="faint">{text::home::keys_none(l)}</p>
            <p><a class="button button-small" href="/keys?add">{text::keys::create(l)}</a></p>
        }
        .into_any();
    }
    if watched.keys.is_empty() {
        return view! { <p class="faint">{text::home::keys_calm(l)}</p> }.into_any();
    }
    let lines = watched
        .keys
        .into_iter()
        .map(|key| view! { <KeyLine key /> })
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }.into_any()
}

#[component]
fn KeyLine(
    /// A key that needs a look.
    key: ListedKey,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let expires = (key.state == KeyState::Expiring)
        .then_some(key.row.expires_at)
        .flatten()
        .map(|at| {
            view! {
                <Badge text=text::keys::expiring(l) tone=Tone::Warn />
                <div class="small faint">{reader.date(at)}</div>
            }
        });
    let near = fullest(&key).map(|ceiling| {
        let (word, tone) = if ceiling.used >= ceiling.ceiling {
            (text::home::key_full(l), Tone::Bad)
        } else {
            (text::home::key_near(l), Tone::Warn)
        };
        view! {
            <Badge text=word tone />
            <div class="small faint">{ceiling_words(&reader, ceiling)}</div>
        }
    });
    let name = key.row.name.clone();
    view! {
        <li class="line">
            <a class="line-name cut" href="/keys">{name}</a>
            <div>{expires} {near}</div>
        </li>
    }
}

fn works(key: &ListedKey) -> bool {
    matches!(key.state, KeyState::Active | KeyState::Expiring)
}

fn needs_a_look(key: &ListedKey) -> bool {
    key.state == KeyState::Expiring || fullest(key).is_some()
}

/// The ceiling that is closest to its end, if one is near. What refills by the minute is never near.
fn fullest(key: &ListedKey) -> Option<&KeyCeiling> {
    let percent =
        |ceiling: &KeyCeiling| i128::from(ceiling.used) * 100 / i128::from(ceiling.ceiling.max(1));
    key.row
        .ceilings
        .iter()
        .filter(|ceiling| ceiling.window != WindowKind::Minute)
        .filter(|ceiling| percent(ceiling) >= NEAR_PERCENT)
        .max_by_key(|ceiling| percent(ceiling))
}

#[cfg(test)]
mod tests {
    use domain::keys::KeyRow;
    use domain::limits::Unit;
    use domain::{KeyId, Timestamp};

    use super::*;

    fn key(state: KeyState, window: WindowKind, used: i64) -> ListedKey {
        ListedKey {
            row: KeyRow {
                id: KeyId::NIL,
                name: "laptop".to_owned(),
                tail: String::new(),
                models: Vec::new(),
                ceilings: vec![KeyCeiling {
                    unit: Unit::Requests,
                    window,
                    ceiling: 10,
                    used,
                }],
                created_at: Timestamp(0),
                expires_at: None,
                last_used_at: None,
                revoked_at: None,
            },
            state,
        }
    }

    #[test]
    fn a_key_needs_a_look_before_it_stops_working() {
        use KeyState::{Active, Expiring};
        use WindowKind::{Day, Minute};
        assert!(!needs_a_look(&key(Active, Day, 7)));
        assert!(needs_a_look(&key(Active, Day, 8)));
        assert!(needs_a_look(&key(Expiring, Day, 0)));
        assert!(!needs_a_look(&key(Active, Minute, 10)));
        assert!(!works(&key(KeyState::Revoked, Day, 10)));
    }
}
