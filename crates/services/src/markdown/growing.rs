//! A reply that is still being written, rendered as it grows.

use comrak::Arena;
use comrak::nodes::{Node, NodeValue};
use domain::chats::Block;

use super::math::signs;
use super::source::{self, Cleaner};
use super::{html, render_clean, tree};

/// Up to this size of the open part, source or HTML, every update renders it anew.
const LIVELY_BYTES: usize = 16 * 1024;

/// Beyond [`LIVELY_BYTES`], the open part is rendered again once this fraction of its size has been added.
const STEP_FRACTION: usize = 64;

/// Text that comes in pieces and its rendered blocks.
///
/// A block is finished when complete lines show that the next one has begun; then it is rendered for the last
/// time and its source is forgotten. Only what follows is parsed again, so the cost grows with the text and
/// not with its square. Two things bound the rest: an open part larger than 16 KiB (an endless code block) is
/// rendered again only when it has grown by a sixty-fourth, and [`Growing::finish`] always catches up.
#[derive(Debug, Default)]
pub struct Growing {
    text: String,
    cleaner: Cleaner,
    /// Clean source from the start of the first open block on.
    open: String,
    /// Whether `open` has a line that has not been looked at since it was complete.
    new_lines: bool,
    /// Whether text came since the last rendering.
    is_stale: bool,
    /// Length of `open` from which it is rendered again.
    due: usize,
    blocks: Vec<Block>,
    /// How many of `blocks` are finished.
    finished: usize,
    /// First block that [`Growing::update`] has not told about.
    changed_from: Option<usize>,
}

impl Growing {
    /// Adds the next piece. Cheap: nothing is rendered before [`Growing::update`].
    pub fn push(&mut self, more: &str) {
        if more.is_empty() {
            return;
        }
        self.text.push_str(more);
        let before = self.open.len();
        self.cleaner.push(more, &mut self.open);
        self.new_lines |= self.open[before..].contains('\n');
        self.is_stale |= self.open.len() > before;
    }

    /// What changed since the last call: the index of the first changed block and all blocks from there on,
    /// which replace every block the reader has from that index. `None` when there is nothing to tell.
    pub fn update(&mut self) -> Option<(u32, Vec<Block>)> {
        if self.open.len() >= self.due {
            self.refresh();
        }
        let from = self.changed_from.take()?;
        let blocks = self.blocks.get(from..).unwrap_or_default().to_vec();
        Some((u32::try_from(from).unwrap_or(u32::MAX), blocks))
    }

    /// All blocks as of the last [`Growing::update`] or [`Growing::finish`]: a snapshot to which the updates
    /// after it apply.
    pub fn blocks(&self) -> Vec<Block> {
        self.blocks.clone()
    }

    /// Everything pushed so far, as it came.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Ends the text: renders what is open, however large. A last [`Growing::update`] tells about it; the
    /// blocks are then those of [`super::render`] for the whole text.
    pub fn finish(&mut self) {
        self.refresh();
    }

    fn refresh(&mut self) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        let mut fresh = Vec::new();
        let mut newly_finished = 0;
        let mut is_complete = false;
        if std::mem::take(&mut self.new_lines) {
            let complete = self.open.rfind('\n').map_or(0, |at| at + 1);
            // An unfinished line may still make the open block something else, so it gets a look of its own.
            is_complete = complete == self.open.len();
            let parted = part(&self.open[..complete], is_complete);
            newly_finished = parted.finished;
            fresh = parted.blocks;
            self.open.drain(..parted.bytes);
        }
        if !is_complete {
            fresh.extend(render_clean(&self.open));
        }

        let html_bytes: usize = fresh
            .iter()
            .skip(newly_finished)
            .map(|block| block.html.len())
            .sum();
        let weight = html_bytes.max(self.open.len());
        self.due = if weight > LIVELY_BYTES {
            self.open.len() + weight / STEP_FRACTION
        } else {
            0
        };

        let known = self.blocks.get(self.finished..).unwrap_or_default();
        let same = known
            .iter()
            .zip(&fresh)
            .take_while(|(old, new)| old == new)
            .count();
        if same < known.len() || same < fresh.len() {
            let from = self.finished + same;
            self.blocks.truncate(from);
            self.blocks.extend(fresh.into_iter().skip(same));
            self.changed_from = Some(self.changed_from.map_or(from, |earlier| earlier.min(from)));
        }
        self.finished += newly_finished;
    }
}

/// Complete lines, parted into finished blocks and the rest.
struct Parted {
    /// The finished blocks, then the open ones if asked for.
    blocks: Vec<Block>,
    /// How many of them are finished.
    finished: usize,
    /// How many bytes the finished ones take.
    bytes: usize,
}

/// Parts complete lines where nothing that follows can change what is before.
///
/// Only the last block can change: a paragraph becomes a heading or a table, a list goes on after a blank
/// line, a fence stays open. Nothing reaches further back, as reference definitions are not honoured.
fn part(lines: &str, with_open: bool) -> Parted {
    let arena = Arena::new();
    let root = source::parse(&arena, lines);
    let children: Vec<Node<'_>> = root.children().collect();
    let mut finished = children.len().saturating_sub(1);
    let before = |node: Node<'_>| {
        let line = node.data().sourcepos.start.line;
        lines.split_inclusive('\n').take(line.saturating_sub(1))
    };
    while finished > 0
        && (!starts_alone(children[finished - 1], children[finished])
            || signs::is_open_after(before(children[finished])))
    {
        finished -= 1;
    }
    let mut bytes = 0;
    if finished > 0 {
        bytes = before(children[finished]).map(str::len).sum();
    }
    if !with_open {
        for node in children.iter().skip(finished) {
            node.detach();
        }
    }
    tree::make_safe(&arena, root);
    Parted {
        blocks: root.children().map(html::block).collect(),
        finished,
        bytes,
    }
}

/// Whether parsing may begin at `node` and find the same. Not at a table that was cut off the end of a
/// paragraph: its first line is a header only because of the lines before and after it.
fn starts_alone(before: Node<'_>, node: Node<'_>) -> bool {
    let start = node.data().sourcepos.start.line;
    let glued = before.data().sourcepos.end.line + 1 >= start;
    let is_table = matches!(node.data().value, NodeValue::Table(_));
    start > before.data().sourcepos.start.line && !(is_table && glued)
}
