//! What a page, a file or a model may try.

use std::time::{Duration, Instant};

use super::super::{Growing, plain, render};
use super::page::assert_safe;

const ATTACKS: [&str; 58] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/a.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img/src=\"https://x.example/a.png\">",
    "<p onmouseover=\"alert(1)\" style=\"background:url(//x.example)\">a</p>",
    "<svg><script>alert(1)</script></svg><svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<style>@import '//x.example';</style>",
    "<base href=//x.example><meta http-equiv=refresh content=\"0;url=//x.example\">",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe><object data=a><embed src=a>",
    "<form action=//x.example><input name=a><button formaction=javascript:a>b</button></form>",
    "<a href=\"javascript:alert(1)\">a</a><a href=https://x.example onclick=a>b</a>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea></textarea><title><img src=x onerror=a></title>",
    "<!--><img src=x onerror=a>--><![CDATA[<script>]]><?php <script> ?><!X <b>>",
    "<link rel=stylesheet href=//x.example><video src=a poster=b><audio src=a>",
    "<div id=main class=button data-a=b>\n\n# a\n\n</div>",
    "[a](javascript:alert(1)) [a](JaVaScRiPt:alert(1)) [a]( javascript:alert(1) )",
    "[a](java\tscript:a) [a](<java\tscript:a>) [a](<\u{1}javascript:a>) [a](java&#10;script:a)",
    "[a](&#106;avascript:a) [a](&#x6A;avascript&colon;a) [a](javascript&#58;a)",
    "[a](java&#xFDD0;script:a) [a](&#xFDD0;javascript:a) [a](java\u{FDD0}script:a) [a](java\0script:a)",
    "[a](data:text/html;base64,PHNjcmlwdD4=) ![a](data:image/svg+xml,<svg/onload=a>)",
    "[a](vbscript:a) [a](file:///etc/passwd) [a](blob:a) [a](about:blank) [a](view-source:a)",
    "[a](//x.example) [a](\\\\x.example) [a](/\\x.example) [a](%6Aavascript:a)",
    "[a](https://x.example\"onclick=\"a) [a](https://x.example 'a\" onclick=\"b')",
    "[a](<https://x.example\"><script>>) [a](https://x.example \"</a><script>\")",
    "![a](https://x.example/\"onerror=\"a) ![\"><script>](https://x.example)",
    "![a](https://x.example/?q=secret) ![b][c]\n\n[c]: https://x.example/d.png",
    "[a ![b](https://x.example) [c](javascript:d)](https://y.example)",
    "[[[a](javascript:b)](javascript:c)](javascript:d) ![![a](javascript:b)](javascript:c)",
    "[![a](javascript:b)](https://x.example) ![[a](https://x.example)](javascript:b)",
    "<javascript:alert(1)> <data:text/html,a> <JAVASCRIPT:a> <https://x.example\"onclick=a>",
    "https://x.example/\"onclick=\"a https://x.example/<script> www.x.example/'a javascript://a",
    "[a]: javascript:alert(1)\n\n[a] [b][a] ![c][a]",
    "```\"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```",
    "```html onclick=a class=\"b\"\n<script>\n```\n    <script>a</script>",
    "`<script>` ``</code><script>`` **<b onclick=a>** ~~<s>~~",
    "| <script> | b |\n|---|---|\n| <br onclick=a> | <br><img src=x onerror=a> |\n| </td><script> | `|` |",
    "- <script>\n- [x] <img src=x>\n1. [a](javascript:b)\n> <style>\n> # <b>",
    "a\u{202E}b [c\u{202E}d](https://x.example/\u{202E}e) \u{2066}f <scr\u{200B}ipt> <\u{FDD0}script>",
    "a\0<scr\0ipt>\0</script>[\0](\0javascript:a)\0",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x&#62; &quot;onclick=a",
    "```rust\n</span><img src=x onerror=a>\"</code></pre><script>'</span>\n```",
    "```html\n<script>\"</script><img src=x onerror=a></script>\n<style></style>&lt;b&gt;<!--\n```",
    "```js\n`${`</span><svg onload=a>`}` /[</script>/]/ <a onclick=\"b\">\n```",
    "```hl-word\" onclick=\"a\nx\n```\n\n```rust\" class=\"b\n\"class=hl-word\n```",
    "```diff\n+<script>\n-</span>\n@@ <b> @@\n```\n\n```yaml\na: <b onclick=c>\n```",
    "$<script>alert(1)</script>$ $$<img src=x onerror=a>$$ \\(<svg onload=a>\\) \\[</math><script>\\]",
    "$\\operatorname{<img src=x onerror=alert(1)>}$ $$\\operatorname{</mo></math><script>}$$",
    "$\\operatorname{<mi onclick=a>}$ $\\operatorname{<mtext><style>}$ $\\operatorname{<a href=b>}$",
    "$$\\text{</mtext></math><img src=x onerror=a>}$$ $\\text{<mglyph><style><img src=x>}$",
    "$$\\text{<annotation-xml encoding=\"text/html\"><iframe>}$$ $\\mbox{<malignmark>}$",
    "$\\href{javascript:alert(1)}{a}$ $\\url{javascript:a}$ $\\style{color:red}{a}$ $\\class{b}{a}$",
    "$$\\begin{equation}a\\label{\"><script>}\\tag{<b onclick=c>}\\end{equation}\\eqref{javascript:a}$$",
    "$\\unicode{x3c}script\\unicode{x3e}$ $\\char60 b$ $\\htmlId{a}{b}$ $\\includegraphics{//x.example}$",
    "$\\hspace{99999cm}$ $\\kern-9999em a$ $\\genfrac{}{}{9999pt}{}{a}{b}$ $\\color{red}a$",
    "```math\n\\operatorname{<img src=x onerror=a>}\n```\n\n```math\n\\text{</p><script>}\n```",
    "$a\u{FDD1}<script>$ \u{FDD1}\u{FDD0}( &#xFDD1;x&#xFDD1; [a](java&#xFDD1;script:b)",
];

