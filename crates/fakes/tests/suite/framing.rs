//! The same content in every manner of writing it.

use std::io::Read as _;

use fakes::{Dialect, Fake, Oddity, Script, Split};
use flate2::read::GzDecoder;

use crate::wire::{ask, events, keyed, model, question, send, spoken};

#[tokio::test]
async fn no_oddity_changes_the_content() {
    let fake = Fake::start().await.unwrap();
    for dialect in Dialect::ALL {
        let plain = spoken(dialect, &ask(&fake, dialect).await.events());
        for oddity in Oddity::ALL {
            fake.enqueue(dialect, Script::ok().with_oddity(*oddity));
            let answer = ask(&fake, dialect).await;
            let done = answer.text().matches("[DONE]").count();
            let has_done = matches!(dialect, Dialect::OpenAi | Dialect::Compatible)
                && *oddity != Oddity::NoDone;
            assert_eq!(done, usize::from(has_done), "{dialect:?} {oddity:?}");
            assert_eq!(
                spoken(dialect, &answer.events()),
                plain,
                "{dialect:?} {oddity:?}"
            );
        }
    }
}

#[tokio::test]
async fn all_oddities_at_once_are_still_readable() {
    let fake = Fake::start().await.unwrap();
    let mut script = Script::ok();
    script.oddities = Oddity::ALL.to_vec();
    fake.enqueue(Dialect::Anthropic, script);
    let answer = ask(&fake, Dialect::Anthropic).await;
    assert!(spoken(Dialect::Anthropic, &answer.events()).starts_with("You said"));
    assert!(answer.text().contains("x_unheard_of") && answer.text().contains("event: unheard.of"));
}

#[tokio::test]
async fn writes_are_split_as_ordered() {
    let fake = Fake::start().await.unwrap();
    let plain = ask(&fake, Dialect::OpenAi).await.body();
    let sizes = async |split: Split| {
        fake.enqueue(Dialect::OpenAi, Script::ok().with_split(split));
        let answer = ask(&fake, Dialect::OpenAi).await;
        assert_eq!(answer.body(), plain);
        answer.chunks.iter().map(Vec::len).collect::<Vec<_>>()
    };
    assert!(sizes(Split::OneByte).await.iter().all(|size| *size == 1));
    assert_eq!(sizes(Split::Whole).await, [plain.len()]);
    assert_eq!(sizes(Split::At(vec![3, 10])).await[..2], [3, 7]);
    assert_eq!(sizes(Split::Every(100)).await[0], 100);
    // Role, eight pieces, finish, usage, terminator.
    assert_eq!(sizes(Split::Events).await.len(), 12);
}

#[tokio::test]
async fn a_split_inside_a_character_is_possible() {
    let fake = Fake::start().await.unwrap();
    let script = Script::text_chunks(["é🦀"]);
    fake.enqueue(Dialect::OpenAi, script.clone());
    let body = ask(&fake, Dialect::OpenAi).await.body();
    let crab = body
        .windows(4)
        .position(|four| four == "🦀".as_bytes())
        .unwrap();
    fake.enqueue(
        Dialect::OpenAi,
        script.with_split(Split::At(vec![crab + 2])),
    );
    let chunks = ask(&fake, Dialect::OpenAi).await.chunks;
    assert!(std::str::from_utf8(&chunks[0]).is_err());
}

#[tokio::test]
async fn gzip_needs_the_clients_consent_and_flushes_every_event() {
    let fake = Fake::start().await.unwrap();
    fake.set_default(Dialect::OpenAi, Script::ok().with_gzip());
    let plain = ask(&fake, Dialect::OpenAi).await;
    assert!(plain.header("content-encoding").is_none());

    let (url, mut body) = question(&fake, Dialect::OpenAi, model(Dialect::OpenAi));
    let mut headers = keyed(Dialect::OpenAi, "fake");
    headers.push(("accept-encoding", "gzip".into()));
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let packed = send("POST", &url, &headers, &body.to_string()).await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    GzDecoder::new(packed.body().as_slice())
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, plain.text());
    // The first event can be read before the second has come.
    let mut start = vec![0; 40];
    GzDecoder::new(packed.chunks[0].as_slice())
        .read_exact(&mut start)
        .unwrap();
    assert!(events(&plain.text()).len() > 3 && start.starts_with(b"data: {"));

    body["stream"] = false.into();
    body.as_object_mut().unwrap().remove("stream_options");
    let whole = send("POST", &url, &headers, &body.to_string()).await;
    let mut text = String::new();
    GzDecoder::new(whole.body().as_slice())
        .read_to_string(&mut text)
        .unwrap();
    assert!(text.starts_with("{\"id\":\"chatcmpl-fake1\""));
}
