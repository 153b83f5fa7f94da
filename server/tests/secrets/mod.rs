//! Secrets at rest: what was sealed opens only as it was sealed, and only with the right key.

mod master_key;

use domain::connections::ProviderKind;
use serde_json::json;
use store::connections::Connection;
use store::revisions::Subject;
use testkit::{TestApp, both_databases};

/// What somebody with a pen in the database may do to a sealed value; `other` is another row's.
fn spoilt(sealed: &[u8], other: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let flipped = |at: usize| {
        let mut bytes = sealed.to_vec();
        bytes[at] ^= 1;
        bytes
    };
    vec![
        ("another row's", other.to_vec()),
        ("cut at its end", sealed[..sealed.len() - 1].to_vec()),
        ("cut at its beginning", sealed[1..].to_vec()),
        ("empty", Vec::new()),
        ("of another layout", flipped(0)),
        ("sealed with another key", flipped(3)),
        ("with another nonce", flipped(12)),
        ("changed in its text", flipped(22)),
        ("changed in its tag", flipped(sealed.len() - 1)),
        ("in the clear", b"sk-fake-1".to_vec()),
    ]
}

both_databases! {
    async fn a_sealed_key_that_was_swapped_changed_or_cut_is_refused_loudly(app: &TestApp) {
        let one = app.connect(ProviderKind::OpenAi, "one").await;
        let two = app.connect(ProviderKind::Anthropic, "two").await;
        let olga = app.owner().await;
        let key = olga.key("laptop", None).await;
        let store = app.services.store();
        let good = store.connection_find(one).await.unwrap().unwrap();
        let other = store.connection_find(two).await.unwrap().unwrap().sealed_key.unwrap();
        let put = |sealed: Vec<u8>| {
            let changed = Connection { sealed_key: Some(sealed), ..good.clone() };
            async move {
                let tx = store.write().await.unwrap();
                assert!(tx.connection_update(&changed).await.unwrap());
                tx.revision_bump(Subject::Catalog).await.unwrap();
                tx.commit().await.unwrap();
                app.services.refresh().await.unwrap();
            }
        };
        let question = || json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": "Hi" }] });
        let sealed = good.sealed_key.clone().unwrap();
        for (what, bytes) in spoilt(&sealed, &other) {
            put(bytes).await;
            app.fake.clear();
            let answer = key.chat(question()).await;
            assert!(answer.status >= 500, "{what}: {} {}", answer.status, answer.text);
            let test = olga.act("connections/test", json!({ "id": one })).await;
            assert!(test.status >= 500, "{what}: {} {}", test.status, test.text);
            assert!(app.fake.requests().is_empty(), "{what}: nothing is sent with what did not open");
        }
        put(sealed).await;
        assert_eq!(key.chat(question()).await.status, 200, "as it was sealed it opens");
    }
}
