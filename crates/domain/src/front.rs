//! What the house says of itself to whoever is not signed in.

use serde::{Deserialize, Serialize};

use crate::AppError;
use crate::people::{Fault, parse_name};

/// Longest name of a house, in characters.
pub const NAME_MOST: usize = 60;
/// Longest text of a house, in characters.
pub const TEXT_MOST: usize = 600;

/// The front page as the house has set it. A house that never did keeps to itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FrontPage {
    /// Whether it is shown.
    pub shown: bool,
    /// What the house is called; empty for Purser's own name.
    pub name: String,
    /// A few words, plain, a paragraph a line; may be empty.
    pub text: String,
}

impl FrontPage {
    /// Trims and checks what was entered.
    ///
    /// # Errors
    /// `Invalid` for `house_name` or `house_text`: too long, or with control characters. In the text a
    /// new line is none.
    pub fn checked(self) -> Result<Self, AppError> {
        let name = match parse_name(&self.name, NAME_MOST) {
            Ok(name) => name,
            Err(Fault::Empty) => String::new(),
            Err(fault) => return Err(AppError::invalid("house_name", fault)),
        };
        // Forms send two characters for a new line.
        let text = self.text.replace("\r\n", "\n").trim().to_owned();
        if text.chars().count() > TEXT_MOST {
            return Err(AppError::invalid("house_text", Fault::TooLong));
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(AppError::invalid("house_text", Fault::Malformed));
        }
        Ok(Self {
            shown: self.shown,
            name,
            text,
        })
    }

    /// The paragraphs of the text.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(name: &str, text: &str) -> FrontPage {
        FrontPage {
            shown: true,
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn what_was_entered_is_trimmed_and_its_lines_are_paragraphs() {
        let page = entered("  The Lee house ", "\r\nFor all of us.\r\n \r\nBe kind.\n");
        let page = page.checked().unwrap();
        assert_eq!(page.name, "The Lee house");
        let paragraphs: Vec<_> = page.paragraphs().collect();
        assert_eq!(paragraphs, ["For all of us.", "Be kind."]);
        assert_eq!(entered(" ", "").checked().unwrap(), entered("", ""));
    }

    #[test]
    fn what_no_page_should_show_is_refused_by_the_field_it_stands_in() {
        for (name, text, field) in [
            ("a\u{0}b", "", "house_name"),
            ("a\nb", "", "house_name"),
            (&"n".repeat(NAME_MOST + 1), "", "house_name"),
            ("", "a\u{1b}[2Jb", "house_text"),
            ("", "a\u{85}b", "house_text"),
            ("", &"t".repeat(TEXT_MOST + 1), "house_text"),
        ] {
            let refused = entered(name, text).checked().unwrap_err();
            assert!(
                matches!(&refused, AppError::Invalid { field: at, .. } if at == field),
                "{refused:?}"
            );
        }
        let longest = entered(&"집".repeat(NAME_MOST), &"글".repeat(TEXT_MOST));
        assert!(longest.checked().is_ok());
    }
}
