//! The first wall: turns a parsed tree into one that holds nothing dangerous.

use std::borrow::Cow;

use comrak::Arena;
use comrak::nodes::{Node, NodeLink, NodeValue};

use super::math::signs::{DOLLAR, restored};
use super::source::{SHIELD, has_safe_scheme};

/// How deep a tree may nest before the rest becomes plain text. A list level takes two. Nobody indents this
/// far; the sanitiser and the browser both get slow when somebody does it on purpose.
const DEPTH_MOST: usize = 64;

/// What a page's own headings take; a reply starts below them.
const HEADINGS_ABOVE: u8 = 2;

/// Rewrites the tree under `root` in place.
pub(super) fn make_safe<'a>(arena: &'a Arena<'a>, root: Node<'a>) {
    // No recursion: the depth is in the writer's hands.
    let mut stack: Vec<(Node<'a>, usize, bool)> = vec![(root, 0, false)];
    while let Some((node, depth, in_cell)) = stack.pop() {
        unshield(arena, node, in_cell);
        if depth >= DEPTH_MOST {
            flatten(arena, node);
        }
        let in_cell = in_cell || matches!(node.data().value, NodeValue::TableCell);
        stack.extend(node.children().map(|child| (child, depth + 1, in_cell)));
        let level = heading_level(node);
        if let (Some(level), NodeValue::Heading(heading)) = (level, &mut node.data_mut().value) {
            heading.level = level;
        }
        make_link_safe(arena, node);
    }
}

/// All words under a node, blocks apart by a blank.
pub(super) fn words(node: Node<'_>) -> String {
    let mut out = String::new();
    for inner in node.descendants() {
        match &inner.data().value {
            NodeValue::Text(text) => out.push_str(text),
            NodeValue::Code(code) => out.push_str(&code.literal),
            NodeValue::Math(math) => out.push_str(&math.literal),
            NodeValue::CodeBlock(code) => {
                out.push(' ');
                out.push_str(&code.literal);
            }
            NodeValue::HtmlInline(text) => out.push_str(text),
            NodeValue::SoftBreak | NodeValue::LineBreak => out.push(' '),
            value if value.block() => out.push(' '),
            _ => {}
        }
    }
    restored(&out).trim().to_owned()
}

fn heading_level(node: Node<'_>) -> Option<u8> {
    match node.data().value {
        NodeValue::Heading(heading) => Some(heading.level.saturating_add(HEADINGS_ABOVE).min(6)),
        _ => None,
    }
}

/// Takes the shields out again, and breaks lines at `<br>` in table cells.
fn unshield<'a>(arena: &'a Arena<'a>, node: Node<'a>, in_cell: bool) {
    let mut broken = None;
    match &mut node.data_mut().value {
        NodeValue::Text(text) if text.contains([SHIELD, DOLLAR]) => {
            let text_shown = brackets(text);
            let lines = if in_cell {
                cell_lines(&text_shown)
            } else {
                vec![text_shown]
            };
            let mut lines = lines.into_iter().map(|line| restored(&line));
            *text = Cow::Owned(lines.next().unwrap_or_default());
            broken = Some(lines);
        }
        NodeValue::Code(code) => unshield_string(&mut code.literal),
        NodeValue::Math(math) => unshield_string(&mut math.literal),
        NodeValue::CodeBlock(code) => {
            unshield_string(&mut code.info);
            unshield_string(&mut code.literal);
        }
        NodeValue::Link(link) | NodeValue::Image(link) => {
            unshield_string(&mut link.url);
            unshield_string(&mut link.title);
        }
        NodeValue::HtmlInline(literal) => unshield_string(literal),
        NodeValue::HtmlBlock(block) => unshield_string(&mut block.literal),
        _ => {}
    }
    let mut last = node;
    for line in broken.into_iter().flatten() {
        for value in [NodeValue::LineBreak, NodeValue::Text(Cow::Owned(line))] {
            let next = arena.alloc(value.into());
            last.insert_after(next);
            last = next;
        }
    }
}

