//! One message as a tab holds it.

use std::sync::Arc;

use domain::MessageId;
use domain::chats::{Block, MessageView};
use domain::live::{LiveEvent, apply};
use domain::messages::{Author, MessageState};
use leptos::prelude::*;

/// A rendered block with a number of its own: a changed block gets a new one, so that the others
/// are left alone.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Unique within its message, never used twice in a row.
    pub(super) number: u32,
    /// Safe HTML, made on the server.
    pub(super) html: Arc<str>,
}

/// A message and what is drawn of it. Counted signals, because it outlives the page that shows it.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Id.
    pub(super) id: MessageId,
    /// Who speaks.
    pub(super) author: Author,
    /// Everything known of it.
    pub(super) message: ArcRwSignal<MessageView>,
    /// Where it stands. Told apart from the message, because every button of a chat hangs on it and
    /// text comes many times a second.
    pub(super) state: ArcRwSignal<MessageState>,
    /// Its text as drawn.
    pub(super) text: ArcRwSignal<Vec<Piece>>,
    /// Its reasoning as drawn.
    pub(super) reasoning: ArcRwSignal<Vec<Piece>>,
}

impl Line {
    /// A message as it came.
    pub(super) fn new(message: MessageView) -> Self {
        let line = Self {
            id: message.id,
            author: message.author,
            text: ArcRwSignal::new(Vec::new()),
            reasoning: ArcRwSignal::new(Vec::new()),
            state: ArcRwSignal::new(message.state),
            message: ArcRwSignal::new(message),
        };
        line.draw();
        line
    }

    /// Takes a newer state of the whole message.
    pub(super) fn replace(&self, newer: MessageView) {
        if *self.message.read_untracked() != newer {
            self.message.set(newer);
            self.turn();
            self.draw();
        }
    }

    /// Takes what the live connection tells of it.
    pub(super) fn hear(&self, event: &LiveEvent) {
        self.message.update(|message| {
            apply(message, event);
        });
        self.turn();
        self.draw();
    }

    fn turn(&self) {
        let state = self.message.read_untracked().state;
        if *self.state.read_untracked() != state {
            self.state.set(state);
        }
    }

    fn draw(&self) {
        let message = self.message.read_untracked();
        draw(&self.text, &message.blocks);
        draw(&self.reasoning, &message.reasoning);
    }
}

/// Brings what is drawn up to date, keeping every block at the beginning that is still the same.
fn draw(drawn: &ArcRwSignal<Vec<Piece>>, blocks: &[Block]) {
    let (kept, had, next) = {
        let drawn = drawn.read_untracked();
        let pairs = drawn.iter().zip(blocks);
        let kept = pairs
            .take_while(|(piece, block)| *piece.html == *block.html.trim_end())
            .count();
        let next = drawn.last().map_or(0, |last| last.number.wrapping_add(1));
        (kept, drawn.len(), next)
    };
    if kept == blocks.len() && kept == had {
        return;
    }
    drawn.update(|drawn| {
        drawn.truncate(kept);
        let newer = blocks.iter().skip(kept).zip(0..);
        drawn.extend(newer.map(|(block, place)| Piece {
            number: next.wrapping_add(place),
            // What stands between blocks is for the stylesheet to say.
            html: block.html.trim_end().into(),
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(texts: &[&str]) -> Vec<Block> {
        let block = |text: &&str| Block {
            html: format!("<p>{text}</p>\n"),
        };
        texts.iter().map(block).collect()
    }

    fn numbers(drawn: &ArcRwSignal<Vec<Piece>>) -> Vec<u32> {
        let drawn = drawn.read_untracked();
        drawn.iter().map(|piece| piece.number).collect()
    }

    #[test]
    fn finished_blocks_keep_their_number_and_changed_ones_get_a_new_one() {
        let owner = Owner::new();
        owner.set();
        let drawn = ArcRwSignal::new(Vec::new());
        draw(&drawn, &blocks(&["a", "b"]));
        assert_eq!(numbers(&drawn), [0, 1]);
        draw(&drawn, &blocks(&["a", "b c"]));
        assert_eq!(numbers(&drawn), [0, 2]);
        draw(&drawn, &blocks(&["a", "b c", "d"]));
        assert_eq!(numbers(&drawn), [0, 2, 3]);
        draw(&drawn, &blocks(&["a"]));
        assert_eq!(numbers(&drawn), [0]);
        draw(&drawn, &blocks(&["x"]));
        assert_eq!(numbers(&drawn), [1]);
    }
}
