//! Parts of a page that come to life one after the other.
//!
//! Everything at once is one long task, on a phone a quarter of a second in which nobody is heard. So
//! a part waits for its turn, in a task of its own, and the browser draws and listens in between. Only
//! for what the server drew: later on nothing waits.
//!
//! Until the last turn is over, effects of the parts that live run already. They must change nothing
//! that a later part draws; what reads the browser's memory therefore belongs to the part it changes.

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::ssr::StreamBuilder;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Position, PositionState, Render, RenderHtml};

use self::turns::{Part, State};

/// The whole content of an element, which comes to life when its turn is there. It must be the
/// element's only child, for the element is where it is found again.
pub(crate) fn in_turn<V: IntoView + 'static>(draw: impl FnOnce() -> V + Send + 'static) -> InTurn {
    InTurn(turns::part(move || draw().into_any()))
}

/// See [`in_turn`].
pub(crate) struct InTurn(Part);

/// The turns: where it stands in the page's root everything that waits is brought to life.
pub(crate) fn turns() -> Turns {
    Turns
}

/// See [`turns`].
pub(crate) struct Turns;

#[cfg(feature = "hydrate")]
pub(crate) use turns::awake;

#[cfg(not(feature = "hydrate"))]
mod turns {
    use leptos::prelude::*;
    use leptos::tachys::view::any_view::AnyViewState;

    pub(super) type Part = AnyView;
    pub(crate) type State = AnyViewState;

    pub(super) fn part(draw: impl FnOnce() -> AnyView + Send + 'static) -> Part {
        draw()
    }

    pub(super) fn drawn(part: Part) -> AnyView {
        part
    }

    pub(super) fn lives(state: AnyViewState) -> State {
        state
    }

    pub(super) fn rebuild(part: Part, state: &mut State) {
        leptos::tachys::view::Render::rebuild(part, state);
    }
}

#[cfg(feature = "hydrate")]
mod turns {
    use std::cell::{Cell, RefCell};
    use std::collections::VecDeque;
    use std::future::Future;
    use std::pin::Pin;
    use std::rc::Rc;

    use futures_channel::oneshot;
    use leptos::prelude::*;
    use leptos::reactive::computed::ScopedFuture;
    use leptos::tachys::hydration::Cursor;
    use leptos::tachys::renderer::CastFrom;
    use leptos::tachys::renderer::types::{Element, Node};
    use leptos::tachys::view::any_view::AnyViewState;
    use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

    use super::super::timer::next_task;

    pub(super) type Part = Box<dyn FnOnce() -> AnyView + Send>;
    pub(crate) struct State(Rc<RefCell<Stage>>);

    enum Stage {
        /// Its turn comes.
        Waits(Part),
        /// It is just coming to life.
        Wakes,
        Lives(AnyViewState),
    }

