//! What rendered Markdown gets for its readers: a head on every block of code, and a place for the keyboard in
//! everything that scrolls sideways.

use std::sync::Arc;

use super::IconName;

// How these begin in the HTML of `services::markdown`. For their quotes and angles they can stand neither in an
// attribute nor in a text of sanitised HTML: there they are escaped.
const FIGURE: &str = "<figure class=\"code\">";
const TABLE: &str = "<div class=\"reply-table\">";
const FORMULA: &str = "<span class=\"math\">";

/// Words on the controls.
#[derive(Clone, Copy, Debug)]
pub struct RenderedWords<'a> {
    /// On the button that copies code.
    pub copy: &'a str,
    /// On it just after copying.
    pub copied: &'a str,
    /// On the button that wraps the lines of code.
    pub wrap: &'a str,
    /// On it while they are wrapped.
    pub unwrap: &'a str,
    /// What a block of code is called.
    pub code: &'a str,
    /// What a table is called.
    pub table: &'a str,
    /// What a formula that stands alone is called.
    pub formula: &'a str,
}

/// Gives every block of code in rendered HTML a head with its language, where it names one, and the buttons that
/// [`super::copy_clicked_code`] and [`super::wrap_on_click`] serve; lets the keyboard scroll code, tables and
/// formulas.
///
/// It is done in the HTML itself, because these also stand inside lists and quotes.
pub fn with_controls(html: Arc<str>, words: &RenderedWords<'_>) -> Arc<str> {
    if ![FIGURE, TABLE, FORMULA]
        .iter()
        .any(|begin| html.contains(begin))
    {
        return html;
    }
    let html = html
        .replace(TABLE, &scrolling(TABLE, words.table))
        .replace(FORMULA, &scrolling(FORMULA, words.formula));
    let buttons = buttons(words);
    let pre = scrolling("<pre>", words.code);
    let mut parts = html.split(FIGURE);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let captioned = part
            .strip_prefix("<figcaption>")
            .and_then(|part| part.split_once("</figcaption>"));
        let (language, code) = captioned.unwrap_or(("", part));
        let code = code.strip_prefix("<pre>").unwrap_or(code);
        for piece in [
            FIGURE,
            "<figcaption>",
            language,
            &buttons,
            "</figcaption>",
            &pre,
            code,
        ] {
            out.push_str(piece);
        }
    }
    out.into()
}

/// A tag of something that scrolls, with a name and a place in the order of the keyboard.
fn scrolling(tag: &str, name: &str) -> String {
    let name = escaped(name).replace('"', "&quot;");
    let open = tag.trim_end_matches('>');
    format!("{open} tabindex=\"0\" role=\"group\" aria-label=\"{name}\">")
}

fn buttons(words: &RenderedWords<'_>) -> String {
    let button = |class: &str, icon: IconName, ask: &str, done: &str| {
        let (icon, ask, done) = (icon.html(), escaped(ask), escaped(done));
        // The word that is not shown is hidden from everyone, so the shown one is the name.
        format!(
            "<button type=\"button\" class=\"{class} button button-quiet button-small\">{icon}\
             <span class=\"copy-words\"><span class=\"copy-ask\">{ask}</span>\
             <span class=\"copy-done\">{done}</span></span></button>"
        )
    };
    button("code-wrap", IconName::Wrap, words.wrap, words.unwrap)
        + &button("copy code-copy", IconName::Copy, words.copy, words.copied)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    const WORDS: RenderedWords<'static> = RenderedWords {
        copy: "Copy & go",
        copied: "Copied",
        wrap: "Wrap",
        unwrap: "Unwrap",
        code: "Code",
        table: "A \"table\"",
        formula: "Formula",
    };

    fn drawn(markdown: &str) -> String {
        let blocks = services::markdown::render(markdown);
        let drawn = blocks
            .iter()
            .map(|block| with_controls(block.html.as_str().into(), &WORDS));
        drawn.map(|html| html.to_string()).collect()
    }

    #[test]
    fn every_block_of_code_gets_named_buttons_beside_its_language() {
        let html = drawn(
            "```rust\nfn main() {}\n```\n\n    indented\n\n- list\n\n  ```\n  plain\n  ```\n",
        );
        assert_eq!(html.matches("<figcaption>").count(), 3, "{html}");
        let pre =
            "</button></figcaption><pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code";
        assert_eq!(html.matches(pre).count(), 3, "{html}");
        let beside =
            "<span class=\"code-language\">rust</span><button type=\"button\" class=\"code-wrap ";
        assert!(html.contains(beside), "{html}");
        assert!(html.contains("<span class=\"copy-ask\">Copy &amp; go</span>"));
        assert_eq!(
            html.matches("<span class=\"copy-done\">Unwrap</span>")
                .count(),
            3
        );
    }

    #[test]
    fn what_scrolls_sideways_is_reached_by_keyboard_and_has_a_name() {
        let html = drawn("| a |\n|---|\n| b |\n\n$$\nx^2\n$$\n\n$y$");
        let table = "<div class=\"reply-table\" tabindex=\"0\" role=\"group\" aria-label=\"A &quot;table&quot;\">";
        assert_eq!(html.matches(table).count(), 1, "{html}");
        let formula =
            "<span class=\"math\" tabindex=\"0\" role=\"group\" aria-label=\"Formula\"><math";
        assert_eq!(html.matches(formula).count(), 1, "{html}");
        assert_eq!(html.matches("tabindex").count(), 2, "{html}");
    }

    #[test]
    fn text_without_code_stays_as_it_is() {
        let html: Arc<str> = "<p>plain</p>".into();
        assert!(Arc::ptr_eq(&html, &with_controls(html.clone(), &WORDS)));
    }

    #[test]
    fn words_that_look_like_a_block_of_code_are_left_alone() {
        for hostile in [
            "<figure class=\"code\"><pre>x</pre></figure>",
            "`<figure class=\"code\"><pre>`",
            "[a](https://example.org '<figure class=\"code\"><figcaption></figcaption><pre><img src=x>')",
            "$\\text{<figure class=\"code\">}$ <span class=\"math\"><div class=\"reply-table\">",
        ] {
            let html = drawn(hostile);
            assert!(
                !html.contains("<button") && !html.contains("tabindex"),
                "{html}"
            );
        }
        let html = drawn("```\n</figcaption><figure class=\"code\">\n```");
        assert_eq!(html.matches("<button").count(), 2, "{html}");
    }
}
