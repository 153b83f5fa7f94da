//! The list of calls: whose, of which model, of which days, page by page, and how some of them stand now.

use std::time::Duration;

use domain::connections::ProviderKind;
use domain::people::Role;
use domain::time::{DAY_MS, Day};
use fakes::{Dialect, Script};
use serde_json::{Value, json};
use testkit::{Key, Person, TestApp, both_databases};

fn wanted(model: Option<&str>, from: Option<&str>, to: Option<&str>) -> Value {
    let day = |text: Option<&str>| text.map(|text| Day::read(text).unwrap().0);
    json!({ "only_mine": false, "model": model, "days": { "from": day(from), "to": day(to) } })
}

fn of(model: &str) -> Value {
    wanted(Some(model), None, None)
}

async fn list(person: &Person, wanted: &Value, before: Option<&str>) -> Value {
    let asked = json!({ "wanted": wanted, "before": before });
    person.act("calls/list", asked).await.ok()
}

/// How some calls stand now.
async fn read(person: &Person, ids: &[&str]) -> Vec<Value> {
    person.act("calls/read", json!({ "ids": ids })).await.ok()
}

/// Ids of everything that is listed, read page by page.
async fn all(person: &Person, wanted: &Value) -> Vec<String> {
    let mut ids = Vec::new();
    let mut before: Option<String> = None;
    loop {
        let page = list(person, wanted, before.as_deref()).await;
        let rows = page["rows"].as_array().unwrap();
        assert!(rows.len() <= 50);
        ids.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => before = Some(next.to_owned()),
            None => return ids,
        }
    }
}

async fn call(app: &TestApp, key: &Key, model: &str) {
    let question = json!({ "model": model, "messages": [{ "role": "user", "content": "Hi" }] });
    let answer = key.chat(question).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    // Ids of one instant stand in the order of chance.
    app.clock.advance(1);
}

