//! Commands on a conversation: each starts a reply and answers at once.

use domain::calls::{Door, Purpose};
use domain::chats::{Attempt, MESSAGE_MOST_CHARS, SendMessage, Started};
use domain::error::Conflict;
use domain::messages::{Author, MessagePart, MessageState};
use domain::models::check_model_id;
use domain::people::Fault;
use domain::{AppError, ChatId, MessageId};
use store::chats::Chat;
use store::messages::Message;
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::prompt;
use super::reply::Writing;
use super::tree::Tree;
use super::view::view;
use crate::access::SignedIn;
use crate::calls::CallRequest;
use crate::{Error, Result, Services};

/// Among so many of the member's chats a repeated sending looks for the one it began.
const LATEST: u64 = 20;

/// What a reply is started from.
struct Beginning {
    chat: Chat,
    is_new: bool,
    /// The member's message, if this command makes one.
    message: Option<Message>,
    /// The reply: a new row, or one that is continued.
    reply: Message,
    continued: bool,
    /// The branch the model is asked with.
    branch: Vec<Message>,
    model: String,
    /// Held until it is written, so that the same sending is not written a second time.
    sending: Option<OwnedMutexGuard<()>>,
}

impl Services {
    /// Sends a message and starts its reply; without a chat it starts one.
    ///
    /// # Errors
    /// An empty or endless text, a chat or parent that is not theirs, or a reply that still runs.
    pub async fn message_send(&self, who: &SignedIn, send: &SendMessage) -> Result<Started> {
        let text = check_text(&send.text)?;
        let mut sending = None;
        if let Some(attempt) = send.attempt {
            let name = attempt.of_message(who.member_id, send.parent_id);
            sending = Some(self.inner.sendings.take(name).await);
            if let Some(started) = self.sent_before(who, send, attempt).await? {
                return Ok(started);
            }
        }
        let now = self.runtime().now();
        let (chat, is_new, branch) = match send.chat_id {
            None => {
                let chat = Chat {
                    id: send.attempt.map_or_else(
                        || self.runtime().id::<Uuid>().into(),
                        |attempt| attempt.within(who.member_id.0).id(now),
                    ),
                    member_id: who.member_id,
                    title: None,
                    active_leaf_id: None,
                    model: None,
                    created_at: now,
                    updated_at: now,
                };
                (chat, true, Vec::new())
            }
            Some(id) => {
                let chat = self.own_chat(who, id).await?;
                let branch = match send.parent_id {
                    Some(parent) => self.branch_to(id, parent).await?,
                    None => Vec::new(),
                };
                (chat, false, branch)
            }
        };
        let mut message = self.new_message(
            &chat,
            branch.last(),
            Author::User,
            vec![MessagePart::text(text)],
        );
        if let Some(attempt) = send.attempt {
            let attempt = attempt.of_message(who.member_id, send.parent_id);
            message.id = attempt.id(message.created_at);
        }
        let beginning = Beginning {
            sending,
            ..self.beginning(chat, is_new, branch, Some(message), &send.model)
        };
        self.begin(who, beginning).await
    }

    /// What the same sending has started already, if its answer was lost on the way.
    async fn sent_before(
        &self,
        who: &SignedIn,
        send: &SendMessage,
        attempt: Attempt,
    ) -> Result<Option<Started>> {
        let chat_id = if let Some(id) = send.chat_id {
            self.own_chat(who, id).await?.id
        } else {
            let latest = self.store().chat_list(who.member_id, None, LATEST).await?;
            let own = attempt.within(who.member_id.0);
            match latest.into_iter().find(|chat| own.made(chat.id.0)) {
                Some(chat) => chat.id,
                None => return Ok(None),
            }
        };
        let places = self.store().message_places(chat_id).await?;
        let attempt = attempt.of_message(who.member_id, send.parent_id);
        if !places.iter().any(|place| attempt.made(place.id.0)) {
            return Ok(None);
        }
        let view = self.chat_open(who, chat_id, None).await?;
        let mut after = view
            .messages
            .into_iter()
            .skip_while(|message| !attempt.made(message.id.0));
        // Where another branch is shown by now, the page has to look for itself.
        let (Some(message), Some(reply)) = (after.next(), after.next()) else {
            return Err(Error::conflict(Conflict::SentAlready));
        };
        Ok(Some(Started {
            chat_id,
            message: Some(message),
            reply,
        }))
    }

