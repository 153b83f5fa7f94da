//! The one oracle, asked after every fault.

use std::collections::HashMap;

use domain::calls::{CallState, Outcome, UsageSource};
use domain::messages::joined_text;
use fakes::Dialect;
use store::Store;
use store::calls::{Call, CallFilter};
use testkit::check_books;

use crate::house::House;
use crate::journal::{Entry, Journal};

/// More calls than any story makes.
const MOST_CALLS: u64 = 100_000;

/// Everything that must be true of a running house whose callers are quiet. Of the journal, what
/// stands before `from` was looked for already.
pub(crate) async fn check(house: &House, journal: &Journal, from: usize) {
    let complaints = journal.complaints();
    assert!(complaints.is_empty(), "callers complain: {complaints:?}");
    let store = house.look().await;
    assert_eq!(
        store.integrity().await.unwrap(),
        Vec::<String>::new(),
        "the database finds nothing wrong with itself"
    );
    check_books(&store).await;
    let calls = store
        .call_list(&CallFilter::default(), None, MOST_CALLS)
        .await
        .unwrap();
    meters_agree(house, &calls);
    let calls: HashMap<_, _> = calls.into_iter().map(|call| (call.id, call)).collect();
    for entry in journal.entries().into_iter().skip(from) {
        is_there(house, &store, &calls, entry).await;
    }
    store.close().await.unwrap();
    let told = house.caller.get("/health").await.unwrap();
    assert_eq!(told.status, 200);
    house.no_secret_is_logged(&journal.secrets());
}

/// What the provider counted is what was metered; the rest is flagged as an estimate.
fn meters_agree(house: &House, calls: &[Call]) {
    let counted = house.fake.counters(Dialect::OpenAi);
    let (mut input, mut output, mut reached, mut estimated) = (0, 0, 0, 0);
    for call in calls {
        match call.usage_source {
            Some(UsageSource::Reported) => {
                input += call.usage.input.unwrap();
                output += call.usage.output.unwrap();
            }
            Some(UsageSource::Estimated) => estimated += 1,
            None => {}
        }
        if call.state != CallState::Void {
            reached += 1;
        }
    }
    let reported = |tokens: u64| i64::try_from(tokens).unwrap();
    let told = (
        reported(counted.reported.input),
        reported(counted.reported.output),
    );
    assert!(
        input <= told.0 && output <= told.1,
        "metered {input} + {output}, but the provider told {told:?}"
    );
    if estimated == 0 && calls.iter().all(|call| call.state != CallState::Open) {
        assert_eq!((input, output), told, "nothing was lost without a flag");
    }
    assert!(
        counted.requests <= reached,
        "{} requests reached the provider, the books know {reached}",
        counted.requests
    );
}

async fn is_there(
    house: &House,
    store: &Store,
    calls: &HashMap<domain::CallId, Call>,
    entry: Entry,
) {
    match entry {
        Entry::Answered {
            call,
            input,
            output,
        } => {
            let found = calls.get(&call).expect("an answered call is in the books");
            let told = (found.state, found.outcome, found.usage_source);
            assert_eq!(
                told,
                (
                    CallState::Settled,
                    Some(Outcome::Answered),
                    Some(UsageSource::Reported)
                ),
                "the caller had the whole answer of {call}"
            );
            assert_eq!(
                (found.usage.input, found.usage.output),
                (Some(input), Some(output)),
                "{call} is booked as its caller saw it"
            );
        }
        Entry::Sent {
            chat,
            message,
            reply,
            text,
        } => {
            let found = store.message_list(chat, &[message, reply]).await.unwrap();
            assert_eq!(found.len(), 2, "a message that was taken is there: {text}");
            let said = found.iter().find(|found| found.id == message).unwrap();
            assert_eq!(joined_text(&said.parts), text);
        }
        Entry::Finished { chat, reply, html } => {
            let view = house.caller.open(chat).await.unwrap();
            let found = view
                .messages
                .iter()
                .find(|message| message.id == reply)
                .expect("a reply that was seen complete is there");
            assert_eq!(found.state, domain::messages::MessageState::Complete);
            assert_eq!(crate::load::shown(found), html);
        }
        Entry::KeyMade { secret } => {
            let met = house.caller.meets(&secret).await;
            assert_eq!(met, Some(200), "a key that was made works");
        }
        Entry::KeyUncertain { .. } => {}
        Entry::KeyRevoked { secret } => {
            let met = house.caller.meets(&secret).await;
            assert_eq!(met, Some(401), "a key that was revoked is refused");
        }
    }
}
