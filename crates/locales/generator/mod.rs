//! The generator behind `build.rs`: reads the locale files, checks them against English, writes Rust and browser bundles.
//!
//! Compiled twice: into the build script, and into the library's tests.

mod bundle;
mod catalog;
mod check;
mod fault;
mod rust;
mod source;
mod template;

pub(crate) use catalog::Catalog;
pub(crate) use fault::Fault;

/// The language all others are compared with, and the one shown when nothing better is known.
const REFERENCE: &str = "en";

/// Separates the forms of a plural inside one table entry.
///
/// `src/lookup.rs` splits at the same character; a test there compares the two through every generated function.
const FORM_SEPARATOR: char = '\u{1f}';

/// Reads and checks all locale files, given as (tag, JSON).
///
/// # Errors
/// Every fault of every file, not only the first one.
pub(crate) fn compile(files: &[(String, String)]) -> Result<Catalog, Vec<Fault>> {
    let mut sources = Vec::new();
    let mut faults = Vec::new();
    for (tag, json) in files {
        let (source, found) = source::read(tag, json);
        sources.push(source);
        faults.extend(found);
    }
    // A file with broken JSON would answer with a "missing" for each of its keys: report the cause alone.
    if faults.is_empty() {
        faults = check::check(&sources);
    }
    if faults.is_empty() {
        Ok(catalog::build(&sources))
    } else {
        Err(faults)
    }
}

/// The generated files, as (name in `OUT_DIR`, content).
pub(crate) fn output(catalog: &Catalog) -> Vec<(String, String)> {
    let mut files = vec![
        ("locale.rs".to_owned(), rust::locale(catalog)),
        ("text.rs".to_owned(), rust::functions(catalog)),
        ("tables.rs".to_owned(), rust::tables(catalog)),
        ("count.rs".to_owned(), catalog.entries.len().to_string()),
        ("every.rs".to_owned(), rust::every(catalog)),
    ];
    for locale in &catalog.locales {
        files.push((
            format!("{}.js", locale.tag()),
            bundle::javascript(&locale.texts),
        ));
    }
    files
}
