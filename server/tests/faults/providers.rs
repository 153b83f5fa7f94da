//! Every fault of a provider, through the gateway whole and streamed, and through a chat.

use std::time::Duration;

use domain::calls::{CallState, Outcome};
use domain::connections::ProviderKind;
use domain::messages::MessageState;
use domain::notice::Notice;
use fakes::{
    Dialect, Ending, ErrorKind, Fake, Fault, RetryAfter, Scenario, Script, Usage, UsagePlace,
};
use serde_json::{Value, json};
use store::calls::{Call, CallFilter};
use testkit::{Database, Key, Person, TestApp};

use crate::caller::MODEL;
use crate::load::shown;
use crate::plan;
use crate::proxy::Proxy;
use crate::table::on_both;

/// What a caller meets: an answer, or a code; of a stream that had begun, as its last event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meets {
    Answer,
    Refusal(u16, &'static str),
    BrokenOff(&'static str),
}
use Meets::{Answer, BrokenOff, Refusal};

const UNREACHABLE: &str = "provider_unreachable";
const FAILED: &str = "provider_failed";
const OVERLOADED: &str = "provider_overloaded";
const LIMITED: &str = "provider_rate_limited";

/// Name, script, what a whole answer meets, what a stream meets.
fn faults() -> Vec<(&'static str, Script, Meets, Meets)> {
    let scenario = |scenario: Scenario| (scenario.name(), scenario.script());
    let same = |of: Scenario, meets: Meets| {
        let (name, script) = scenario(of);
        (name, script, meets, meets)
    };
    let differ = |of: Scenario, whole: Meets, stream: Meets| {
        let (name, script) = scenario(of);
        (name, script, whole, stream)
    };
    let mut faults = vec![
        same(Scenario::BadKey, Refusal(502, "provider_refused_key")),
        same(Scenario::NoMoney, Refusal(502, "provider_out_of_quota")),
        same(Scenario::SpendLimit, Refusal(502, "provider_out_of_quota")),
        same(Scenario::RateLimited, Refusal(429, LIMITED)),
        same(Scenario::RateLimitedDaily, Refusal(429, LIMITED)),
        same(Scenario::Overloaded, Refusal(503, OVERLOADED)),
        same(Scenario::ServerError, Refusal(502, FAILED)),
        same(Scenario::Ctx, Refusal(400, "context_length_exceeded")),
        differ(
            Scenario::MidstreamError,
            Refusal(503, OVERLOADED),
            BrokenOff(OVERLOADED),
        ),
        same(Scenario::FirstFrameError, Refusal(503, OVERLOADED)),
        differ(
            Scenario::Truncate,
            Refusal(502, UNREACHABLE),
            BrokenOff(UNREACHABLE),
        ),
        differ(
            Scenario::Reset,
            Refusal(502, UNREACHABLE),
            BrokenOff(UNREACHABLE),
        ),
        differ(
            Scenario::NoFinish,
            Refusal(502, UNREACHABLE),
            BrokenOff(UNREACHABLE),
        ),
        same(Scenario::Garbage, Refusal(502, FAILED)),
        same(Scenario::HtmlError, Refusal(502, FAILED)),
        same(Scenario::JsonErrorOnStream, Refusal(502, FAILED)),
        same(Scenario::Redirect, Refusal(502, FAILED)),
        same(Scenario::EmptyBody, Refusal(502, UNREACHABLE)),
        same(Scenario::NoUsage, Answer),
        same(Scenario::UsageEveryChunk, Answer),
        same(Scenario::Slow, Answer),
        differ(Scenario::Endless, Refusal(502, FAILED), BrokenOff(FAILED)),
    ];
    for (name, kind, status, code) in [
        (
            "missing key",
            ErrorKind::MissingKey,
            502,
            "provider_refused_key",
        ),
        (
            "forbidden",
            ErrorKind::Forbidden,
            502,
            "provider_refused_key",
        ),
        ("ramp", ErrorKind::Ramp, 429, LIMITED),
        ("timeout", ErrorKind::Timeout, 502, FAILED),
        ("too large", ErrorKind::TooLarge, 400, "invalid_request"),
        (
            "unknown model",
            ErrorKind::UnknownModel,
            400,
            "invalid_request",
        ),
        ("invalid", ErrorKind::Invalid, 400, "invalid_request"),
    ] {
        faults.push((
            name,
            Script::error(kind),
            Refusal(status, code),
            Refusal(status, code),
        ));
    }
    for (name, place) in [
        ("usage on the finish", UsagePlace::FinishChunk),
        ("usage twice", UsagePlace::Twice),
        ("usage alone", UsagePlace::SeparateChunk),
    ] {
        faults.push((name, Script::ok().with_usage_place(place), Answer, Answer));
    }
    faults
}

fn question(stream: bool) -> Value {
    json!({
        "model": MODEL, "stream": stream, "max_completion_tokens": 50,
        "messages": [{ "role": "user", "content": "Hi" }],
    })
}

async fn newest(app: &TestApp, purpose: domain::calls::Purpose) -> Call {
    let calls = app
        .services
        .store()
        .call_list(&CallFilter::default(), None, 4)
        .await
        .unwrap();
    calls
        .into_iter()
        .find(|call| call.purpose == purpose)
        .unwrap()
}

/// What a caller of the gateway met.
fn met(answer: &testkit::Answer, stream: bool) -> Result<(), (u16, String)> {
    if answer.status != 200 {
        let code = answer.json()["error"]["code"].as_str().unwrap().to_owned();
        return Err((answer.status, code));
    }
    if !stream || answer.text.ends_with("data: [DONE]\n\n") {
        return Ok(());
    }
    assert!(!answer.text.contains("[DONE]"), "{}", answer.text);
    let last = answer.text.trim_end().rsplit("data: ").next().unwrap();
    let last: Value = serde_json::from_str(last).unwrap();
    Err((200, last["error"]["code"].as_str().unwrap().to_owned()))
}

async fn through_the_gateway(
    app: &TestApp,
    key: &Key,
    name: &str,
    meets: Meets,
    stream: bool,
) -> Vec<String> {
    // Calls are listed by their ids, and these by the clock.
    app.clock.advance(1);
    let answer = key.chat(question(stream)).await;
    app.settle().await;
    let wanted = match meets {
        Answer => Ok(()),
        Refusal(status, code) => Err((status, code.to_owned())),
        BrokenOff(code) => Err((200, code.to_owned())),
    };
    let found = met(&answer, stream);
    let mut findings = Vec::new();
    if found != wanted {
        findings.push(format!(
            "{name}, stream {stream}: {found:?} and not {wanted:?}: {:.300}",
            answer.text
        ));
    }
    assert!(!answer.text.contains("sk-fake"), "{name}: {}", answer.text);
    let call = newest(app, domain::calls::Purpose::Reply).await;
    let (state, answered) = (call.state, call.outcome == Some(Outcome::Answered));
    if answered != (wanted.is_ok()) || (state == CallState::Settled) != answered {
        findings.push(format!(
            "{name}, stream {stream}: booked as {state:?} {:?}",
            call.outcome
        ));
    }
    // What was delivered, or answered, has its tokens; what was refused has none.
    let has_usage = call.usage_source.is_some();
    if has_usage != matches!(meets, Answer | BrokenOff(_)) {
        findings.push(format!(
            "{name}, stream {stream}: usage {:?} {:?}",
            call.usage_source, call.usage
        ));
    }
    findings
}

async fn through_a_chat(app: &TestApp, ann: &Person, name: &str, meets: Meets) -> Vec<String> {
    let message = json!({ "chat_id": null, "parent_id": null, "text": "Hi", "model": MODEL });
    let started = ann.act("chats/send", json!({ "message": message })).await;
    let started: domain::chats::Started = started.ok();
    app.settle().await;
    let chat: domain::chats::ChatView = ann
        .act(
            "chats/open",
            json!({ "id": started.chat_id, "before": null }),
        )
        .await
        .ok();
    let reply = chat.messages.last().unwrap();
    let mut findings = Vec::new();
    let state = if meets == Answer {
        MessageState::Complete
    } else {
        MessageState::Failed
    };
    if reply.state != state {
        findings.push(format!(
            "{name}, chat: {:?} {:?}",
            reply.state, reply.notice
        ));
    }
    let told = matches!(
        reply.notice,
        Some(Notice::ProviderFailed { .. } | Notice::ReplyTooLong)
    );
    if told != (meets != Answer) {
        findings.push(format!("{name}, chat: {:?}", reply.notice));
    }
    let seen = format!("{:?} {}", reply.notice, shown(reply));
    assert!(!seen.contains("sk-fake"), "{name}: {seen}");
    findings
}

async fn every_fault(kind: Database) -> usize {
    let app = TestApp::start(kind).await;
    app.connect(ProviderKind::OpenAi, "openai").await;
    app.price(ProviderKind::OpenAi, MODEL, 1_000_000_000, 2_000_000_000)
        .await;
    let ann = app.owner().await;
    let key = ann.key("laptop", Some("1000")).await;
    let mut findings = Vec::new();
    let mut faults = faults();
    if !plan::is_whole() {
        // A minute of blanks, and seconds of waiting.
        faults.retain(|(name, ..)| !["endless", "slow"].contains(name));
    }
    for (name, script, whole, stream) in &faults {
        // A chat without a money limit has no end of an endless stream but its own.
        app.fake.set_default(Dialect::OpenAi, script.clone());
        findings.extend(through_the_gateway(&app, &key, name, *whole, false).await);
        findings.extend(through_the_gateway(&app, &key, name, *stream, true).await);
        if *name != "endless" {
            findings.extend(through_a_chat(&app, &ann, name, *stream).await);
        }
        app.fake.clear_scripts();
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    let followed = app
        .fake
        .requests()
        .iter()
        .any(|sent| sent.path.contains("redirected"));
    assert!(!followed, "a redirect is not followed");
    // After all that the house answers.
    assert_eq!(key.chat(question(true)).await.status, 200);
    app.finish().await;
    faults.len() * 3
}

async fn retry_after(kind: Database) -> usize {
    let app = TestApp::start(kind).await;
    app.connect(ProviderKind::OpenAi, "openai").await;
    let key = app.owner().await.key("laptop", None).await;
    let forms = [
        (RetryAfter::Natural, None),
        (RetryAfter::Absent, None),
        (RetryAfter::Seconds(7), Some("7")),
        (RetryAfter::Seconds(0), Some("0")),
        (RetryAfter::Fraction(1.5), Some("2")),
        (RetryAfter::Millis(1_500.0), Some("2")),
        (
            RetryAfter::HttpDate("Sat, 21 Nov 2026 12:00:30 GMT".to_owned()),
            None,
        ),
        (RetryAfter::HttpDate("tomorrow".to_owned()), None),
    ];
    for (form, told) in &forms {
        for stream in [true, false] {
            let limited = Script::error(ErrorKind::RateLimited).with_retry_after(form.clone());
            app.fake.enqueue(Dialect::OpenAi, limited);
            let answer = key.chat(question(stream)).await;
            assert_eq!(
                met(&answer, stream),
                Err((429, LIMITED.to_owned())),
                "{form:?}"
            );
            let header = answer.header("retry-after");
            if let Some(told) = told {
                assert_eq!(header, *told, "{form:?}");
            }
            // Whatever the provider says, a client is told a sensible number or nothing.
            assert!(
                header.is_empty() || header.parse::<u32>().is_ok(),
                "{form:?}: {header}"
            );
        }
    }
    app.finish().await;
    forms.len() * 2
}

/// The provider's answer is cut at a byte, of head and body, for every byte.
async fn cut_at_any_byte(kind: Database) -> usize {
    let app = TestApp::start(kind).await;
    let upstream = app.fake.url(Dialect::OpenAi);
    let proxy = Proxy::start(format!("127.0.0.1:{}", app.fake.port()).parse().unwrap()).await;
    let behind = upstream.replace(
        &app.fake.port().to_string(),
        &proxy.address.port().to_string(),
    );
    app.connect_to(ProviderKind::OpenAi, "openai", &behind)
        .await;
    app.price(ProviderKind::OpenAi, MODEL, 1_000_000_000, 2_000_000_000)
        .await;
    let key = app.owner().await.key("laptop", Some("1000")).await;
    let short = Script::text_chunks(["one ", "two ", "three"]).with_usage(Usage::new(9, 3));
    app.fake.set_default(Dialect::OpenAi, short);
    let mut times = 0;
    for stream in [true, false] {
        let mut byte = 0;
        loop {
            proxy.end_all();
            proxy.cut_at_byte(byte);
            let answer = key.chat(question(stream)).await;
            let was_cut = proxy.leave_alone();
            times += 1;
            match met(&answer, stream) {
                Ok(()) if !was_cut => break,
                // All that matters had come: the cut is in the last bytes of HTTP.
                Ok(()) => assert!(answer.text.contains("three"), "{byte}: {}", answer.text),
                Err((200 | 502, code)) => assert_eq!(code, UNREACHABLE, "{byte}: {}", answer.text),
                Err(other) => panic!("cut at byte {byte}: {other:?}"),
            }
            byte += if plan::is_whole() { 1 } else { 61 };
        }
    }
    app.settle().await;
    let calls = app
        .services
        .store()
        .call_list(&CallFilter::default(), None, 100_000)
        .await
        .unwrap();
    assert_eq!(calls.len(), times, "each is in the books once");
    app.finish().await;
    times
}

/// A provider that goes silent: the caller leaves, the call is settled, the provider is let go.
async fn silent(kind: Database) -> usize {
    let app = TestApp::start(kind).await;
    app.connect(ProviderKind::OpenAi, "openai").await;
    let key = app.owner().await.key("laptop", Some("1000")).await;
    let mut times = 0;
    let silences: [Script; 3] = [
        Fault::Silent.into(),
        Script::ending(Ending::Hang { after: 0 }),
        Script::ending(Ending::Hang { after: 2 }),
    ];
    for script in silences {
        for stream in [true, false] {
            times += 1;
            app.clock.advance(1);
            app.fake.enqueue(Dialect::OpenAi, script.clone());
            let asked = key.start_chat(question(stream));
            let _ = tokio::time::timeout(Duration::from_millis(300), async {
                let _ = asked.await.text().await;
            })
            .await;
            app.settle().await;
            app.fake.wait_for_disconnects(times).await;
            let call = newest(&app, domain::calls::Purpose::Reply).await;
            assert_eq!(call.outcome, Some(Outcome::Stopped));
        }
    }
    app.finish().await;
    times
}

/// The same with a caller that waits: the house gives up on the provider, after minutes.
async fn silent_for_long(kind: Database) -> usize {
    let fake = Fake::start().await.unwrap();
    let app = TestApp::start(kind).await;
    app.connect_to(ProviderKind::OpenAi, "openai", &fake.url(Dialect::OpenAi))
        .await;
    let key = app.owner().await.key("laptop", Some("1000")).await;
    let waits = [
        (Scenario::Silent, true),
        (Scenario::Silent, false),
        (Scenario::Hang, true),
        (Scenario::Hang, false),
    ];
    let asked = waits.map(|(scenario, stream)| {
        fake.enqueue(Dialect::OpenAi, scenario);
        let (key, stream) = (key.clone(), stream);
        async move { (stream, key.chat(question(stream)).await) }
    });
    for (stream, answer) in futures::future::join_all(asked).await {
        let (_, code) = met(&answer, stream).unwrap_err();
        assert_eq!(code, UNREACHABLE, "{}", answer.text);
    }
    app.finish().await;
    waits.len()
}

on_both!(
    each_fault,
    "every fault of the fake provider, three doors",
    every_fault
);
on_both!(waits, "429 with every form of Retry-After", retry_after);
on_both!(cut, "provider's answer cut at any byte", cut_at_any_byte);
on_both!(silence, "provider silent, caller leaves", silent);
on_both!(
    #[ignore = "takes minutes: make faults"]
    long_silence,
    "provider silent, caller waits",
    silent_for_long
);
