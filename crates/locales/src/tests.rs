//! The generated functions against the files and bundles they come from.

use std::collections::BTreeSet;
use std::{env, fs};

use serde_json::Value;

use crate::{Locale, bundle, bundle_name, text};

/// A generated function; `count` is heeded by plurals only.
struct Function {
    key: &'static str,
    plural: bool,
    call: fn(Locale, i64) -> String,
}

const EVERY: &[Function] = include!(concat!(env!("OUT_DIR"), "/every.rs"));

fn bundled(locale: Locale) -> Vec<String> {
    let script = bundle(locale);
    let array = script
        .strip_prefix("globalThis.purserTexts=")
        .and_then(|rest| rest.strip_suffix(";\n"));
    serde_json::from_str(array.unwrap()).unwrap()
}

fn file(locale: Locale) -> Value {
    let path = format!("{}/text/{}.json", env!("CARGO_MANIFEST_DIR"), locale.tag());
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_function_says_what_the_bundle_has_at_its_place() {
    for locale in Locale::ALL {
        let entries = bundled(locale);
        assert_eq!(entries.len(), EVERY.len());
        for (function, entry) in EVERY.iter().zip(&entries) {
            assert!(!entry.is_empty());
            if function.plural {
                let forms: Vec<&str> = entry.split('\u{1f}').collect();
                let rule = locale.language().plural;
                assert_eq!(forms.len(), rule.forms().len(), "{locale} {}", function.key);
                for count in [0, 1, 2, 5, 999] {
                    let expected = forms[rule.position(count)].replace("{#}", &count.to_string());
                    assert_eq!(
                        (function.call)(locale, count),
                        expected,
                        "{locale} {}",
                        function.key
                    );
                }
            } else {
                assert_eq!(
                    &(function.call)(locale, 0),
                    entry,
                    "{locale} {}",
                    function.key
                );
            }
        }
    }
}

#[test]
fn every_function_says_what_the_file_has_under_its_key() {
    for locale in Locale::ALL {
        let file = file(locale);
        for function in EVERY.iter().filter(|function| !function.plural) {
            let pointer = format!("/{}", function.key.replace('.', "/"));
            let written = file.pointer(&pointer).and_then(Value::as_str).unwrap();
            let said = (function.call)(locale, 0);
            assert_eq!(words(&said), words(written), "{locale} {}", function.key);
        }
    }
}

/// A text without what stands between braces.
fn words(text: &str) -> Vec<&str> {
    let parts = text.split('{').enumerate();
    parts
        .map(|(index, part)| {
            if index == 0 {
                part
            } else {
                part.split_once('}').unwrap().1
            }
        })
        .collect()
}

#[test]
fn every_locale_has_the_same_keys_and_placeholders() {
    let english = placeholders_by_key(Locale::En);
    assert_eq!(english.len(), EVERY.len());
    for locale in Locale::ALL {
        let own = placeholders_by_key(locale);
        let difference: Vec<_> = english.symmetric_difference(&own).collect();
        assert!(difference.is_empty(), "{locale}: {difference:?}");
    }
}

/// Reads the file a second time, without the checker that the build uses.
/// What a key of a plural may end with.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

fn placeholders_by_key(locale: Locale) -> BTreeSet<(String, BTreeSet<String>)> {
    let plurals: BTreeSet<&str> = EVERY
        .iter()
        .filter(|function| function.plural)
        .map(|function| function.key)
        .collect();
    let mut found = BTreeSet::new();
    let mut groups = vec![(String::new(), file(locale))];
    while let Some((prefix, group)) = groups.pop() {
        for (name, value) in group.as_object().unwrap() {
            let key = format!("{prefix}{name}");
            let base = key
                .rsplit_once('_')
                .filter(|(_, form)| FORMS.contains(form))
                .map(|(base, _)| base)
                .filter(|base| plurals.contains(base));
            if let Some(text) = value.as_str() {
                let names = text
                    .split('{')
                    .skip(1)
                    .map(|part| part.split_once('}').unwrap().0.to_owned());
                // A form for exactly one thing may leave the number out.
                let names = names.filter(|name| name != "count").collect();
                found.insert((base.unwrap_or(&key).to_owned(), names));
            } else {
                groups.push((format!("{key}."), value.clone()));
            }
        }
    }
    found
}

#[test]
fn the_build_and_the_tests_see_the_same_files() {
    let files: Vec<_> = Locale::ALL
        .iter()
        .map(|locale| (locale.tag().to_owned(), file(*locale).to_string()))
        .collect();
    let output = crate::generator::compile(&files)
        .map(|catalog| crate::generator::output(&catalog))
        .unwrap();
    for locale in Locale::ALL {
        let name = format!("{}.js", locale.tag());
        let (_, script) = output.iter().find(|(file, _)| *file == name).unwrap();
        assert_eq!(script, bundle(locale));
    }
}

#[test]
fn a_bundle_is_named_after_its_language_and_content() {
    let names: BTreeSet<&str> = Locale::ALL.into_iter().map(bundle_name).collect();
    assert_eq!(names.len(), Locale::ALL.len());
    for locale in Locale::ALL {
        let hash = bundle_name(locale)
            .strip_prefix(locale.tag())
            .and_then(|rest| rest.strip_suffix(".js"));
        let hash = hash.and_then(|rest| rest.strip_prefix('.')).unwrap();
        assert!(
            hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{hash}"
        );
    }
}

#[test]
fn numbers_and_forms_follow_the_language() {
    assert_eq!(text::members::count(Locale::En, 1), "1 member");
    assert_eq!(text::members::count(Locale::En, 1_200), "1,200 members");
    assert_eq!(text::members::count(Locale::Ko, 1), "구성원 1명");
    assert_eq!(text::members::count(Locale::Ko, 1_200), "구성원 1,200명");
}
