use bytes::Bytes;

use super::{LONGEST_EVENT, Parser, TooLong};

/// Everything a stream may look like at once.
const FIXTURE: &str = "\u{feff}: hello\n\
    data: {\"text\":\"é🦀\"}\n\
    \n\
    event: message\r\n\
    id: 7\r\n\
    data:no space\r\n\
    \r\n\
    : keep-alive\n\
    \n\
    data: first line\rdata:  second line\r\r\
    retry: 3000\n\
    x-unknown: 1\n\
    data\n\
    data: after an empty line\n\
    \n\
    event: error\n\
    data: {}\n\
    \n\
    {\n  \"error\": {\n    \"message\": \"a } in a \\\" string\"\n  }\n}\n\
    \n\
    data: [DONE]";

/// Type and data of every event of [`FIXTURE`] that has data.
const MEANT: [(&str, &str); 7] = [
    ("", "{\"text\":\"é🦀\"}"),
    ("message", "no space"),
    ("", "first line\n second line"),
    ("", "\nafter an empty line"),
    ("error", "{}"),
    (
        "",
        "{\n  \"error\": {\n    \"message\": \"a } in a \\\" string\"\n  }\n}",
    ),
    ("", "[DONE]"),
];

/// Type and data of what the pieces hold, and the raw bytes of everything.
fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<(String, String)>, Vec<u8>) {
    let mut parser = Parser::new();
    let mut events = Vec::new();
    for piece in pieces {
        parser.feed(Bytes::copy_from_slice(piece));
        while let Some(event) = parser.next().unwrap() {
            events.push(event);
        }
    }
    events.extend(parser.finish());
    let raw = events.iter().flat_map(|event| event.raw.to_vec()).collect();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let meant = events
        .iter()
        .filter_map(|event| {
            Some((
                text(event.name()),
                text(event.data()?).trim_end().to_owned(),
            ))
        })
        .collect();
    (meant, raw)
}

fn check<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, about: &str) {
    let (events, raw) = read(pieces);
    let events: Vec<(&str, &str)> = events
        .iter()
        .map(|(name, data)| (name.as_str(), data.as_str()))
        .collect();
    assert_eq!(events, MEANT, "{about}");
    // The blank line that the stream leaves out at its end is added.
    assert_eq!(raw, format!("{FIXTURE}\n\n").into_bytes(), "{about}");
}

#[test]
fn every_split_in_two_means_the_same() {
    let bytes = FIXTURE.as_bytes();
    for at in 0..=bytes.len() {
        check([&bytes[..at], &bytes[at..]], &format!("split at {at}"));
    }
}

#[test]
fn every_split_in_three_around_a_short_middle_means_the_same() {
    let bytes = FIXTURE.as_bytes();
    for at in 0..bytes.len() - 2 {
        check(
            [&bytes[..at], &bytes[at..at + 2], &bytes[at + 2..]],
            &format!("split at {at}"),
        );
    }
}

#[test]
fn single_bytes_and_all_sizes_mean_the_same() {
    for size in 1..40 {
        check(
            FIXTURE.as_bytes().chunks(size),
            &format!("pieces of {size}"),
        );
    }
}

#[test]
fn every_way_to_end_a_line_means_the_same() {
    for newline in ["\n", "\r\n", "\r"] {
        let text = "event: a\ndata: 1\n\ndata: 2\n\n".replace('\n', newline);
        for at in 0..=text.len() {
            let (events, raw) = read([&text.as_bytes()[..at], &text.as_bytes()[at..]]);
            let expected = [
                ("a".to_owned(), "1".to_owned()),
                (String::new(), "2".to_owned()),
            ];
            assert_eq!(events, expected, "{newline:?} at {at}");
            // A line feed that comes alone behind everything else belongs to nothing.
            let lone = newline == "\r\n" && at + 1 == text.len();
            assert_eq!(
                raw,
                text.as_bytes()[..text.len() - usize::from(lone)],
                "{newline:?} at {at}"
            );
        }
    }
}

#[test]
fn data_without_a_last_blank_line_counts() {
    for (text, raw) in [
        ("data: x", "data: x\n\n"),
        ("data: x\n", "data: x\n\n"),
        ("data: x\n\n", "data: x\n\n"),
    ] {
        let (events, all) = read([text.as_bytes()]);
        assert_eq!(events, [(String::new(), "x".to_owned())], "{text:?}");
        assert_eq!(all, raw.as_bytes(), "{text:?}");
    }
    assert_eq!(read([b": only a comment".as_slice()]).0, []);
    assert_eq!(read([b"event: named".as_slice()]).0, []);
}

#[test]
fn comments_are_kept_for_the_reader_behind() {
    let mut parser = Parser::new();
    parser.feed(Bytes::from_static(
        b": OPENROUTER PROCESSING\n\ndata: x\n\n",
    ));
    let comment = parser.next().unwrap().unwrap();
    assert_eq!(
        (comment.raw.as_ref(), comment.data()),
        (b": OPENROUTER PROCESSING\n\n".as_slice(), None)
    );
    assert_eq!(
        parser.next().unwrap().unwrap().data(),
        Some(b"x".as_slice())
    );
    assert!(parser.next().unwrap().is_none());
}

#[test]
fn json_outside_of_fields_is_an_event_once_its_brackets_close() {
    let mut parser = Parser::new();
    parser.feed(Bytes::from_static(
        b"data: 1\n\n[{\n\"error\":\n{\"code\": 500}\n}\n]\n",
    ));
    assert_eq!(
        parser.next().unwrap().unwrap().data(),
        Some(b"1".as_slice())
    );
    let stray = parser.next().unwrap().unwrap();
    let value: serde_json::Value = serde_json::from_slice(stray.data().unwrap()).unwrap();
    assert_eq!(value[0]["error"]["code"], 500);
}

#[test]
fn whole_events_in_one_piece_are_not_copied() {
    let piece = Bytes::from_static(b"data: one\n\ndata: two\n\n");
    let mut parser = Parser::new();
    parser.feed(piece.clone());
    let (one, two) = (
        parser.next().unwrap().unwrap(),
        parser.next().unwrap().unwrap(),
    );
    assert_eq!(one.raw.as_ptr(), piece.as_ptr());
    assert_eq!(two.raw.as_ptr(), piece[11..].as_ptr());
}

#[test]
fn an_event_has_a_largest_size() {
    let mut parser = Parser::new();
    parser.feed(Bytes::from(vec![b'x'; LONGEST_EVENT]));
    assert!(parser.next().unwrap().is_none());
    parser.feed(Bytes::from_static(b"x"));
    assert_eq!(parser.next().err(), Some(TooLong));
}

#[test]
fn bytes_that_are_no_stream_are_no_events() {
    let (events, _) = read([b"\xff\xfe\x00garbage\n\n\r\r<html>\n\n".as_slice()]);
    assert_eq!(events, []);
}
