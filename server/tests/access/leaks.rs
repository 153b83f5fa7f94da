//! Pages are drawn for many members at once, and each sees only their own.

use std::time::Duration;

use domain::connections::ProviderKind;
use domain::people::Role;
use futures::StreamExt;
use futures::future::join_all;
use futures::stream;
use serde_json::json;
use testkit::{Person, Raw, TestApp, both_databases};

use crate::chats::reply::send;

/// Members at once.
const MEMBERS: usize = 50;
/// How every name begins, so that one pass over a page finds all that are in it.
const MARK: &str = "zqmember";

/// Numbers of the members that a page speaks of.
fn named_in(page: &str) -> Vec<usize> {
    page.match_indices(MARK)
        .map(|(at, _)| {
            let digits = &page[at + MARK.len()..at + MARK.len() + 2];
            digits.parse().unwrap()
        })
        .collect()
}

both_databases! {
    async fn fifty_members_at_once_see_no_foreign_name(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let mut people: Vec<(Person, String)> = Vec::new();
        for number in 0..MEMBERS {
            let name = format!("{MARK}{number:02}");
            let person = app.member(&name, Role::Member).await;
            // Everybody sits behind one address, which may not try for ever.
            app.clock.advance(300_000);
            person.key(&format!("key of {name}"), None).await;
            let chat = send(&person, None, None, &format!("Words of {name}"), "demo").await;
            people.push((person, format!("/chats/{}", chat.chat_id)));
        }
        app.settle().await;
        let looks = people.iter().enumerate().flat_map(|(number, (person, chat))| {
            ["/", chat.as_str(), "/models", "/keys", "/account", "/calls"].map(|page| async move {
                (number, page, person.get(page).await)
            })
        });
        let seen = join_all(looks).await;
        assert_eq!(seen.len(), MEMBERS * 6);
        for (number, page, answer) in &seen {
            assert_eq!(answer.status, 200, "{page}");
            let named = named_in(&answer.text.to_lowercase());
            let foreign: Vec<_> = named.iter().filter(|other| *other != number).collect();
            assert!(foreign.is_empty(), "{page} of {number} speaks of {foreign:?}");
            // Where nobody is named nothing could leak: these pages do name their reader's things.
            if *page == "/keys" || page.starts_with("/chats/") {
                assert!(!named.is_empty(), "{page} of {number} does not speak of its reader");
            }
        }
    }

    async fn what_is_drawn_side_by_side_stays_apart(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let reader = app.member(&format!("{MARK}07"), Role::Member).await;
        app.owner().await;
        let stranger = app.stranger();
        let form = stranger.get("/signin").await.text;
        // A page is drawn in pieces, with others in between on the same threads: forms, which are
        // drawn in one go, and server functions.
        let pages = (0..12).map(|_| async {
            for _ in 0..40 {
                let page = reader.get("/").await;
                assert_eq!(page.status, 200);
                assert!(page.text.contains("</html>"), "the page is whole: {:?}", page.text);
            }
        });
        let forms = (0..12).map(|_| async {
            for _ in 0..150 {
                let answer = stranger.get("/signin").await;
                assert_eq!((answer.status, answer.text.as_str()), (200, form.as_str()));
            }
        });
        let acts = (0..6).map(|_| async {
            for _ in 0..60 {
                assert_eq!(reader.act("sessions/reader", json!({})).await.status, 200);
                assert_eq!(stranger.act("sessions/reader", json!({})).await.status, 401);
            }
        });
        tokio::join!(join_all(pages), join_all(forms), join_all(acts));
        assert!(named_in(&form).is_empty());
    }

    async fn readers_who_leave_in_the_middle_of_a_page_disturb_nobody(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let reader = app.member(&format!("{MARK}07"), Role::Member).await;
        let signed_in = app.stranger().sign_in(&format!("{MARK}07@example.org"), "correct horse battery").await;
        let cookie = signed_in.header("set-cookie").split(';').next().unwrap();
        let request = format!("GET / HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\r\n", app.address);
        let leavers = (0..300).map(|number| {
            let request = &request;
            async move {
                // A little later each: at every stage of the page.
                let mut leaver = Raw::connect(app.address).await;
                leaver.write(request.as_bytes()).await;
                leaver.closed_within(Duration::from_micros(number * 200)).await;
            }
        });
        let leaving = stream::iter(leavers).buffer_unordered(10).count();
        let staying = async {
            for _ in 0..40 {
                let page = reader.get("/").await;
                assert_eq!(page.status, 200);
                assert!(page.text.contains("</html>"), "the page is whole: {:?}", page.text);
            }
        };
        tokio::join!(leaving, staying);
    }
}
