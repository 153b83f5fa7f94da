use bytes::Bytes;
use domain::calls::{Outcome, ProviderFailure};
use domain::connections::ProviderKind;
use domain::{NanoUsd, Usage};
use outbound::Secret;

use super::{Decoder, Reader};
use crate::failure::{Failures, Readers};
use crate::sse::Parser;
use crate::stream::Decode;
use crate::{Event, Finish};

fn failures() -> Failures {
    Failures::new(
        ProviderKind::OpenAiCompatible,
        "https://example.com",
        &Secret::default(),
        Readers::Everyone,
    )
}

/// What a stream says up to its first failure, and whether it was complete.
fn read(stream: &str) -> (Vec<Event>, Option<ProviderFailure>, bool) {
    let mut parser = Parser::new();
    let mut decoder = Decoder::new(failures());
    parser.feed(Bytes::from(stream.to_owned()));
    let mut events = Vec::new();
    while let Some(event) = parser.next().unwrap().or_else(|| parser.finish()) {
        match decoder.decode(&event) {
            Ok(new) => events.extend(new),
            Err(failure) => return (events, Some(failure), decoder.complete()),
        }
    }
    (events, None, decoder.complete())
}

fn events(stream: &str) -> Vec<Event> {
    let (events, failure, _) = read(stream);
    assert_eq!(failure, None, "{stream}");
    events
}

fn whole(body: &str) -> Result<Vec<Event>, ProviderFailure> {
    let mut events = Vec::new();
    Reader::default()
        .read(body.as_bytes(), true, &failures(), &mut events)
        .map(|()| events)
}

fn text(text: &str) -> Event {
    Event::Text(text.to_owned())
}

fn call(index: u32, id: Option<&str>, name: Option<&str>, arguments: &str) -> Event {
    Event::ToolCall {
        index,
        id: id.map(str::to_owned),
        name: name.map(str::to_owned),
        arguments: arguments.to_owned(),
    }
}

#[test]
fn a_plain_stream() {
    let stream = r#"data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"x9Q"}

data: {"id":"c","choices":[{"index":0,"delta":{"content":"H\u00e9\n"},"finish_reason":null}],"usage":null}

data: {"id":"c","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}

data: {"id":"c","choices":[],"usage":{"prompt_tokens":31,"completion_tokens":12,"total_tokens":43}}

data: [DONE]

"#;
    let usage = Usage {
        input: Some(31),
        output: Some(12),
        ..Usage::default()
    };
    assert_eq!(
        events(stream),
        [
            text("Hé\n"),
            Event::Finish(Finish::Stop),
            Event::Usage(usage),
            Event::Done
        ]
    );
}

#[test]
fn tool_calls_go_by_index_and_ignore_empty_ids() {
    let stream = r#"data: {"choices":[{"delta":{"content":null,"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]},"index":0}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"","type":"function","function":{"name":"","arguments":"{\"q\""}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"}"}}]},"finish_reason":"tool_calls"}]}

"#;
    assert_eq!(
        events(stream),
        [
            call(0, Some("a"), Some("f"), ""),
            call(1, Some("b"), Some("g"), "{"),
            call(0, None, None, "{\"q\""),
            call(1, None, None, "}"),
            Event::Finish(Finish::ToolCalls),
        ]
    );
}

#[test]
fn tool_calls_without_an_index_are_told_apart_by_id() {
    let stream = r#"data: {"choices":[{"index":0,"delta":{"content":"","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"g","arguments":{"x":1}}}]},"finish_reason":"tool_calls"}]}

"#;
    assert_eq!(
        events(stream),
        [
            call(0, Some("a"), Some("f"), "{}"),
            call(1, Some("b"), Some("g"), "{\"x\":1}"),
            Event::Finish(Finish::ToolCalls),
        ]
    );
}

#[test]
fn reasoning_comes_under_several_names() {
    for delta in [
        r#"{"content":null,"reasoning_content":"We"}"#,
        r#"{"content":"","reasoning":"We"}"#,
        r#"{"reasoning_content":null,"reasoning":"We"}"#,
        r#"{"reasoning_content":"We","reasoning":"We"}"#,
        r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"W"},{"type":"text","text":"e"}]}]}"#,
    ] {
        let stream = format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{delta}}}]}}\n\n");
        assert_eq!(events(&stream), [Event::Reasoning("We".into())], "{delta}");
    }
    let stream = r#"data: {"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"a"},{"type":"reference","reference_ids":[1]}]}}]}"#;
    assert_eq!(events(stream), [text("a")]);
}

