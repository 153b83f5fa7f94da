//! Looking around in code, byte by byte. Every byte of a character beyond ASCII counts as part of a word, so
//! that what is cut here is cut between characters.

/// Whether a byte can be inside a word of any language.
pub(super) fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether a word can begin with it.
pub(super) fn begins_word(byte: u8) -> bool {
    in_word(byte) && !byte.is_ascii_digit()
}

/// First place from `at` on, at most `end`, whose byte is not `wanted`.
pub(super) fn skip(code: &[u8], at: usize, end: usize, wanted: impl Fn(u8) -> bool) -> usize {
    let rest = code.get(at..end).unwrap_or_default();
    let length = rest.iter().position(|&byte| !wanted(byte));
    length.map_or(end, |length| at + length)
}

/// Place of the line's end, before its `\n`.
pub(super) fn line_end(code: &[u8], at: usize, end: usize) -> usize {
    skip(code, at, end, |byte| byte != b'\n')
}

/// Place behind the next `wanted`, or `end` where there is none.
pub(super) fn behind(code: &[u8], at: usize, end: usize, wanted: &str) -> usize {
    find(code, at, end, wanted).map_or(end, |at| at + wanted.len())
}

/// Place of the next `wanted`.
pub(super) fn find(code: &[u8], at: usize, end: usize, wanted: &str) -> Option<usize> {
    let rest = code.get(at..end)?;
    let mut windows = rest.windows(wanted.len().max(1));
    windows
        .position(|window| window == wanted.as_bytes())
        .map(|found| at + found)
}

/// Whether `wanted` stands here.
pub(super) fn is_at(code: &[u8], at: usize, wanted: &str) -> bool {
    code.get(at..)
        .is_some_and(|rest| rest.starts_with(wanted.as_bytes()))
}

/// The same, whatever the letters' case.
pub(super) fn is_at_any_case(code: &[u8], at: usize, wanted: &str) -> bool {
    code.get(at..at + wanted.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(wanted.as_bytes()))
}

/// The byte here, `\n` where the code has ended.
pub(super) fn byte(code: &[u8], at: usize) -> u8 {
    code.get(at).copied().unwrap_or(b'\n')
}

/// The byte before, `\n` at the start.
pub(super) fn before(code: &[u8], at: usize) -> u8 {
    at.checked_sub(1).map_or(b'\n', |at| byte(code, at))
}

/// The next byte that is no blank, on this line or a later one.
pub(super) fn next_visible(code: &[u8], at: usize, end: usize) -> u8 {
    byte(
        code,
        skip(code, at, end, |byte| byte == b' ' || byte == b'\t'),
    )
}
