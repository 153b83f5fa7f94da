//! Formulas are drawn, prices are not.

use proptest::prelude::*;

use super::super::math::{CLASSES, formula};
use super::super::{Growing, plain, render};
use super::html;
use super::page::assert_safe;

fn drawn(text: &str) -> usize {
    html(text).matches("<math").count()
}

#[test]
fn each_way_of_writing_a_formula_is_understood() {
    let x = "<math><msup><mi>x</mi><mn>2</mn></msup></math>";
    assert_eq!(html("a $x^2$ b"), format!("<p>a {x} b</p>"));
    assert_eq!(html(r"a \(x^2\) b"), format!("<p>a {x} b</p>"));
    assert_eq!(html("함수 $x^2$는"), format!("<p>함수 {x}는</p>"));
    let block = x.replace("<math>", "<math display=\"block\">");
    let block = format!("<p><span class=\"math\">{block}</span></p>");
    for text in [
        "$$x^2$$",
        "$$\nx^2\n$$",
        r"\[x^2\]",
        "\\[\nx^2\n\\]",
        "```math\nx^2\n```",
        "$$\n\\begin{equation}\nx^2 \\label{eq:a}\n\\end{equation}\n$$",
    ] {
        assert_eq!(html(text), block, "{text}");
    }
}

#[test]
fn money_stays_money() {
    for text in [
        "It costs $5 and $6.",
        "from $10 to $20, or $5-$6",
        "US$5 and US$6, A$7/B$8",
        "between $5 (or 6$) and $10k a month$",
        "$HOME and $PATH, $a,$b",
        "- $ cheap\n- $$ more\n- $$$ dear",
        "- Sushi: $$\n- Pizza: $\n- Steak: $$$",
        "rated $$ and $$ here",
        "`$x$` and ``$y$``",
        "```\n$x$ $$y$$ \\(z\\)\n```",
        r"\$x\$ and $ x$ and $x $",
        "a $\n\nb$",
        "https://a.example/?b=$c$&d=$e$",
    ] {
        assert_eq!(drawn(text), 0, "{text}: {}", html(text));
        assert!(!html(text).contains("math"), "{text}: {}", html(text));
        let dollars = html(text).matches('$').count();
        let escaped = text.matches("\\$").count();
        assert!(
            dollars >= text.matches('$').count() - escaped,
            "{text}: {}",
            html(text)
        );
    }
    assert_eq!(html("It costs $5 and $6."), "<p>It costs $5 and $6.</p>");
    assert_eq!(html("- Sushi: $$\n- Pizza: $").matches("<li>").count(), 2);
    assert_eq!(html("- $$ – fair\n- $$$ – dear").matches("<li>").count(), 2);
    assert_eq!(html("- $$\n- $$$").matches("<li>").count(), 2);
}

#[test]
fn escaped_brackets_stay_brackets() {
    assert_eq!(html(r"\[1\] and \[x\] \[ \]"), "<p>[1] and [x] [ ]</p>");
    assert_eq!(html(r"a \( b"), "<p>a ( b</p>");
    assert_eq!(html(r"a \[ b"), "<p>a [ b</p>");
    assert_eq!(html(r"`\( \[`"), r"<p><code>\( \[</code></p>");
    assert_eq!(
        html("1\\) a\n\n`a\\(b`"),
        "<p>1) a</p>\n<p><code>a\\(b</code></p>"
    );
}

