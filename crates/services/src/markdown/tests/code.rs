//! Code in colours: the right ones, and the same code.

use std::collections::HashSet;

use proptest::prelude::*;

use super::super::code::{Kind, LANGUAGES, languages, pieces};
use super::super::{Growing, render};
use super::page::assert_safe;

/// The pieces that have a colour, each behind its first letter.
fn coloured(language: &str, code: &str) -> String {
    let pieces = pieces(language, code).into_iter();
    let shown = pieces.filter(|(kind, _)| *kind != Kind::Plain);
    let words = shown.map(|(kind, text)| format!("{kind:?}:{}", text.trim_end()));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn languages_are_read_as_people_read_them() {
    for (language, code, expected) in [
        (
            "rust",
            "fn main() { let a: Vec<u8> = foo(\"b\\\"\", 'c', 1_000u64); } // d",
            "Word:fn Name:main Word:let Name:Vec Name:u8 Name:foo Text:\"b\\\"\" Text:'c' Number:1_000u64 Note:// d",
        ),
        (
            "rs",
            "impl<'a> S<'a> { r#\"a \" b\"# b\"c\" /* /* d */ */ #[test] 'é' }",
            "Word:impl Name:'a Name:S Name:'a Text:r#\"a \" b\"# Text:b\"c\" Note:/* /* d */ */ Name:#[test] Text:'é'",
        ),
        (
            "python",
            "@a\ndef b(self, c=None):\n    \"\"\"d\n    e\"\"\"\n    return f'{c}' + 1.5e-3  # f",
            "Name:@a Word:def Name:b Name:self Number:None Text:\"\"\"d\n    e\"\"\" Word:return Text:f'{c}' \
             Number:1.5e-3 Note:# f",
        ),
        (
            "js",
            "const a = `b ${c(`d`, {e: 1})} f`; x = y / 2 / z; s.match(/[/]'/g); return /q/",
            "Word:const Text:`b Name:c Text:`d` Number:1 Text: f` Number:2 Name:match Text:/[/]'/g Word:return \
             Text:/q/",
        ),
        (
            "tsx",
            "type A = Array<string>; <Foo bar=\"a\">b</Foo>",
            "Word:type Name:A Name:Array Name:string Name:Foo Text:\"a\" Name:Foo",
        ),
        (
            "json",
            "{\"a\": [1, -2.5e+3, true, null, \"b\"]}",
            "Name:\"a\" Number:1 Number:2.5e+3 Number:true Number:null Text:\"b\"",
        ),
        (
            "html",
            "<!-- a --><p class=\"b\">c &amp; d</p><script>let e = 1;</script><style>f { color: #fff }</style>",
            "Note:<!-- a --> Word:p Name:class Text:\"b\" Number:&amp; Word:p Word:script Word:let Number:1 Word:script \
             Word:style Name:color Number:#fff Word:style",
        ),
        (
            "xml",
            "<?xml version=\"1.0\"?><a:b c='d'/><script>let</script>",
            "Word:<?xml version=\"1.0\"?> Word:a:b Name:c Text:'d' Word:script Word:script",
        ),
        (
            "css",
            "@media print { .a { margin: -1.5rem 2%; --b: var(--c); } }",
            "Word:@media Name:margin Number:1.5rem Number:2% Name:--b Name:var",
        ),
        (
            "sh",
            "# a\nif [ -f \"$b\" ]; then git commit -m 'c' && echo ${d} $e; fi\ncat <<'E'\n$x\nE\nls | wc -l",
            "Note:# a Word:if Text:\"$b\" Word:then Name:git Text:'c' Name:echo Name:${d} Name:$e Word:fi Name:cat \
             Text:<<'E' Text:$x\nE Name:ls Name:wc",
        ),
        (
            "sql",
            "SELECT a, COUNT(*) FROM b WHERE c = 'd''e' AND f > 1 -- g",
            "Word:SELECT Name:COUNT Word:FROM Word:WHERE Text:'d''e' Word:AND Number:1 Note:-- g",
        ),
        (
            "yaml",
            "a-b: c # d\n- \"e\": true\n  url: http://x",
            "Name:a-b Note:# d Name:\"e\" Number:true Name:url",
        ),
        (
            "toml",
            "[a.b]\nc = \"d\" # e\nf = 1",
            "Name:[a.b] Name:c Text:\"d\" Note:# e Name:f Number:1",
        ),
        (
            "go",
            "func (s *Store) Get(k string) error { return nil } // `a`",
            "Word:func Name:Store Name:Get Name:string Name:error Word:return Number:nil Note:// `a`",
        ),
        (
            "c",
            "#include <stdio.h>\nint main(void) { char *s = \"a\"; return 0x1F; }",
            "Word:#include Name:int Name:main Name:void Name:char Text:\"a\" Word:return Number:0x1F",
        ),
        (
            "c++",
            "template <typename T> class A : public B { std::vector<int> v; };",
            "Word:template Word:typename Name:T Word:class Name:A Word:public Name:B Name:int",
        ),
        (
            "php",
            "$a = \"b $c\"; function d(): string { return null; } // e",
            "Name:$a Text:\"b $c\" Word:function Name:d Name:string Word:return Number:null Note:// e",
        ),
        (
            "ruby",
            "def a(b) = b =~ /c'd/ ? :e : \"f\"",
            "Word:def Name:a Text:/c'd/ Name::e Text:\"f\"",
        ),
        (
            "diff",
            "--- a\n+++ b\n@@ -1 +1 @@\n-c\n+d\n e",
            "Name:--- a\n+++ b Word:@@ -1 +1 @@ Removed:-c Added:+d",
        ),
        (
            "dockerfile",
            "# a\nFROM rust:1 AS build\nRUN cargo build --release \"b\"",
            "Note:# a Word:FROM Number:1 Word:AS Word:RUN Text:\"b\"",
        ),
        (
            "markdown",
            "# a\n- b `c` [d](e)\n> f\n```js\ng\n```",
            "Word:# a\n- Text:`c` Name:(e) Note:\n> f Text:```js\ng\n```",
        ),
        (
            "kotlin",
            "val a = \"b ${c.d()} e\"",
            "Word:val Text:\"b Name:d Text: e\"",
        ),
    ] {
        assert_eq!(coloured(language, code), expected, "{language}");
    }
}

#[test]
fn a_name_means_one_language_whatever_its_letters() {
    let mut known = HashSet::new();
    for grammar in languages::GRAMMARS {
        for name in grammar.names.split(' ') {
            assert!(known.insert(name), "{name} means two");
            assert_eq!(name, name.to_ascii_lowercase());
            assert!(LANGUAGES.contains_key(name));
        }
    }
    assert_eq!(coloured("Rust", "fn"), "Word:fn");
    assert_eq!(coloured("", "fn"), "");
    assert_eq!(coloured("klingon", "fn"), "");
}

#[test]
fn no_word_is_in_two_lists_of_a_language() {
    for grammar in languages::GRAMMARS {
        let lists = [grammar.words, grammar.values, grammar.types];
        let mut known = HashSet::new();
        for word in lists.iter().flat_map(|list| list.split_whitespace()) {
            assert!(known.insert(word), "{word} of {}", grammar.names);
        }
    }
}

#[test]
fn every_kind_has_a_class_of_the_list() {
    let classes = [
        Kind::Word,
        Kind::Text,
        Kind::Number,
        Kind::Name,
        Kind::Note,
        Kind::Added,
        Kind::Removed,
    ]
    .map(|kind| kind.class().unwrap());
    assert_eq!(classes, Kind::CLASSES);
    assert_eq!(Kind::Plain.class(), None);
}

#[test]
fn a_block_longer_than_anybody_reads_stays_plain() {
    let code = "let a = 1;\n".repeat(60_000);
    assert_eq!(pieces("rust", &code), [(Kind::Plain, code.as_str())]);
}

/// Scraps of code that open and close things in all languages.
fn code() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        Just("\n"),
        Just(" "),
        Just("\""),
        Just("'"),
        Just("`"),
        Just("${"),
        Just("}"),
        Just("{"),
        Just("("),
        Just(")"),
        Just("/*"),
        Just("*/"),
        Just("//"),
        Just("#"),
        Just("--"),
        Just("<!--"),
        Just("-->"),
        Just("<script>"),
        Just("</script>"),
        Just("<style"),
        Just("</"),
        Just("<"),
        Just(">"),
        Just("&amp;"),
        Just("r#\""),
        Just("\"#"),
        Just("'a"),
        Just("\\"),
        Just("\"\"\""),
        Just("/[a]/"),
        Just("/"),
        Just("<<E\n"),
        Just("E\n"),
        Just("a"),
        Just("Bc"),
        Just("let "),
        Just("1.5e-3"),
        Just("$x"),
        Just("@y"),
        Just(": "),
        Just("= "),
        Just("é"),
        Just("漢"),
        Just("[x]"),
        Just("\t"),
        Just("+"),
        Just("- "),
        Just("```"),
        Just("](")
    ];
    proptest::collection::vec(scrap, 0..40).prop_map(|scraps| scraps.concat())
}

fn language() -> impl Strategy<Value = &'static str> {
    let names = languages::GRAMMARS.map(|grammar| grammar.names.split(' ').next().unwrap());
    proptest::sample::select(names.to_vec())
}

proptest! {
    #[test]
    fn the_pieces_are_the_code(language in language(), code in code()) {
        let whole: String = pieces(language, &code).iter().map(|(_, text)| *text).collect();
        prop_assert_eq!(&whole, &code);
        let text = format!("~~~~~{language}\n{code}\n~~~~~\n");
        let html: String = render(&text).iter().map(|block| block.html.clone()).collect();
        assert_safe(&html, &text);
    }

    #[test]
    fn code_that_streams_ends_as_at_once(language in language(), code in code(), step in 1_usize..9) {
        let text = format!("a\n\n```{language}\n{code}\n```\n\nb");
        let chars: Vec<char> = text.chars().collect();
        let mut growing = Growing::default();
        for piece in chars.chunks(step) {
            growing.push(&piece.iter().collect::<String>());
            growing.update();
        }
        growing.finish();
        prop_assert_eq!(growing.blocks(), render(&text));
    }
}
