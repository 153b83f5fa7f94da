//! From a safe tree to HTML, and the second wall: a sanitiser that knows only what we print.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Write};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use comrak::html::{ChildRendering, Context, format_document_with_formatter, format_node_default};
use comrak::nodes::{Node, NodeValue};
use comrak::options::Plugins;
use domain::chats::Block;

use super::code::{self, Kind};
use super::{math, source};

/// Class of a formula that is shown as its source.
const FORMULA_SOURCE: &str = "math-source";

/// Longest name of a language above a code block, in characters.
const LANGUAGE_MOST: usize = 30;

/// Every tag that may reach a browser.
const TAGS: [&str; 27] = [
    "p",
    "br",
    "hr",
    "em",
    "strong",
    "del",
    "a",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "figcaption",
    "div",
    "span",
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags = TAGS.into_iter().chain(math::TAGS).collect();
    let of_formulas = || math::ATTRIBUTES.into_iter().chain(["class"]).collect();
    let mut attributes = HashMap::from([
        ("a", HashSet::from(["href", "title"])),
        ("ol", HashSet::from(["start"])),
        // Filtered below: any language, nothing else.
        ("code", HashSet::from(["class"])),
    ]);
    attributes.extend(math::TAGS.map(|tag| (tag, of_formulas())));
    let of_spans = ["code-language", "task-mark", "math"].into_iter();
    let alignments = HashMap::from([("align", HashSet::from(["left", "center", "right"]))]);
    let mut builder = Builder::empty();
    builder
        .tags(tags)
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(HashSet::new())
        .tag_attributes(attributes)
        .tag_attribute_values(HashMap::from([
            ("th", alignments.clone()),
            ("td", alignments),
        ]))
        .set_tag_attribute_values(HashMap::from([(
            "a",
            HashMap::from([("target", "_blank")]),
        )]))
        .allowed_classes(HashMap::from([
            ("figure", HashSet::from(["code"])),
            ("span", of_spans.chain(Kind::CLASSES).collect()),
            ("div", HashSet::from(["reply-table"])),
            ("li", HashSet::from(["task"])),
        ]))
        .attribute_filter(|tag, attribute, value| match (tag, attribute) {
            ("code", "class") if value == FORMULA_SOURCE => Some(value.into()),
            ("code", "class") => {
                let language = value.strip_prefix("language-")?;
                (language == self::language(language)).then(|| value.into())
            }
            ("ol", "start") => value
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| value.into()),
            _ if math::TAGS.contains(&tag) => {
                math::is_allowed(attribute, value).then(|| value.into())
            }
            _ => Some(value.into()),
        })
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true);
    builder
});

/// Prints one top-level block of a safe tree.
pub(super) fn block(node: Node<'_>) -> Block {
    let mut html = String::new();
    // Not `format_html`: in debug builds it panics about trees that are merely unusual.
    let printed = format_document_with_formatter(
        node,
        source::options(),
        &mut html,
        &Plugins::default(),
        print_node,
        (),
    );
    // Writing to a string cannot fail; were it otherwise, half a block must not go out.
    if printed.is_err() {
        html.clear();
    }
    let mut html = SANITISER.clean(&html).to_string();
    html.truncate(html.trim_end().len());
    Block { html }
}

fn print_node(
    context: &mut Context<'_, '_>,
    node: Node<'_>,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    match &node.data().value {
        NodeValue::CodeBlock(code) => {
            if entering {
                let language = language(&code.info);
                // A fence that is still open shows what it has.
                if language == "math" && code.closed {
                    context.cr()?;
                    context.write_str("<p>")?;
                    print_formula(context, &code.literal, true)?;
                    context.write_str("</p>\n")?;
                } else {
                    print_code(context, &language, &code.literal)?;
                }
            }
            return Ok(ChildRendering::Skip);
        }
        NodeValue::Math(math) => {
            if entering {
                print_formula(context, &math.literal, math.display_math)?;
            }
            return Ok(ChildRendering::Skip);
        }
        NodeValue::Table(_) if entering => {
            context.cr()?;
            context.write_str("<div class=\"reply-table\">")?;
        }
        NodeValue::Table(_) => {
            format_node_default(context, node, entering)?;
            context.write_str("</div>\n")?;
            return Ok(ChildRendering::HTML);
        }
        NodeValue::TaskItem(task) => {
            // Marks instead of check boxes: they cannot be clicked, so they should not look as if.
            let mark = if task.symbol.is_some() { '☑' } else { '☐' };
            if entering {
                context.cr()?;
                write!(
                    context,
                    "<li class=\"task\"><span class=\"task-mark\">{mark}</span> "
                )?;
            } else {
                context.write_str("</li>\n")?;
            }
            return Ok(ChildRendering::HTML);
        }
        _ => {}
    }
    format_node_default(context, node, entering)
}

fn print_code(context: &mut Context<'_, '_>, language: &str, literal: &str) -> fmt::Result {
    context.cr()?;
    context.write_str("<figure class=\"code\">")?;
    if language.is_empty() {
        context.write_str("<pre><code>")?;
    } else {
        write!(
            context,
            "<figcaption><span class=\"code-language\">{language}</span></figcaption>"
        )?;
        write!(context, "<pre><code class=\"language-{language}\">")?;
    }
    for (kind, piece) in code::pieces(language, literal) {
        match kind.class() {
            Some(class) => {
                write!(context, "<span class=\"{class}\">")?;
                context.escape(piece)?;
                context.write_str("</span>")?;
            }
            None => context.escape(piece)?,
        }
    }
    context.write_str("</code></pre></figure>\n")
}

/// A formula drawn, or as its source. One that stands alone has a box that scrolls.
fn print_formula(context: &mut Context<'_, '_>, latex: &str, is_display: bool) -> fmt::Result {
    let Some(mathml) = math::formula(latex, is_display) else {
        write!(context, "<code class=\"{FORMULA_SOURCE}\">")?;
        context.escape(latex.trim())?;
        return context.write_str("</code>");
    };
    if is_display {
        write!(context, "<span class=\"math\">{mathml}</span>")
    } else {
        context.write_str(&mathml)
    }
}

/// The language of a code block: the first word after the fence (`rust` of `rust,ignore`), without anything
/// that is not in a name.
fn language(info: &str) -> String {
    let word = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
    let in_name = |char: &char| char.is_ascii_alphanumeric() || "_+#.-".contains(*char);
    word.chars().filter(in_name).take(LANGUAGE_MOST).collect()
}
