//! Members: invited, re-roled, shut out, reset, and never left without an owner.

use domain::people::Role;
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::{TestApp, both_databases};

async fn invite(person: &testkit::Person, email: &str, role: &str) -> testkit::Answer {
    person
        .act(
            "members/invite",
            json!({ "name": "Ben", "email": email, "role": role }),
        )
        .await
}

/// The token of a one-time link.
fn link(answer: &testkit::Answer) -> String {
    let made: Value = answer.ok();
    made["token"].as_str().unwrap().to_owned()
}

both_databases! {
    async fn an_invited_member_chooses_a_password_over_a_link_that_works_once(app: &TestApp) {
        let olga = app.owner().await;
        let token = link(&invite(&olga, "Ben@Example.org", "member").await);
        let people: Vec<_> = (0..20).map(|_| app.stranger()).collect();
        let form = [("token", token.as_str()), ("password", "battery staple horse")];
        let answers = join_all(people.iter().map(|person| person.form("/welcome", &form))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 303).count(), 1);
        let ben = app.stranger();
        let signed = ben.form("/signin", &[("email", "ben@example.org"), ("password", "battery staple horse")]).await;
        assert_eq!(signed.status, 303);
        assert_eq!(app.stranger().form("/welcome", &[("token", ""), ("password", "battery staple horse")]).await.status, 400);
    }

    async fn a_link_dies_after_a_day(app: &TestApp) {
        let olga = app.owner().await;
        let token = link(&invite(&olga, "ben@example.org", "member").await);
        app.clock.advance(86_400_001);
        let late = app.stranger().form("/welcome", &[("token", &token), ("password", "battery staple horse")]).await;
        assert_eq!(late.status, 409);
    }

    async fn an_address_leads_to_one_member(app: &TestApp) {
        let olga = app.owner().await;
        assert_eq!(invite(&olga, "ben@example.org", "member").await.status, 200);
        let again = invite(&olga, " BEN@example.org", "member").await;
        assert_eq!((again.status, again.json()["what"].as_str().unwrap()), (409, "email_taken"));
    }

    async fn nobody_acts_on_a_higher_role_and_admins_not_on_admins(app: &TestApp) {
        let olga = app.owner().await;
        let amy = app.member("amy", Role::Admin).await;
        let abe = app.member("abe", Role::Admin).await;
        let ben = app.member("ben", Role::Member).await;
        for target in [olga.id, abe.id] {
            assert_eq!(amy.act("members/enable", json!({ "id": target, "enabled": false })).await.status, 403);
            assert_eq!(amy.act("members/role", json!({ "id": target, "role": "member" })).await.status, 403);
            assert_eq!(amy.act("members/reset", json!({ "id": target })).await.status, 403);
        }
        assert_eq!(amy.act("members/role", json!({ "id": ben.id, "role": "admin" })).await.status, 403);
        assert_eq!(invite(&amy, "x@example.org", "owner").await.status, 403);
        assert_eq!(ben.act("members/list", json!({})).await.status, 403);
        assert_eq!(invite(&ben, "x@example.org", "member").await.status, 403);
        assert_eq!(app.stranger().act("members/list", json!({})).await.status, 401);
        assert_eq!(amy.act("members/enable", json!({ "id": ben.id, "enabled": false })).await.status, 200);
        assert_eq!(ben.get("/").await.status, 303);
    }

    async fn the_last_owner_stays_also_when_two_leave_at_once(app: &TestApp) {
        let olga = app.owner().await;
        let otto = app.member("otto", Role::Owner).await;
        let demote = |actor: &'static str| {
            let (by, whom) = if actor == "olga" { (&olga, &otto) } else { (&otto, &olga) };
            by.act("members/role", json!({ "id": whom.id, "role": "member" }))
        };
        let (one, other) = tokio::join!(demote("olga"), demote("otto"));
        let done = [one.status, other.status].iter().filter(|status| **status == 200).count();
        assert!(done <= 1, "{} {}", one.text, other.text);
        let owners = app.services.store().member_list().await.unwrap();
        assert!(owners.iter().any(|member| member.role == Role::Owner));
    }

    async fn a_reset_ends_every_login_and_shows_a_link_once(app: &TestApp) {
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let token = link(&olga.act("members/reset", json!({ "id": ben.id })).await);
        assert_eq!(ben.get("/").await.status, 303);
        let chosen = ben.form("/welcome", &[("token", &token), ("password", "battery staple horse")]).await;
        assert_eq!(chosen.status, 303);
        assert_eq!(ben.get("/").await.status, 200);
        let old = app.stranger().form("/signin", &[("email", "ben@example.org"), ("password", "correct horse battery")]).await;
        assert_eq!(old.status, 401);
    }

    async fn every_change_is_in_the_audit_trail(app: &TestApp) {
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        assert_eq!(olga.act("members/role", json!({ "id": ben.id, "role": "admin" })).await.status, 200);
        let rows = app.services.store().audit_list(None, 10).await.unwrap();
        let changed = rows.iter().find(|row| row.action == "role_changed").unwrap();
        assert_eq!((changed.actor_id, changed.subject_id), (olga.id, ben.id.0));
        assert_eq!((changed.subject.as_str(), changed.detail.as_str()), ("ben", "admin"));
        assert_eq!(changed.address, "127.0.0.1");
        let told: Value = olga.act("audit/list", json!({ "before": null })).await.ok();
        assert!(told.to_string().contains("role_changed"));
    }

    async fn a_new_role_ends_the_links_that_were_made_for_the_old_one(app: &TestApp) {
        let olga = app.owner().await;
        let amy = app.member("amy", Role::Admin).await;
        // The admin keeps the link, and waits until its member is worth more.
        let kept = link(&invite(&amy, "ben@example.org", "member").await);
        let members: Value = olga.act("members/list", json!({})).await.ok();
        let ben = members.as_array().unwrap().iter().find(|row| row["email"] == "ben@example.org").unwrap()["id"].clone();
        assert_eq!(olga.act("members/role", json!({ "id": ben, "role": "owner" })).await.status, 200);
        let form = [("token", kept.as_str()), ("password", "battery staple horse")];
        assert_eq!(app.stranger().form("/welcome", &form).await.status, 409);
    }

    async fn admins_bound_neither_owners_nor_admins_nor_themselves(app: &TestApp) {
        let olga = app.owner().await;
        let amy = app.member("amy", Role::Admin).await;
        let abe = app.member("abe", Role::Admin).await;
        let ben = app.member("ben", Role::Member).await;
        let olgas_key = olga.key("olga's", None).await;
        let limit = |kind: &str, id: &str| json!({ "new": {
            "scope_kind": kind, "scope_id": id, "door": null, "model": null, "unit": "money",
            "window": "month", "zone": null, "ceiling": 0, "hard": true,
        } });
        for id in [olga.id, amy.id, abe.id] {
            assert_eq!(amy.act("limits/create", limit("member", &id.to_string())).await.status, 403);
        }
        assert_eq!(amy.act("limits/create", limit("key", &olgas_key.id)).await.status, 403);
        assert_eq!(amy.act("limits/create", limit("member", &ben.id.to_string())).await.status, 200);
        let on_amy: Value = olga.act("limits/create", limit("member", &amy.id.to_string())).await.ok();
        assert_eq!(amy.act("limits/delete", json!({ "id": on_amy })).await.status, 403);
        assert_eq!(olga.act("limits/delete", json!({ "id": on_amy })).await.status, 200);
    }
}