both_databases! {
    async fn the_pages_of_a_filtered_list_miss_nothing_and_repeat_nothing(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let (hers, his) = (olga.key("hers", None).await, ben.key("his", None).await);
        for number in 0..65 {
            call(app, &his, "demo").await;
            if number % 5 == 0 {
                call(app, &his, "demo-long").await;
                call(app, &hers, "demo").await;
            }
        }
        app.settle().await;
        let everything = all(&olga, &wanted(None, None, None)).await;
        assert_eq!(everything.len(), 91);
        let mut newest_first = everything.clone();
        newest_first.sort_by(|one, other| other.cmp(one));
        assert_eq!(everything, newest_first);

        let demo = all(&olga, &of("demo")).await;
        let long = all(&olga, &of("demo-long")).await;
        assert_eq!((demo.len(), long.len()), (78, 13));
        let both: std::collections::BTreeSet<_> = demo.iter().chain(&long).collect();
        assert_eq!(both.len(), 91, "each in one of them, none in both");
        let in_order = |ids: &[String]| ids.iter().all(|id| everything.contains(id)) && ids.is_sorted_by(|one, other| one > other);
        assert!(in_order(&demo) && in_order(&long));

        // A member has their own, whatever they ask for; who runs the house may ask for theirs alone.
        assert_eq!(all(&ben, &of("demo")).await.len(), 65);
        let mut mine = of("demo");
        mine["only_mine"] = json!(true);
        assert_eq!((all(&olga, &mine).await.len(), all(&ben, &mine).await.len()), (13, 65));
        mine["model"] = json!(null);
        assert_eq!(all(&olga, &mine).await.len(), 13);
    }

    async fn a_running_call_is_read_by_its_id_until_it_has_ended_by_whom_it_concerns(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.fake.set_default(
            Dialect::OpenAi,
            Script::text_chunks(["word "; 8]).with_chunk_delay(Duration::from_millis(150)),
        );
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let dora = app.member("dora", Role::Member).await;
        let his = ben.key("his", None).await;
        let everything = wanted(None, None, None);
        let newest = async || -> Option<Value> {
            list(&olga, &everything, None).await["rows"].as_array().unwrap().first().cloned()
        };
        let looked_at = async {
            let listed = loop {
                match newest().await {
                    Some(row) => break row,
                    None => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            };
            let id = listed["id"].as_str().unwrap().to_owned();
            let (hers, own) = (read(&olga, &[&id]).await, read(&ben, &[&id]).await);
            assert_eq!((hers.len(), own.len()), (1, 1));
            assert_eq!((&hers[0]["state"], &hers[0]["member"]), (&json!("open"), &json!("ben")));
            assert_eq!((&own[0]["state"], &own[0]["member"]), (&json!("open"), &json!(null)));
            assert!(read(&dora, &[&id]).await.is_empty(), "another member's");
            id
        };
        let question = json!({
            "model": "gpt-4o-mini",
            "stream": true,
            "max_completion_tokens": 50,
            "messages": [{ "role": "user", "content": "Hi" }],
        });
        let (answer, id) = tokio::join!(his.chat(question), looked_at);
        assert_eq!(answer.status, 200, "{}", answer.text);
        app.settle().await;

        let ended = read(&olga, &[&id]).await;
        assert_eq!(ended[0]["state"], "settled");
        assert_eq!(Some(ended[0].clone()), newest().await, "as the list says it");
        assert!(read(&dora, &[&id]).await.is_empty());
        // What is not there is left out, and nothing is said twice.
        let nil = domain::CallId::NIL.to_string();
        assert_eq!(read(&ben, &[&nil, &id, &id]).await.len(), 1);
        assert!(read(&olga, &[&nil]).await.is_empty());
        assert!(read(&olga, &[]).await.is_empty());
        let most = vec![id.as_str(); domain::calls::READ_MOST];
        assert_eq!(read(&olga, &most).await.len(), 1);
        let many = vec![id; domain::calls::READ_MOST + 1];
        let refused = olga.act("calls/read", json!({ "ids": many })).await;
        assert_eq!((refused.status, refused.json()["field"].as_str()), (422, Some("ids")), "{}", refused.text);
    }

    async fn a_model_is_meant_to_the_letter(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let olga = app.owner().await;
        call(app, &olga.key("k", None).await, "demo").await;
        app.settle().await;
        assert_eq!(all(&olga, &of("demo")).await.len(), 1);
        for other in ["Demo", "demo ", " demo", "dem", "dem_", "%", "demo%", "'demo'", "demo' OR '1'='1", "\u{202e}demo", "🦀", &"x".repeat(300)] {
            assert!(all(&olga, &of(other)).await.is_empty(), "{other}");
        }
        for (hostile, field) in [("a\u{0}b", "model"), ("a\nb", "model"), ("", "model"), (&"x".repeat(301), "model")] {
            let refused = olga.act("calls/list", json!({ "wanted": of(hostile), "before": null })).await;
            assert_eq!((refused.status, refused.json()["field"].as_str()), (422, Some(field)), "{}", refused.text);
        }
        // The page says the same, and stands.
        let page = olga.get("/calls?model=demo").await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("filter-tag") && page.text.contains("demo"), "{}", page.text);
        for address in ["/calls?model=a%00b", "/calls?model=%FF%FE", "/calls?model=&from=x&to=2026-02-30", "/calls?model=%3Cscript%3Ealert(1)%3C/script%3E", "/calls?from=2026-11-02&to=2026-11-01"] {
            let page = olga.get(address).await;
            assert!(matches!(page.status, 200 | 422), "{address}: {}", page.status);
            assert!(!page.text.contains("<script>alert"), "{address}");
        }
    }

    async fn days_begin_at_midnight_of_their_reader_and_last_as_long_as_they_last(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let key = olga.key("k", None).await;
        assert_eq!(olga.act("sessions/zone", json!({ "zone": "Europe/Berlin" })).await.status, 200);
        let admin = app.member("dora", Role::Admin).await;
        assert_eq!(admin.act("sessions/zone", json!({ "zone": "Asia/Seoul" })).await.status, 200);
        // From an hour before a day of 25 hours to an hour after it, in Berlin: every hour, and the last
        // moment of each of its ends.
        let start = services::runtime::Runtime::now(app.services.runtime());
        let next = next_end_of_summer_time(start.0);
        let hour = 3_600_000;
        let mut at = start.0;
        for moment in [next - 1, next, next + hour, next + 24 * hour, next + 25 * hour - 1, next + 25 * hour] {
            app.clock.advance(moment - at);
            at = moment;
            let question = json!({ "model": "demo", "messages": [{ "role": "user", "content": "Hi" }] });
            assert_eq!(key.chat(question).await.status, 200);
        }
        app.settle().await;
        // Nobody stays signed in for months.
        for person in [&olga, &admin, &ben] {
            assert_eq!(person.sign_in(&format!("{}@example.org", person.name), "correct horse battery").await.status, 303);
        }
        let day = Day((next + 2 * hour).div_euclid(DAY_MS));
        let on = |from: Option<Day>, to: Option<Day>| {
            let from = from.map(Day::written);
            let to = to.map(Day::written);
            wanted(None, from.as_deref(), to.as_deref())
        };
        let count = async |person: &Person, asked: Value| all(person, &asked).await.len();
        assert_eq!(count(&olga, on(Some(day), Some(day))).await, 4, "the first moment and the last, and what lies between");
        assert_eq!(count(&olga, on(None, Some(day.plus(-1)))).await, 1);
        assert_eq!(count(&olga, on(Some(day.plus(1)), None)).await, 1);
        assert_eq!(count(&olga, on(Some(day.plus(-1)), Some(day.plus(1)))).await, 6);
        // In Seoul that day began seven hours earlier and has 24: it holds the first three.
        assert_eq!(count(&admin, on(Some(day), Some(day))).await, 3);
        assert_eq!(count(&admin, on(Some(day.plus(1)), Some(day.plus(1)))).await, 3);
        assert_eq!(count(&ben, on(None, None)).await, 0);
    }

    async fn days_that_cannot_be_are_refused(app: &TestApp) {
        let olga = app.owner().await;
        for (from, to, field) in [
            (json!(2), json!(1), "to"),
            (json!(i64::MAX), json!(null), "from"),
            (json!(null), json!(i64::MIN), "from"),
        ] {
            let asked = json!({ "only_mine": false, "model": null, "days": { "from": from, "to": to } });
            let refused = olga.act("calls/list", json!({ "wanted": asked, "before": null })).await;
            assert_eq!((refused.status, refused.json()["field"].as_str()), (422, Some(field)), "{}", refused.text);
        }
    }
}

/// When the next day of 25 hours begins in Berlin: midnight of the last Sunday of October.
fn next_end_of_summer_time(after: i64) -> i64 {
    let mut day = Day(after.div_euclid(DAY_MS) + 1);
    loop {
        let is_sunday = (day.0 + 4).rem_euclid(7) == 0;
        let written = day.written();
        if is_sunday && written.contains("-10-") && !day.plus(7).written().contains("-10-") {
            // Two hours ahead of UTC until then.
            return day.0 * DAY_MS - 7_200_000;
        }
        day = day.plus(1);
    }
}
