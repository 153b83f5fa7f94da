//! A guesser gets few guesses: from one address, at one account, and whatever the headers say.
//!
//! An answer of 401 is a guess that reached the password; 429 one that was stopped before.

use domain::people::Role;
use futures::StreamExt;
use futures::stream;
use http::Method;
use serde_json::json;
use testkit::{Person, TestApp, Told, both_databases};

const RIGHT: &str = "correct horse battery";
/// What an address gets at once, over all accounts.
const PER_ADDRESS: usize = 30;
/// What an account gets at once, from anywhere.
const PER_ACCOUNT: usize = 10;

fn behind_a_proxy() -> Told {
    Told {
        trusted_proxies: &["127.0.0.1/32"],
        ..Told::default()
    }
}

/// A wrong guess; returns its status.
async fn guess(guesser: &Person, email: &str, headers: &[(&'static str, String)]) -> u16 {
    let form = [("email", email), ("password", "wrong horse battery")];
    let mut request = guesser.form_request("/signin", &form);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    guesser.send(request).await.status
}

/// Many guesses, sixteen at a time; returns how many reached the password. The others must have
/// been stopped.
async fn reached<F: Future<Output = u16>>(guesses: impl Iterator<Item = F>) -> usize {
    let statuses: Vec<u16> = stream::iter(guesses).buffer_unordered(16).collect().await;
    let reached = statuses.iter().filter(|status| **status == 401).count();
    let stopped = statuses.iter().filter(|status| **status == 429).count();
    assert_eq!(reached + stopped, statuses.len(), "{statuses:?}");
    reached
}

both_databases! {
    async fn of_a_thousand_guesses_from_one_address_thirty_reach_a_password(app: &TestApp) {
        app.owner().await;
        app.clock.advance(3_600_000);
        let guesser = app.stranger_at([127, 0, 0, 9]);
        let emails: Vec<String> = (0..1_000).map(|number| format!("m{number}@example.org")).collect();
        let through = reached(emails.iter().map(|email| guess(&guesser, email, &[]))).await;
        assert_eq!(through, PER_ADDRESS);
        assert_eq!(guesser.sign_in("olga@example.org", RIGHT).await.status, 429, "also the right one waits");
        assert_eq!(app.stranger_at([127, 0, 0, 8]).sign_in("olga@example.org", RIGHT).await.status, 303);
        app.clock.advance(300_000);
        assert_eq!(guess(&guesser, "m0@example.org", &[]).await, 401, "one more every five minutes");
        assert_eq!(guess(&guesser, "m1@example.org", &[]).await, 429);
    }

    async fn of_guesses_at_one_account_from_many_addresses_ten_reach_the_password(app: &TestApp = behind_a_proxy()) {
        app.owner().await;
        app.member("ben", Role::Member).await;
        let guesser = app.stranger();
        let through = reached((0..200).map(|number| {
            let guesser = &guesser;
            async move {
                let from = [("x-forwarded-for", format!("198.51.100.{number}"))];
                // However it is spelled, it is one account.
                let email = ["olga@example.org", " OLGA@example.org", "Olga@Example.Org "][number % 3];
                guess(guesser, email, &from).await
            }
        }))
        .await;
        assert_eq!(through, PER_ACCOUNT);
        // The addresses made one guess each: nobody else behind them is kept out.
        let neighbour = app.stranger();
        let form = neighbour
            .form_request("/signin", &[("email", "ben@example.org"), ("password", RIGHT)])
            .header("x-forwarded-for", "198.51.100.1");
        assert_eq!(neighbour.send(form).await.status, 303);
    }

    async fn a_forged_address_from_anybody_changes_nothing(app: &TestApp) {
        let olga = app.owner().await;
        let guesser = app.stranger_at([127, 0, 0, 9]);
        let through = reached((0..200).map(|number| {
            let guesser = &guesser;
            async move {
                let address = format!("198.51.100.{number}");
                let forged = [
                    ("x-forwarded-for", address.clone()),
                    ("forwarded", format!("for={address}")),
                    ("x-real-ip", address.clone()),
                    ("true-client-ip", address.clone()),
                    ("cf-connecting-ip", address),
                ];
                guess(guesser, &format!("m{number}@example.org"), &forged).await
            }
        }))
        .await;
        assert_eq!(through, PER_ADDRESS);
        // Nor does the audit trail believe it.
        let form = olga
            .form_request("/signin", &[("email", "olga@example.org"), ("password", RIGHT)])
            .header("x-forwarded-for", "203.0.113.77");
        assert_eq!(olga.send(form).await.status, 303);
        let acts = app.services.store().audit_list(None, 1).await.unwrap();
        assert_eq!((acts[0].action.as_str(), acts[0].address.as_str()), ("signed_in", "127.0.0.1"));
    }

    async fn behind_a_proxy_only_its_own_word_counts(app: &TestApp = behind_a_proxy()) {
        app.owner().await;
        let guesser = app.stranger();
        let through = reached((0..100).map(|number| {
            let guesser = &guesser;
            async move {
                // The client wrote the left part; the proxy added who it was.
                let from = [("x-forwarded-for", format!("198.51.100.{number}, 203.0.113.7"))];
                guess(guesser, &format!("m{number}@example.org"), &from).await
            }
        }))
        .await;
        assert_eq!(through, PER_ADDRESS);
        // Who reaches the house past the proxy is whom the socket says.
        let past = app.stranger_at([127, 0, 0, 9]);
        let through = reached((0..100).map(|number| {
            let past = &past;
            async move {
                let from = [("x-forwarded-for", format!("198.51.100.{number}"))];
                guess(past, &format!("n{number}@example.org"), &from).await
            }
        }))
        .await;
        assert_eq!(through, PER_ADDRESS);
        // A whole network of version 6 is one address.
        let through = reached((0..100).map(|number| {
            let guesser = &guesser;
            async move {
                let from = [("x-forwarded-for", format!("2001:db8::{number:x}"))];
                guess(guesser, &format!("p{number}@example.org"), &from).await
            }
        }))
        .await;
        assert_eq!(through, PER_ADDRESS);
    }

    async fn no_header_makes_anybody_somebody(app: &TestApp = behind_a_proxy()) {
        app.owner().await;
        let nobody = app.stranger();
        for name in [
            "x-forwarded-user", "x-forwarded-email", "x-forwarded-preferred-username", "remote-user", "x-remote-user",
            "x-webauth-user", "x-auth-request-user", "x-auth-request-email", "x-user-id", "x-member-id", "x-purser-member",
        ] {
            for value in ["olga@example.org", "olga", "1", "true"] {
                let page = nobody.request(Method::GET, "/").header(name, value);
                assert_eq!(nobody.send(page).await.header("location"), "/signin", "{name}: {value}");
                let act = nobody
                    .request(Method::POST, "/fn/members/list")
                    .header("origin", app.base())
                    .header(name, value)
                    .json(&json!({}));
                assert_eq!(nobody.send(act).await.status, 401, "{name}: {value}");
            }
        }
        let basic = nobody.request(Method::GET, "/").basic_auth("olga@example.org", Some(RIGHT));
        assert_eq!(nobody.send(basic).await.status, 303);
    }

    async fn a_stolen_login_gives_ten_guesses_at_the_password_whatever_the_door(app: &TestApp) {
        let olga = app.owner().await;
        let through = reached((0..60).map(|number| {
            let olga = &olga;
            async move {
                let (door, arguments) = if number % 2 == 0 {
                    ("sessions/prove", json!({ "password": "wrong horse battery" }))
                } else {
                    ("account/password", json!({ "current": "wrong horse battery", "new": "battery staple horse" }))
                };
                olga.act(door, arguments).await.status
            }
        }))
        .await;
        assert_eq!(through, PER_ACCOUNT);
        assert_eq!(olga.act("sessions/prove", json!({ "password": RIGHT })).await.status, 429);
        app.clock.advance(3_600_000);
        assert_eq!(olga.act("sessions/prove", json!({ "password": RIGHT })).await.status, 200);
    }

    async fn a_strangers_guesses_at_links_keep_nobody_else_out(app: &TestApp) {
        let console = app.services.set_up_token(None).await.unwrap().unwrap();
        let stranger = app.stranger_at([127, 0, 0, 9]);
        let wrong_owner = [
            ("token", "guessed"), ("name", "Mallory"), ("email", "mallory@example.org"), ("password", RIGHT),
        ];
        for _ in 0..100 {
            let status = stranger.form("/setup", &wrong_owner).await.status;
            assert!(matches!(status, 401 | 429), "{status}");
        }
        let olga = app.stranger();
        let owner = [("token", console.as_str()), ("name", "Olga"), ("email", "olga@example.org"), ("password", RIGHT)];
        assert_eq!(olga.form("/setup", &owner).await.status, 303, "the house can still be set up");

        let invited = olga.act("members/invite", json!({ "name": "Ben", "email": "ben@example.org", "role": "member" })).await.json();
        let mut stopped = 0;
        for _ in 0..100 {
            let status = stranger.form("/welcome", &[("token", "guessed"), ("password", RIGHT)]).await.status;
            assert!(matches!(status, 409 | 429), "{status}");
            stopped += usize::from(status == 429);
        }
        assert!(stopped > 50, "guessing at links is limited as well");
        let form = [("token", invited["token"].as_str().unwrap()), ("password", "battery staple horse")];
        assert_eq!(app.stranger().form("/welcome", &form).await.status, 303, "Ben comes in");
    }
}
