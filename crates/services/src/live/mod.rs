//! The live hub: what every open tab of a member sees as it happens.
//!
//! Each member has one channel with a short memory, which open tabs read from as well: a slow tab
//! holds nothing of its own. A tab that comes back within the memory gets what it missed; any other,
//! and one that fell out of it, is told to look again and gets a snapshot of every running reply.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use domain::chats::{Block, MessageView};
use domain::live::{LiveEvent, apply};
use domain::{ChatId, MemberId, MessageId};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

mod place;

pub use place::{NoPlace, Place};

/// Events a channel remembers, for tabs that come back and for those that lag behind.
const REMEMBERED: usize = 256;
/// Bytes of events a channel remembers. Each event carries the whole open block of a reply, so that
/// a long block of code would otherwise be remembered hundreds of times.
const REMEMBERED_BYTES: usize = 4 << 20;
/// With more channels than that, those that nobody needs are given up.
const MANY_CHANNELS: usize = 1_000;
/// What an event weighs besides its texts.
const EVENT_BYTES: usize = 256;

/// An event with its place in the channel.
pub type Placed = (u64, Arc<LiveEvent>);

struct Channel {
    position: u64,
    memory: VecDeque<Placed>,
    bytes: usize,
    /// The position, for tabs that wait for it to move.
    news: watch::Sender<u64>,
}

impl Channel {
    fn at(position: u64) -> Self {
        Self {
            position,
            memory: VecDeque::new(),
            bytes: 0,
            news: watch::Sender::new(position),
        }
    }

    /// The newest event stays, whatever it weighs: without it no tab could follow at all.
    fn push(&mut self, event: LiveEvent) {
        self.position += 1;
        self.bytes = self.bytes.saturating_add(weight(&event));
        self.memory.push_back((self.position, Arc::new(event)));
        while self.memory.len() > REMEMBERED
            || (self.bytes > REMEMBERED_BYTES && self.memory.len() > 1)
        {
            if let Some((_, oldest)) = self.memory.pop_front() {
                self.bytes = self.bytes.saturating_sub(weight(&oldest));
            }
        }
        self.news.send_replace(self.position);
    }

    /// The event right behind a position, if there is one yet.
    fn next(&self, position: u64) -> Next {
        if position >= self.position {
            return Next::NotYet;
        }
        let oldest = self
            .memory
            .front()
            .map_or(self.position + 1, |(place, _)| *place);
        let index = (position + 1).checked_sub(oldest);
        let index = index.and_then(|index| usize::try_from(index).ok());
        index
            .and_then(|index| self.memory.get(index))
            .cloned()
            .map_or_else(
                || Next::Forgotten(oldest.saturating_sub(position + 1)),
                Next::Here,
            )
    }

    /// What came after a position, if all of it is still remembered.
    fn since(&self, position: u64) -> Option<Vec<Placed>> {
        let oldest = self
            .memory
            .front()
            .map_or(self.position + 1, |(place, _)| *place);
        let known = position <= self.position && position + 1 >= oldest;
        known.then(|| {
            self.memory
                .iter()
                .filter(|(place, _)| *place > position)
                .cloned()
                .collect()
        })
    }
}

/// What a tab finds in the memory.
enum Next {
    Here(Placed),
    NotYet,
    /// So many events have been forgotten before the tab read them.
    Forgotten(u64),
}

struct RunningReply {
    member_id: MemberId,
    chat_id: ChatId,
    view: MessageView,
    stop: CancellationToken,
}

#[derive(Default)]
struct State {
    channels: HashMap<MemberId, Channel>,
    replies: HashMap<MessageId, RunningReply>,
    /// Where new channels begin: no channel that was given up had come further, so that a place in
    /// one of them is never taken for a place in its successor.
    floor: u64,
}

/// All channels of this instance.
pub struct Hub {
    run: u64,
    state: Arc<Mutex<State>>,
}

/// A tab's view of its member's channel.
pub struct Subscription {
    /// What to send first.
    pub first: Vec<Placed>,
    /// What comes after.
    pub receiver: Receiver,
}

/// A tab's place in its member's channel.
pub struct Receiver {
    state: Weak<Mutex<State>>,
    member: MemberId,
    position: u64,
    news: watch::Receiver<u64>,
}

impl Receiver {
    /// The next event. Nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// [`RecvError::Lagged`] when the channel has forgotten what comes next: the tab needs a
    /// snapshot. [`RecvError::Closed`] when the hub is gone.
    pub async fn recv(&mut self) -> Result<Placed, RecvError> {
        loop {
            match self.look() {
                Next::Here(placed) => {
                    self.position = placed.0;
                    return Ok(placed);
                }
                Next::Forgotten(events) => {
                    self.position = self.position.saturating_add(events);
                    return Err(RecvError::Lagged(events));
                }
                Next::NotYet => {}
            }
            if self.news.changed().await.is_err() {
                return Err(RecvError::Closed);
            }
        }
    }

