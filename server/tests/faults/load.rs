//! Mixed load: whole answers, streams, chat turns and keys, until the server is gone or told to stop.

use std::sync::Arc;

use domain::messages::MessageState;
use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::caller::Caller;
use crate::journal::{Entry, Journal};

/// Of each kind of gateway call so many at once.
const PROGRAMS: usize = 2;
/// Of keys that are made, every so many-th stays.
const KEPT: usize = 12;

/// Running callers.
pub(crate) struct Load {
    callers: JoinSet<()>,
    stop: CancellationToken,
}

impl Load {
    pub(crate) fn start(caller: &Caller, journal: &Arc<Journal>, round: usize) -> Self {
        let stop = CancellationToken::new();
        let mut callers = JoinSet::new();
        for _ in 0..PROGRAMS {
            for stream in [true, false] {
                callers.spawn(program(
                    caller.at(&caller.base),
                    journal.clone(),
                    stop.clone(),
                    stream,
                ));
            }
        }
        callers.spawn(talker(
            caller.at(&caller.base),
            journal.clone(),
            stop.clone(),
        ));
        callers.spawn(key_maker(
            caller.at(&caller.base),
            journal.clone(),
            stop.clone(),
            round,
        ));
        Self { callers, stop }
    }

    /// Waits until everybody has noticed.
    pub(crate) async fn ended(self) {
        self.stop.cancel();
        self.callers.join_all().await;
    }
}

async fn program(caller: Caller, journal: Arc<Journal>, stop: CancellationToken, stream: bool) {
    while !stop.is_cancelled() {
        let Some(told) = caller.chat(stream).await else {
            return;
        };
        if told.status != 200 || !journal.note_answer(&told, stream) {
            journal.complain(format!("{} {}", told.status, told.text));
            return;
        }
    }
}

async fn talker(caller: Caller, journal: Arc<Journal>, stop: CancellationToken) {
    let mut number = 0;
    while !stop.is_cancelled() {
        number += 1;
        let text = format!("message {number}");
        let started = match caller.say(&text).await {
            None => return,
            Some(Ok(started)) => started,
            Some(Err(told)) => {
                journal.complain(format!("{} {}", told.status, told.text));
                return;
            }
        };
        journal.note(Entry::Sent {
            chat: started.chat_id,
            message: started.message.unwrap().id,
            reply: started.reply.id,
            text,
        });
        loop {
            let Some(view) = caller.open(started.chat_id).await else {
                return;
            };
            let reply = view.messages.last().unwrap();
            if reply.state == MessageState::Complete {
                journal.note(Entry::Finished {
                    chat: started.chat_id,
                    reply: reply.id,
                    html: shown(reply),
                });
                break;
            }
            if reply.state != MessageState::Streaming {
                journal.complain(format!("a reply is {:?}: {:?}", reply.state, reply.notice));
                return;
            }
        }
    }
}

/// The rendered text of a message.
pub(crate) fn shown(message: &domain::chats::MessageView) -> String {
    message
        .blocks
        .iter()
        .map(|block| block.html.as_str())
        .collect()
}

async fn key_maker(caller: Caller, journal: Arc<Journal>, stop: CancellationToken, round: usize) {
    let mut number = round;
    while !stop.is_cancelled() {
        let Some(told) = caller.make_key().await else {
            return;
        };
        if told.status != 200 {
            journal.complain(format!("{} {}", told.status, told.text));
            return;
        }
        let made = told.json();
        let secret = made["secret"].as_str().unwrap().to_owned();
        journal.note(Entry::KeyMade {
            secret: secret.clone(),
        });
        number += 1;
        if !number.is_multiple_of(KEPT) {
            journal.revoking(&secret);
            let Some(told) = caller
                .act("keys/revoke", json!({ "id": made["row"]["id"] }))
                .await
            else {
                return;
            };
            if told.status != 200 {
                journal.complain(format!("{} {}", told.status, told.text));
                return;
            }
            journal.note(Entry::KeyRevoked { secret });
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
