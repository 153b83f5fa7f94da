//! The one language a browser has, handed over before hydration.

use std::error::Error;
use std::fmt;
use std::sync::OnceLock;

use crate::Locale;

/// How many texts a complete bundle has.
const COUNT: usize = include!(concat!(env!("OUT_DIR"), "/count.rs"));

/// A place for the texts of one locale.
pub(crate) struct Installed(OnceLock<(Locale, Box<[String]>)>);

impl Installed {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    pub(crate) fn install(&self, locale: Locale, texts: Vec<String>) -> Result<(), InstallError> {
        if texts.len() != COUNT {
            return Err(InstallError::Foreign {
                expected: COUNT,
                found: texts.len(),
            });
        }
        self.0
            .set((locale, texts.into_boxed_slice()))
            .map_err(|_| InstallError::Twice)
    }

    pub(crate) fn locale(&self) -> Option<Locale> {
        self.0.get().map(|(locale, _)| *locale)
    }

    /// The text of a function, empty before the installation.
    pub(crate) fn entry(&self, index: usize) -> &str {
        let texts = self.0.get().map(|(_, texts)| texts);
        texts
            .and_then(|texts| texts.get(index))
            .map_or("", String::as_str)
    }
}

/// Why texts were not taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstallError {
    /// Texts are there already; a change of language loads the page anew.
    Twice,
    /// The bundle belongs to another build: its numbers mean other texts, so showing none is safer.
    Foreign { expected: usize, found: usize },
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Twice => "texts are installed already",
            Self::Foreign { .. } => "the texts belong to another build",
        })
    }
}

impl Error for InstallError {}

#[cfg(target_arch = "wasm32")]
static INSTALLED: Installed = Installed::new();

/// Takes over the texts of the page's language; call it once, before hydration.
///
/// # Errors
/// On a second call, and when the number of texts is not that of this build. The page then stays without texts:
/// load it anew, past the cache.
#[cfg(target_arch = "wasm32")]
pub fn install(locale: Locale, texts: Vec<String>) -> Result<(), InstallError> {
    INSTALLED.install(locale, texts)
}

/// The language of the installed texts.
#[cfg(target_arch = "wasm32")]
pub fn installed() -> Option<Locale> {
    INSTALLED.locale()
}

#[cfg(target_arch = "wasm32")]
pub(crate) fn entry(index: usize) -> &'static str {
    INSTALLED.entry(index)
}

#[cfg(test)]
mod tests {
    use super::{COUNT, InstallError, Installed};
    use crate::Locale;

    fn texts() -> Vec<String> {
        (0..COUNT).map(|index| format!("text {index}")).collect()
    }

    #[test]
    fn texts_are_found_by_number_once_installed() {
        let installed = Installed::new();
        assert_eq!(installed.install(Locale::Ko, texts()), Ok(()));
        assert_eq!(installed.locale(), Some(Locale::Ko));
        assert_eq!(installed.entry(0), "text 0");
        assert_eq!(installed.entry(COUNT - 1), format!("text {}", COUNT - 1));
    }

    #[test]
    fn without_an_installation_texts_are_empty() {
        let installed = Installed::new();
        assert_eq!(installed.entry(0), "");
        assert_eq!(installed.locale(), None);
    }

    #[test]
    fn an_index_beyond_the_end_is_empty() {
        let installed = Installed::new();
        assert_eq!(installed.install(Locale::En, texts()), Ok(()));
        assert_eq!(installed.entry(COUNT), "");
    }

    #[test]
    fn the_first_installation_stays() {
        let installed = Installed::new();
        assert_eq!(installed.install(Locale::Ko, texts()), Ok(()));
        assert_eq!(
            installed.install(Locale::En, texts()),
            Err(InstallError::Twice)
        );
        assert_eq!(installed.locale(), Some(Locale::Ko));
    }

    #[test]
    fn a_bundle_of_another_build_is_refused() {
        let installed = Installed::new();
        let refused = installed.install(Locale::En, vec!["Send".to_owned()]);
        let (expected, found) = (COUNT, 1);
        assert_eq!(refused, Err(InstallError::Foreign { expected, found }));
        assert_eq!(installed.entry(0), "");
    }
}