    fn look(&self) -> Next {
        // Without a hub there is nothing to find, and waiting for it fails at once.
        let state = self.state.upgrade();
        let found = state.as_deref().and_then(|state| {
            let state = locked(state);
            let channel = state.channels.get(&self.member)?;
            Some(channel.next(self.position))
        });
        found.unwrap_or(Next::NotYet)
    }
}

impl Hub {
    /// An empty hub; `run` tells one life of the server from another.
    pub fn new(run: u64) -> Self {
        Self {
            run,
            state: Arc::default(),
        }
    }

    /// A position in this life of the server.
    pub fn place(&self, position: u64) -> Place {
        Place {
            run: self.run,
            position,
        }
    }

    /// Where a member's channel stands: who reads what is stored from now on misses nothing that is
    /// told behind this place.
    pub fn stands_at(&self, member: MemberId) -> Place {
        let state = self.state();
        let channel = state.channels.get(&member);
        self.place(channel.map_or(state.floor, |channel| channel.position))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    /// Opens a member's channel for a tab; `last` is how far it has heard.
    pub fn subscribe(&self, member: MemberId, last: Option<Place>) -> Subscription {
        let mut state = self.state();
        let State {
            channels,
            replies,
            floor,
        } = &mut *state;
        let channel = channels
            .entry(member)
            .or_insert_with(|| Channel::at(*floor));
        let receiver = Receiver {
            state: Arc::downgrade(&self.state),
            member,
            position: channel.position,
            news: channel.news.subscribe(),
        };
        let missed = last
            .filter(|last| last.run == self.run)
            .and_then(|last| channel.since(last.position));
        let first = missed.unwrap_or_else(|| {
            let snapshots = replies
                .values()
                .filter(|reply| reply.member_id == member)
                .map(|reply| LiveEvent::Snapshot {
                    chat_id: reply.chat_id,
                    message: Box::new(reply.view.clone()),
                });
            std::iter::once(LiveEvent::Reset)
                .chain(snapshots)
                .map(|event| (channel.position, Arc::new(event)))
                .collect()
        });
        Subscription { first, receiver }
    }

    /// Tells every tab of a member.
    pub fn publish(&self, member: MemberId, event: LiveEvent) {
        let mut state = self.state();
        if let Some(id) = event.message_id()
            && let Some(reply) = state.replies.get_mut(&id)
        {
            apply(&mut reply.view, &event);
        }
        let State {
            channels,
            replies,
            floor,
        } = &mut *state;
        channels
            .entry(member)
            .or_insert_with(|| Channel::at(*floor))
            .push(event);
        // Channels nobody listens to and nothing runs in would otherwise stay for ever.
        if channels.len() > MANY_CHANNELS {
            channels.retain(|id, channel| {
                let stays = channel.news.receiver_count() > 0
                    || replies.values().any(|reply| reply.member_id == *id);
                if !stays {
                    *floor = channel.position.max(*floor);
                }
                stays
            });
        }
    }

    /// A reply starts to be written; false when one is already running in its chat.
    pub(crate) fn begin(
        &self,
        member_id: MemberId,
        chat_id: ChatId,
        view: MessageView,
        stop: CancellationToken,
    ) -> bool {
        let mut state = self.state();
        if state.replies.values().any(|reply| reply.chat_id == chat_id) {
            return false;
        }
        state.replies.insert(
            view.id,
            RunningReply {
                member_id,
                chat_id,
                view,
                stop,
            },
        );
        true
    }

    /// The reply is final: forgets it and tells every tab.
    pub(crate) fn finish(&self, member: MemberId, chat_id: ChatId, view: MessageView) {
        self.state().replies.remove(&view.id);
        self.publish(
            member,
            LiveEvent::Finished {
                chat_id,
                message: Box::new(view),
            },
        );
    }

    /// Forgets a reply that never started.
    pub(crate) fn forget(&self, id: MessageId) {
        self.state().replies.remove(&id);
    }

    /// A running reply as it stands.
    pub fn running(&self, id: MessageId) -> Option<MessageView> {
        self.state()
            .replies
            .get(&id)
            .map(|reply| reply.view.clone())
    }

    /// Whether a reply is being written in a chat.
    pub fn is_running_in(&self, chat: ChatId) -> bool {
        self.state()
            .replies
            .values()
            .any(|reply| reply.chat_id == chat)
    }

    /// Stops a member's running reply; false when it is not theirs or not running.
    pub fn stop(&self, member: MemberId, id: MessageId) -> bool {
        let state = self.state();
        match state
            .replies
            .get(&id)
            .filter(|reply| reply.member_id == member)
        {
            Some(reply) => {
                reply.stop.cancel();
                true
            }
            None => false,
        }
    }

    /// Stops whatever runs in a chat that is being deleted.
    pub(crate) fn stop_in(&self, chat: ChatId) {
        for reply in self
            .state()
            .replies
            .values()
            .filter(|reply| reply.chat_id == chat)
        {
            reply.stop.cancel();
        }
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Roughly the bytes an event takes.
fn weight(event: &LiveEvent) -> usize {
    let texts = match event {
        LiveEvent::Text { blocks, .. } | LiveEvent::Reasoning { blocks, .. } => size(blocks),
        LiveEvent::Snapshot { message, .. } | LiveEvent::Finished { message, .. } => {
            size(&message.blocks).saturating_add(size(&message.reasoning))
        }
        LiveEvent::Chat { row } => row.title.as_ref().map_or(0, String::len),
        LiveEvent::Build { .. }
        | LiveEvent::Reset
        | LiveEvent::ChatDeleted { .. }
        | LiveEvent::Told { .. }
        | LiveEvent::SignedOut => 0,
    };
    texts.saturating_add(EVENT_BYTES)
}

fn size(blocks: &[Block]) -> usize {
    let each = |block: &Block| block.html.len().saturating_add(size_of::<Block>());
    blocks.iter().map(each).fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    const ANN: MemberId = MemberId::NIL;

    fn text(bytes: usize) -> LiveEvent {
        LiveEvent::Text {
            message_id: MessageId::NIL,
            from: 0,
            blocks: vec![Block {
                html: "x".repeat(bytes),
            }],
        }
    }

    fn remembered(hub: &Hub) -> (usize, usize) {
        let state = hub.state();
        let channel = &state.channels[&ANN];
        let told: usize = channel.memory.iter().map(|(_, event)| weight(event)).sum();
        assert_eq!(told, channel.bytes);
        (channel.memory.len(), channel.bytes)
    }

    #[test]
    fn a_channel_remembers_so_many_events_and_so_many_bytes() {
        let hub = Hub::new(1);
        for _ in 0..1_000 {
            hub.publish(ANN, text(10));
        }
        assert_eq!(remembered(&hub).0, REMEMBERED);
        for _ in 0..100 {
            hub.publish(ANN, text(1 << 20));
        }
        let (events, bytes) = remembered(&hub);
        assert!(
            (2..=4).contains(&events) && bytes <= REMEMBERED_BYTES,
            "{events} {bytes}"
        );
        // One that is larger than the whole memory is still told.
        hub.publish(ANN, text(2 * REMEMBERED_BYTES));
        assert_eq!(remembered(&hub).0, 1);
        hub.publish(ANN, text(10));
        assert_eq!(remembered(&hub).0, 1, "and goes with the next");
    }

    #[tokio::test]
    async fn a_tab_hears_everything_in_order_while_it_keeps_up() {
        let hub = Hub::new(1);
        let mut tab = hub.subscribe(ANN, None).receiver;
        for place in 1..=600 {
            hub.publish(ANN, text(10));
            assert_eq!(tab.recv().await.unwrap().0, place);
        }
        // Asked first, told later; and one that gave up waiting misses nothing.
        assert!(tab.recv().now_or_never().is_none());
        let (heard, ()) = tokio::join!(tab.recv(), async {
            tokio::task::yield_now().await;
            hub.publish(ANN, text(10));
        });
        assert_eq!(heard.unwrap().0, 601);
    }

    #[tokio::test]
    async fn a_tab_that_falls_out_of_the_memory_gets_a_snapshot() {
        let hub = Hub::new(1);
        let mut slow = hub.subscribe(ANN, None).receiver;
        for _ in 0..10 {
            hub.publish(ANN, text(1 << 20));
        }
        assert!(matches!(slow.recv().await, Err(RecvError::Lagged(7))));
        assert_eq!(
            slow.recv().await.unwrap().0,
            8,
            "then it goes on with what is there"
        );
        let first = |position| hub.subscribe(ANN, Some(hub.place(position))).first;
        assert!(matches!(*first(3)[0].1, LiveEvent::Reset));
        assert_eq!(first(8).len(), 2);
        assert_eq!(first(10).len(), 0);
        assert_eq!(hub.stands_at(ANN), hub.place(10));
        drop(hub);
        while slow.recv().await.is_ok() {}
        assert_eq!(slow.recv().await, Err(RecvError::Closed));
    }
    #[test]
    fn a_place_in_a_channel_that_was_given_up_is_not_one_in_its_successor() {
        let hub = Hub::new(1);
        for _ in 0..3 {
            hub.publish(ANN, text(10));
        }
        let (heard, behind) = (hub.stands_at(ANN), hub.place(2));
        for other in 1..=MANY_CHANNELS {
            let other = MemberId::new(domain::Timestamp(i64::try_from(other).unwrap()), [0; 10]);
            hub.publish(other, text(10));
        }
        assert!(!hub.state().channels.contains_key(&ANN));
        assert_eq!(hub.stands_at(ANN), heard);
        hub.publish(ANN, text(20));
        hub.publish(ANN, text(20));
        let first = |place| hub.subscribe(ANN, Some(place)).first;
        assert_eq!(first(heard).len(), 2, "nothing was told in between");
        assert!(matches!(*first(behind)[0].1, LiveEvent::Reset));
    }
}
