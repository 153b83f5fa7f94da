//! Markdown as one line of plain words.

use comrak::Arena;

use super::{source, tree};

/// Bytes of source looked at for each character wanted: room for markup, addresses and blanks.
const SOURCE_PER_CHAR: usize = 32;

/// The first words of a text without its markup, on one line of at most `most` characters.
///
/// Cut at the end of a word, without dots. A text that does not break for more than half the length (one long
/// word, or a script without blanks) is cut inside. Control and direction characters are left out.
pub fn plain(text: &str, most: usize) -> String {
    let limit = most.saturating_mul(SOURCE_PER_CHAR);
    let head = text.get(..text.floor_char_boundary(limit)).unwrap_or(text);
    let arena = Arena::new();
    let root = source::parse(&arena, &source::cleaned(head));
    let mut line = String::new();
    for word in tree::words(root).split(|char: char| char.is_whitespace() || char.is_control()) {
        let visible: String = word
            .chars()
            .filter(|&char| !turns_direction(char))
            .collect();
        if visible.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&visible);
    }
    cut(&line, most)
}

fn cut(line: &str, most: usize) -> String {
    let Some((end, next)) = line.char_indices().nth(most) else {
        return line.to_owned();
    };
    let head = &line[..end];
    let border = if next == ' ' {
        Some(end)
    } else {
        head.rfind(' ')
    };
    let whole_words = border.map_or("", |at| &head[..at]);
    let is_long_enough = whole_words.chars().count() * 2 >= most;
    (if is_long_enough { whole_words } else { head })
        .trim_end()
        .to_owned()
}

/// Whether a character changes the direction of text around it. In a title it would turn the whole list.
fn turns_direction(char: char) -> bool {
    matches!(char, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
