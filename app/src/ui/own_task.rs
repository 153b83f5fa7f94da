//! Coming to life in steps.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::ssr::StreamBuilder;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Position, PositionState};

/// Comes to life in a task of its own: what stands around it listens before, and no tap waits for
/// both. On the server, and once the page lives, it is what it holds.
///
/// Only what is reached without a loading border in between comes to life in steps.
#[derive(Debug)]
pub struct OwnTask<V>(pub V);

impl<V: Render> Render for OwnTask<V> {
    type State = V::State;

    fn build(self) -> V::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut V::State) {
        self.0.rebuild(state);
    }
}

impl<V: RenderHtml> RenderHtml for OwnTask<V> {
    type AsyncOutput = V::AsyncOutput;
    type Owned = OwnTask<V::Owned>;

    const MIN_LENGTH: usize = V::MIN_LENGTH;
    const EXISTS: bool = V::EXISTS;

    async fn resolve(self) -> V::AsyncOutput {
        self.0.resolve().await
    }

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0
            .to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) where
        Self: Sized,
    {
        self.0.to_html_async_with_buf::<OUT_OF_ORDER>(
            buf,
            position,
            escape,
            mark_branches,
            extra_attrs,
        );
    }

    fn hydrate<const FROM_SERVER: bool>(
        self,
        cursor: &Cursor,
        position: &PositionState,
    ) -> V::State {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    async fn hydrate_async(self, cursor: &Cursor, position: &PositionState) -> V::State {
        #[cfg(feature = "hydrate")]
        super::next_task().await;
        self.0.hydrate_async(cursor, position).await
    }

    fn into_owned(self) -> OwnTask<V::Owned> {
        OwnTask(self.0.into_owned())
    }
}

impl<V: AddAnyAttr> AddAnyAttr for OwnTask<V> {
    type Output<NewAttr: Attribute> = OwnTask<V::Output<NewAttr>>;

    fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        OwnTask(self.0.add_any_attr(attr))
    }
}