#[test]
fn no_attack_gets_through_at_any_cut() {
    for attack in ATTACKS {
        for (at, char) in attack.char_indices() {
            let text = &attack[..at + char.len_utf8()];
            for block in render(text) {
                assert_safe(&block.html, text);
            }
        }
        plain(attack, 40);
    }
}

#[test]
fn no_attack_gets_through_while_growing() {
    let mut growing = Growing::default();
    for attack in ATTACKS.iter().chain(ATTACKS.iter().rev()) {
        for piece in attack.split_inclusive(|_: char| true).chain(["\n\n"]) {
            growing.push(piece);
            for block in growing
                .update()
                .map(|(_, blocks)| blocks)
                .unwrap_or_default()
            {
                assert_safe(&block.html, attack);
            }
        }
    }
    growing.finish();
    assert_eq!(growing.blocks(), render(growing.text()));
}

#[test]
fn an_attack_inside_any_block_stays_one() {
    for attack in ATTACKS {
        for (before, after) in [
            ("> ", ""),
            ("- ", ""),
            ("# ", ""),
            ("*", "*"),
            ("[", "](https://x.example)"),
            ("| a |\n|--|\n|", "|"),
        ] {
            let text = format!("{before}{attack}{after}");
            for block in render(&text) {
                assert_safe(&block.html, &text);
            }
        }
    }
}

#[test]
fn giants_take_no_stack_and_little_time() {
    let deep = 10_000;
    let megabyte = 1 << 20;
    let giants = [
        ">".repeat(deep),
        "> ".repeat(deep) + "a\nb\nc",
        "[".repeat(deep),
        "![".repeat(deep),
        "[".repeat(deep) + "a" + &"](https://x.example)".repeat(deep),
        "![".repeat(1_000) + "a" + &"](https://x.example)".repeat(1_000),
        "- ".repeat(deep) + "a",
        "> - ".repeat(deep) + "a",
        (0..300).map(|level| "  ".repeat(level) + "- a\n").collect(),
        "*a **b ".repeat(deep),
        "*a **b ".repeat(1_000) + &"c** d* ".repeat(1_000),
        "`".repeat(deep) + "a",
        "<".repeat(deep),
        "<a ".repeat(deep),
        "|a".repeat(300) + "\n" + &"|-".repeat(300) + "\n" + &"a\n".repeat(300),
        "a".repeat(megabyte),
        "$".repeat(deep),
        "$a".repeat(deep),
        "$$ ".repeat(deep),
        "\\(".repeat(megabyte / 16),
        "\\[".repeat(megabyte / 16),
        "\\[\n".repeat(deep),
        "$$\n".repeat(deep) + "a",
        format!("$${}$$", "{".repeat(deep)),
        format!("$${}x$$", "\\sqrt ".repeat(deep)),
        format!("$${}x$$", "\\sqrt ".repeat(790)),
        format!("$${}x{}$$", "\\sqrt{".repeat(60), "}".repeat(60)),
        format!("$${}x{}$$", "\\boxed{".repeat(60), "}".repeat(60)),
        format!("$${}{}$$", "\\left(".repeat(350), "\\right)".repeat(350)),
        format!(
            "$${}{}$$",
            "\\begin{matrix}".repeat(300),
            "\\end{matrix}".repeat(300)
        ),
        "$x^2$ ".repeat(deep),
        format!("```js\n{}\n```", "/[".repeat(megabyte / 32)),
        format!("```js\n{}\n```", "`${".repeat(deep)),
        format!("```rust\n{}\n```", "/*".repeat(deep)),
        format!("```rust\n{}\n```", "r#\"".repeat(deep)),
        format!("```html\n{}\n```", "<script>".repeat(deep)),
        format!("```html\n{}\n```", "<a \"".repeat(deep)),
        format!("```markdown\n{}\n```", "](".repeat(megabyte / 32)),
        format!("```bash\n{}\n```", "<<A\n".repeat(deep)),
        format!("```python\n{}\n```", "a(1) ".repeat(deep)),
        "\n".repeat(deep),
    ];
    for text in giants {
        let start = Instant::now();
        let whole = render(&text);
        let mut growing = Growing::default();
        let (first, second) = text.split_at(text.len() / 2);
        growing.push(first);
        growing.update();
        growing.push(second);
        growing.finish();
        let name: String = text.chars().take(12).collect();
        // Unoptimised builds on a busy machine take a second; going over the square of it takes minutes.
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{name} took {:?}",
            start.elapsed()
        );
        assert_eq!(growing.blocks(), whole, "{name}");
        for block in whole {
            assert_safe(&block.html, &name);
            assert!(
                depth(&block.html) < 90,
                "{name} is {} deep",
                depth(&block.html)
            );
        }
        plain(&text, 80);
    }
}

/// How deep tags nest.
fn depth(html: &str) -> usize {
    let mut most = 0;
    let mut now: usize = 0;
    for tag in html
        .split('<')
        .skip(1)
        .filter(|tag| !tag.starts_with("br") && !tag.starts_with("hr"))
    {
        now = if tag.starts_with('/') {
            now.saturating_sub(1)
        } else {
            now + 1
        };
        most = most.max(now);
    }
    most
}
