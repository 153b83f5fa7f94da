//! Markdown to safe HTML: the one pipeline for every text a person or a model wrote.
//!
//! Two walls stand behind each other. The first is the tree: raw HTML is text, images are links, links keep
//! only harmless schemes, nesting is bounded. The second is a sanitiser with an explicit allow-list, which
//! would hold even if the first were wrong. Showing the result never makes a browser ask another host for
//! anything.
//!
//! House rules, where they differ from GitHub's Markdown:
//! - Raw HTML is plain text, and Markdown inside it still counts. `<br>` in a table cell breaks the line,
//!   because models write it and Markdown has no other way.
//! - Reference definitions (`[1]: https://…`) are shown as text with their address linked. Were they honoured,
//!   the last line of a reply could change its first, and no block of a growing reply would ever be finished.
//!   Footnotes are text for the same reason.
//! - Formulas stand between `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, and in blocks of code named `math`. Prices are text.

mod code;
mod growing;
mod html;
mod math;
mod plain;
mod source;
mod tree;

#[cfg(test)]
mod tests;

use comrak::Arena;
use domain::chats::Block;

pub use growing::Growing;
pub use plain::plain;

/// Renders a whole text: its top-level blocks in order, each safe HTML on its own.
pub fn render(text: &str) -> Vec<Block> {
    render_clean(&source::cleaned(text))
}

/// Renders text that has been through [`source::Cleaner`].
fn render_clean(clean: &str) -> Vec<Block> {
    let arena = Arena::new();
    let root = source::parse(&arena, clean);
    tree::make_safe(&arena, root);
    root.children().map(html::block).collect()
}
