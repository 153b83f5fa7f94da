//! Which member, key or connection a limit bounds.

use domain::AppError;
use domain::limits::ScopeKind;
use leptos::prelude::*;
use locales::text;

use super::draft::Draft;
use super::{Subject, Subjects, list_limit_subjects};
use crate::reader::Reader;
use crate::ui::{Field, Skeleton, Trouble, at_field};

/// The choice of a subject; nothing where everyone together is bounded. It loads when it is drawn,
/// so draw it only in an open dialog.
#[component]
pub(super) fn SubjectField(
    /// The answers.
    draft: Draft,
    /// What the last try came back with.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let subjects = Resource::new(|| (), |()| list_limit_subjects());
    view! {
        <Suspense fallback=|| view! { <Skeleton count=1 /> }>
            {move || Suspend::new(async move {
                match subjects.await {
                    Ok(subjects) => view! { <Choice subjects draft error /> }.into_any(),
                    Err(error) => view! { <Trouble error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// The loaded choice.
#[component]
fn Choice(
    /// Everything that can be bounded.
    subjects: Subjects,
    /// The answers.
    draft: Draft,
    /// What the last try came back with.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    move || {
        let these: &[Subject] = match draft.scope.get() {
            ScopeKind::House | ScopeKind::Group => return None,
            ScopeKind::Member => &subjects.members,
            ScopeKind::Key => &subjects.keys,
            ScopeKind::Connection => &subjects.connections,
        };
        let first = if these.is_empty() {
            text::limits::none_to_choose(l)
        } else {
            text::limits::choose(l)
        };
        let options = these
            .iter()
            .map(|subject| {
                let id = subject.id.to_string();
                view! { <option value=id>{subject.name.clone()}</option> }
            })
            .collect_view();
        Some(view! {
            <Field
                id="limit-subject"
                label=text::limits::subject(l)
                error=at_field(error, "scope_id", text::fields::required(l))
            >
                <select
                    class="input"
                    on:change:target=move |event| draft.subject.set(event.target().value())
                >
                    <option value="">{first}</option>
                    {options}
                </select>
            </Field>
        })
    }
}