#[test]
fn lines_inside_a_formula_are_no_lists_headings_or_quotes() {
    for inside in [
        "a\n= b",
        "a\n- b",
        "a\n+ b",
        "a\n---",
        "a\n> b",
        "a\n1. b",
        "| a |\n|--|",
        "a\n= \\text{$5}",
    ] {
        for (open, close) in [("$$", "$$"), ("\\[", "\\]")] {
            let page = html(&format!("{open}\n{inside}\n{close}\n\n- after"));
            assert!(
                page.starts_with("<p><span class=\"math\">")
                    || page.starts_with("<p><code class=\"math-source\">"),
                "{page}"
            );
            assert!(page.ends_with("<ul>\n<li>after</li>\n</ul>"), "{page}");
        }
    }
    let list = html("1. a\n\n   $$\n   b\n   + c\n   $$\n\n2. d");
    assert!(
        list.starts_with("<ol>") && list.matches("<li>").count() == 2,
        "{list}"
    );
    assert_eq!(list.matches("<math").count(), 1, "{list}");
    let quote = html("> $$\n> a\n> - b\n> $$");
    assert!(
        quote.contains("<math") && !quote.contains("<li>"),
        "{quote}"
    );
}

#[test]
fn a_formula_is_source_until_it_is_closed_and_when_it_is_none() {
    assert_eq!(html("$$\n\\frac{a}{b}"), "<p>$$\n\\frac{a}{b}</p>");
    assert_eq!(html("a $x^2"), "<p>a $x^2</p>");
    assert_eq!(
        html("```math\nx\n"),
        "<figure class=\"code\"><figcaption><span class=\"code-language\">math</span></figcaption>\
         <pre><code class=\"language-math\">x\n</code></pre></figure>"
    );
    assert_eq!(
        html("$\\nosuchthing{<b>}$"),
        "<p><code class=\"math-source\">\\nosuchthing{&lt;b&gt;}</code></p>"
    );
    assert_eq!(
        html("$$\\frac{1$$"),
        "<p><code class=\"math-source\">\\frac{1</code></p>"
    );
}

#[test]
fn what_models_write_is_drawn() {
    for latex in [
        r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}",
        r"\begin{aligned} a &= b \\ &= c \end{aligned}",
        r"\begin{align*} a &= b \\ &= c \end{align*}",
        r"\begin{align} a &= b \tag{1} \\ &= c \nonumber \end{align}",
        r"\begin{split} a &= b \\ &= c \end{split}",
        r"\begin{gather} a \\ b \end{gather}",
        r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix} \begin{smallmatrix} a \end{smallmatrix}",
        r"f(x) = \begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}",
        r"\lim_{h \to 0} \frac{f(x+h) - f(x)}{h}",
        r"\mathbb{R}^n \mathcal{L} \mathfrak{g} \mathbf{v} \mathrm{d}x \boldsymbol{\alpha} \pmb{x} \bm{y}",
        r"\left( \frac{a}{b} \right)^2 \left. \frac{dy}{dx} \right|_{x=0} \bigl( \Biggr)",
        r"\overline{AB} \hat{x} \vec{v} \widehat{abc} \widetilde{abc} \overrightarrow{AB}",
        r"\underbrace{a + b}_{n} \overbrace{c}^{m} \boxed{E = mc^2} \cancel{x}",
        r"\textcolor{blue}{y} \color{red} z",
        r"\operatorname{argmax}_{x} \operatorname*{argmin}_\theta \binom{n}{k} \dfrac{1}{2}",
        r"\sum_{\substack{i<j \\ k}} x \xrightarrow{f} \stackrel{a}{=} \underset{x}{\max}",
        r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}",
        r"\mbox{for all } x \quad \text{한글} \textbf{b} \texttt{c} 5\% \tag{3}",
    ] {
        for is_display in [false, true] {
            let mathml = formula(latex, is_display);
            assert!(mathml.is_some(), "{latex}");
        }
        let text = format!("$$\n{latex}\n$$");
        let page = html(&text);
        assert!(page.contains("<math display"), "{page}");
        assert!(!page.contains(" style="), "{page}");
        assert_safe(&page, &text);
    }
}

