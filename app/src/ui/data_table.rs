//! The one table.

use leptos::{either::Either, prelude::*, text_prop::TextProp};

use super::{Icon, IconName};

/// How a column is sorted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortState {
    /// By another column; a click sorts by this one.
    Other,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// One head cell.
#[derive(Clone)]
pub struct Head {
    label: TextProp,
    class: &'static str,
    sort: Option<(SortState, String)>,
}

impl Head {
    /// A column of words.
    pub fn text(label: impl Into<TextProp>) -> Self {
        Self {
            label: label.into(),
            class: "",
            sort: None,
        }
    }

    /// A column of figures, set at the end; its cells need the class `number` too.
    pub fn number(label: impl Into<TextProp>) -> Self {
        Self {
            class: "number",
            ..Self::text(label)
        }
    }

    /// The last column of buttons; the label is only read aloud.
    pub fn actions(label: impl Into<TextProp>) -> Self {
        Self {
            class: "table-actions",
            ..Self::text(label)
        }
    }

    /// Makes the column sortable by a link, which also works before hydration.
    #[must_use]
    pub fn sorted(mut self, state: SortState, href: impl Into<String>) -> Self {
        self.sort = Some((state, href.into()));
        self
    }

    fn into_cell(self) -> impl IntoView {
        let Self { label, class, sort } = self;
        let aria_sort = sort.as_ref().and_then(|(state, _)| match state {
            SortState::Other => None,
            SortState::Ascending => Some("ascending"),
            SortState::Descending => Some("descending"),
        });
        let inside = if let Some((state, href)) = sort {
            let arrow = match state {
                SortState::Other => None,
                SortState::Ascending => Some(IconName::ChevronUp),
                SortState::Descending => Some(IconName::ChevronDown),
            };
            Either::Left(view! {
                <a class="table-sort" href=href data-noscroll="true">
                    <span>{move || label.get()}</span>
                    {arrow.map(|name| view! { <Icon name=name /> })}
                </a>
            })
        } else {
            let class = if class == "table-actions" {
                "only-read"
            } else {
                ""
            };
            Either::Right(view! { <span class=class>{move || label.get()}</span> })
        };
        view! { <th scope="col" class=class aria-sort=aria_sort>{inside}</th> }
    }
}

/// Words of a cell that may have none: a card leaves out a cell that is truly empty, and an empty string is not, for
/// the browser needs a space to find it again.
pub fn said(words: String) -> Option<String> {
    (!words.is_empty()).then_some(words)
}

/// A table with a sticky head; in a narrow place every row becomes a card.
///
/// Rows are plain `<tr>`: the first cell a `<th scope="row">`, each further `<td>` with
/// `data-label` (the head's word, shown in the card) and the class of its column.
#[component]
pub fn DataTable(
    /// Id of the caption, unique in the page.
    #[prop(into)]
    id: String,
    /// Name of the table.
    #[prop(into)]
    caption: TextProp,
    /// Whether the caption is only read aloud, because a heading above says the same.
    #[prop(optional)]
    quiet_caption: bool,
    /// Head cells in column order.
    #[prop(into)]
    head: Signal<Vec<Head>>,
    /// Nothing to list: the `empty` slot stands in place of the table.
    #[prop(optional, into)]
    is_empty: Signal<bool>,
    /// What to show then, usually an `Empty`.
    #[prop(optional, into)]
    empty: ViewFn,
    /// Further rows or sums under the body: a whole `<tfoot>`.
    #[prop(optional, into)]
    foot: ViewFn,
    /// The rows.
    children: ChildrenFn,
) -> impl IntoView {
    let caption_class = if quiet_caption {
        "only-read"
    } else {
        "table-caption"
    };
    view! {
        <figure class="table-box">
            <figcaption class=caption_class id=id.clone()>
                {move || caption.get()}
            </figcaption>
            {move || {
                if is_empty.get() {
                    Either::Left(empty.run())
                } else {
                    let heads = head.get().into_iter().map(Head::into_cell).collect_view();
                    Either::Right(
                        view! {
                            <div class="table-scroll" role="group" tabindex="0" aria-labelledby=id.clone()>
                                <table class="table" aria-labelledby=id.clone()>
                                    <thead>
                                        <tr>{heads}</tr>
                                    </thead>
                                    <tbody>{children()}</tbody>
                                    {foot.run()}
                                </table>
                            </div>
                        },
                    )
                }
            }}
        </figure>
    }
    .into_any()
}
