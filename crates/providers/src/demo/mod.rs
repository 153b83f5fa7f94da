//! A model in process, free and without a network, for the first minutes of a house and for tests.
//!
//! The same request always gets the same answer. The base URL `demo://instant` leaves the pauses
//! between the pieces out.

mod words;

use std::time::Duration;

use domain::Usage;
use futures::stream::{self, StreamExt};

use crate::{
    Answer, ChatRequest, Content, Endpoint, Event, Finish, Frame, ListedModel, Role, Whole,
};

/// The address that answers without pauses.
const INSTANT: &str = "demo://instant";
/// Pause before each piece.
const PAUSE: Duration = Duration::from_millis(20);
/// Pieces of an answer, about.
const PIECES: usize = 30;
/// Bytes that count as one token.
const TOKEN_BYTES: usize = 4;

/// The model with a short answer.
const SHORT: &str = "demo";
/// The model with a long one.
const LONG: &str = "demo-long";

pub(crate) fn models() -> Vec<ListedModel> {
    let model = |id: &str, label: &str| ListedModel {
        id: id.to_owned(),
        label: Some(label.to_owned()),
        context_tokens: Some(32_768),
        max_output_tokens: Some(8_192),
        chat: true,
        deprecated: false,
    };
    vec![model(SHORT, "Demo"), model(LONG, "Demo (long answer)")]
}

pub(crate) fn chat(endpoint: &Endpoint, request: &ChatRequest) -> Answer {
    let (text, finish) = answer(request);
    let usage = Usage {
        input: tokens(said_bytes(request)),
        output: tokens(text.len()),
        ..Usage::default()
    };
    let end = vec![Event::Usage(usage), Event::Finish(finish), Event::Done];
    if !request.stream {
        let events = std::iter::once(Event::Text(text)).chain(end).collect();
        return Answer::Whole(Whole {
            raw: bytes::Bytes::new(),
            events,
        });
    }
    let pause = if endpoint.base_url.trim() == INSTANT {
        Duration::ZERO
    } else {
        PAUSE
    };
    let mut frames: Vec<Vec<Event>> = pieces(&text)
        .into_iter()
        .map(|piece| vec![Event::Text(piece)])
        .collect();
    frames.push(end);
    let frames = stream::iter(frames).then(move |events| async move {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        Ok(Frame {
            raw: bytes::Bytes::new(),
            events,
        })
    });
    Answer::Stream(frames.boxed())
}

/// The answer, cut at the output maximum.
fn answer(request: &ChatRequest) -> (String, Finish) {
    let asked = last_question(request);
    let mut text = if asks_for_title(request) {
        words::title(&asked)
    } else if request.model == LONG {
        words::long(&asked)
    } else {
        words::short(&asked)
    };
    let most = request
        .max_output
        .and_then(|most| usize::try_from(most).ok());
    let most_bytes = most.map_or(usize::MAX, |most| most.saturating_mul(TOKEN_BYTES));
    if text.len() <= most_bytes {
        return (text, Finish::Stop);
    }
    text.truncate(text.floor_char_boundary(most_bytes));
    (text, Finish::Length)
}

fn asks_for_title(request: &ChatRequest) -> bool {
    request
        .messages
        .iter()
        .filter(|message| message.role == Role::System)
        .any(|message| {
            let text = text_of(&message.content).to_lowercase();
            text.contains("title") || text.contains("제목")
        })
}

fn last_question(request: &ChatRequest) -> String {
    let last = request
        .messages
        .iter()
        .rev()
        .find(|message| message.role == Role::User);
    last.map(|message| text_of(&message.content))
        .unwrap_or_default()
}

