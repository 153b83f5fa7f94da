//! The generated Rust.

use super::REFERENCE;
use super::bundle::{fingerprint, javascript};
use super::catalog::{Catalog, Entry, LocaleTexts};

/// Words of the language, of any edition, that cannot name a function, module or argument.
const RESERVED: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// `enum Locale`, one variant a file; its number is its row in `languages.rs`.
pub(crate) fn locale(catalog: &Catalog) -> String {
    let mut variants = Vec::new();
    let mut all = Vec::new();
    for locale in &catalog.locales {
        let default = if locale.tag() == REFERENCE {
            "    #[default]\n"
        } else {
            ""
        };
        let (name, variant, row) = (locale.language.native_name, locale.variant(), locale.row);
        variants.push(format!("    /// {name}\n{default}    {variant} = {row},\n"));
        all.push(format!("Self::{variant}"));
    }
    let (count, variants, all) = (all.len(), variants.concat(), all.join(", "));
    format!(
        "/// A language the house speaks: one for each file in `text/`.\n\
         #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]\n\
         pub enum Locale {{\n{variants}}}\n\n\
         impl Locale {{\n    /// Every language on offer, in the order of the language menu.\n    \
         pub const ALL: [Self; {count}] = [{all}];\n}}\n"
    )
}

/// The module tree of `locales::text`.
pub(crate) fn functions(catalog: &Catalog) -> String {
    let mut code = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for (index, entry) in catalog.entries.iter().enumerate() {
        let (modules, name) = path(entry);
        let common = open
            .iter()
            .zip(&modules)
            .take_while(|(a, b)| a == b)
            .count();
        code.push("}\n".repeat(open.len() - common));
        for module in &modules[common..] {
            code.push(format!("pub mod {} {{\n", identifier(module)));
        }
        open = modules;
        code.push(function(index, entry, &identifier(name)));
    }
    code.push("}\n".repeat(open.len()));
    code.concat()
}

fn function(index: usize, entry: &Entry, name: &str) -> String {
    let arguments: Vec<String> = entry
        .placeholders
        .iter()
        .map(|name| identifier(name))
        .collect();
    let declared = each(&arguments, |name| format!(", {name}: &str"));
    let given = arguments.join(", ");
    let (signature, body) = if entry.plural {
        (
            format!("{name}(locale: crate::Locale, count: i64{declared}) -> String"),
            format!("crate::lookup::plural(locale, {index}, count, &[{given}])"),
        )
    } else if arguments.is_empty() {
        (
            format!("{name}(locale: crate::Locale) -> &'static str"),
            format!("crate::lookup::entry(locale, {index})"),
        )
    } else {
        (
            format!("{name}(locale: crate::Locale{declared}) -> String"),
            format!("crate::lookup::fill(crate::lookup::entry(locale, {index}), \"\", &[{given}])"),
        )
    };
    let english = entry.english.replace('`', "'");
    format!("/// `{english}`\npub fn {signature} {{ {body} }}\n")
}

/// The compiled-in texts and bundles of native builds.
pub(crate) fn tables(catalog: &Catalog) -> String {
    let count = catalog.entries.len();
    let statics = each(&catalog.locales, |locale| {
        let lines = each(&locale.texts, |text| format!("    {text:?},\n"));
        format!(
            "static {}: [&str; {count}] = [\n{lines}];\n",
            constant(locale)
        )
    });
    let texts = each(&catalog.locales, |locale| {
        format!(
            "        Locale::{} => &{},\n",
            locale.variant(),
            constant(locale)
        )
    });
    let bundles = each(&catalog.locales, |locale| {
        let (variant, tag) = (locale.variant(), locale.tag());
        format!(
            "        Locale::{variant} => include_str!(concat!(env!(\"OUT_DIR\"), \"/{tag}.js\")),\n"
        )
    });
    let names = each(&catalog.locales, |locale| {
        let hash = fingerprint(&javascript(&locale.texts));
        format!(
            "        Locale::{} => \"{}.{hash:016x}.js\",\n",
            locale.variant(),
            locale.tag()
        )
    });
    let by_locale = |signature: &str, arms: &str| {
        format!("{signature} {{\n    match locale {{\n{arms}    }}\n}}\n")
    };
    [
        statics,
        by_locale("pub(crate) fn texts(locale: Locale) -> &'static [&'static str]", &texts),
        "/// The script that hands a locale's texts to the browser, as `globalThis.purserTexts`.\n".to_owned(),
        by_locale("pub fn bundle(locale: Locale) -> &'static str", &bundles),
        "/// The file name of [`bundle`], with a hash of the content, so that it may be cached for ever.\n".to_owned(),
        by_locale("pub fn bundle_name(locale: Locale) -> &'static str", &names),
    ]
    .concat()
}

