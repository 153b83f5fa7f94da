//! Languages of the web.

use super::super::grammar::{
    BACK_HOLES, BRACES, DOUBLE, DOUBLE_LINES, Grammar, Manner, PLAIN, SINGLE, TRIPLE_DOUBLE,
};

pub(super) const JAVASCRIPT: Grammar = Grammar {
    names: "javascript js jsx mjs cjs node ecmascript",
    words: "as async await break case catch class const continue debugger default delete do else export extends \
            finally for from function get if import in instanceof let new of return set static super switch this \
            throw try typeof var void while with yield",
    values: "true false null undefined NaN Infinity",
    in_word: "$",
    quotes: &[DOUBLE, SINGLE, BACK_HOLES],
    sigils: "@",
    patterns: true,
    tags: true,
    ..BRACES
};

pub(super) const TYPESCRIPT: Grammar = Grammar {
    names: "typescript ts tsx mts cts",
    words: "abstract accessor as asserts async await break case catch class const continue debugger declare default \
            delete do else enum export extends finally for from function get if implements import in infer \
            instanceof interface is keyof let namespace new of out override private protected public readonly return \
            satisfies set static super switch this throw try type typeof unique using var void while with yield",
    types: "any bigint boolean never number object string symbol unknown",
    ..JAVASCRIPT
};

pub(super) const HTML: Grammar = Grammar {
    names: "html htm xhtml vue svelte astro handlebars hbs jinja jinja2 django ejs erb",
    manner: Manner::Markup,
    ..PLAIN
};

pub(super) const XML: Grammar = Grammar {
    names: "xml svg xsl xslt xsd rss atom plist xaml csproj mathml",
    manner: Manner::Markup,
    any_case: true,
    ..PLAIN
};

pub(super) const CSS: Grammar = Grammar {
    names: "css scss sass less postcss",
    values: "auto inherit initial none revert unset currentcolor transparent",
    note: Some(("/*", "*/")),
    quotes: &[DOUBLE, SINGLE],
    in_word: "-",
    sigils: "$",
    word_sigils: "@!",
    key_mark: Some(b':'),
    calls: true,
    colours: true,
    ..PLAIN
};

pub(super) const PHP: Grammar = Grammar {
    names: "php",
    words: "abstract and array as break callable case catch class clone const continue declare default do echo else \
            elseif empty enddeclare endfor endforeach endif endswitch endwhile enum extends final finally fn for \
            foreach function global goto if implements include include_once instanceof insteadof interface isset \
            list match namespace new or print private protected public readonly require require_once return static \
            switch throw trait try unset use var while xor yield",
    values: "true false null TRUE FALSE NULL",
    types: "bool float int iterable mixed never object parent self string void",
    notes: &["//", "#"],
    quotes: &[DOUBLE_LINES, SINGLE],
    sigils: "$",
    ..BRACES
};

pub(super) const GRAPHQL: Grammar = Grammar {
    names: "graphql gql",
    words: "directive enum extend fragment implements input interface mutation on query repeatable scalar schema \
            subscription type union",
    values: "true false null",
    notes: &["#"],
    quotes: &[TRIPLE_DOUBLE, DOUBLE],
    sigils: "$@",
    capitals: true,
    ..PLAIN
};
