//! Conversations as their page shows them.

use std::collections::HashMap;

use domain::calls::{CallState, UsageSource};
use domain::chats::{ChatView, MessageView, ReplyFigures};
use domain::messages::{Author, MessageState, joined_reasoning, joined_text, reasoning_ms};
use domain::prices::PriceState;
use domain::{AppError, CallId, ChatId, MessageId, NanoUsd, Usage};
use store::calls::{Call, CallFilter};
use store::messages::Message;

use super::tree::Tree;
use crate::access::SignedIn;
use crate::calls::input_bound;
use crate::markdown;
use crate::{Result, Services};

/// Messages on one page of a chat.
const MESSAGES_A_PAGE: usize = 40;

impl Services {
    /// A chat with the end of its shown branch, or the page before a message of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also when the chat belongs to someone else.
    pub async fn chat_open(
        &self,
        who: &SignedIn,
        id: ChatId,
        before: Option<MessageId>,
    ) -> Result<ChatView> {
        let chat = self.own_chat(who, id).await?;
        let tree = Tree::new(&self.store().message_places(id).await?);
        let branch = chat
            .active_leaf_id
            .map(|leaf| tree.branch(leaf))
            .unwrap_or_default();
        let end = match before {
            Some(before) => branch
                .iter()
                .position(|place| *place == before)
                .ok_or(AppError::NotFound)?,
            None => branch.len(),
        };
        let start = end.saturating_sub(MESSAGES_A_PAGE);
        let shown = &branch[start..end];
        let rows = self.store().message_list(id, shown).await?;
        let messages = self.message_views(rows, &tree).await?;
        let (cost, unpriced_calls) = self.store().chat_cost(id).await?;
        let input_bound = if before.is_none() {
            self.branch_bound(id, &branch).await?
        } else {
            0
        };
        Ok(ChatView {
            id,
            title: chat.title,
            model: chat.model,
            messages,
            earlier: (start > 0).then(|| branch[start]),
            cost,
            unpriced_calls,
            input_bound,
        })
    }

    /// The Markdown of one message, for copying and editing.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also when the chat belongs to someone else.
    pub async fn message_text(
        &self,
        who: &SignedIn,
        chat: ChatId,
        id: MessageId,
    ) -> Result<String> {
        self.own_chat(who, chat).await?;
        let message = self
            .store()
            .message_find(chat, id)
            .await?
            .ok_or(AppError::NotFound)?;
        Ok(joined_text(&message.parts))
    }

    /// Shows the newest branch through a message.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also when the chat belongs to someone else.
    pub async fn branch_show(
        &self,
        who: &SignedIn,
        chat: ChatId,
        id: MessageId,
    ) -> Result<ChatView> {
        self.own_chat(who, chat).await?;
        let tree = Tree::new(&self.store().message_places(chat).await?);
        if !tree.has(id) {
            return Err(AppError::NotFound.into());
        }
        let tx = self.store().write().await?;
        tx.chat_set_leaf(chat, tree.newest_leaf(id), None, None)
            .await?;
        tx.commit().await?;
        self.chat_open(who, chat, None).await
    }

    /// Messages with their rendered text and figures.
    pub(super) async fn message_views(
        &self,
        rows: Vec<Message>,
        tree: &Tree,
    ) -> Result<Vec<MessageView>> {
        let replies: Vec<MessageId> = rows
            .iter()
            .filter(|row| row.author == Author::Assistant)
            .map(|row| row.id)
            .collect();
        let mut calls = self.calls_of(&replies).await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let siblings = tree.siblings(row.id).to_vec();
            let calls = calls.remove(&row.id).unwrap_or_default();
            views.push(self.message_view(row, siblings, &calls).await?);
        }
        Ok(views)
    }

    /// One message. A reply that runs here comes from the hub, one that runs elsewhere from its log. The
    /// hub is asked first: a reply that is final in the database and not yet told still holds its chat.
    pub(super) async fn message_view(
        &self,
        mut row: Message,
        siblings: Vec<MessageId>,
        calls: &[Call],
    ) -> Result<MessageView> {
        if row.author == Author::Assistant
            && let Some(running) = self.hub().running(row.id)
        {
            return Ok(MessageView {
                siblings,
                ..running
            });
        }
        if row.state == MessageState::Streaming {
            let logged = self.store().reply_event_list(row.id).await?;
            super::log::append(&mut row.parts, logged.into_iter().flatten());
        }
        Ok(view(&row, siblings, calls))
    }

    /// The calls of some replies.
    pub(super) async fn calls_of(
        &self,
        replies: &[MessageId],
    ) -> Result<HashMap<MessageId, Vec<Call>>> {
        if replies.is_empty() {
            return Ok(HashMap::new());
        }
        let links = self.store().message_call_list(replies).await?;
        let ids: Vec<CallId> = links.iter().map(|(_, call)| *call).collect();
        let most = u64::try_from(ids.len()).unwrap_or(u64::MAX);
        let filter = CallFilter {
            ids: Some(ids),
            ..CallFilter::default()
        };
        let calls: HashMap<CallId, Call> = self
            .store()
            .call_list(&filter, None, most)
            .await?
            .into_iter()
            .map(|call| (call.id, call))
            .collect();
        let mut found: HashMap<MessageId, Vec<Call>> = HashMap::new();
        for (message, call) in links {
            if let Some(call) = calls.get(&call) {
                found.entry(message).or_default().push(call.clone());
            }
        }
        Ok(found)
    }

    async fn branch_bound(&self, chat: ChatId, branch: &[MessageId]) -> Result<i64> {
        let mut bound: i64 = 0;
        for chunk in branch.chunks(1_000) {
            let said = self.store().message_list_said(chat, chunk).await?;
            bound = bound.saturating_add(input_bound(&super::prompt::request_of(&said)));
        }
        Ok(bound)
    }
}

/// A message with its text rendered.
pub(super) fn view(row: &Message, siblings: Vec<MessageId>, calls: &[Call]) -> MessageView {
    MessageView {
        id: row.id,
        author: row.author,
        state: row.state,
        blocks: markdown::render(&joined_text(&row.parts)),
        reasoning: markdown::render(&joined_reasoning(&row.parts)),
        reasoning_ms: reasoning_ms(&row.parts),
        siblings,
        figures: figures(calls),
        notice: row.notice.clone(),
        created_at: row.created_at,
    }
}

/// The figures of a reply over all its calls; `None` while one is open.
pub(super) fn figures(calls: &[Call]) -> Option<ReplyFigures> {
    let last = calls.last()?;
    if calls.iter().any(|call| call.state == CallState::Open) {
        return None;
    }
    let unpriced = calls
        .iter()
        .any(|call| call.price_state == PriceState::Unpriced);
    let cost = calls.iter().try_fold(NanoUsd::ZERO, |sum, call| {
        Some(sum.saturating_add(call.charge?))
    });
    Some(ReplyFigures {
        call_id: last.id,
        model: last.model.clone(),
        usage: calls
            .iter()
            .fold(Usage::default(), |sum, call| sum.plus(call.usage)),
        usage_source: calls
            .iter()
            .filter_map(|call| call.usage_source)
            .max()
            .unwrap_or(UsageSource::Reported),
        price_state: if unpriced {
            PriceState::Unpriced
        } else {
            last.price_state
        },
        cost: cost.filter(|_| !unpriced),
        first_token_ms: calls.first().and_then(|call| call.first_token_ms),
        duration_ms: calls.iter().filter_map(|call| call.duration_ms).sum(),
    })
}
