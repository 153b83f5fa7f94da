//! A chat's title: made by the model with a call of its own, or the first words.

use domain::CallId;
use domain::calls::{Door, Purpose};
use providers::{ChatRequest, Event, Message as Said, Options, Role};
use store::chats::Chat;

use crate::access::Caller;
use crate::calls::{CallRequest, Piece};
use crate::markdown;
use crate::{Result, Services};

const INSTRUCTION: &str = "Write a title for the conversation below: at most six words, in its own \
                           language, no quotation marks, no full stop. Answer with the title only.";
/// Enough for a title, also where a model thinks before it writes.
const TITLE_TOKENS: i64 = 256;
/// Characters of question and answer that the title is made from.
const EXCERPT: usize = 1_500;
/// Characters of a title.
const TITLE_CHARS: usize = 80;
/// Bytes of an answer that are looked at for a title.
const TITLE_BYTES: usize = 4_096;

impl Services {
    /// Gives a chat its first title. The call is charged to whoever caused it; with no room left,
    /// or without an answer, the title is the first words.
    pub(super) async fn write_title(
        &self,
        caller: Caller,
        chat: Chat,
        parent: CallId,
        question: &str,
        answer: &str,
    ) {
        let made = self
            .ask_for_title(&caller, &chat, parent, question, answer)
            .await;
        let title = made.unwrap_or_else(|| markdown::plain(question, 60));
        if title.is_empty() {
            return;
        }
        let written = async {
            let tx = self.store().write().await?;
            tx.chat_set_first_title(chat.id, &title).await?;
            tx.commit().await?;
            self.tell_chat(chat.member_id, chat.id).await
        };
        if let Err(error) = written.await {
            tracing::warn!(%error, chat = %chat.id, "a title was not written");
        }
    }

    async fn ask_for_title(
        &self,
        caller: &Caller,
        chat: &Chat,
        parent: CallId,
        question: &str,
        answer: &str,
    ) -> Option<String> {
        let model = self
            .store()
            .chat_find(chat.member_id, chat.id)
            .await
            .ok()??
            .model?;
        let text = format!("{}\n\n{}", excerpt(question), excerpt(answer));
        let request = ChatRequest {
            model: String::new(),
            messages: vec![
                Said::text(Role::System, INSTRUCTION),
                Said::text(Role::User, text),
            ],
            max_output: Some(TITLE_TOKENS),
            stream: false,
            options: Options::default(),
            raw: None,
        };
        let running = self
            .call(CallRequest {
                caller: caller.clone(),
                door: Door::Web,
                purpose: Purpose::Title,
                parent: Some(parent),
                tag: None,
                model,
                request,
                unpriced_features: Vec::new(),
                may_lower_output: false,
            })
            .await;
        let mut running = match running {
            Ok(running) => running,
            Err(error) => {
                tracing::debug!(%error, chat = %chat.id, "no room for a title; the first words serve");
                return None;
            }
        };
        if let Err(error) = self.link_title(chat, &running).await {
            tracing::warn!(%error, chat = %chat.id, "a title's call is not linked to its chat");
        }
        let mut title = String::new();
        while let Some(piece) = running.pieces.recv().await {
            let events = match piece {
                Piece::Frame(frame) => frame.events,
                Piece::Whole(whole) => whole.events,
                Piece::Settled(settled) if settled.failure.is_some() => return None,
                Piece::Settled(_) => continue,
            };
            for event in events {
                if let Event::Text(text) = event {
                    let left = TITLE_BYTES.saturating_sub(title.len());
                    title.push_str(&text[..text.floor_char_boundary(left)]);
                }
            }
        }
        let title = markdown::plain(&title, TITLE_CHARS);
        let title = title
            .trim_matches(['"', '\'', '“', '”', '「', '」', '.', ' '])
            .to_owned();
        (!title.is_empty()).then_some(title)
    }

    /// A title's call belongs to the chat's cost, not to a message: its own id stands for one.
    async fn link_title(&self, chat: &Chat, running: &crate::calls::Running) -> Result<()> {
        let tx = self.store().write().await?;
        let no_message = domain::MessageId(running.call_id.0);
        tx.message_call_create(no_message, running.call_id, chat.id)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}
