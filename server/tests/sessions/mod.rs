//! Signing in and out.

mod alike;
mod guessing;
mod storm;
mod targets;

use domain::people::Role;
use http::Method;
use serde_json::json;
use testkit::{TestApp, both_databases};

both_databases! {
    async fn unknown_addresses_wrong_passwords_and_shut_out_members_look_alike(app: &TestApp) {
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let done = olga.act("members/enable", json!({ "id": ben.id, "enabled": false })).await;
        assert_eq!(done.status, 200, "{}", done.text);
        let mut answers = Vec::new();
        for (email, password) in [
            ("nobody@example.org", "correct horse battery"),
            ("olga@example.org", "wrong horse battery"),
            ("ben@example.org", "correct horse battery"),
        ] {
            let answer = app.stranger().form("/signin", &[("email", email), ("password", password)]).await;
            assert!(answer.header("set-cookie").is_empty());
            answers.push((answer.status, answer.text.replace(email, "EMAIL")));
        }
        assert_eq!(answers[0].0, 401);
        assert!(answers.iter().all(|answer| *answer == answers[0]));
    }

    async fn guessing_is_stopped_before_the_password_is_looked_at(app: &TestApp) {
        app.owner().await;
        let guesser = app.stranger();
        let mut statuses = Vec::new();
        for _ in 0..12 {
            let answer = guesser
                .form("/signin", &[("email", "olga@example.org"), ("password", "wrong")])
                .await;
            statuses.push(answer.status);
        }
        assert_eq!(statuses[..9], [401; 9]);
        assert_eq!(statuses[11], 429);
        let right = guesser
            .form("/signin", &[("email", "olga@example.org"), ("password", "correct horse battery")])
            .await;
        assert_eq!(right.status, 429, "also the right one has to wait");
        app.clock.advance(3_600_000);
        let right = guesser
            .form("/signin", &[("email", "olga@example.org"), ("password", "correct horse battery")])
            .await;
        assert_eq!(right.status, 303);
    }

    async fn a_planted_cookie_is_dead_after_signing_in(app: &TestApp) {
        let olga = app.owner().await;
        let planted = olga.get("/").await;
        assert_eq!(planted.status, 200);
        let again = olga.form("/signin", &[("email", "olga@example.org"), ("password", "correct horse battery")]).await;
        assert_eq!(again.status, 303);
        let sessions = app.services.store().session_list(olga.id).await.unwrap();
        assert_eq!(sessions.len(), 1, "the login that was brought along has ended");
    }

    async fn a_login_is_never_one_that_somebody_else_knows(app: &TestApp) {
        let olga = app.owner().await;
        let first = app.stranger().sign_in("olga@example.org", "correct horse battery").await;
        let known = first.header("set-cookie").split(';').next().unwrap().to_owned();
        let nobody = app.stranger();
        let look = |cookie: &str| nobody.send(nobody.request(Method::GET, "/").header("cookie", cookie));
        assert_eq!(look(&known).await.status, 200);
        // Planted: a login that the planter knows, and one that the planter made up.
        for planted in [known.as_str(), "purser=planted"] {
            let form = [("email", "olga@example.org"), ("password", "correct horse battery")];
            let request = nobody.form_request("/signin", &form).header("cookie", planted);
            let signed_in = nobody.send(request).await;
            assert_eq!(signed_in.status, 303);
            let fresh = signed_in.header("set-cookie").split(';').next().unwrap();
            assert_ne!(fresh, planted);
            assert_eq!(look(planted).await.status, 303, "what was planted opens nothing");
            assert_eq!(look(fresh).await.status, 200);
        }
        // Entering the password again changes the login as well.
        let before = olga.act("sessions/prove", json!({ "password": "correct horse battery" })).await;
        let older = before.header("set-cookie").split(';').next().unwrap().to_owned();
        assert_eq!(olga.act("sessions/prove", json!({ "password": "correct horse battery" })).await.status, 200);
        assert_eq!(look(&older).await.status, 303);
        assert_eq!(olga.get("/").await.status, 200);
    }

    async fn signing_out_ends_the_login_on_the_server(app: &TestApp) {
        let olga = app.owner().await;
        assert_eq!(olga.act("sessions/sign_out", json!({})).await.status, 200);
        assert_eq!(olga.get("/").await.status, 303);
        assert!(app.services.store().session_list(olga.id).await.unwrap().is_empty());
        assert_eq!(olga.act("sessions/reader", json!({})).await.status, 401);
    }

    async fn a_login_ends_by_itself_after_fourteen_idle_days(app: &TestApp) {
        let olga = app.owner().await;
        app.clock.advance(13 * 86_400_000);
        assert_eq!(olga.get("/").await.status, 200);
        app.clock.advance(13 * 86_400_000);
        assert_eq!(olga.get("/").await.status, 200, "it was seen in between");
        app.clock.advance(14 * 86_400_000 + 1);
        assert_eq!(olga.get("/").await.status, 303);
    }

    async fn what_changes_something_must_come_from_our_own_pages(app: &TestApp) {
        let olga = app.owner().await;
        for headers in [
            vec![],
            vec![("origin", "http://evil.example")],
            vec![("origin", "null")],
            vec![("sec-fetch-site", "cross-site")],
            vec![("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")],
        ] {
            let mut request = olga.request(Method::POST, "/fn/sessions/sign_out").json(&json!({}));
            for (name, value) in &headers {
                request = request.header(*name, *value);
            }
            assert_eq!(olga.send(request).await.status, 403, "{headers:?}");
        }
        assert_eq!(olga.get("/").await.status, 200, "still signed in");
        assert_eq!(olga.get("/fn/sessions/sign_out").await.status, 405, "nothing is written by a GET");
    }
}