    /// Asks again with a changed text: a branch beside the first one.
    ///
    /// # Errors
    /// As [`Self::message_send`].
    pub async fn message_edit(
        &self,
        who: &SignedIn,
        chat: ChatId,
        id: MessageId,
        text: &str,
        model: &str,
    ) -> Result<Started> {
        self.own_chat(who, chat).await?;
        let edited = self
            .store()
            .message_find(chat, id)
            .await?
            .ok_or(AppError::NotFound)?;
        if edited.author != Author::User {
            return Err(AppError::NotFound.into());
        }
        let send = SendMessage {
            chat_id: Some(chat),
            parent_id: edited.parent_id,
            text: text.to_owned(),
            model: model.to_owned(),
            attempt: None,
        };
        self.message_send(who, &send).await
    }

    /// Writes another reply to the same message.
    ///
    /// # Errors
    /// A reply that is not theirs, or one that still runs.
    pub async fn reply_again(
        &self,
        who: &SignedIn,
        chat: ChatId,
        id: MessageId,
        model: &str,
    ) -> Result<Started> {
        let chat = self.own_chat(who, chat).await?;
        let mut branch = self.branch_to(chat.id, id).await?;
        let is_reply = branch
            .last()
            .is_some_and(|last| last.author == Author::Assistant);
        if is_reply {
            branch.pop();
        }
        if branch.is_empty() {
            return Err(AppError::NotFound.into());
        }
        let beginning = self.beginning(chat, false, branch, None, model);
        self.begin(who, beginning).await
    }

    /// Goes on with a reply that ended early, in the same message.
    ///
    /// # Errors
    /// A reply that is not theirs, is whole, or still runs.
    pub async fn reply_continue(
        &self,
        who: &SignedIn,
        chat: ChatId,
        id: MessageId,
        model: &str,
    ) -> Result<Started> {
        let chat = self.own_chat(who, chat).await?;
        let branch = self.branch_to(chat.id, id).await?;
        let reply = branch.last().cloned().ok_or(AppError::NotFound)?;
        if reply.author != Author::Assistant || !reply.state.can_continue() {
            return Err(AppError::NotFound.into());
        }
        if reply.parts.is_empty() {
            // Nothing stands there to go on from.
            return self.reply_again(who, chat.id, id, model).await;
        }
        let reply = Message {
            state: MessageState::Streaming,
            notice: None,
            ..reply
        };
        let beginning = Beginning {
            chat,
            is_new: false,
            message: None,
            reply,
            continued: true,
            branch,
            model: model.to_owned(),
            sending: None,
        };
        self.begin(who, beginning).await
    }

    /// Stops a running reply; what is there stays.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not theirs or does not run.
    pub fn reply_stop(&self, who: &SignedIn, id: MessageId) -> Result<()> {
        if self.hub().stop(who.member_id, id) {
            Ok(())
        } else {
            Err(AppError::NotFound.into())
        }
    }

    /// The branch that ends at a message, with what was said.
    async fn branch_to(&self, chat: ChatId, id: MessageId) -> Result<Vec<Message>> {
        let tree = Tree::new(&self.store().message_places(chat).await?);
        let branch = tree.branch(id);
        if branch.is_empty() {
            return Err(AppError::NotFound.into());
        }
        let mut messages = Vec::with_capacity(branch.len());
        for chunk in branch.chunks(1_000) {
            messages.extend(self.store().message_list(chat, chunk).await?);
        }
        Ok(messages)
    }

    fn new_message(
        &self,
        chat: &Chat,
        parent: Option<&Message>,
        author: Author,
        parts: Vec<MessagePart>,
    ) -> Message {
        let now = self.runtime().now();
        Message {
            id: self.runtime().id::<Uuid>().into(),
            chat_id: chat.id,
            parent_id: parent.map(|parent| parent.id),
            depth: parent.map_or(0, |parent| parent.depth.saturating_add(1)),
            author,
            state: if parts.is_empty() {
                MessageState::Streaming
            } else {
                MessageState::Complete
            },
            model: None,
            parts,
            notice: None,
            created_at: now,
            updated_at: now,
        }
    }