fn unshield_string(text: &mut String) {
    if text.contains([SHIELD, DOLLAR]) {
        *text = restored(text);
    }
}

/// Brackets whose backslash the parser left alone because a shield stood between: outside of code it goes.
fn brackets(text: &str) -> String {
    let mut text = text.to_owned();
    for bracket in ["(", "["] {
        text = text.replace(&format!("\\{SHIELD}{bracket}"), bracket);
    }
    text
}

/// Splits a cell's text at each `<br>`, which reaches us as `<`, [`SHIELD`], `br>`.
fn cell_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut parts = text.split(SHIELD);
    line.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let after_break = ["br>", "br/>", "br />"].iter().find_map(|tag| {
            let (head, after) = part.split_at_checked(tag.len())?;
            head.eq_ignore_ascii_case(tag).then_some(after)
        });
        match after_break {
            Some(after) if line.ends_with('<') => {
                line.pop();
                lines.push(std::mem::take(&mut line));
                line.push_str(after);
            }
            _ => line.push_str(part),
        }
    }
    lines.push(line);
    lines
}

/// Replaces everything under a node that is too deep by its words.
fn flatten<'a>(arena: &'a Arena<'a>, node: Node<'a>) {
    // The parts of a table do not nest; the cells are flattened when their turn comes.
    if node.first_child().is_none()
        || matches!(
            node.data().value,
            NodeValue::Table(_) | NodeValue::TableRow(_)
        )
    {
        return;
    }
    let text = NodeValue::Text(Cow::Owned(words(node)));
    for child in node.children().collect::<Vec<_>>() {
        child.detach();
    }
    let is_inline = !node.data().value.block();
    if is_inline {
        node.data_mut().value = text;
        return;
    }
    let value = match node.data().value {
        NodeValue::BlockQuote | NodeValue::List(_) => Some(NodeValue::Paragraph),
        _ => None,
    };
    if let Some(value) = value {
        node.data_mut().value = value;
    }
    let is_item = matches!(
        node.data().value,
        NodeValue::Item(_) | NodeValue::TaskItem(_)
    );
    let holder = if is_item {
        arena.alloc(NodeValue::Paragraph.into())
    } else {
        node
    };
    if is_item {
        node.append(holder);
    }
    holder.append(arena.alloc(text.into()));
}

/// Makes images links, and links with any other address than a harmless one plain text.
fn make_link_safe<'a>(arena: &'a Arena<'a>, node: Node<'a>) {
    let (link, is_image) = match &node.data().value {
        NodeValue::Link(link) => (NodeLink::clone(link), false),
        NodeValue::Image(link) => (NodeLink::clone(link), true),
        _ => return,
    };
    let text = words(node);
    let in_link = is_image
        && node
            .ancestors()
            .skip(1)
            .any(|above| matches!(above.data().value, NodeValue::Link(_)));
    let label = if text.is_empty() {
        link.url.clone()
    } else {
        text.clone()
    };
    if in_link || !is_safe(&link.url) {
        if is_image {
            replace_by_text(node, label);
        } else {
            keep_children_only(node);
        }
        return;
    }
    if is_image || text.is_empty() {
        // A description may hold links of its own, and a link inside a link is none.
        for child in node.children().collect::<Vec<_>>() {
            child.detach();
        }
        node.append(arena.alloc(NodeValue::Text(Cow::Owned(label)).into()));
        node.data_mut().value = NodeValue::Link(Box::new(link));
    }
}

fn is_safe(url: &str) -> bool {
    has_safe_scheme(url) && !url.chars().any(char::is_control)
}

fn replace_by_text(node: Node<'_>, text: String) {
    for child in node.children().collect::<Vec<_>>() {
        child.detach();
    }
    node.data_mut().value = NodeValue::Text(Cow::Owned(text));
}

/// Puts a node's children in its place.
fn keep_children_only(node: Node<'_>) {
    for child in node.children().collect::<Vec<_>>() {
        node.insert_before(child);
    }
    node.detach();
}