    thread_local! {
        static WAITING: RefCell<VecDeque<Pin<Box<dyn Future<Output = ()>>>>> =
            const { RefCell::new(VecDeque::new()) };
        /// Every part lives.
        static AWAKE: Cell<bool> = const { Cell::new(false) };
        /// Who waits for that.
        static SLEEPERS: RefCell<Vec<oneshot::Sender<()>>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn part(draw: impl FnOnce() -> AnyView + Send + 'static) -> Part {
        Box::new(draw)
    }

    pub(super) fn drawn(part: Part) -> AnyView {
        part()
    }

    pub(super) fn lives(state: AnyViewState) -> State {
        State(Rc::new(RefCell::new(Stage::Lives(state))))
    }

    pub(super) fn rebuild(part: Part, State(stage): &mut State) {
        match &mut *stage.borrow_mut() {
            Stage::Waits(waits) => *waits = part,
            // It draws what is, whatever it was begun with.
            Stage::Wakes => {}
            Stage::Lives(state) => part().rebuild(state),
        }
    }

    /// Takes a part's place in the queue.
    pub(super) fn wait(part: Part, cursor: &Cursor, position: &PositionState) -> State {
        debug_assert!(
            position.get() == Position::FirstChild,
            "only the whole content of an element can wait for its turn"
        );
        let stage = Rc::new(RefCell::new(Stage::Waits(part)));
        let state = State(stage.clone());
        let place = cursor.current();
        let element = place.clone();
        // Gone together with whatever drew it.
        let is_wanted = StoredValue::new(());
        let turn = ScopedFuture::new_untracked(async move {
            let Some(element) = Element::cast_from(element) else {
                return;
            };
            if is_wanted.try_get_value().is_none() {
                return;
            }
            let Stage::Waits(part) = stage.replace(Stage::Wakes) else {
                return;
            };
            let position = PositionState::new(Position::FirstChild);
            let state = part().hydrate_async(&Cursor::new(element), &position).await;
            stage.replace(Stage::Lives(state));
        });
        WAITING.with_borrow_mut(|waiting| waiting.push_back(Box::pin(turn)));
        // Builds with erased components put a mark behind it, at the element's end.
        if let Some(before_mark) = place.last_child().and_then(|last| last.previous_sibling()) {
            cursor.set(before_mark);
            position.set(Position::NextChild);
        }
        state
    }

    /// Brings to life what waits, and what comes to wait meanwhile: parts of a part before what stands
    /// behind it, for what is asked of the server has its number by the order of the drawing.
    pub(super) async fn take_turns() {
        while let Some(turn) = WAITING.with_borrow_mut(VecDeque::pop_front) {
            let behind = WAITING.take();
            next_task().await;
            turn.await;
            WAITING.with_borrow_mut(|waiting| waiting.extend(behind));
        }
        AWAKE.set(true);
        // Whoever waits for it hears that nobody speaks any more.
        SLEEPERS.take();
    }

    /// Waits until every part lives.
    pub(crate) async fn awake() {
        if !AWAKE.get() {
            let (speaker, sleeper) = oneshot::channel::<()>();
            SLEEPERS.with_borrow_mut(|sleepers| sleepers.push(speaker));
            // It is only ever dropped.
            let _ = sleeper.await;
        }
    }

    impl State {
        fn live<T>(&self, with: impl FnOnce(&mut AnyViewState) -> T) -> Option<T> {
            match &mut *self.0.borrow_mut() {
                Stage::Lives(state) => Some(with(state)),
                Stage::Waits(_) | Stage::Wakes => None,
            }
        }
    }

    // What does not live yet goes and moves with its element.
    impl Mountable for State {
        fn unmount(&mut self) {
            self.live(AnyViewState::unmount);
        }

        fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
            self.live(|state| state.mount(parent, marker));
        }

        fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
            self.live(|state| state.insert_before_this(child))
                .unwrap_or_default()
        }

        fn elements(&self) -> Vec<Element> {
            self.live(|state| state.elements()).unwrap_or_default()
        }
    }
}

impl Render for InTurn {
    type State = State;

    fn build(self) -> Self::State {
        turns::lives(turns::drawn(self.0).build())
    }

    fn rebuild(self, state: &mut Self::State) {
        turns::rebuild(self.0, state);
    }
}

impl AddAnyAttr for InTurn {
    type Output<NewAttr: Attribute> = <AnyView as AddAnyAttr>::Output<NewAttr>;

    fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        turns::drawn(self.0).add_any_attr(attr)
    }
}

impl RenderHtml for InTurn {
    type AsyncOutput = <AnyView as RenderHtml>::AsyncOutput;
    type Owned = Self;

    const MIN_LENGTH: usize = <AnyView as RenderHtml>::MIN_LENGTH;

    fn dry_resolve(&mut self) {
        #[cfg(not(feature = "hydrate"))]
        self.0.dry_resolve();
    }

    async fn resolve(self) -> Self::AsyncOutput {
        turns::drawn(self.0).resolve().await
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        let view = turns::drawn(self.0);
        view.to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        let view = turns::drawn(self.0);
        view.to_html_async_with_buf::<OUT_OF_ORDER>(
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
    ) -> Self::State {
        #[cfg(feature = "hydrate")]
        return turns::wait(self.0, cursor, position);
        #[cfg(not(feature = "hydrate"))]
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    fn into_owned(self) -> Self::Owned {
        self
    }
}

impl Render for Turns {
    type State = ();

    fn build(self) -> Self::State {}

    fn rebuild(self, (): &mut Self::State) {}
}

impl AddAnyAttr for Turns {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _attr: NewAttr) -> Self::Output<NewAttr> {
        self
    }
}

impl RenderHtml for Turns {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self::AsyncOutput {
        self
    }

    fn to_html_with_buf(
        self,
        _buf: &mut String,
        _position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(
        self,
        _cursor: &Cursor,
        _position: &PositionState,
    ) -> Self::State {
    }

    async fn hydrate_async(self, _cursor: &Cursor, _position: &PositionState) -> Self::State {
        #[cfg(feature = "hydrate")]
        turns::take_turns().await;
    }

    fn into_owned(self) -> Self::Owned {
        self
    }
}