#[test]
fn usage_is_found_on_top_or_in_x_groq_and_counted_once() {
    let usage = Usage {
        input: Some(33),
        output: Some(80),
        reasoning: Some(44),
        ..Usage::default()
    };
    let counts = r#"{"prompt_tokens":33,"completion_tokens":80,"completion_tokens_details":{"reasoning_tokens":44}}"#;
    for chunk in [
        format!(r#"{{"choices":[],"usage":{counts}}}"#),
        format!(r#"{{"choices":[],"x_groq":{{"id":"r","usage":{counts}}}}}"#),
        format!(r#"{{"choices":[],"x_groq":{{"id":"r","usage":{counts}}},"usage":{counts}}}"#),
    ] {
        assert_eq!(
            events(&format!("data: {chunk}\n\n")),
            [Event::Usage(usage)],
            "{chunk}"
        );
    }
}

#[test]
fn errors_are_failures_wherever_they_stand() {
    for (stream, outcome) in [
        (
            r#"data: {"error":{"message":"m","type":"overloaded_error"}}"#,
            Outcome::Overloaded,
        ),
        (
            r#"data: {"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502,"message":"Provider disconnected"}}"#,
            Outcome::Server,
        ),
        (
            r#"data: {"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#,
            Outcome::Server,
        ),
        (
            "event: error\ndata: {\"message\":\"m\",\"code\":\"rate_limit_exceeded\"}",
            Outcome::RateLimited,
        ),
        (
            r#"data: {"x_groq":{"id":"r","error":"stopped"},"choices":[]}"#,
            Outcome::Server,
        ),
        (
            r#"data: {"code":"Throttling","message":"slow down","request_id":"r"}"#,
            Outcome::RateLimited,
        ),
        (r#"data: {"detail":"Unauthorized"}"#, Outcome::Server),
        (
            "{\n \"error\": {\n  \"code\": 503,\n  \"message\": \"m\"\n }\n}\n",
            Outcome::Overloaded,
        ),
        (
            r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"insufficient_system_resource"}]}"#,
            Outcome::Overloaded,
        ),
        ("data: {\"choices\":[{\"ind", Outcome::Server),
    ] {
        let (_, failure, _) = read(stream);
        assert_eq!(
            failure.map(|failure| failure.outcome),
            Some(outcome),
            "{stream}"
        );
    }
    assert_eq!(
        events(r#"data: {"choices":[{"index":0,"delta":{"content":"a"}}],"error":null}"#),
        [text("a")]
    );
}

#[test]
fn other_choices_are_counted_and_not_read() {
    let stream = r#"data: {"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"bcd"},"finish_reason":"length"}]}

data: {"choices":[{"index":2,"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"ab","arguments":"{}"}}]}}]}

"#;
    let (events, _, complete) = read(stream);
    assert_eq!(
        events,
        [
            text("a"),
            Event::Other { bytes: 3 },
            Event::Other { bytes: 4 }
        ]
    );
    assert!(!complete, "only the first choice ends the reply");
}

#[test]
fn unknown_shapes_are_let_through_but_not_free() {
    let (events, failure, _) = read(r#"data: {"choices":{"new":"shape"}}"#);
    assert_eq!(failure, None);
    assert!(
        matches!(events[..], [Event::Other { bytes }] if bytes > 20),
        "{events:?}"
    );
}

#[test]
fn perplexity_repeats_itself_and_is_read_once() {
    let stream = r#"data: {"object":"chat.completion.chunk","usage":{"prompt_tokens":22,"completion_tokens":1,"cost":{"total_cost":0}},"citations":["https://a"],"search_results":[{"title":"A","url":"https://a"}],"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"delta":{"role":"assistant","content":"Hi"}}]}

data: {"object":"chat.completion.done","usage":{"prompt_tokens":22,"completion_tokens":2,"cost":{"total_cost":0.005232}},"citations":["https://a","https://b"],"search_results":[{"title":"A","url":"https://a"},{"title":"B","url":"https://b"}],"choices":[{"index":0,"message":{"content":"Hi!"},"delta":{"content":"!"},"finish_reason":"stop"}]}

"#;
    let usage = |output| {
        Event::Usage(Usage {
            input: Some(22),
            output: Some(output),
            ..Usage::default()
        })
    };
    let source = |url: &str, title: &str| Event::Citation {
        url: url.into(),
        title: Some(title.into()),
    };
    assert_eq!(
        events(stream),
        [
            text("Hi"),
            source("https://a", "A"),
            usage(1),
            Event::Cost(NanoUsd(0)),
            text("!"),
            source("https://b", "B"),
            usage(2),
            Event::Cost(NanoUsd(5_232_000)),
            Event::Finish(Finish::Stop),
        ]
    );
}

#[test]
fn a_stream_is_complete_behind_a_finish_reason_or_the_terminator() {
    assert!(!read(r#"data: {"choices":[{"index":0,"delta":{"content":"a"}}]}"#).2);
    assert!(read(r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#).2);
    assert!(read("data: [DONE] and more").2);
    assert!(!read(r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":""}]}"#).2);
}

#[test]
fn whole_answers_say_the_same() {
    let body = r#"

{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning_content":"Hm","refusal":null,
"annotations":[{"type":"url_citation","url_citation":{"url":"https://a","title":"A","start_index":0}}],
"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"},
{"index":1,"message":{"content":"abc"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"cost":"0.5"}}"#;
    let usage = Usage {
        input: Some(1),
        output: Some(2),
        ..Usage::default()
    };
    assert_eq!(
        whole(body).unwrap(),
        [
            Event::Reasoning("Hm".into()),
            text("Hi"),
            call(0, Some("a"), Some("f"), "{}"),
            Event::Citation {
                url: "https://a".into(),
                title: Some("A".into())
            },
            Event::Other { bytes: 3 },
            Event::Usage(usage),
            Event::Cost(NanoUsd(500_000_000)),
            Event::Finish(Finish::ToolCalls),
        ]
    );
    let failed = whole(r#"{"code":"InvalidApiKey","message":"m","request_id":"r"}"#);
    assert_eq!(failed.unwrap_err().outcome, Outcome::Auth);
    assert_eq!(whole("<html>").unwrap_err().outcome, Outcome::Server);
}

#[test]
fn tool_calls_without_end_are_a_failure() {
    let chunk = |index: u32| {
        format!(
            "data: {{\"choices\":[{{\"delta\":{{\"tool_calls\":[{{\"index\":{index},\"id\":\"c{index}\"}}]}}}}]}}\n\n"
        )
    };
    let stream = |count: u32| -> String { (0..count).map(chunk).collect() };
    let (events, failure, _) = read(&stream(128));
    assert_eq!((events.len(), failure), (128, None));
    let (events, failure, complete) = read(&stream(10_000));
    assert_eq!((events.len(), complete), (128, false));
    assert_eq!(failure.unwrap().outcome, Outcome::Server);
    // Pieces of calls that are known go on coming.
    let again = format!("{}{}", stream(128), stream(128));
    assert_eq!(read(&again).0.len(), 256);
    let body = |count: u32| {
        let calls: Vec<String> = (0..count).map(|n| format!(r#"{{"id":"c{n}"}}"#)).collect();
        let calls = calls.join(",");
        format!(r#"{{"choices":[{{"message":{{"tool_calls":[{calls}]}}}}]}}"#)
    };
    assert_eq!(whole(&body(128)).unwrap().len(), 128);
    assert_eq!(whole(&body(129)).unwrap_err().outcome, Outcome::Server);
}

#[test]
fn the_last_index_there_is_does_not_overflow() {
    let stream = r#"data: {"choices":[{"delta":{"tool_calls":[{"index":4294967295,"id":"a"},{"id":"b"}]}}]}

"#;
    let (events, failure, _) = read(stream);
    assert_eq!(failure, None);
    assert_eq!(events[0], call(u32::MAX, Some("a"), None, ""));
}

#[test]
fn lists_without_end_are_not_built() {
    let endless = |entry: &str| vec![entry; 200_000].join(",");
    for body in [
        format!(r#"{{"choices":[{}]}}"#, endless("{}")),
        format!(
            r#"{{"choices":[{{"message":{{"tool_calls":[{}]}}}}]}}"#,
            endless("{}")
        ),
    ] {
        assert!(matches!(whole(&body), Ok(events) if events.is_empty()) || whole(&body).is_err());
        // In a stream it is JSON of another shape: counted, and let through.
        let (events, failure, _) = read(&format!("data: {body}\n\n"));
        assert!(failure.is_none() && events.len() <= 1, "{failure:?}");
    }
}
