//! The rules of security and the tests that hold them: the list in `docs/SECURITY-TESTS.md` is true.
//! And what of a page only its source can tell.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Sections of the rules.
const SECTIONS: usize = 11;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn list() -> String {
    std::fs::read_to_string(root().join("docs/SECURITY-TESTS.md")).unwrap()
}

/// Rows of the list's tables: section, rule, what holds it.
fn rows(list: &str) -> Vec<(usize, String, String)> {
    let mut section = 0;
    let mut rows = Vec::new();
    for line in list.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.split(' ').next().unwrap().parse().unwrap_or(0);
        }
        let mut cells = line
            .trim_matches('|')
            .split(" | ")
            .map(|cell| cell.trim().to_owned());
        let is_row = line.starts_with("| ") && !line.starts_with("| rule ");
        if let (true, Some(rule), Some(held)) = (is_row, cells.next(), cells.next()) {
            rows.push((section, rule, held));
        }
    }
    rows
}

/// `file::test` of every test that is named. A name behind a comma without a file is in the same file.
fn named(held: &str) -> Vec<(String, String)> {
    let mut file = String::new();
    let mut tests = Vec::new();
    for name in held.split('`').skip(1).step_by(2) {
        let test = match name.split_once("::") {
            Some((known, test)) => {
                known.clone_into(&mut file);
                test
            }
            None => name.trim_start_matches(':'),
        };
        tests.push((file.clone(), test.to_owned()));
    }
    tests
}

