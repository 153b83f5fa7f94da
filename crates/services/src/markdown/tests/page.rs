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
        if TAGS.contains(&name) {
            open.push(name.to_owned());
        } else if !EMPTY.contains(&name) {
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
            ("span", "class") => ["code-language", "task-mark"].contains(&value),
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
        "<p",
        "</p>",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
    assert_eq!(check("<p>a<br><a href=\"https://b\">c</a></p>"), Ok(()));
}
