//! The shape of what is coming.

use leptos::prelude::*;

/// What the waiting place will hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SkeletonShape {
    /// Lines of text.
    #[default]
    Lines,
    /// Rows of a table.
    Rows,
    /// Cards or charts.
    Blocks,
}

/// Grey shapes of the right size while data is on its way; silent for screen readers.
#[component]
pub fn Skeleton(
    /// How many lines, rows or blocks.
    #[prop(default = 3)]
    count: u8,
    /// Which shape.
    #[prop(optional)]
    shape: SkeletonShape,
) -> impl IntoView {
    let class = match shape {
        SkeletonShape::Lines => "skeleton-line",
        SkeletonShape::Rows => "skeleton-line skeleton-row",
        SkeletonShape::Blocks => "skeleton-line skeleton-block",
    };
    view! {
        <div class="skeleton" aria-hidden="true">
            {(0..count).map(|_| view! { <div class=class></div> }).collect_view()}
        </div>
    }
    .into_any()
}
