//! Two instances of one house on one database decide as one.

use domain::NanoUsd;
use domain::connections::ProviderKind;
use fakes::{Dialect, Script, Usage};
use futures::future::join_all;
use serde_json::json;
use store::calls::CallFilter;
use testkit::{Key, TestApp, eventually, two_instances};

use super::budget::{dear_output, dime};

/// Waits until an instance has heard of a key that was made at another.
async fn known(key: &Key) {
    eventually(10, "the other instance knows the key", || async {
        (key.get("/v1/models").await.status == 200).then_some(())
    })
    .await;
}

two_instances! {
    async fn of_two_hundred_dimes_at_two_doors_exactly_ten_fit_a_dollar(one: &TestApp, two: &TestApp) {
        dear_output(one).await;
        let here = one.owner().await.key("race", Some("1.00")).await;
        let there = here.on(two);
        known(&there).await;
        let doors = [&here, &there];
        let answers = join_all((0..200).map(|number| doors[number % 2].chat(dime()))).await;
        let admitted = answers.iter().filter(|answer| answer.status == 200).count();
        let refused = answers.iter().filter(|answer| answer.status == 402).count();
        assert_eq!((admitted, refused), (10, 190));
        let reached = one.fake.requests().iter().filter(|sent| sent.path.ends_with("/completions")).count();
        assert_eq!(reached, 10, "a refused call never leaves the house");
        one.settle().await;
        let calls = one.services.store().call_list(&CallFilter::default(), None, 100).await.unwrap();
        let charged: i64 = calls.iter().filter_map(|call| call.charge).map(|charge| charge.0).sum();
        assert_eq!(NanoUsd(charged), NanoUsd::from_usd(1), "the dollar is spent, to the nano-dollar");
        assert!(calls.iter().all(|call| !call.overrun));
    }

    async fn what_a_call_left_over_at_one_door_is_there_at_the_other(one: &TestApp, two: &TestApp) {
        dear_output(one).await;
        one.fake.set_default(Dialect::OpenAi, Script::ok().with_usage(Usage::new(5, 1)));
        let here = one.owner().await.key("thrifty", Some("0.101")).await;
        let there = here.on(two);
        known(&there).await;
        // The worst case needs the whole budget each time; each call uses a thousandth of a dollar.
        assert_eq!(here.chat(dime()).await.status, 200);
        assert_eq!(there.chat(dime()).await.status, 200);
        assert_eq!(here.chat(dime()).await.status, 402);
        assert_eq!(there.chat(dime()).await.status, 402);
    }

    async fn of_eighty_requests_at_two_doors_ten_a_minute_pass(one: &TestApp, two: &TestApp) {
        one.connect(ProviderKind::Demo, "demo").await;
        let here = one.owner().await.key_with(json!({ "name": "slow", "requests_per_minute": 10 })).await;
        let there = here.on(two);
        known(&there).await;
        let doors = [&here, &there];
        let ask = |number: usize| {
            doors[number % 2].chat(json!({ "model": "demo", "messages": [{ "role": "user", "content": "Hi" }] }))
        };
        let answers = join_all((0..80).map(ask)).await;
        let admitted = answers.iter().filter(|answer| answer.status == 200).count();
        let refused = answers.iter().filter(|answer| answer.status == 429).count();
        assert_eq!((admitted, refused), (10, 70));
    }

    async fn a_limit_set_at_one_door_holds_at_the_other(one: &TestApp, two: &TestApp) {
        dear_output(one).await;
        let olga = one.owner().await;
        let there = olga.key("laptop", None).await.on(two);
        known(&there).await;
        assert_eq!(there.chat(dime()).await.status, 200);
        let limit = json!({
            "scope_kind": "member", "scope_id": olga.id, "door": null, "model": null, "unit": "money",
            "window": "month", "zone": null, "ceiling": 1, "hard": true,
        });
        assert_eq!(olga.act("limits/create", json!({ "new": limit })).await.status, 200);
        eventually(10, "the other instance refuses by the new limit", || async {
            (there.chat(dime()).await.status == 402).then_some(())
        })
        .await;
    }
}
