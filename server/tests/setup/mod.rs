//! The first owner is made once, by whoever reads the console.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use domain::people::Role;
use futures::future::join_all;
use testkit::{Database, TestApp, TestDatabase, both_databases};

use crate::binary::command;

async fn token(app: &TestApp) -> String {
    app.services.set_up_token(None).await.unwrap().unwrap()
}

fn form<'a>(token: &'a str, email: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("token", token),
        ("name", "Olga"),
        ("email", email),
        ("password", "correct horse battery"),
    ]
}

both_databases! {
    async fn the_link_on_the_console_makes_the_owner_and_signs_them_in(app: &TestApp) {
        let olga = app.stranger();
        assert_eq!(olga.get("/").await.header("location"), "/setup");
        assert_eq!(olga.get("/setup").await.status, 200);
        let made = olga.form("/setup", &form(&token(app).await, "olga@example.org")).await;
        assert_eq!((made.status, made.header("location")), (303, "/home"));
        assert_eq!(olga.get("/").await.status, 200);
        assert_eq!(app.stranger().get("/").await.header("location"), "/signin");
        assert_eq!(app.stranger().get("/setup").await.header("location"), "/signin");
    }

    async fn of_thirty_at_once_one_becomes_the_owner(app: &TestApp) {
        let token = token(app).await;
        let people: Vec<_> = (0..30).map(|_| app.stranger()).collect();
        let emails: Vec<String> = (0..30).map(|number| format!("p{number}@example.org")).collect();
        let answers = join_all(people.iter().zip(&emails).map(|(person, email)| {
            let token = token.clone();
            async move { person.form("/setup", &form(&token, email)).await.status }
        }))
        .await;
        assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
        let members = app.services.store().member_list().await.unwrap();
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].role, Role::Owner);
    }

    async fn a_wrong_or_empty_token_makes_nobody(app: &TestApp) {
        let real = token(app).await;
        for wrong in ["", " ", "x", &real[1..], &real.to_uppercase()] {
            let answer = app.stranger().form("/setup", &form(wrong, "olga@example.org")).await;
            assert_eq!(answer.status, 401, "{wrong}");
        }
        assert!(app.services.store().member_list().await.unwrap().is_empty());
    }

    async fn what_does_not_fit_is_said_and_what_was_entered_stays(app: &TestApp) {
        let token = token(app).await;
        let answer = app
            .stranger()
            .form("/setup", &[("token", &token), ("name", "Olga"), ("email", "nonsense"), ("password", "short")])
            .await;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains("value=\"Olga\"") && !answer.text.contains("value=\"short\""), "{}", answer.text);
    }
}

#[tokio::test]
async fn the_link_on_the_console_leads_to_the_configured_address() {
    let database = TestDatabase::new(Database::Sqlite).await;
    let mut child = command(&database)
        .arg("serve")
        .env("PURSER_LISTEN", "127.0.0.1:0")
        .env("PURSER_PUBLIC_URL", "https://purser.example.test")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let console = BufReader::new(child.stdout.take().unwrap());
    let link = console
        .lines()
        .map_while(Result::ok)
        .find(|line| line.contains("/setup#"));
    child.kill().unwrap();
    child.wait().unwrap();
    let link = link.expect("the console shows a link");
    assert!(
        link.trim()
            .starts_with("https://purser.example.test/setup#"),
        "{link}"
    );
}
