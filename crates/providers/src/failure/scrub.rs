//! Foreign words made safe to store and show.

/// Most characters of a message.
const LONGEST: usize = 500;
/// What stands in the place of a key.
const MASK: &str = "[key]";
/// How keys of known providers begin.
const PREFIXES: [&str; 7] = ["sk-", "AIza", "gsk_", "xai-", "pplx-", "hf_", "Bearer "];

/// One line without control characters, keys or excess length. The key in use goes first, then
/// whatever looks like one, since providers like to quote a part of it.
pub(super) fn message(text: &str, key: &str) -> String {
    let text = if key.len() >= 4 {
        text.replace(key, MASK)
    } else {
        text.to_owned()
    };
    let mut clean = String::with_capacity(text.len().min(4 * LONGEST));
    let mut rest = text.as_str();
    let mut after_word = false;
    while let Some(first) = rest.chars().next() {
        let prefix = PREFIXES
            .iter()
            .find(|prefix| !after_word && rest.starts_with(**prefix));
        if let Some(prefix) = prefix {
            let tail = &rest[prefix.len()..];
            let length = tail
                .find(|c: char| !is_key_character(c))
                .unwrap_or(tail.len());
            if length >= 6 {
                clean.push_str(MASK);
                rest = &tail[length..];
                continue;
            }
        }
        after_word = first.is_alphanumeric();
        let blank = first.is_whitespace() || first.is_control();
        if !blank {
            clean.push(first);
        } else if !clean.is_empty() && !clean.ends_with(' ') {
            clean.push(' ');
        }
        rest = &rest[first.len_utf8()..];
    }
    let mut shown = clean.trim_end();
    if let Some((end, _)) = shown.char_indices().nth(LONGEST) {
        shown = &shown[..end];
    }
    shown.to_owned()
}

fn is_key_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*' | '.' | '…')
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn keys_do_not_get_through() {
        let key = "my-very-own-key";
        assert_eq!(message("bad my-very-own-key!", key), "bad [key]!");
        assert_eq!(
            message("Incorrect API key: sk-abc****wxyz. See", ""),
            "Incorrect API key: [key] See"
        );
        assert_eq!(message("Bearer abcdefgh12345 refused", ""), "[key] refused");
        assert_eq!(
            message("ask-about the task-force", ""),
            "ask-about the task-force"
        );
    }

    #[test]
    fn a_key_at_the_cut_is_gone_before_the_cut() {
        let text = format!("{}sk-ant-secretsecret", "x ".repeat(247));
        assert!(!message(&text, "sk-ant-secretsecret").contains("sk-"));
    }

    #[test]
    fn messages_are_one_short_line() {
        assert_eq!(message("  a\r\n\tb\u{0} c ", ""), "a b c");
        assert_eq!(message(&"é".repeat(600), "").chars().count(), 500);
        assert_eq!(message("", "key"), "");
    }
}
