//! What was used is summed to the nano-dollar, by the reader's own days, and for nobody else.

use domain::NanoUsd;
use domain::connections::ProviderKind;
use domain::people::Role;
use domain::time::{DAY_MS, HOUR_MS};
use domain::usage::{OwnUsage, Sum};
use fakes::{Dialect, Script, Usage};
use serde_json::json;
use testkit::{Key, Person, TestApp, both_databases};

use crate::chats::reply::send;

const MODEL: &str = "gpt-4o-mini";
const PASSWORD: &str = "correct horse battery";

/// 2 USD a million tokens in, 10 USD a million out.
async fn priced(app: &TestApp) {
    app.connect(ProviderKind::OpenAi, "openai").await;
    app.price(ProviderKind::OpenAi, MODEL, 2_000_000_000, 10_000_000_000)
        .await;
}

/// One call that takes so many tokens; it costs 2,000 and 10,000 nano-dollars for each.
async fn ask(app: &TestApp, key: &Key, input: u64, output: u64) {
    let usage = Usage::new(input, output);
    app.fake
        .enqueue(Dialect::OpenAi, Script::ok().with_usage(usage));
    ask_for(key, MODEL).await;
    app.settle().await;
}

async fn ask_for(key: &Key, model: &str) {
    let question = json!({ "model": model, "messages": [{ "role": "user", "content": "Hi" }] });
    let answer = key.chat(question).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

async fn home(person: &Person, whose: &str, span: &str) -> serde_json::Value {
    let arguments = json!({ "whose": whose, "span": span, "language": "en" });
    person.act("usage/home", arguments).await.ok()
}

async fn own(person: &Person, period: &str) -> OwnUsage {
    person
        .act("usage/own", json!({ "period": period }))
        .await
        .ok()
}

fn sum(home: &serde_json::Value, at: &str) -> Sum {
    let value = home.pointer(at).unwrap_or_else(|| panic!("{at} in {home}"));
    serde_json::from_value(value.clone()).unwrap()
}

fn calls_and_cost(sum: Sum) -> (i64, NanoUsd) {
    (sum.calls, sum.cost)
}

both_databases! {
    async fn a_day_is_summed_to_the_nano_dollar_and_compared_with_the_one_before(app: &TestApp) {
        priced(app).await;
        let olga = app.owner().await;
        let key = olga.key("laptop", None).await;
        ask(app, &key, 31, 12).await;
        // Later yesterday: that has not come yet today.
        app.clock.advance(3 * HOUR_MS);
        ask(app, &key, 1_000, 1_000).await;
        app.clock.advance(DAY_MS - 3 * HOUR_MS);
        ask(app, &key, 10, 1).await;
        ask(app, &key, 0, 3).await;
        let view = home(&olga, "house", "7").await;
        let today = sum(&view, "/figures/today/now");
        assert_eq!((today.calls, today.input, today.output), (2, 10, 4));
        assert_eq!(today.cost, NanoUsd(10 * 2_000 + 4 * 10_000));
        assert_eq!(calls_and_cost(sum(&view, "/figures/today/before")), (1, NanoUsd(182_000)));
        let all = NanoUsd(60_000 + 182_000 + 12_000_000);
        assert_eq!(calls_and_cost(sum(&view, "/figures/month/now")), (4, all));
        assert_eq!(calls_and_cost(sum(&view, "/figures/total")), (4, all));
        assert_eq!(view["figures"]["days"].as_array().unwrap().len(), 7);
        assert_eq!(calls_and_cost(sum(&view, "/figures/days/6/sum")), (2, NanoUsd(60_000)));
        assert_eq!(calls_and_cost(sum(&view, "/figures/days/5/sum")), (2, NanoUsd(12_182_000)));
        assert_eq!(calls_and_cost(sum(&view, "/figures/days/4/sum")), (0, NanoUsd::ZERO));
    }

    async fn a_month_is_compared_with_the_same_days_of_the_last(app: &TestApp) {
        priced(app).await;
        let olga = app.owner().await;
        let key = olga.key("laptop", None).await;
        // 21 November, 12:00.
        ask(app, &key, 1, 0).await;
        app.clock.advance(2 * DAY_MS);
        ask(app, &key, 100, 0).await;
        // 21 December, 12:00: the 23rd has not come yet this month.
        app.clock.advance(28 * DAY_MS);
        assert_eq!(olga.sign_in("olga@example.org", PASSWORD).await.status, 303);
        ask(app, &key, 5, 0).await;
        let view = home(&olga, "mine", "30").await;
        assert_eq!(calls_and_cost(sum(&view, "/figures/month/now")), (1, NanoUsd(10_000)));
        assert_eq!(calls_and_cost(sum(&view, "/figures/month/before")), (1, NanoUsd(2_000)));
        assert_eq!(calls_and_cost(sum(&view, "/figures/total")), (2, NanoUsd(210_000)));
        assert_eq!(calls_and_cost(sum(&home(&olga, "mine", "90").await, "/figures/total")), (3, NanoUsd(212_000)));
    }

    async fn a_day_ends_at_midnight_of_the_readers_zone(app: &TestApp) {
        priced(app).await;
        let olga = app.owner().await;
        let key = olga.key("laptop", None).await;
        // 12:00 in London, 21:00 in Seoul; then 16:00, and 01:00 of the next day.
        ask(app, &key, 1, 0).await;
        app.clock.advance(4 * HOUR_MS);
        ask(app, &key, 10, 0).await;
        for (zone, today, days) in [("Asia/Seoul", 1, 2), ("Europe/London", 2, 1), ("America/New_York", 2, 1)] {
            assert_eq!(olga.act("sessions/zone", json!({ "zone": zone })).await.status, 200);
            let view = home(&olga, "mine", "30").await;
            assert_eq!(sum(&view, "/figures/today/now").calls, today, "{zone}");
            assert_eq!(own(&olga, "today").await.total.calls, today, "{zone}");
            let used = view["figures"]["days"].as_array().unwrap().iter();
            assert_eq!(used.filter(|day| day["sum"]["calls"] != 0).count(), days, "{zone}");
            assert_eq!(sum(&view, "/figures/total").cost, NanoUsd(22_000), "{zone}");
        }
    }

    async fn everyone_sees_their_own_and_who_runs_the_house_sees_all(app: &TestApp) {
        priced(app).await;
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        ask(app, &olga.key("secret-lab", None).await, 100, 0).await;
        ask(app, &ben.key("laptop", None).await, 1, 0).await;
        let all = home(&olga, "house", "30").await;
        assert_eq!(calls_and_cost(sum(&all, "/figures/total")), (2, NanoUsd(202_000)));
        let members: Vec<_> = all["figures"]["members"]["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(members, ["olga", "ben"], "the dearest first");
        let only_hers = home(&olga, "mine", "30").await;
        assert_eq!(sum(&only_hers, "/figures/total").cost, NanoUsd(200_000));
        assert_eq!(only_hers["figures"]["members"]["rows"], json!([]));

        let his = home(&ben, "mine", "30").await;
        assert_eq!(calls_and_cost(sum(&his, "/figures/total")), (1, NanoUsd(2_000)));
        let asked = json!({ "whose": "house", "span": "30", "language": "en" });
        assert_eq!(ben.act("usage/home", asked).await.status, 403);
        for path in ["/home", "/home?of=house", "/usage"] {
            let page = ben.get(path).await;
            assert_eq!(page.status, 200);
            for others in ["olga", "secret-lab", "$0.000202", "$0.0002"] {
                assert!(!page.text.contains(others), "{path} tells {others}");
            }
            assert!(page.text.contains("$0.000002") || path == "/home?of=house", "{path}");
        }
        let his = own(&ben, "month").await;
        assert_eq!((his.total.calls, his.keys.len()), (1, 1));
        assert_eq!(his.keys[0].name.as_deref(), Some("laptop"));
    }

    async fn what_is_unknown_is_counted_and_never_a_zero(app: &TestApp) {
        priced(app).await;
        app.connect(ProviderKind::OpenAiCompatible, "local").await;
        app.connect(ProviderKind::Demo, "demo").await;
        let olga = app.owner().await;
        let key = olga.key("laptop", None).await;
        let models = key.get("/v1/models").await.json();
        let local = models["data"].as_array().unwrap().iter().find(|model| model["owned_by"] == "openai-compatible").unwrap();
        let local = local["id"].as_str().unwrap().to_owned();
        ask_for(&key, &local).await;
        ask_for(&key, &local).await;
        ask_for(&key, "demo").await;
        ask(app, &key, 1, 0).await;
        let today = sum(&home(&olga, "house", "30").await, "/figures/today/now");
        assert_eq!((today.calls, today.unpriced_calls, today.cost), (4, 2, NanoUsd(2_000)));
        let page = olga.get("/home").await;
        assert!(page.text.contains("2 calls without a known price"));
        assert!(page.text.contains("class=\"chart-unknown\""));
        let own = own(&olga, "month").await;
        let unpriced = own.models.iter().find(|row| row.name.as_deref() == Some(&local)).unwrap();
        assert_eq!((unpriced.sum.calls, unpriced.sum.unpriced_calls, unpriced.sum.cost), (2, 2, NanoUsd::ZERO));
    }

    async fn own_use_is_told_apart_by_model_and_by_key(app: &TestApp) {
        priced(app).await;
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.member("ann", Role::Member).await;
        let (old, new) = (ann.key("old", None).await, ann.key("new", None).await);
        ask(app, &old, 2, 1).await;
        ask(app, &new, 3, 0).await;
        ask_for(&new, "demo").await;
        send(&ann, None, None, "Hello", "demo").await;
        app.settle().await;
        // Its calls stay hers under its name.
        assert_eq!(ann.act("keys/revoke", json!({ "id": old.id })).await.status, 200);
        let used = own(&ann, "week").await;
        let mut keys: Vec<_> = used.keys.iter().map(|row| (row.name.clone().unwrap(), row.sum.calls, row.sum.cost.0)).collect();
        keys.sort();
        assert_eq!(keys, [("new".to_owned(), 2, 6_000), ("old".to_owned(), 1, 14_000)]);
        assert!(used.keyless.unwrap().calls >= 1);
        let models: Vec<_> = used.models.iter().map(|row| row.name.as_deref().unwrap()).collect();
        assert_eq!(models, ["demo", MODEL]);
        let parts: i64 = used.models.iter().map(|row| row.sum.calls).sum();
        assert_eq!(parts, used.total.calls);
        assert_eq!(used.total.cost, NanoUsd(20_000));
        for wrong in ["year", ""] {
            assert_eq!(ann.act("usage/own", json!({ "period": wrong })).await.status, 422, "{wrong}");
        }
    }

    async fn the_page_is_whole_before_it_comes_to_life(app: &TestApp) {
        priced(app).await;
        let olga = app.owner().await;
        let empty = olga.get("/home").await;
        assert!(empty.text.contains(locales::text::home::chart_none_title(locales::Locale::En)));
        ask(app, &olga.key("laptop", None).await, 500_000, 0).await;
        for (path, amount, today) in [("/home", "$1.00", ">Today<"), ("/home?lang=ko&amp;days=7", "US$1.00", ">오늘<")] {
            let page = olga.get(&path.replace("&amp;", "&")).await.text;
            for part in [amount, today, "chart-bar is-today", "class=\"chart chart-narrow\"", "<table"] {
                assert!(page.contains(part), "{path} has no {part}");
            }
            assert!(!page.contains(" style="), "{path}");
        }
        let nonsense = json!({ "whose": "house", "span": "30", "language": "xx" });
        assert_eq!(olga.act("usage/home", nonsense).await.status, 422);
    }
}