#[test]
fn alignment_and_lines_are_classes_of_the_list() {
    let all = [
        r"\begin{aligned} a &= b \end{aligned}",
        r"\begin{cases} a & b \end{cases}",
        r"\begin{array}{|l|r|} \hline a & b \\ \hline \end{array}",
        r"\boxed{a} \cancel{b} \textbf{c} \texttt{d}",
    ]
    .map(|latex| formula(latex, true).expect(latex))
    .concat();
    for class in CLASSES {
        assert!(all.contains(class), "{class} in {all}");
    }
}

/// What the translator lets through as it is must never reach a page.
#[test]
fn markup_in_a_formula_is_never_markup() {
    for latex in [
        r"\operatorname{<img src=x onerror=alert(1)>}",
        r"\operatorname{</mo></math><script>alert(1)</script>}",
        r"\operatorname{<mi>}",
        r"\operatorname{<mtext><style>}",
        r"\operatorname{<mi/>}<",
    ] {
        let text = format!("$${latex}$$");
        let page = html(&text);
        assert_safe(&page, &text);
        assert!(
            !page.contains("<img") && !page.contains("<script"),
            "{page}"
        );
    }
    let page = html(r"$\text{</mtext></math><img src=x>}$");
    assert!(
        page.contains("&lt;/mtext&gt;&lt;/math&gt;&lt;img"),
        "{page}"
    );
    let wide = html(r"$\hspace{9999em} a \kern-9999em b \genfrac{}{}{999em}{}{c}{d}$");
    assert!(!wide.contains("999"), "{wide}");
}

#[test]
fn a_title_keeps_a_formula_and_a_price() {
    assert_eq!(plain("Solve $x^2$ for $5", 40), "Solve x^2 for $5");
    assert_eq!(plain("a [b$](https://c.example/$) `$d`", 40), "a b$ $d");
}

/// Scraps of formulas, of text about money, and of Markdown around them.
fn text() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        Just("$"),
        Just("$$"),
        Just("$$\n"),
        Just("\n$$"),
        Just("\\("),
        Just("\\)"),
        Just("\\["),
        Just("\\]"),
        Just("\\[\n"),
        Just("\n\\]\n"),
        Just("\n"),
        Just("\n\n"),
        Just("> "),
        Just("- "),
        Just("1. "),
        Just("    "),
        Just("   "),
        Just("# "),
        Just("---\n"),
        Just("==="),
        Just("= b"),
        Just("+ "),
        Just("|"),
        Just("|--|\n"),
        Just("```\n"),
        Just("```math\n"),
        Just("`"),
        Just("``"),
        Just("\\"),
        Just("\\\\"),
        Just("x^2"),
        Just("\\frac{a}{b}"),
        Just("\\sqrt"),
        Just("{"),
        Just("}"),
        Just("&"),
        Just("\\begin{matrix}"),
        Just("\\end{matrix}"),
        Just("_"),
        Just("\\text{<b>}"),
        Just("\\operatorname{<img src=x>}"),
        Just("$5"),
        Just(" and "),
        Just("가"),
        Just("a"),
        Just("<script>"),
        Just("]: "),
        Just("[a]("),
        Just(")"),
        Just("*"),
        Just("\u{FDD0}"),
        Just("\u{FDD1}"),
        Just("\t")
    ];
    proptest::collection::vec(scrap, 0..30).prop_map(|scraps| scraps.concat())
}

proptest! {
    #[test]
    fn formulas_that_stream_end_as_at_once(text in text(), step in 1_usize..7) {
        let chars: Vec<char> = text.chars().collect();
        let mut growing = Growing::default();
        for piece in chars.chunks(step) {
            growing.push(&piece.iter().collect::<String>());
            for block in growing.update().map(|(_, blocks)| blocks).unwrap_or_default() {
                assert_safe(&block.html, &text);
            }
        }
        growing.finish();
        prop_assert_eq!(growing.blocks(), render(&text));
    }

    #[test]
    fn no_formula_upsets_the_translator(latex in text()) {
        for is_display in [false, true] {
            if let Some(mathml) = formula(&latex, is_display) {
                assert_safe(&mathml, &latex);
            }
        }
    }
}
