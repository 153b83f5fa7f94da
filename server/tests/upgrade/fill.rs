//! The next house of the series: filled through the doors, with a row in every table.

use std::io::BufWriter;
use std::path::Path;
use std::time::Duration;

use domain::connections::ProviderKind;
use domain::people::Role;
use fakes::{Dialect, Ending, Script, Usage};
use futures::StreamExt;
use serde_json::json;
use services::backup::{NewFile, save};
use store::backup::{Moment, known_migrations};
use testkit::{Database, TestApp, eventually};

use super::Known;
use crate::chats::reply::send;

const PASSWORD: &str = "correct horse battery";

pub(super) async fn make(folder: &Path) {
    let app = TestApp::start(Database::Sqlite).await;
    app.connect(ProviderKind::Demo, "demo").await;
    app.connect(ProviderKind::OpenAi, "openai").await;
    app.price(
        ProviderKind::OpenAi,
        "gpt-4o-mini",
        2_000_000_000,
        10_000_000_000,
    )
    .await;
    let olga = app.owner().await;
    app.member("ben", Role::Member).await;
    // A link that nobody has used yet.
    let invite = json!({ "name": "Cleo", "email": "cleo@example.org", "role": "admin" });
    assert_eq!(olga.act("members/invite", invite).await.status, 200);
    let key = olga.key("laptop", Some("5")).await;
    app.fake.set_default(
        Dialect::OpenAi,
        Script::text("Once upon a time.").with_usage(Usage::new(1_237, 991)),
    );
    let first = send(&olga, None, None, "Tell me a story", "gpt-4o-mini").await;
    app.settle().await;
    send(
        &olga,
        Some(first.chat_id),
        Some(first.reply.id),
        "And then?",
        "demo",
    )
    .await;
    app.settle().await;
    let question = |stream: bool| {
        json!({
            "model": "gpt-4o-mini", "stream": stream, "max_completion_tokens": 50,
            "messages": [{ "role": "user", "content": "Hi" }],
        })
    };
    assert_eq!(key.chat(question(false)).await.status, 200);
    // A reply is being written and a call is open, as it is whenever a server is killed.
    let endless = || Script::text_chunks(["word "; 40]).with_ending(Ending::Hang { after: 20 });
    app.fake.enqueue(Dialect::OpenAi, endless());
    let writing = send(&olga, None, None, "Many words", "gpt-4o-mini").await;
    let store = app.services.store();
    eventually(30, "some of the reply is flushed", || async {
        let flushed = store.reply_event_list(writing.reply.id).await.unwrap();
        (!flushed.is_empty()).then_some(())
    })
    .await;
    app.fake.enqueue(Dialect::OpenAi, endless());
    let mut stream = key.start_chat(question(true)).await.bytes_stream();
    assert!(stream.next().await.unwrap().is_ok());

    let moment = Moment::open(&app.database().options(false)).await.unwrap();
    let last = known_migrations().pop().unwrap();
    let number = std::fs::read_dir(folder).unwrap().count() / 2 + 1;
    let path = folder.join(format!("{number:04}-{last}.purser"));
    let mut file = NewFile::begin(&path).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let counted = save(
        &moment,
        version,
        app.services.runtime().now(),
        BufWriter::new(&mut file),
    )
    .await
    .unwrap();
    for (table, sums) in counted {
        assert!(sums.rows > 0, "{table} is empty: fill it here");
    }
    file.keep().unwrap();
    let known = Known {
        email: "olga@example.org".to_owned(),
        password: PASSWORD.to_owned(),
        key: key.secret.clone(),
        chat_id: first.chat_id,
    };
    let text = serde_json::to_string_pretty(&known).unwrap();
    std::fs::write(path.with_extension("json"), format!("{text}\n")).unwrap();
    drop(stream);
    app.services.shut_down(Duration::from_secs(1)).await;
}
