//! Signing in tells nobody whether an address is known: not by words, not by time.

use std::time::{Duration, Instant};

use domain::people::Role;
use serde_json::json;
use testkit::{Answer, TestApp, Told, both_databases};

/// Somebody for each state an account can be in. All names are of one length, so that whole answers
/// can be compared.
const ADDRESSES: [&str; 4] = [
    "nora@example.org", // nobody
    "olga@example.org", // a wrong password
    "ivan@example.org", // invited, without a password
    "dora@example.org", // shut out
];
/// Rounds over all of them: 200 timings.
const ROUNDS: usize = 50;

async fn everybody(app: &TestApp) {
    let olga = app.owner().await;
    let invited = olga.act(
        "members/invite",
        json!({ "name": "Ivan", "email": "ivan@example.org", "role": "member" }),
    );
    assert_eq!(invited.await.status, 200);
    let dora = app.member("dora", Role::Member).await;
    let shut_out = olga.act("members/enable", json!({ "id": dora.id, "enabled": false }));
    assert_eq!(shut_out.await.status, 200);
}

/// An answer without what is different in any two: the address that was typed, the clock, and the
/// id of the request.
fn told(answer: &Answer, address: &str) -> String {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "date" && *name != "x-request-id")
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    let text = answer.text.replace(address, "ADDRESS");
    format!("{} {headers:?} {text}", answer.status)
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted[sorted.len() / 2]
}

both_databases! {
    async fn an_unknown_address_takes_as_long_as_a_known_one(app: &TestApp) {
        everybody(app).await;
        let mut times = [const { Vec::new() }; ADDRESSES.len()];
        let mut words = Vec::new();
        let stranger = app.stranger();
        for round in 0..ROUNDS {
            // In turn, and each first as often as last: what slows the machine slows all of them.
            for turn in 0..ADDRESSES.len() {
                let who = (round + turn) % ADDRESSES.len();
                let begun = Instant::now();
                let answer = stranger.sign_in(ADDRESSES[who], "wrong horse battery").await;
                times[who].push(begun.elapsed());
                assert_eq!(answer.status, 401);
                words.push(told(&answer, ADDRESSES[who]));
            }
            app.clock.advance(1_200_000);
        }
        assert!(words.iter().all(|said| *said == words[0]), "all answers are the same, headers included");
        let medians = times.map(|times| median(&times));
        for (address, time) in ADDRESSES.iter().zip(medians) {
            let ratio = time.as_secs_f64() / medians[0].as_secs_f64();
            assert!((0.5..2.0).contains(&ratio), "{address} stands out: {medians:?}");
        }
    }

    async fn who_is_known_is_not_told_by_when_guessing_ends(app: &TestApp = Told { trusted_proxies: &["127.0.0.1/32"], ..Told::default() }) {
        everybody(app).await;
        let mut stories = Vec::new();
        for (who, address) in ADDRESSES.into_iter().enumerate() {
            let mut story = Vec::new();
            let guesser = app.stranger();
            for _ in 0..12 {
                let guess = guesser
                    .form_request("/signin", &[("email", address), ("password", "wrong horse battery")])
                    .header("x-forwarded-for", format!("192.0.2.{who}"));
                story.push(told(&guesser.send(guess).await, address));
            }
            assert!(story[9].starts_with("401") && story[10].starts_with("429"), "{story:?}");
            stories.push(story);
        }
        assert!(stories.iter().all(|story| *story == stories[0]));
    }
}