#[test]
fn every_test_that_holds_a_rule_exists() {
    let list = list();
    let mut missing = Vec::new();
    let mut known = BTreeSet::new();
    for (_, rule, held) in rows(&list) {
        for (file, test) in named(&held) {
            let text = std::fs::read_to_string(root().join(&file)).unwrap_or_default();
            let there = if Path::new(&file)
                .extension()
                .is_some_and(|kind| kind == "ts")
            {
                text.contains(&format!("test('{test}'")) || text.contains(&format!("test(`{test}`"))
            } else {
                // The macros that run a story on both databases name it the same way.
                text.contains(&format!("fn {test}("))
            };
            if !there {
                missing.push(format!("{rule}: {file}::{test}"));
            }
            known.insert((file, test));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(known.len() > 100, "the list is read: {}", known.len());
}

#[test]
fn every_rule_is_held_or_says_what_it_waits_for() {
    let list = list();
    let rows = rows(&list);
    let sections: BTreeSet<usize> = rows.iter().map(|(section, ..)| *section).collect();
    assert_eq!(sections, (1..=SECTIONS).collect());
    for (section, rule, held) in &rows {
        assert!(
            !named(held).is_empty() || held.contains("to come with "),
            "{section}: {rule}"
        );
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// Lines of shipped code that hold one of these, with their file.
fn lines_with(folders: &[&str], is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for folder in folders {
        let mut files = Vec::new();
        sources(&root().join(folder), &mut files);
        files.sort();
        for file in files {
            let name = file.strip_prefix(root()).unwrap().display().to_string();
            let text = std::fs::read_to_string(&file).unwrap();
            let (shipped, _tests) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
            let lines = shipped.lines().map(str::trim);
            let code = lines.filter(|line| !line.starts_with("//") && is_wanted(line));
            found.extend(code.map(|line| format!("{name}: {line}")));
        }
    }
    found
}

/// Rendered Markdown, which `services::markdown` has made safe, goes into a page in one place. The other is
/// a chart, which holds numbers and words of our own (`services::usage::chart`). Our two scripts in the
/// document are constants, with the addresses of files. Another one is another thing to prove.
#[test]
fn html_from_outside_enters_a_page_in_one_place() {
    let raw = [
        "inner_html",
        "set_outer_html",
        "insert_adjacent_html",
        "document.write",
        "create_contextual_fragment",
    ];
    let found = lines_with(&["app/src", "frontend/src", "server/src"], |line| {
        raw.iter().any(|name| line.contains(name))
    });
    assert_eq!(
        found,
        [
            "app/src/chats/blocks.rs: view! { <div class=\"block\" dir=\"auto\" inner_html=html></div> }",
            "app/src/home/days.rs: view! { <div class=\"chart-box\" inner_html=format!(\"{wide}{narrow}\")></div> }.into_any()",
            "app/src/shell.rs: <script nonce=use_nonce() inner_html=TO_THE_END></script>",
            "app/src/shell.rs: inner_html=format!(\"({WAKE})({script:?}, {module:?}, {piece:?})\")"
        ]
    );
}

/// Whoever brings a secret is found by its hash, in a map or an index: how long that takes tells
/// nothing of the secret. A comparison of two secrets would have to use `services::secrets::same`.
#[test]
fn secrets_are_found_by_their_hash_and_never_compared() {
    let secrets = [
        "secret",
        "token",
        "password",
        "password_hash",
        "hash",
        "digest",
    ];
    let is_secret = |text: &str| {
        let last = text
            .rsplit(['.', '&', '(', ' ', '*'])
            .next()
            .unwrap_or_default();
        secrets.contains(&last)
    };
    let folders = [
        "crates/services/src",
        "crates/store/src",
        "crates/outbound/src",
        "server/src",
        "app/src",
    ];
    let found = lines_with(&folders, |line| {
        ["==", "!="].iter().any(|sign| {
            line.match_indices(&format!(" {sign} ")).any(|(at, _)| {
                let right = line[at + 4..]
                    .split([' ', ')', ',', ';', '?'])
                    .next()
                    .unwrap_or_default();
                is_secret(&line[..at]) || is_secret(right)
            })
        })
    });
    assert_eq!(
        found,
        // Both are what the database holds, read twice.
        [
            "crates/services/src/sessions/mod.rs: now.status == MemberStatus::Active && now.password_hash == proved.password_hash"
        ]
    );
}

/// Leptos draws a wait (`Suspend`) whose border stands around another wait only when it is over by then;
/// else it leaves it out, and the browser, which knows of it, cannot bring the page to life. Each has a
/// border of its own.
#[test]
fn every_wait_of_a_page_has_its_own_border() {
    let mut files = Vec::new();
    sources(&root().join("app/src"), &mut files);
    let mut waits = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut parts = text.split("Suspend::new(");
        for before in parts.by_ref().take(text.matches("Suspend::new(").count()) {
            waits += 1;
            assert!(
                ["<Suspense", "<Transition"]
                    .iter()
                    .any(|border| before.contains(border)),
                "{}: wait {waits} stands in the border of the one before",
                file.display()
            );
        }
    }
    assert!(waits > 15, "the sources are read: {waits}");
}

/// What stands around a whole page must not ask what is in it: with every word of a reply the browser
/// would look through all of a chat, 20 ms at two thousand messages. A path of children is found at once.
#[test]
fn no_style_looks_through_a_whole_page() {
    let around = [
        "html",
        "body",
        ":root",
        ".frame",
        ".main",
        ".chat",
        ".messages",
    ];
    let mut asked = 0;
    for folder in ["style", "style/components"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|kind| kind != "css") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for (at, _) in text.match_indices(":has(") {
                asked += 1;
                let subject = text[..at]
                    .rsplit([' ', '\n', ',', '(', '>', '{'])
                    .next()
                    .unwrap();
                let mut signs = subject.char_indices().skip(1);
                let end = signs.find(|(_, sign)| ":.[&".contains(*sign));
                let subject = &subject[..end.map_or(subject.len(), |(end, _)| end)];
                let asks = &text[at + ":has(".len()..];
                let asks = &asks[..asks.find(" {").unwrap_or(asks.len())];
                // Every step down is one to a child.
                let is_path = asks.split(',').all(|way| {
                    let way = way.trim().trim_end_matches(')');
                    way.starts_with("> ")
                        && !way
                            .replace(" > ", ">")
                            .trim_start_matches("> ")
                            .contains(' ')
                });
                assert!(
                    is_path || !around.contains(&subject),
                    "{}: {subject}:has({asks}",
                    path.display()
                );
            }
        }
    }
    assert!(asked > 5, "the styles are read: {asked}");
}