fn text_of(content: &[Content]) -> String {
    let texts = content.iter().filter_map(|content| match content {
        Content::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

fn said_bytes(request: &ChatRequest) -> usize {
    request
        .messages
        .iter()
        .map(|message| text_of(&message.content).len())
        .sum()
}

fn tokens(bytes: usize) -> Option<i64> {
    i64::try_from(bytes.div_ceil(TOKEN_BYTES)).ok()
}

/// The text in about [`PIECES`] pieces that end behind words.
fn pieces(text: &str) -> Vec<String> {
    let size = text.len().div_ceil(PIECES).max(1);
    let mut pieces = vec![String::new()];
    for word in text.split_inclusive(' ') {
        match pieces.last_mut() {
            Some(piece) if piece.len() < size => piece.push_str(word),
            _ => pieces.push(word.to_owned()),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use domain::connections::ProviderKind;
    use outbound::Secret;

    use super::*;
    use crate::{Message, Options};

    fn request(model: &str, system: &str, user: &str) -> ChatRequest {
        ChatRequest {
            model: model.into(),
            messages: vec![
                Message::text(Role::System, system),
                Message::text(Role::User, user),
            ],
            max_output: None,
            stream: true,
            options: Options::default(),
            raw: None,
        }
    }

    async fn events(request: &ChatRequest) -> (usize, Vec<Event>) {
        let endpoint = Endpoint {
            kind: ProviderKind::Demo,
            base_url: INSTANT.into(),
            key: Secret::default(),
        };
        match chat(&endpoint, request) {
            Answer::Stream(frames) => {
                let frames: Vec<_> = frames.collect().await;
                let count = frames.len();
                (
                    count,
                    frames
                        .into_iter()
                        .flat_map(|frame| frame.unwrap().events)
                        .collect(),
                )
            }
            Answer::Whole(whole) => (1, whole.events),
        }
    }

    fn text(events: &[Event]) -> String {
        let texts = events.iter().filter_map(|event| match event {
            Event::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }

    #[tokio::test]
    async fn it_answers_in_the_language_of_the_question() {
        let (frames, english) = events(&request("demo", "", "How are you?")).await;
        assert!(text(&english).contains("> How are you?") && text(&english).contains("demo model"));
        assert!((20..=40).contains(&frames), "{frames}");
        assert_eq!(english.last(), Some(&Event::Done));
        let (_, korean) = events(&request("demo", "", "잘 지내?")).await;
        assert!(text(&korean).contains("> 잘 지내?") && text(&korean).contains("데모 모델"));
    }

    #[tokio::test]
    async fn whole_and_streamed_answers_agree() {
        let streamed = request("demo-long", "", "Tell me more");
        let whole = ChatRequest {
            stream: false,
            ..streamed.clone()
        };
        let (_, streamed) = events(&streamed).await;
        let (_, whole) = events(&whole).await;
        assert_eq!(text(&streamed), text(&whole));
        for mark in ["\n## ", "\n- ", "\n| ", "```"] {
            assert!(text(&whole).contains(mark), "{mark}");
        }
        assert_eq!(streamed[streamed.len() - 3..], whole[whole.len() - 3..]);
    }

    #[tokio::test]
    async fn titles_come_from_the_users_words() {
        let asked = request(
            "demo",
            "Write a short title.",
            "please plan my trip to the mountains of Jeju island",
        );
        let (_, events) = events(&asked).await;
        assert_eq!(text(&events), "Please plan my trip to the…");
    }

    #[tokio::test]
    async fn a_title_tells_nothing_of_the_answer() {
        let asked = request(
            "demo",
            "Write a short title.",
            "what is a token?\n\n# An answer",
        );
        let (_, events) = events(&asked).await;
        assert_eq!(text(&events), "What is a token");
    }

    #[tokio::test]
    async fn the_output_maximum_cuts_the_answer() {
        let asked = ChatRequest {
            max_output: Some(5),
            ..request("demo", "", "안녕하세요")
        };
        let (_, events) = events(&asked).await;
        assert!(text(&events).len() <= 20);
        assert!(events.contains(&Event::Finish(Finish::Length)));
        let counted = events
            .iter()
            .any(|event| matches!(event, Event::Usage(usage) if usage.output <= Some(5)));
        assert!(counted);
    }
}
