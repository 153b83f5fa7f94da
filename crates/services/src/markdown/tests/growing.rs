//! A reply that arrives in pieces ends as the same page, and nothing finished is sent twice.

use domain::chats::Block;

use super::super::{Growing, render};
use super::page::assert_safe;

/// Texts whose blocks change their minds late.
const TURNING: [&str; 38] = [
    "# a\n\nb *c* d\n\n- e\n- f\n\ng",
    "- a\n\n- b\n\n\n- c\n\nd",
    "- a\n\n  b\n\n      code\n\n    c\n\nd",
    "1. a\n2. b\n\n   ```\n   c\n\n   d\n   ```\n3. e",
    "a\nb\n===\nc\n---\n- d\n---",
    "a\n| b | c |\n|---|---|\n| d | e |\nf\n\ng | h\n--|--\ni",
    "a | b\n-|-\n\n| c |\n|--|\n| d<br>e |\n> f\n",
    "```rust\nfn a() {}\n\n\n# b\n```\n\n~~~~\n```\n~~~\n~~~~\nc",
    "```\nnever closed\n\n> a\n\n- b",
    "[a]\n\n[a]: https://b.example\n\n[a]: c\n\n[a][a]",
    "<div>\n\n**a**\n\n</div>\n\n<!-- b\n\nc -->\n\n<pre>\nd\n\ne",
    "- a\n\n      b\n\n    c\n\n\td\n\n1) e\n2. f\n* g\n+ h",
    "> a\nb\n\n> c\n> > d\n> e\n\n    f",
    "    a\n\n\n    b\nc\n    d",
    "- [ ] a\n- [x] b\n\n- [ ] c\n[ ] d",
    "a\r\nb\r\rc\n\r\n\r\nd\r\n---\r\n\u{FEFF}# e\n\u{FEFF}",
    "**a\n\nb** `c\n\nd` ~~e~~ [f\n\n](https://g.example)",
    "***\n---\n___\n- - -\n* * *\n- a\n***",
    "# a\n# b\n## c ##\nd\n# e\nf",
    "-\n\n  a\n-\n  b\n\n-\n-\nc",
    "a\\\nb  \nc\n\n\\# d\n\n&lt;e&gt; &amp;amp; &#xFDD0; \u{FDD0} \0",
    "10. a\n\n    b\n\n   c\n11) d\n2. e",
    "| a |\n|---|\n| b |\n\n| c |\nd\n|---|\n    e",
    "$$\na\n= b\n- c\n\\\\\n+ d\n> e\n# f\n$$\n- g\n\n$$\nh\n\n- i\n$$\n- j",
    "a $x^2$ costs $5 and $6, $y$ and $$z$$ $\n\nb $c\n\nd$ e",
    "\\[\na\n---\n- b\n\\] c\n---\n\\(d\\) \\(e\n\nf\\) \\[1\\] \\[x\\]",
    "1. a\n\n   $$\n   - b\n   $$\n\n2. c\n- $$\n- $$$\n- \\[\n  + d\n  \\]",
    "> $$\n> > a\n> - b\n> $$\n> - c\n\n> \\[\nd\n- e",
    "# $$\n- a\n$$\n- b\n$$\n\n    $$\n- c\n\n```\n$$\n- d\n```\n- e\n$$",
    "```math\nx^2\n\n- y\n```\n\n```math\nz",
    "| $a$ | $b|c$ |\n|---|---|\n| $$d$$ | `$e$` |\n$$\n| f |\n|--|\n$$",
    "```rust\nlet a = \"b\n// c\n\";\n/* d\n\ne */ 'f' r#\"g\n\"#\n```\nh",
    "```js\nconst a = `b ${c(`d`)}\n`; /e/g / 2\n```\n```sh\ncat <<E\n$f\nE\n```",
    "```html\n<!-- a\n\n--><script>\nlet b = 1;\n</script><style>c{d:e}</style>\n```\n\nf",
    "- ```diff\n  +a\n  -b\n  @@ c\n  ```\n- ```yaml\n  d: \"e\n\n  f\"\n  ```",
    "```python\ndef a(b):\n    \"\"\"c\n\n    d\"\"\"\n    return f'{b}'\n\n\n```",
    "```sql\nselect 'a\n\nb' -- c\n```\n~~~unknown\nlet a = 1;\n~~~\n    let b = 2;",
    "漢字 *é* \u{202E}a\u{202C} 👩‍🚀\n\n漢 https://a.example/漢。",
];

/// A browser: keeps what it was sent.
#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
}

impl Reader {
    fn take(&mut self, growing: &mut Growing, source: &str) {
        if let Some((from, blocks)) = growing.update() {
            for block in &blocks {
                assert_safe(&block.html, source);
            }
            let from = usize::try_from(from).unwrap();
            assert!(from <= self.blocks.len());
            self.blocks.truncate(from);
            self.blocks.extend(blocks);
        }
        assert_eq!(
            self.blocks,
            growing.blocks(),
            "a snapshot differs: {source:?}"
        );
    }
}

