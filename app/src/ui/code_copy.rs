//! Copying a block of code that stands in rendered Markdown.

use std::sync::Arc;
use std::time::Duration;

use leptos::ev::MouseEvent;

use super::copy_button::copy;
use super::{IconName, after};

/// How a block of code begins in the HTML of `services::markdown`. For its quotes and angles it can
/// stand neither in an attribute nor in a text of sanitised HTML: there they are escaped.
const FIGURE: &str = "<figure class=\"code\">";
/// How long the button says "copied".
const THANKS: Duration = Duration::from_secs(2);

/// Gives every block of code in rendered HTML a head with its language, where it names one, and a
/// button that [`copy_clicked_code`] serves.
///
/// It is done in the HTML itself, because code also stands inside lists and quotes.
pub fn with_copy_buttons(html: Arc<str>, label: &str, copied_label: &str) -> Arc<str> {
    if !html.contains(FIGURE) {
        return html;
    }
    let button = button(label, copied_label);
    let mut parts = html.split(FIGURE);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let captioned = part
            .strip_prefix("<figcaption>")
            .and_then(|part| part.split_once("</figcaption>"));
        let (language, code) = captioned.unwrap_or(("", part));
        let code = code.strip_prefix("<pre>").unwrap_or(code);
        // Long lines scroll, and the keyboard must get there.
        for piece in [
            FIGURE,
            "<figcaption>",
            language,
            &button,
            "</figcaption><pre tabindex=\"0\">",
            code,
        ] {
            out.push_str(piece);
        }
    }
    out.into()
}

/// Copies the code whose button was clicked, and tells whether that worked; other clicks are let
/// through. The button says it for a moment; to announce it is for the caller.
pub fn copy_clicked_code(event: &MouseEvent, then: impl FnOnce(bool) + 'static) {
    use leptos::wasm_bindgen::JsCast;
    use leptos::web_sys::{Element, HtmlButtonElement};

    let button = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|element| element.closest("button.code-copy").ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlButtonElement>().ok());
    let Some(button) = button else { return };
    let code = button
        .closest("figure")
        .ok()
        .flatten()
        .and_then(|figure| figure.query_selector("pre").ok().flatten())
        .and_then(|pre| pre.text_content());
    let Some(code) = code else { return };
    // A last line break would run a command as soon as it is pasted into a terminal.
    let code = code.strip_suffix('\n').unwrap_or(&code).to_owned();
    let pressed = button.clone();
    copy(&code, &button, move |done| {
        if done {
            thank(pressed);
        }
        then(done);
    });
}

/// Lets a button say "copied" for a moment.
fn thank(button: leptos::web_sys::HtmlButtonElement) {
    // Neither fails for a single plain word.
    let _ = button.class_list().add_1("is-copied");
    after(THANKS, move || {
        let _ = button.class_list().remove_1("is-copied");
    });
}

fn button(label: &str, copied_label: &str) -> String {
    let icon = IconName::Copy.html();
    let (label, copied_label) = (escaped(label), escaped(copied_label));
    // The word that is not shown is hidden from everyone, so the shown one is the name.
    format!(
        "<button type=\"button\" class=\"copy code-copy button button-quiet button-small\">{icon}\
         <span class=\"copy-words\"><span class=\"copy-ask\">{label}</span>\
         <span class=\"copy-done\">{copied_label}</span></span></button>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn drawn(markdown: &str) -> String {
        let blocks = services::markdown::render(markdown);
        let drawn = blocks
            .iter()
            .map(|block| with_copy_buttons(block.html.as_str().into(), "Copy & go", "Copied"));
        drawn.map(|html| html.to_string()).collect()
    }

    #[test]
    fn every_block_of_code_gets_a_named_button_beside_its_language() {
        let html = drawn(
            "```rust\nfn main() {}\n```\n\n    indented\n\n- list\n\n  ```\n  plain\n  ```\n",
        );
        assert_eq!(html.matches("<figcaption>").count(), 3, "{html}");
        assert_eq!(
            html.matches("</button></figcaption><pre tabindex=\"0\"><code")
                .count(),
            3,
            "{html}"
        );
        assert!(html.contains("<span class=\"code-language\">rust</span><button type=\"button\""));
        assert!(html.contains("<span class=\"copy-ask\">Copy &amp; go</span>"));
    }

    #[test]
    fn text_without_code_stays_as_it_is() {
        let html: Arc<str> = "<p>plain</p>".into();
        assert!(Arc::ptr_eq(
            &html,
            &with_copy_buttons(html.clone(), "a", "b")
        ));
    }

    #[test]
    fn words_that_look_like_a_block_of_code_are_left_alone() {
        for hostile in [
            "<figure class=\"code\"><pre>x</pre></figure>",
            "`<figure class=\"code\"><pre>`",
            "[a](https://example.org '<figure class=\"code\"><figcaption></figcaption><pre><img src=x>')",
        ] {
            let html = drawn(hostile);
            assert!(!html.contains("<button"), "{html}");
        }
        let html = drawn("```\n</figcaption><figure class=\"code\">\n```");
        assert_eq!(html.matches("<button").count(), 1, "{html}");
    }
}
