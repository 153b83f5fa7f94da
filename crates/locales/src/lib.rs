//! The words Purser shows, in every language it speaks.
//!
//! ```
//! use locales::{Locale, text};
//!
//! let locale = Locale::negotiate("ko-KR,ko;q=0.9,en;q=0.8");
//! assert_eq!(text::common::save(locale), "저장");
//! assert_eq!(text::members::count(Locale::En, 1200), "1,200 members");
//! ```
//!
//! # Why our own generator
//! The usual library costs 31 to 43 KB of compressed WASM for two languages and grows with each further one; the whole
//! page may weigh 300 KB, and nine languages are planned. Here the browser gets exactly one language, as a file of its
//! own that is cached for ever, and WASM contains a number for each text, so a further language adds nothing to it.
//! What we keep of the library: a misspelt key, a forgotten translation or a lost placeholder does not compile.
//!
//! # How a text reaches the reader
//! `build.rs` reads `text/*.json`, compares each file with English, stops the build with a list of all faults, and
//! otherwise writes one function a key: `chat.send` becomes [`text::chat::send`].
//! - Native builds contain all languages as static tables.
//! - WASM contains none. The page loads the script [`bundle`] under [`bundle_name`] before hydration, and `install`
//!   takes its array. The functions then index into it; without it they answer with an empty text and do not panic.
//!
//! # Writing texts
//! - `{name}` is a placeholder: an argument `name: &str`, in order of first appearance in English. Text rather than
//!   `impl Display`, because one shared function then serves all of them, where generics would copy it for each type.
//! - A key with `_other` is a plural. English has `x_one` and `x_other`, Korean only `x_other`; the function is `x` and
//!   takes `count: i64` first. `{count}` is written in the digits and groups of the language.
//! - A key that is a Rust word gets an underscore: `chat.continue` is `text::chat::continue_`.
//! - There are no literal braces, no markup and no control characters.
//!
//! # Adding a language
//! `text/<tag>.json`; for one that is not among the nine of `languages.rs`, a row there.

mod languages;
mod locale;
mod lookup;
mod number;
mod plural;

#[cfg(not(target_arch = "wasm32"))]
mod compiled;
#[cfg(any(target_arch = "wasm32", test))]
mod installed;

#[cfg(test)]
#[path = "../generator/mod.rs"]
mod generator;
#[cfg(test)]
mod tests;

/// One function for each key of `text/*.json`, in a module tree of the same shape.
pub mod text {
    include!(concat!(env!("OUT_DIR"), "/text.rs"));
}

#[cfg(not(target_arch = "wasm32"))]
pub use compiled::{bundle, bundle_name};
#[cfg(any(target_arch = "wasm32", test))]
pub use installed::InstallError;
#[cfg(target_arch = "wasm32")]
pub use installed::{install, installed};
pub use locale::{Locale, UnknownLanguage};
