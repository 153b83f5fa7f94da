//! Texts with `{placeholders}`.

use super::source::is_name;

/// The placeholder that carries the number of a plural.
pub(crate) const COUNT: &str = "count";

enum Piece<'a> {
    Words(&'a str),
    Place(&'a str),
}

/// Cuts a text at its placeholders; `None` when a brace belongs to none.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}')?;
        if words.contains('}') || !is_name(name) {
            return None;
        }
        found.push(Piece::Words(words));
        found.push(Piece::Place(name));
        rest = tail;
    }
    if rest.contains('}') {
        return None;
    }
    found.push(Piece::Words(rest));
    Some(found)
}

/// The placeholders in order of first appearance; `None` when a brace belongs to none.
pub(crate) fn placeholders(text: &str) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for piece in pieces(text)? {
        if let Piece::Place(name) = piece
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    Some(names)
}

/// The form kept in tables: `{count}` becomes `{#}`, any other placeholder its number in `names`.
pub(crate) fn numbered(text: &str, names: &[String]) -> String {
    let pieces = pieces(text).unwrap_or_default().into_iter();
    let parts = pieces.map(|piece| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Place(COUNT) => "{#}".to_owned(),
        Piece::Place(name) => {
            let number = names.iter().position(|known| known == name);
            number.map_or_else(String::new, |number| format!("{{{number}}}"))
        }
    });
    parts.collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::{numbered, placeholders};

    #[test]
    fn placeholders_come_in_order_of_first_appearance() {
        let found = placeholders("{used} of {total}, {used} again").unwrap();
        assert_eq!(found, ["used", "total"]);
    }

    #[test]
    fn a_brace_without_a_partner_is_seen() {
        for text in ["{open", "close}", "a } b {c}", "{}", "{Two Words}", "{{a}}"] {
            assert_eq!(placeholders(text), None, "{text}");
        }
    }

    #[test]
    fn a_translation_may_turn_the_order_around() {
        let names = ["used".to_owned(), "total".to_owned()];
        assert_eq!(
            numbered("{total} 중 {used}, {count}회", &names),
            "{1} 중 {0}, {#}회"
        );
    }
}
