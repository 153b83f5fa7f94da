//! Reads HTML the way an attacker hopes a browser would, and refuses everything that is not expected.

/// Tags without an end.
const EMPTY: [&str; 2] = ["br", "hr"];
const TAGS: [&str; 25] = [
    "p",
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

/// Tags of a formula: none outside of it, and nothing else inside.
const FORMULA: [&str; 23] = [
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

/// What a piece of code may be.
const COLOURS: [&str; 7] = [
    "hl-word",
    "hl-text",
    "hl-number",
    "hl-name",
    "hl-note",
    "hl-added",
    "hl-removed",
];

/// Fails when `html` holds anything but balanced, allowed tags with allowed attributes.
pub(super) fn assert_safe(html: &str, source: &str) {
    if let Err(why) = check(html) {
        panic!("{why}\nsource: {source:?}\nhtml: {html}");
    }
}

fn check(html: &str) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        if text.contains('>') {
            return Err(format!("bare > in {text:?}"));
        }
        let (tag, after) = rest[at + 1..]
            .split_once('>')
            .ok_or("open tag at the end")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop().as_deref() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        check_attributes(name, attributes)?;
        let in_formula = open.iter().any(|tag| tag == "math");
        let above = open.last().map(String::as_str).unwrap_or_default();
        if ["mi", "mn", "mo", "mtext", "mspace"].contains(&above) {
            return Err(format!("<{name}> in <{above}>"));
        }
        let is_known = if in_formula || name == "math" {
            FORMULA.contains(&name) && in_formula == (name != "math")
        } else {
            TAGS.contains(&name)
        };
        if is_known {
            open.push(name.to_owned());
        } else if in_formula || !EMPTY.contains(&name) {
            return Err(format!("<{name}>"));
        }
    }
    if open.is_empty() {
        Ok(())
    } else {
        Err(format!("left open: {open:?}"))
    }
}

fn check_attributes(tag: &str, attributes: &str) -> Result<(), String> {
    let mut rest = attributes.trim();
    while !rest.is_empty() {
        let (name, after) = rest
            .split_once("=\"")
            .ok_or(format!("odd attribute {rest:?}"))?;
        let (value, after) = after
            .split_once('"')
            .ok_or(format!("open value {rest:?}"))?;
        let allowed = match (tag, name) {
            ("a", "href") => {
                let value = value.to_ascii_lowercase();
                ["http://", "https://", "mailto:"]
                    .iter()
                    .any(|scheme| value.starts_with(scheme))
            }
            ("a", "title") => true,
            ("a", "target") => value == "_blank",
            ("a", "rel") => value == "noopener noreferrer nofollow",
            ("ol", "start") => value.bytes().all(|byte| byte.is_ascii_digit()),
            ("th" | "td", "align") => ["left", "center", "right"].contains(&value),
            ("figure", "class") => value == "code",
            ("div", "class") => value == "reply-table",
            ("li", "class") => value == "task",
            ("span", "class") => {
                ["code-language", "task-mark", "math"].contains(&value) || COLOURS.contains(&value)
            }
            ("code", "class") if value == "math-source" => true,
            (_, "class") if FORMULA.contains(&tag) => value.split(' ').all(|class| {
                class.strip_prefix("math-").is_some_and(|word| {
                    word.bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
                })
            }),
            (_, name) if FORMULA.contains(&tag) => {
                let is_plain =
                    |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.';
                name.bytes().all(|byte| byte.is_ascii_lowercase())
                    && !["href", "src", "style", "id", "encoding"].contains(&name)
                    && !name.starts_with("on")
                    && value.len() <= 16
                    && value.bytes().all(is_plain)
            }
            ("code", "class") => value.strip_prefix("language-").is_some_and(|language| {
                let in_name = |char: char| char.is_ascii_alphanumeric() || "_+#.-".contains(char);
                (1..=30).contains(&language.len()) && language.chars().all(in_name)
            }),
            _ => false,
        };
        if !allowed {
            return Err(format!("<{tag} {name}={value:?}>"));
        }
        rest = after.trim();
    }
    Ok(())
}

#[test]
fn the_reader_itself_refuses_what_it_should() {
    for bad in [
        "<script>",
        "<p onclick=\"a\">b</p>",
        "<a href=\"javascript:a\">b</a>",
        "<img src=\"a\">",
        "<p style=\"a\"></p>",
        "<p>",
        "<a href=\"https://a\" src=\"b\">c</a>",
        "<code class=\"button\"></code>",
        "<math><p></p></math>",
        "<mi></mi>",
        "<math><mtext><b></b></mtext></math>",
        "<math><mtext><mi></mi></mtext></math>",
        "<math><annotation-xml></annotation-xml></math>",
        "<math onclick=\"a\"></math>",
        "<math><mi href=\"a\"></mi></math>",
        "<math><mi style=\"a\"></mi></math>",
        "<p",
        "</p>",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
    assert_eq!(check("<p>a<br><a href=\"https://b\">c</a></p>"), Ok(()));
    assert_eq!(check("<math><mi class=\"math-bold\">a</mi></math>"), Ok(()));
}
