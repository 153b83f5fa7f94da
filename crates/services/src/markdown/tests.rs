//! The pipeline from outside: what a text becomes, and that no text becomes more than it should.

mod code;
mod growing;
mod hostile;
mod math;
mod page;

use super::{plain, render};

/// All blocks of a text, a line end between them.
fn html(text: &str) -> String {
    let blocks = render(text);
    let html: Vec<&str> = blocks.iter().map(|block| block.html.as_str()).collect();
    html.join("\n")
}

#[test]
fn headings_start_below_those_of_the_page() {
    assert_eq!(html("# a"), "<h3>a</h3>");
    assert_eq!(html("a\n---"), "<h4>a</h4>");
    assert_eq!(html("##### a"), "<h6>a</h6>");
    assert_eq!(html("###### a"), "<h6>a</h6>");
}

#[test]
fn blocks_come_one_by_one() {
    let blocks = render("a\n\n- b\n\n- c\n\n***\n\n> d");
    assert_eq!(blocks.len(), 4);
    assert_eq!(
        blocks[1].html,
        "<ul>\n<li>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ul>"
    );
    assert_eq!(blocks[2].html, "<hr>");
    assert!(render(" \n\n").is_empty());
}

#[test]
fn a_code_block_shows_its_language() {
    assert_eq!(
        html("```rust,ignore\nlet a = \"]: <b>\";\n```"),
        "<figure class=\"code\"><figcaption><span class=\"code-language\">rust</span></figcaption>\
         <pre><code class=\"language-rust\"><span class=\"hl-word\">let</span> a = \
         <span class=\"hl-text\">\"]: &lt;b&gt;\"</span>;\n</code></pre></figure>"
    );
    assert_eq!(
        html("    a"),
        "<figure class=\"code\"><pre><code>a\n</code></pre></figure>"
    );
    assert!(html("```c++\n```").contains("language-c++"));
    assert!(html("```a\"><script>\n```").contains("class=\"language-ascript\""));
    assert!(
        html(&format!("```{}\n```", "x".repeat(99)))
            .contains(&format!("language-{}\"", "x".repeat(30)))
    );
}

#[test]
fn a_table_scrolls_in_its_own_box_and_breaks_lines_in_cells() {
    let html = html("| a | b |\n|:-:|---|\n| x<br>y **z<BR />w** | `<br>` |");
    assert!(
        html.starts_with("<div class=\"reply-table\">\n<table>"),
        "{html}"
    );
    assert!(html.ends_with("</table>\n</div>"), "{html}");
    assert!(
        html.contains("<td align=\"center\">x<br>\ny <strong>z<br>\nw</strong></td>"),
        "{html}"
    );
    assert!(html.contains("<td><code>&lt;br&gt;</code></td>"), "{html}");
}

#[test]
fn tasks_carry_a_mark() {
    assert_eq!(
        html("- [x] a\n- [ ] b"),
        "<ul>\n<li class=\"task\"><span class=\"task-mark\">☑</span> a</li>\n\
         <li class=\"task\"><span class=\"task-mark\">☐</span> b</li>\n</ul>"
    );
}

#[test]
fn links_open_elsewhere_and_tell_nothing() {
    let rest = "target=\"_blank\" rel=\"noopener noreferrer nofollow\"";
    for (text, href, label) in [
        (
            "[a](https://b.example/c?d=1)",
            "https://b.example/c?d=1",
            "a",
        ),
        ("[a](MAILTO:a@b.example)", "MAILTO:a@b.example", "a"),
        (
            "<https://b.example>",
            "https://b.example",
            "https://b.example",
        ),
        (
            "https://b.example",
            "https://b.example",
            "https://b.example",
        ),
        ("a@b.example", "mailto:a@b.example", "a@b.example"),
        (
            "[](https://b.example)",
            "https://b.example",
            "https://b.example",
        ),
    ] {
        assert_eq!(
            html(text),
            format!("<p><a href=\"{href}\" {rest}>{label}</a></p>"),
            "{text}"
        );
    }
}

#[test]
fn other_addresses_become_text() {
    for address in [
        "/admin",
        "#a",
        "//b.example",
        "a.html",
        "ftp://b.example",
        "tel:1",
        "xmpp:a@b.example",
    ] {
        assert_eq!(
            html(&format!("[*a*]({address})")),
            "<p><em>a</em></p>",
            "{address}"
        );
    }
    assert_eq!(html("<tel:1>"), "<p>&lt;tel:1&gt;</p>");
}

#[test]
fn images_become_links() {
    assert!(html("![a *b*](https://c.example/d.png)").contains("nofollow\">a b</a>"));
    assert!(html("![](https://c.example/d.png)").contains("\">https://c.example/d.png</a>"));
    assert_eq!(html("![a](data:image/png;base64,xyz)"), "<p>a</p>");
    // A badge: an image that is a link already.
    let badge = html("[![a](https://b.example/c.svg)](https://d.example)");
    assert!(
        badge.contains("href=\"https://d.example\"") && !badge.contains("c.svg"),
        "{badge}"
    );
}

#[test]
fn raw_html_and_definitions_are_text() {
    assert_eq!(html("<b>a</b>"), "<p>&lt;b&gt;a&lt;/b&gt;</p>");
    assert_eq!(
        html("<!-- a\n\n**b**"),
        "<p>&lt;!-- a</p>\n<p><strong>b</strong></p>"
    );
    assert_eq!(html("[a]\n\n[a]: b"), "<p>[a]</p>\n<p>[a]: b</p>");
    assert_eq!(html("a[^1]\n\n[^1]: b"), "<p>a[^1]</p>\n<p>[^1]: b</p>");
}

#[test]
fn plain_text_is_one_line_of_words() {
    assert_eq!(
        plain("# Hello *big*\n\n- [world](https://a.example) `x`", 80),
        "Hello big world x"
    );
    assert_eq!(plain("```rust\nfn a() {}\n```", 80), "fn a() {}");
    assert_eq!(
        plain("a\u{202E}b\0\u{7}c [1]: d", 80),
        "ab\u{FFFD} c [1]: d"
    );
    assert_eq!(plain("", 80), "");
    assert_eq!(plain("a", 0), "");
}

#[test]
fn plain_text_ends_with_a_whole_word_where_it_can() {
    assert_eq!(plain("one two three", 7), "one two");
    assert_eq!(plain("one two three", 9), "one two");
    assert_eq!(plain("one two three", 13), "one two three");
    assert_eq!(plain("a Donaudampfschifffahrt", 10), "a Donaudam");
    assert_eq!(plain("漢字漢字漢字", 4), "漢字漢字");
}
