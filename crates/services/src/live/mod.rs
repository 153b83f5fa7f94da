//! The live hub: what every open tab of a member sees as it happens.
//!
//! Each member has one channel with a short memory. A tab that comes back within it gets what it
//! missed; any other is told to look again and gets a snapshot of every running reply.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::chats::MessageView;
use domain::live::{LiveEvent, apply};
use domain::{ChatId, MemberId, MessageId};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// Events a channel remembers for tabs that come back.
const REMEMBERED: usize = 256;
/// Events a slow tab may lag behind before it gets a snapshot instead.
const LAG: usize = 256;

/// An event with its place in the channel.
pub type Placed = (u64, Arc<LiveEvent>);

struct Channel {
    position: u64,
    memory: VecDeque<Placed>,
    sender: broadcast::Sender<Placed>,
}

impl Channel {
    fn new() -> Self {
        Self {
            position: 0,
            memory: VecDeque::new(),
            sender: broadcast::channel(LAG).0,
        }
    }

    fn push(&mut self, event: LiveEvent) {
        self.position += 1;
        let placed = (self.position, Arc::new(event));
        if self.memory.len() == REMEMBERED {
            self.memory.pop_front();
        }
        self.memory.push_back(placed.clone());
        // Fails when no tab is open; the memory keeps it.
        let _ = self.sender.send(placed);
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
}

/// All channels of this instance.
pub struct Hub {
    run: u64,
    state: Mutex<State>,
}

/// A tab's view of its member's channel.
pub struct Subscription {
    /// What to send first.
    pub first: Vec<Placed>,
    /// What comes after.
    pub receiver: broadcast::Receiver<Placed>,
}

impl Hub {
    /// An empty hub; `run` tells one life of the server from another.
    pub fn new(run: u64) -> Self {
        Self {
            run,
            state: Mutex::new(State::default()),
        }
    }

    /// Names this life of the server in event ids.
    pub fn run(&self) -> u64 {
        self.run
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a member's channel for a tab; `last` is the run and position it saw last.
    pub fn subscribe(&self, member: MemberId, last: Option<(u64, u64)>) -> Subscription {
        let mut state = self.state();
        let State { channels, replies } = &mut *state;
        let channel = channels.entry(member).or_insert_with(Channel::new);
        let receiver = channel.sender.subscribe();
        let missed = last
            .filter(|(run, _)| *run == self.run)
            .and_then(|(_, position)| channel.since(position));
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
        state
            .channels
            .entry(member)
            .or_insert_with(Channel::new)
            .push(event);
        // Channels nobody listens to and nothing runs in would otherwise stay for ever.
        if state.channels.len() > 1_000 {
            let State { channels, replies } = &mut *state;
            channels.retain(|id, channel| {
                channel.sender.receiver_count() > 0
                    || replies.values().any(|reply| reply.member_id == *id)
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

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}
