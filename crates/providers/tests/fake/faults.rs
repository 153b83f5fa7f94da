//! Bad days: every way in which a provider can fail.

use std::time::Duration;

use domain::calls::Outcome;
use domain::connections::ProviderKind;
use fakes::{Dialect, Ending, ErrorKind, Fake, Fault, RetryAfter, Script};
use futures::StreamExt;
use outbound::{Outbound, Policy, Secret};
use providers::{Answer, Endpoint, Providers};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::house::{DIALECTS, House, KEY, ask, hear};

#[tokio::test]
async fn every_refusal_has_its_category() {
    let house = House::open().await;
    for (dialect, _, model) in DIALECTS {
        for (kind, expected) in [
            (ErrorKind::BadKey, Outcome::Auth),
            (ErrorKind::Forbidden, Outcome::Auth),
            (ErrorKind::NoMoney, Outcome::Quota),
            (ErrorKind::SpendLimit, Outcome::Quota),
            (ErrorKind::RateLimited, Outcome::RateLimited),
            (
                ErrorKind::RateLimitedDaily,
                if dialect == Dialect::Gemini {
                    Outcome::Quota
                } else {
                    Outcome::RateLimited
                },
            ),
            (ErrorKind::Ramp, Outcome::RateLimited),
            (ErrorKind::Overloaded, Outcome::Overloaded),
            (ErrorKind::Server, Outcome::Server),
            (ErrorKind::Timeout, Outcome::Server),
            (ErrorKind::ContextLength, Outcome::ContextLength),
            (
                ErrorKind::TooLarge,
                if dialect == Dialect::Anthropic {
                    Outcome::ContextLength
                } else {
                    Outcome::InvalidRequest
                },
            ),
            (ErrorKind::UnknownModel, Outcome::InvalidRequest),
            (ErrorKind::Invalid, Outcome::InvalidRequest),
        ] {
            for stream in [true, false] {
                house.fake.enqueue(dialect, Script::error(kind));
                let heard = house.hear(dialect, &ask(model, stream)).await;
                let failure = heard.failure.unwrap();
                assert_eq!(
                    failure.outcome, expected,
                    "{dialect:?} {kind:?}: {failure:?}"
                );
                assert!(
                    failure.status.is_some_and(|status| status >= 400),
                    "{dialect:?} {kind:?}"
                );
                assert!(
                    !failure.message.is_empty() && !failure.message.contains(&KEY[..12]),
                    "{failure:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn waits_are_read_from_headers_bodies_and_limits() {
    let house = House::open().await;
    let wait = async |dialect, model, script: Script| {
        house.fake.enqueue(dialect, script);
        house
            .hear(dialect, &ask(model, true))
            .await
            .failure
            .unwrap()
            .retry_after_ms
    };
    let limited = || Script::error(ErrorKind::RateLimited);
    for (dialect, _, model) in DIALECTS {
        assert_eq!(
            wait(
                dialect,
                model,
                limited().with_retry_after(RetryAfter::Seconds(7))
            )
            .await,
            Some(7_000)
        );
        assert_eq!(
            wait(
                dialect,
                model,
                limited().with_retry_after(RetryAfter::Fraction(0.25))
            )
            .await,
            Some(250)
        );
        assert_eq!(
            wait(
                dialect,
                model,
                limited().with_retry_after(RetryAfter::Millis(1234.0))
            )
            .await,
            Some(1_234)
        );
        let date = RetryAfter::HttpDate("Wed, 21 Oct 2026 07:28:09 GMT".into());
        let dated = limited()
            .with_retry_after(date)
            .with_header("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        assert_eq!(
            wait(dialect, model, dated).await,
            Some(9_000),
            "{dialect:?}"
        );
    }
    let daily = Script::error(ErrorKind::RateLimitedDaily);
    assert_eq!(
        wait(Dialect::OpenAi, "gpt-6-luna", daily).await,
        Some(432_000)
    );
    let in_body = limited().with_retry_after(RetryAfter::Absent);
    assert_eq!(
        wait(Dialect::Gemini, "gemini-3.8-flash", in_body).await,
        Some(1_500)
    );
}

#[tokio::test]
async fn a_stream_that_breaks_is_a_network_failure_and_keeps_what_came() {
    let house = House::open().await;
    for (dialect, _, model) in DIALECTS {
        for ending in [
            Ending::Truncate { after: 2 },
            Ending::Reset { after: 2 },
            Ending::NoFinish { after: 2 },
        ] {
            let script =
                Script::text_chunks(["one ", "two ", "three ", "four"]).with_ending(ending);
            house
                .fake
                .enqueue(dialect, script.with_chunk_delay(Duration::from_millis(5)));
            let heard = house.hear(dialect, &ask(model, true)).await;
            assert_eq!(
                heard.failure.unwrap().outcome,
                Outcome::Network,
                "{dialect:?} {ending:?}"
            );
            assert!(
                heard.text.starts_with("one two"),
                "{dialect:?} {ending:?}: {}",
                heard.text
            );
            assert_eq!(
                (heard.finish, heard.done),
                (None, 0),
                "{dialect:?} {ending:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_error_inside_a_stream_is_a_failure_also_as_the_first_frame() {
    let house = House::open().await;
    for (dialect, _, model) in DIALECTS {
        for (after, text) in [(0, ""), (2, "one two ")] {
            let script = Script::text_chunks(["one ", "two ", "three"]);
            let kind = ErrorKind::Overloaded;
            house
                .fake
                .enqueue(dialect, script.with_ending(Ending::Error { after, kind }));
            let heard = house.hear(dialect, &ask(model, true)).await;
            assert_eq!(
                heard.failure.unwrap().outcome,
                Outcome::Overloaded,
                "{dialect:?} {after}"
            );
            assert_eq!(heard.text, text, "{dialect:?} {after}");
        }
    }
}

#[tokio::test]
async fn a_good_status_does_not_make_an_answer() {
    let house = House::open().await;
    for (dialect, _, model) in DIALECTS {
        for stream in [true, false] {
            for (fault, expected) in [
                (Fault::JsonError(ErrorKind::Server), Outcome::Server),
                (Fault::JsonError(ErrorKind::Overloaded), Outcome::Overloaded),
                (Fault::Garbage, Outcome::Server),
                (Fault::EmptyBody, Outcome::Network),
                (Fault::Html, Outcome::Server),
                (Fault::Redirect, Outcome::Server),
            ] {
                house.fake.enqueue(dialect, Script::from(fault.clone()));
                let heard = house.hear(dialect, &ask(model, stream)).await;
                let failure = heard.failure.unwrap();
                assert_eq!(
                    failure.outcome, expected,
                    "{dialect:?} {stream} {fault:?}: {failure:?}"
                );
            }
        }
    }
    let strays = house
        .fake
        .requests()
        .into_iter()
        .filter(|asked| asked.dialect.is_none());
    assert_eq!(strays.count(), 0, "no redirect was followed");
}

#[tokio::test]
async fn a_stream_that_stops_talking_runs_into_the_idle_limit() {
    let fake = Fake::start().await.unwrap();
    let house = House::with_fake(fake, Duration::from_millis(150));
    for (dialect, _, model) in DIALECTS {
        house.fake.enqueue(
            dialect,
            Script::text("one two three four").with_ending(Ending::Hang { after: 2 }),
        );
        let heard = house.hear(dialect, &ask(model, true)).await;
        assert_eq!(
            heard.failure.unwrap().outcome,
            Outcome::Network,
            "{dialect:?}"
        );
        assert!(!heard.text.is_empty(), "{dialect:?}");
    }
}

#[tokio::test]
async fn a_whole_answer_without_end_is_cut() {
    // By hand, because the fake takes its time.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut server = JoinSet::new();
    server.spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _length = stream.read(&mut [0; 4096]).await.unwrap();
        let head =
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let blanks = vec![b' '; 65_536];
        while stream.write_all(&blanks).await.is_ok() {}
    });
    let outbound = Outbound::new(Policy::default()).unwrap();
    outbound.allow("127.0.0.1", port).unwrap();
    let endpoint = Endpoint {
        kind: ProviderKind::OpenAi,
        base_url: format!("http://127.0.0.1:{port}/v1"),
        key: Secret::new(KEY),
    };
    let heard = hear(
        Providers::new(outbound)
            .chat(&endpoint, &ask("m", false))
            .await,
    )
    .await;
    let failure = heard.failure.unwrap();
    assert_eq!(failure.outcome, Outcome::Server, "{failure:?}");
}

#[tokio::test]
async fn dropping_a_stream_hangs_up_at_once() {
    let house = House::open().await;
    for (left, (dialect, _, model)) in DIALECTS.into_iter().enumerate() {
        house.fake.enqueue(
            dialect,
            Script::ending(Ending::Endless).with_chunk_delay(Duration::from_millis(2)),
        );
        let answer = house
            .providers
            .chat(&house.endpoint(dialect), &ask(model, true))
            .await
            .unwrap();
        let Answer::Stream(mut frames) = answer else {
            panic!("{dialect:?}")
        };
        for _ in 0..5 {
            assert!(frames.next().await.unwrap().is_ok(), "{dialect:?}");
        }
        drop(frames);
        let hung_up = house.fake.wait_for_disconnects(left + 1);
        tokio::time::timeout(Duration::from_secs(1), hung_up)
            .await
            .expect("the provider sees it");
    }
}

#[tokio::test]
async fn dropping_the_question_hangs_up_at_once() {
    let house = House::open().await;
    house.fake.enqueue(Dialect::OpenAi, Fault::Silent);
    let endpoint = house.endpoint(Dialect::OpenAi);
    let request = ask("gpt-6-luna", true);
    let asked = house.providers.chat(&endpoint, &request);
    assert!(
        tokio::time::timeout(Duration::from_millis(100), asked)
            .await
            .is_err()
    );
    let hung_up = house.fake.wait_for_disconnects(1);
    tokio::time::timeout(Duration::from_secs(1), hung_up)
        .await
        .expect("the provider sees it");
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_is_a_network_failure() {
    let house = House::open().await;
    let at = |base_url: &str, key: &str| Endpoint {
        kind: ProviderKind::OpenAiCompatible,
        base_url: base_url.into(),
        key: Secret::new(key),
    };
    for (base_url, key) in [
        ("http://127.0.0.1:1/v1", "k"),
        ("https://127.0.0.1/v1", "k"),
        ("https://no-such-host.invalid/v1", "k"),
        ("http://example.com/v1", "k"),
        ("not a url", "k"),
        ("", "k"),
        (
            house.fake.url(Dialect::Compatible).as_str(),
            "with\nnewline",
        ),
    ] {
        let failure = house
            .providers
            .chat(&at(base_url, key), &ask("m", true))
            .await
            .err()
            .unwrap();
        assert_eq!(
            (failure.outcome, failure.status),
            (Outcome::Network, None),
            "{base_url}"
        );
    }
    assert_eq!(house.fake.requests().len(), 0);
}

#[tokio::test]
async fn a_model_id_cannot_lead_to_another_path() {
    let house = House::open().await;
    for model in ["../files", "x/../../y", "x?key=1", "x#y", "x:countTokens?"] {
        house.hear(Dialect::Gemini, &ask(model, true)).await;
        let asked = house.fake.requests().pop().unwrap();
        assert!(
            asked.path.starts_with("/gemini/v1beta/models/"),
            "{}",
            asked.path
        );
        assert!(
            asked.path.ends_with(":streamGenerateContent"),
            "{}",
            asked.path
        );
        assert_eq!(asked.query, "alt=sse");
    }
}

/// Answers every connection with this head, then with these bytes over and over until the other
/// side hangs up. By hand, because the fake takes its time.
async fn endless(content_type: &str, bytes: Vec<u8>) -> (JoinSet<()>, Endpoint, Providers) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\nconnection: close\r\n\r\n");
    let mut server = JoinSet::new();
    server.spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _length = stream.read(&mut [0; 4096]).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            while stream.write_all(&bytes).await.is_ok() {}
        }
    });
    let outbound = Outbound::new(Policy::default()).unwrap();
    outbound.allow("127.0.0.1", port).unwrap();
    let endpoint = Endpoint {
        kind: ProviderKind::OpenAiCompatible,
        base_url: format!("http://127.0.0.1:{port}/v1"),
        key: Secret::new(KEY),
    };
    (server, endpoint, Providers::new(outbound))
}

#[tokio::test]
async fn a_stream_without_end_is_cut() {
    let comment = format!(": {}\n\n", "x".repeat(1 << 20));
    let (_server, endpoint, providers) = endless("text/event-stream", comment.into_bytes()).await;
    let answer = providers.chat(&endpoint, &ask("m", true)).await.unwrap();
    let Answer::Stream(mut frames) = answer else {
        panic!("a stream")
    };
    let mut bytes = 0;
    let failure = loop {
        match frames.next().await.unwrap() {
            Ok(frame) => bytes += frame.raw.len(),
            Err(failure) => break failure,
        }
    };
    assert_eq!(failure.outcome, Outcome::Server, "{failure:?}");
    assert!(bytes <= 64 << 20, "{bytes}");
}

#[tokio::test]
async fn a_list_without_end_is_cut() {
    let (_server, endpoint, providers) = endless("application/json", vec![b' '; 65_536]).await;
    let failure = providers.models(&endpoint).await.unwrap_err();
    assert_eq!(failure.outcome, Outcome::Server, "{failure:?}");
}

#[tokio::test]
async fn a_list_of_any_length_gives_models_that_can_be_stored() {
    let house = House::open().await;
    let name = format!("a\u{0}{}", "x".repeat(300));
    let mut data: Vec<serde_json::Value> = (0..12_000)
        .map(|n| serde_json::json!({ "id": format!("model-{n:05}"), "name": name }))
        .collect();
    data.insert(0, serde_json::json!({ "id": "nul\u{0}" }));
    let body = serde_json::json!({ "data": data }).to_string();
    let list = Script::status(200, body).on(fakes::Endpoint::Models);
    house.fake.enqueue(Dialect::OpenAi, list);
    let models = house
        .providers
        .models(&house.endpoint(Dialect::OpenAi))
        .await
        .unwrap();
    assert_eq!(models.len(), 10_000);
    for model in models {
        let label = model.label.unwrap();
        assert!(label.chars().count() <= 200 && !label.contains('\0'));
        assert!(!model.id.contains('\0'));
    }
}

#[tokio::test]
async fn only_admins_learn_where_a_provider_lives() {
    let house = House::open().await;
    let endpoint = Endpoint {
        kind: ProviderKind::OpenAiCompatible,
        base_url: "https://ollama.invalid/v1".into(),
        key: Secret::new(KEY),
    };
    let asked = house.providers.chat(&endpoint, &ask("m", true)).await;
    let failure = asked.err().unwrap();
    assert!(!failure.message.contains("ollama"), "{}", failure.message);
    let failure = house.providers.models(&endpoint).await.unwrap_err();
    assert!(
        failure.message.contains("ollama.invalid"),
        "{}",
        failure.message
    );
}