    fn beginning(
        &self,
        chat: Chat,
        is_new: bool,
        mut branch: Vec<Message>,
        message: Option<Message>,
        model: &str,
    ) -> Beginning {
        branch.extend(message.clone());
        let mut reply = self.new_message(&chat, branch.last(), Author::Assistant, Vec::new());
        reply.model = Some(model.to_owned());
        Beginning {
            chat,
            is_new,
            message,
            reply,
            continued: false,
            branch,
            model: model.to_owned(),
            sending: None,
        }
    }

    /// Writes down what was said, then has the call admitted, then starts the reply's writer. What
    /// was said stays also when the call is refused: the reply then tells why.
    ///
    /// A task of its own: a tab that is closed meanwhile must not take a reply with it.
    async fn begin(&self, who: &SignedIn, beginning: Beginning) -> Result<Started> {
        check_model(&beginning.model)?;
        let (told, started) = tokio::sync::oneshot::channel();
        let (this, who) = (self.clone(), who.clone());
        self.runtime().tasks.start(async move {
            // Nobody there any more: the reply goes on all the same.
            let _ = told.send(this.begin_owned(&who, beginning).await);
        });
        started.await.map_err(|_| AppError::Internal)?
    }

    async fn begin_owned(&self, who: &SignedIn, beginning: Beginning) -> Result<Started> {
        let Beginning {
            chat,
            is_new,
            message,
            reply,
            continued,
            branch,
            model,
            sending,
        } = beginning;
        let now = self.runtime().now();
        let stop = CancellationToken::new();
        let reply_view = view(&reply, vec![reply.id], &[]);
        // Claims the chat: a second reply is refused before anything is written.
        if !self
            .hub()
            .begin(who.member_id, chat.id, reply_view, stop.clone())
        {
            return Err(Error::conflict(Conflict::ReplyRunning));
        }
        let written = async {
            let tx = self.store().write().await?;
            if is_new {
                tx.chat_create(&chat).await?;
            }
            let mut new: Vec<Message> = message.clone().into_iter().collect();
            if continued {
                tx.message_reopen(reply.id, now).await?;
            } else {
                new.push(reply.clone());
            }
            if !new.is_empty() {
                tx.message_create(&new).await?;
            }
            tx.chat_set_leaf(chat.id, reply.id, Some(&model), Some(now))
                .await?;
            tx.commit().await?;
            Ok::<_, Error>(())
        }
        .await;
        drop(sending);
        if let Err(error) = written {
            self.hub().forget(reply.id);
            return Err(error);
        }
        let request = if continued {
            prompt::continuation(&branch)
        } else {
            prompt::request(&branch)
        };
        let admitted = self
            .call(CallRequest {
                caller: who.caller(),
                door: Door::Web,
                purpose: Purpose::Reply,
                parent: None,
                tag: None,
                model: model.clone(),
                request,
                unpriced_features: Vec::new(),
                may_lower_output: true,
            })
            .await;
        let tree = match self.store().message_places(chat.id).await {
            Ok(places) => Tree::new(&places),
            Err(error) => {
                // The call, if there is one, ends by nobody listening to it.
                self.hub().forget(reply.id);
                return Err(error.into());
            }
        };
        let writing = Writing::new(
            self.clone(),
            who,
            chat.clone(),
            reply.clone(),
            tree.siblings(reply.id).to_vec(),
        );
        let question = branch
            .iter()
            .rev()
            .find(|said| said.author == Author::User)
            .cloned();
        let reply = writing.start(admitted, stop, question).await;
        self.tell_chat(who.member_id, chat.id).await?;
        Ok(Started {
            chat_id: chat.id,
            message: message.map(|message| {
                let siblings = tree.siblings(message.id).to_vec();
                view(&message, siblings, &[])
            }),
            reply,
        })
    }
}

/// Any name may be asked for, and the reply says that nobody serves it; but it is written down.
fn check_model(model: &str) -> Result<()> {
    check_model_id(model).map_err(|fault| Error::invalid("model", fault))
}

fn check_text(text: &str) -> Result<String> {
    let text = text.trim_end();
    if text.trim().is_empty() {
        return Err(Error::invalid("text", Fault::Empty));
    }
    if text.chars().count() > MESSAGE_MOST_CHARS {
        return Err(Error::invalid("text", Fault::TooLong));
    }
    Ok(text.to_owned())
}