fn constant(locale: &LocaleTexts) -> String {
    locale.tag().to_uppercase()
}

/// A slice with a caller of every function, for the test that compares functions with bundles.
///
/// Each placeholder is filled with its own mark, so that the answer is the entry itself.
pub(crate) fn every(catalog: &Catalog) -> String {
    let functions = each(&catalog.entries, |entry| {
        let (mut parts, name) = path(entry);
        parts.push(name);
        let function = each(&parts, |part| format!("::{}", identifier(part)));
        let numbers: Vec<usize> = (0..entry.placeholders.len()).collect();
        let marks = each(&numbers, |number| format!(", \"{{{number}}}\""));
        let call = if entry.plural {
            format!("|locale, count| crate::text{function}(locale, count{marks})")
        } else if entry.placeholders.is_empty() {
            format!("|locale, _| crate::text{function}(locale).to_owned()")
        } else {
            format!("|locale, _| crate::text{function}(locale{marks})")
        };
        let (key, plural) = (&entry.key, entry.plural);
        format!("    Function {{ key: {key:?}, plural: {plural}, call: {call} }},\n")
    });
    format!("&[\n{functions}]\n")
}

/// The code of every item, one after the other.
fn each<T>(items: &[T], code: impl Fn(&T) -> String) -> String {
    items.iter().map(code).collect::<Vec<_>>().concat()
}

/// The modules a function stands in, and its name.
fn path(entry: &Entry) -> (Vec<&str>, &str) {
    let mut modules: Vec<&str> = entry.key.split('.').collect();
    let name = modules.pop().unwrap_or_default();
    (modules, name)
}

fn identifier(name: &str) -> String {
    let tail = if RESERVED.contains(&name) { "_" } else { "" };
    format!("{name}{tail}")
}

#[cfg(test)]
mod tests {
    use crate::generator::{compile, output};

    fn generated(file: &str, english: &str) -> String {
        let catalog = compile(&[("en".to_owned(), english.to_owned())])
            .ok()
            .unwrap();
        let files = output(&catalog);
        files.into_iter().find(|(name, _)| name == file).unwrap().1
    }

    #[test]
    fn a_key_that_is_a_rust_word_gets_an_underscore() {
        let code = generated(
            "text.rs",
            r#"{ "chat": { "continue": "Continue {type}" } }"#,
        );
        assert!(
            code.contains("pub fn continue_(locale: crate::Locale, type_: &str) -> String"),
            "{code}"
        );
    }

    #[test]
    fn the_count_comes_first_and_the_others_as_english_names_them() {
        let english = r#"{ "left_one": "{who}: {count} call of {all}", "left_other": "{who}: {count} calls of {all}" }"#;
        let code = generated("text.rs", english);
        assert!(
            code.contains("pub fn left(locale: crate::Locale, count: i64, who: &str, all: &str)"),
            "{code}"
        );
    }

    #[test]
    fn a_placeholder_of_several_forms_is_one_argument() {
        let code = generated(
            "text.rs",
            r#"{ "left_one": "{who}", "left_other": "{who}" }"#,
        );
        assert!(
            code.contains("left(locale: crate::Locale, count: i64, who: &str)"),
            "{code}"
        );
    }

    #[test]
    fn modules_follow_the_groups() {
        let code = generated(
            "text.rs",
            r#"{ "a": { "b": { "c": "C" }, "d": "D" }, "e": "E" }"#,
        );
        let lines: Vec<&str> = code
            .lines()
            .filter(|line| !line.starts_with("///"))
            .collect();
        let shape: String = lines
            .iter()
            .map(|line| line.split('(').next().unwrap_or_default().trim())
            .collect();
        assert_eq!(shape, "pub mod a {pub mod b {pub fn c}pub fn d}pub fn e");
    }

    #[test]
    fn a_changed_text_changes_the_name_of_the_bundle() {
        let before = generated("tables.rs", r#"{ "send": "Send" }"#);
        let after = generated("tables.rs", r#"{ "send": "Send!" }"#);
        let name = |code: &str| {
            code.lines()
                .find(|line| line.contains("\"en."))
                .unwrap()
                .to_owned()
        };
        assert_ne!(name(&before), name(&after));
    }

    #[test]
    fn the_order_in_the_file_does_not_move_an_index() {
        let one = generated("text.rs", r#"{ "a": "A", "b": "B" }"#);
        assert_eq!(one, generated("text.rs", r#"{ "b": "B", "a": "A" }"#));
    }
}
