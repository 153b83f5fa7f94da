//! From a branch to what the model is asked.

use domain::messages::{Author, MessagePart};
use providers::{ChatRequest, Content, Message as Said, Options, Role};
use store::messages::Message;

/// What an interrupted reply is continued with, for every provider alike.
const GO_ON: &str = "Your last reply was cut off. Go on exactly where it stopped, without repeating \
                     any of it and without any remark about the interruption.";

/// The request for the next reply of a branch.
pub(super) fn request(branch: &[Message]) -> ChatRequest {
    asking(
        branch
            .iter()
            .filter_map(|message| said(message.author, &message.parts)),
    )
}

/// The same for what only has to be measured.
pub(super) fn request_of(branch: &[(Author, Vec<MessagePart>)]) -> ChatRequest {
    asking(
        branch
            .iter()
            .filter_map(|(author, parts)| said(*author, parts)),
    )
}

fn asking(messages: impl Iterator<Item = Said>) -> ChatRequest {
    ChatRequest {
        model: String::new(),
        messages: messages.collect(),
        max_output: None,
        stream: true,
        options: Options::default(),
        raw: None,
    }
}

/// The request for the rest of a reply that ended early: the branch ends with it.
pub(super) fn continuation(branch: &[Message]) -> ChatRequest {
    let mut request = request(branch);
    request.messages.push(Said::text(Role::User, GO_ON));
    request
}

fn said(author: Author, parts: &[MessagePart]) -> Option<Said> {
    let role = match author {
        Author::User => Role::User,
        Author::Assistant => Role::Assistant,
    };
    let content: Vec<Content> = parts.iter().filter_map(content).collect();
    // A reply that failed before its first word says nothing; providers refuse empty messages.
    if content.is_empty() {
        None
    } else {
        Some(Said { role, content })
    }
}

fn content(part: &MessagePart) -> Option<Content> {
    match part {
        MessagePart::Text { text, .. } if text.is_empty() => None,
        MessagePart::Text {
            text,
            provider_state,
        } => Some(Content::Text {
            text: text.clone(),
            provider_state: provider_state.clone(),
        }),
        MessagePart::Reasoning {
            text,
            provider_state,
            ..
        } => Some(Content::Reasoning {
            text: text.clone(),
            provider_state: provider_state.clone(),
        }),
        MessagePart::ToolCall {
            id,
            name,
            arguments,
            provider_state,
        } => Some(Content::ToolCall {
            id: id.clone(),
            name: name.clone(),
            arguments: arguments.clone(),
            provider_state: provider_state.clone(),
        }),
        MessagePart::ToolResult { call_id, text } => Some(Content::ToolResult {
            call_id: call_id.clone(),
            name: None,
            text: text.clone(),
        }),
        MessagePart::Blob { .. } | MessagePart::Citation { .. } => None,
    }
}
