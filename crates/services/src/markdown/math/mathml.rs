//! MathML made anew from a fixed list. The translator lets some words of a formula through as they are
//! (`\operatorname{<img>}` comes out as a tag), so nothing of its markup is taken over: elements, attributes and
//! classes are those written here, or the formula is none.

/// Every element a formula may consist of. None of them holds HTML, and none that could change what is HTML:
/// `annotation-xml`, `mglyph`, `malignmark` and `maction` are not among them.
pub(in super::super) const TAGS: [&str; 23] = [
    "math",
    "mi",
    "mn",
    "mo",
    "mtext",
    "mspace",
    "mrow",
    "mfrac",
    "msqrt",
    "mroot",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mprescripts",
    "mtable",
    "mtr",
    "mtd",
    "mpadded",
    "mphantom",
];

/// Every attribute besides `class`. Their values are checked by [`is_allowed`].
pub(in super::super) const ATTRIBUTES: [&str; 19] = [
    "accent",
    "accentunder",
    "display",
    "displaystyle",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "width",
];

/// Every class. They stand for the inline styles that the content security policy forbids.
pub(in super::super) const CLASSES: [&str; 12] = [
    "math-left",
    "math-right",
    "math-flush-left",
    "math-flush-right",
    "math-apart",
    "math-line-left",
    "math-line-right",
    "math-line-top",
    "math-struck",
    "math-boxed",
    "math-bold",
    "math-mono",
];

/// Styles of the translator, and the class for each. Others, colours among them, are left out.
const STYLES: [(&str, &str); 11] = [
    ("text-align: left", "math-left"),
    ("text-align: right", "math-right"),
    ("padding-left: 0", "math-flush-left"),
    ("padding-right: 0", "math-flush-right"),
    ("padding-left:1em", "math-apart"),
    ("border-left: 0.05em solid currentcolor", "math-line-left"),
    ("border-left: 0.05em dashed currentcolor", "math-line-left"),
    ("border-right: 0.05em solid currentcolor", "math-line-right"),
    (
        "border-right: 0.05em dashed currentcolor",
        "math-line-right",
    ),
    ("border-top: 0.05em solid currentcolor", "math-line-top"),
    ("border-top: 0.05em dashed currentcolor", "math-line-top"),
];

/// HTML that the translator puts into `mtext`, and the class it becomes.
const WORDS: [(&str, &str); 8] = [
    ("b", "math-bold"),
    ("code", "math-mono"),
    ("i", ""),
    ("em", ""),
    ("s", ""),
    ("u", ""),
    ("span", ""),
    ("a", ""),
];

/// How deep a formula may nest: a browser draws nested tables and roots by calling itself.
const DEPTH_MOST: usize = 48;

/// Widest blank, and largest sign, in em. Wider ones would push the text out of its column.
const EM_MOST: f64 = 40.0;

/// The translator's markup made anew; `None` where it holds anything that is not expected.
pub(super) fn rebuilt(mathml: &str, is_display: bool) -> Option<String> {
    let mut out = String::with_capacity(mathml.len());
    // What closes each open element, and nothing for one that was left out.
    let mut open: Vec<(&str, Option<&'static str>)> = Vec::new();
    let mut rest = mathml;
    while let Some((text, from)) = rest.split_once('<') {
        push_text(&mut out, text, !open.is_empty())?;
        let (tag, after) = from.split_once('>')?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            let (opened, shown) = open.pop()?;
            if opened != name {
                return None;
            }
            if let Some(shown) = shown {
                push(&mut out, &["</", shown, ">"]);
            }
            continue;
        }
        let is_empty = tag.ends_with('/');
        let tag = tag.trim_end_matches('/').trim_end();
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if let Some((_, class)) = WORDS.iter().find(|(word, _)| *word == name) {
            // Only in a text, whose start is rewritten to carry the class.
            open.last()
                .filter(|(above, _)| matches!(*above, "mtext" | "b" | "i"))?;
            if !class.is_empty() && out.ends_with("<mtext>") {
                out.truncate(out.len() - 1);
                push(&mut out, &[" class=\"", class, "\">"]);
            }
            open.push((name, None));
            continue;
        }
        let is_root = name == "math";
        // One root, and everything inside it.
        if is_root != (open.is_empty() && out.is_empty()) || open.len() > DEPTH_MOST {
            return None;
        }
        let shown = if name == "menclose" { "mrow" } else { name };
        let shown = TAGS.into_iter().find(|tag| *tag == shown)?;
        push(&mut out, &["<", shown]);
        if is_root {
            push(
                &mut out,
                if is_display {
                    &[" display=\"block\""]
                } else {
                    &[]
                },
            );
        } else {
            push_attributes(&mut out, attributes)?;
        }
        out.push('>');
        if is_empty {
            push(&mut out, &["</", shown, ">"]);
        } else {
            open.push((name, Some(shown)));
        }
    }
    (open.is_empty() && rest.is_empty() && !out.is_empty()).then_some(out)
}

/// Whether an attribute may have this value.
pub(in super::super) fn is_allowed(attribute: &str, value: &str) -> bool {
    match attribute {
        "display" => value == "block",
        "mathvariant" => value == "normal",
        "form" => matches!(value, "prefix" | "infix" | "postfix"),
        "scriptlevel" => matches!(value, "0" | "1" | "2"),
        "height" | "linethickness" | "lspace" | "maxsize" | "minsize" | "rspace" | "width" => {
            is_length(value)
        }
        "class" => value.split(' ').all(|class| CLASSES.contains(&class)),
        _ => ATTRIBUTES.contains(&attribute) && matches!(value, "true" | "false"),
    }
}

/// A blank may be any width a formula needs, but not a page.
fn is_length(value: &str) -> bool {
    let number = ["rem", "em", "ex"]
        .iter()
        .find_map(|unit| value.strip_suffix(unit));
    let number = number.or((value == "0").then_some("0"));
    number.is_some_and(|number| {
        let plain = number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        plain && number.parse().is_ok_and(|em: f64| em <= EM_MOST)
    })
}

fn push_text(out: &mut String, text: &str, is_inside: bool) -> Option<()> {
    if !is_inside && !text.is_empty() {
        return None;
    }
    out.push_str(&text.replace('>', "&gt;"));
    Some(())
}

fn push_attributes(out: &mut String, attributes: &str) -> Option<()> {
    let mut classes: Vec<&str> = Vec::new();
    let mut rest = attributes.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        rest = after.trim_start();
        match name {
            "style" => {
                let styles = value.split(';').map(str::trim);
                classes.extend(styles.filter_map(|style| {
                    let known = STYLES.iter().find(|(theirs, _)| *theirs == style);
                    known.map(|(_, class)| *class)
                }));
            }
            "notation" if value == "downdiagonalstrike" => classes.push("math-boxed"),
            "notation" => classes.push("math-struck"),
            // Theirs, for a style sheet of theirs; an `id` would be the page's.
            "class" | "id" => {}
            _ => {
                let known = ATTRIBUTES
                    .into_iter()
                    .find(|attribute| *attribute == name)?;
                if is_allowed(known, value) {
                    push(out, &[" ", known, "=\"", value, "\""]);
                }
            }
        }
    }
    if !classes.is_empty() {
        push(out, &[" class=\"", &classes.join(" "), "\""]);
    }
    Some(())
}

fn push(out: &mut String, parts: &[&str]) {
    out.extend(parts.iter().copied());
}