/// Feeds the pieces with an update after each, and compares the end with the whole.
fn grow<'a>(whole: &str, pieces: impl IntoIterator<Item = &'a str>) {
    let mut growing = Growing::default();
    let mut reader = Reader::default();
    for piece in pieces {
        growing.push(piece);
        reader.take(&mut growing, whole);
    }
    growing.finish();
    reader.take(&mut growing, whole);
    assert_eq!(growing.text(), whole);
    assert_eq!(growing.update(), None);
    assert_eq!(reader.blocks, render(whole), "{whole:?}");
}

fn grow_by_char(text: &str) {
    grow(text, text.split_inclusive(|_: char| true));
}

#[test]
fn any_split_in_two_gives_the_same_page() {
    for text in TURNING {
        for (at, _) in text.char_indices() {
            let (first, second) = text.split_at(at);
            grow(text, [first, second]);
        }
    }
}

#[test]
fn char_by_char_gives_the_same_page() {
    for text in TURNING {
        grow_by_char(text);
    }
    // All of them in one, so that each also stands before and after others.
    grow_by_char(&TURNING.join("\n"));
    grow_by_char(&TURNING.join("\n\n"));
}

#[test]
fn chance_finds_no_text_that_differs() {
    const PARTS: [&str; 68] = [
        "\n",
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        " ",
        "  ",
        "    ",
        "\t",
        "a",
        "b c",
        "- ",
        "* ",
        "1. ",
        "2) ",
        "- [x] ",
        "> ",
        "# ",
        "===",
        "---",
        "***",
        "```",
        "```js\n",
        "~~~",
        "`",
        "|",
        "| a | b |",
        "|--|--|",
        "|---|",
        "| x",
        "[a]",
        "]: ",
        "](",
        "[t](https://x.example)",
        "![i](https://y.example)",
        "<script>",
        "<!--",
        "<div>",
        "<br>",
        "<br/>",
        "<https://a.example>",
        "a@b.example",
        "**",
        "_",
        "~~",
        "\\",
        "&lt;",
        "\u{FDD0}",
        "\u{FEFF}",
        "\0",
        "é",
        "  \n",
        ":",
        "$",
        "$$",
        "$$\n",
        "\\(",
        "\\)",
        "\\[",
        "\\]\n",
        "\\frac{a}{b}",
        "x^2",
        "```math\n",
        "```rust\n",
        "```html\n<script>",
        "/* \"",
        "$5 ",
    ];
    let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut below = |end: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(end).unwrap()).unwrap()
    };
    for _ in 0..250 {
        let parts: Vec<&str> = (0..=below(24)).map(|_| PARTS[below(PARTS.len())]).collect();
        let text = parts.concat();
        grow_by_char(&text);
        grow(&text, parts);
    }
}

#[test]
fn finished_blocks_are_not_sent_again() {
    let text = "# Title\n\nSome *words* here.\n\n- one\n- two\n\n```rust\nfn a() {}\n```\n\n| a |\n|---|\n| b |\n\n".repeat(20);
    let mut growing = Growing::default();
    let mut known = 0;
    let mut sent_bytes = 0;
    for piece in text.split_inclusive(' ') {
        growing.push(piece);
        if let Some((from, blocks)) = growing.update() {
            let from = usize::try_from(from).unwrap();
            // Open are the last block and what an unfinished line makes of itself after it.
            assert!(from + 2 >= known, "{from} of {known} sent again");
            known = from + blocks.len();
            sent_bytes += blocks.iter().map(|block| block.html.len()).sum::<usize>();
        }
    }
    let whole: usize = render(&text).iter().map(|block| block.html.len()).sum();
    assert!(sent_bytes < whole * 4, "{sent_bytes} for {whole}");
}

#[test]
fn nothing_new_is_no_update() {
    let mut growing = Growing::default();
    assert_eq!(growing.update(), None);
    growing.push("");
    assert_eq!(growing.update(), None);
    growing.push("a");
    assert_eq!(growing.update(), Some((0, render("a"))));
    growing.push("\n\n");
    assert_eq!(growing.update(), None);
    growing.push("b");
    assert_eq!(growing.update(), Some((1, render("b"))));
}

#[test]
fn a_huge_open_block_is_sent_at_growing_intervals_and_ends_complete() {
    let mut growing = Growing::default();
    growing.push("```\n");
    let mut updates = 0;
    for _ in 0..4_000 {
        growing.push("a line of some forty characters or so..\n");
        updates += usize::from(growing.update().is_some());
    }
    // Every line up to 16 KiB, a sixty-fourth more each time after that.
    assert!((400..700).contains(&updates), "{updates}");
    growing.finish();
    assert_eq!(growing.blocks(), render(growing.text()));
}
