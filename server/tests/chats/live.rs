//! The tab's live connection: what arrives, what a returning tab gets, and when it ends.

use std::time::Duration;

use domain::connections::ProviderKind;
use fakes::{Dialect, Script};
use futures::StreamExt;
use http::Method;
use serde_json::{Value, json};
use testkit::{Person, TestApp, both_databases};

use super::reply::send;

/// Reads events until one satisfies `until`, or the connection ends. The build, which every connection
/// begins with, is left out.
pub(crate) async fn events(
    person: &Person,
    last: Option<&str>,
    until: impl Fn(&Value) -> bool,
) -> Vec<(String, Value)> {
    heard_at(person, "/live", last, until).await
}

async fn heard_at(
    person: &Person,
    address: &str,
    last: Option<&str>,
    until: impl Fn(&Value) -> bool,
) -> Vec<(String, Value)> {
    let mut request = person.request(Method::GET, address);
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let mut body = request.send().await.unwrap().bytes_stream();
    let mut text = String::new();
    let mut seen = Vec::new();
    let reading = async {
        while let Some(Ok(bytes)) = body.next().await {
            text.push_str(&String::from_utf8_lossy(&bytes));
            while let Some((frame, rest)) = text.split_once("\n\n") {
                let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name));
                let event =
                    field("data: ").map(|data| serde_json::from_str::<Value>(data).unwrap());
                let id = field("id: ").unwrap_or_default().to_owned();
                text = String::from(rest);
                if let Some(event) = event.filter(|event| event["event"] != "build") {
                    let done = until(&event);
                    seen.push((id, event));
                    if done {
                        return;
                    }
                }
            }
        }
    };
    // A guard against waiting for ever, not a measure of speed.
    let _ = tokio::time::timeout(Duration::from_secs(20), reading).await;
    seen
}

pub(crate) fn is(kind: &'static str) -> impl Fn(&Value) -> bool {
    move |event| event["event"] == kind
}

both_databases! {
    async fn a_reply_arrives_block_by_block_and_ends_settled(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let ann = app.owner().await;
        let slow = Script::text_chunks(["# One\n\n", "two ", "three\n\n", "four"]).with_chunk_delay(Duration::from_millis(80));
        app.fake.enqueue(Dialect::OpenAi, slow);
        let listening = events(&ann, None, is("finished"));
        let (seen, started) = tokio::join!(listening, async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            send(&ann, None, None, "Count", "gpt-4o-mini").await
        });
        let (_, finished) = seen.last().unwrap();
        assert_eq!(finished["event"], "finished");
        assert_eq!(finished["message"]["id"], started.reply.id.to_string());
        assert!(!finished["message"]["figures"].is_null(), "the figures come with the end");
        let mut shown: Vec<String> = Vec::new();
        for (_, event) in seen.iter().filter(|(_, event)| event["event"] == "text") {
            let from = usize::try_from(event["from"].as_u64().unwrap()).unwrap();
            shown.truncate(from);
            shown.extend(event["blocks"].as_array().unwrap().iter().map(|block| block["html"].as_str().unwrap().to_owned()));
        }
        assert!(seen.iter().filter(|(_, event)| event["event"] == "text").count() > 1);
        let last: Vec<String> = finished["message"]["blocks"].as_array().unwrap().iter().map(|block| block["html"].as_str().unwrap().to_owned()).collect();
        assert!(last.join("").contains("two three") && shown.len() <= last.len());
        app.settle().await;
    }

    async fn a_returning_tab_gets_what_it_missed_and_a_stranger_a_snapshot(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        let first = events(&ann, None, is("reset")).await;
        assert_eq!(first[0].1["event"], "reset", "a tab without a past is told to look");
        let place = first[0].0.clone();
        let started = send(&ann, None, None, "Hi", "demo").await;
        app.settle().await;
        let missed = events(&ann, Some(&place), is("finished")).await;
        assert!(missed.iter().all(|(_, event)| event["event"] != "reset"), "nothing is lost: {missed:?}");
        assert_eq!(missed.last().unwrap().1["message"]["id"], started.reply.id.to_string());
        let other_life = events(&ann, Some("abc:7"), is("reset")).await;
        assert_eq!(other_life[0].1["event"], "reset");
    }

    async fn a_page_misses_nothing_between_its_drawing_and_its_connection(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        send(&ann, None, None, "Long ago", "demo").await;
        app.settle().await;
        let facts = ann.act("sessions/reader", json!({})).await.json();
        let place = facts["live"].as_str().unwrap();
        let page = ann.get("/").await;
        assert!(page.text.contains(place), "the page says it as well");

        let started = send(&ann, None, None, "Meanwhile", "demo").await;
        app.settle().await;
        // The title comes after the end; that there is a chat may be told before it or after.
        let is_titled = |event: &Value| event["event"] == "chat" && !event["row"]["title"].is_null();
        let missed = heard_at(&ann, &format!("/live?after={place}"), None, is_titled).await;
        assert!(missed.iter().all(|(_, event)| event["event"] != "reset"), "{missed:?}");
        let finished = missed.iter().find(|(_, event)| event["event"] == "finished").unwrap();
        assert_eq!(finished.1["message"]["id"], started.reply.id.to_string());

        // What the browser says itself is newer than the address it came with.
        let newest = missed.last().unwrap().0.clone();
        let begun = send(&ann, None, None, "And now", "demo").await;
        app.settle().await;
        let rest = heard_at(&ann, &format!("/live?after={place}"), Some(&newest), is("finished")).await;
        assert_eq!(rest.last().unwrap().1["message"]["id"], begun.reply.id.to_string());
        for nonsense in ["/live?after=", "/live?after=x:y", "/live?after=7", "/live?before=1:1"] {
            assert_eq!(heard_at(&ann, nonsense, None, is("reset")).await[0].1["event"], "reset", "{nonsense}");
        }
    }

    async fn signing_out_elsewhere_ends_the_connection(app: &TestApp) {
        let ann = app.owner().await;
        let (seen, ended) = tokio::join!(events(&ann, None, is("signed_out")), async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            // Another of the member's browsers changes the password: every login ends.
            let other = app.stranger();
            let form = [("email", "olga@example.org"), ("password", "correct horse battery")];
            assert_eq!(other.form("/signin", &form).await.status, 303);
            let change = json!({ "current": "correct horse battery", "new": "battery staple horse" });
            other.act("account/password", change).await
        });
        assert_eq!(ended.status, 200, "{}", ended.text);
        assert_eq!(seen.last().unwrap().1["event"], "signed_out");
    }

    async fn nobody_hears_another_member(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.member("ann", domain::people::Role::Member).await;
        let ben = app.member("ben", domain::people::Role::Member).await;
        let listening = tokio::time::timeout(Duration::from_millis(1_500), events(&ben, None, is("finished")));
        let (heard, ()) = tokio::join!(listening, async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            send(&ann, None, None, "private words", "demo").await;
            app.settle().await;
        });
        assert!(heard.is_err(), "ben hears nothing of it: {heard:?}");
        assert_eq!(ann.act("chats/list", json!({ "cursor": null })).await.status, 200);
    }
}
