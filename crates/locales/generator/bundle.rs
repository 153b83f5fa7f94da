//! The JavaScript file that brings the texts of one locale to the browser.

/// One statement; the order of the texts is the index order of the functions.
pub(crate) fn javascript(texts: &[String]) -> String {
    let literals: Vec<String> = texts.iter().map(|text| literal(text)).collect();
    format!("globalThis.purserTexts=[{}];\n", literals.join(","))
}

/// FNV-1a, 64 bits: names a content, does not protect it.
pub(crate) fn fingerprint(content: &str) -> u64 {
    content.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A string literal that is JSON and JavaScript at once, and harmless inside `<script>` too.
fn literal(text: &str) -> String {
    let mut literal = String::from('"');
    for character in text.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            // `</script>` and `<!--` would end or change an inline script; the others end a line in old JavaScript.
            '<' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' | '\u{7f}' => {
                let escape = format!("\\u{:04x}", u32::from(character));
                literal.push_str(&escape);
            }
            _ => literal.push(character),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::{fingerprint, javascript};

    #[test]
    fn a_bundle_is_one_assignment() {
        let script = javascript(&["보내기".to_owned(), "Stop".to_owned()]);
        assert_eq!(script, "globalThis.purserTexts=[\"보내기\",\"Stop\"];\n");
    }

    #[test]
    fn nothing_in_a_text_can_leave_its_literal() {
        let hostile = "\"\\ </script> <!-- \u{2028}\u{2029} one\u{1f}other \u{7f}\n";
        let script = javascript(&[hostile.to_owned()]);
        assert_eq!(
            script,
            concat!(
                "globalThis.purserTexts=[\"",
                r#"\"\\ \u003c/script> \u003c!-- \u2028\u2029 one\u001fother \u007f\u000a"#,
                "\"];\n"
            )
        );
        let json = script
            .trim_start_matches("globalThis.purserTexts=")
            .trim_end_matches(";\n");
        let read: Vec<String> = serde_json::from_str(json).unwrap();
        assert_eq!(read, [hostile]);
    }

    #[test]
    fn the_fingerprint_is_fnv_1a() {
        assert_eq!(fingerprint(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint("foobar"), 0x8594_4171_f739_67e8);
    }
}
