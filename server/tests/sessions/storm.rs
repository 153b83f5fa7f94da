//! Everybody signs in at once, and those who are in do not notice.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use testkit::{TestApp, Told, both_databases};

/// Sign-ins at once. Each is work for a password hash, two of which run at a time.
const STORM: usize = 120;

both_databases! {
    async fn a_storm_of_sign_ins_leaves_the_others_their_pages(app: &TestApp = Told { trusted_proxies: &["127.0.0.1/32"], ..Told::default() }) {
        let olga = app.owner().await;
        let guest = app.stranger();
        let waiting = AtomicUsize::new(STORM);
        let storm = join_all((0..STORM).map(|number| {
            // Each from an address of its own: not one is stopped before its password is looked at.
            let request = guest
                .form_request("/signin", &[("email", &format!("m{number}@example.org")), ("password", "battery staple")])
                .header("x-forwarded-for", format!("198.51.100.{number}"));
            let waiting = &waiting;
            let guest = &guest;
            async move {
                let answer = guest.send(request).await;
                waiting.fetch_sub(1, Ordering::SeqCst);
                answer.status
            }
        }));
        let others = async {
            while waiting.load(Ordering::SeqCst) == STORM {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            for _ in 0..3 {
                assert_eq!(olga.get("/health").await.status, 200);
                assert_eq!(olga.get("/").await.status, 200);
            }
            waiting.load(Ordering::SeqCst)
        };
        let (statuses, left) = tokio::join!(storm, others);
        assert!(statuses.iter().all(|status| *status == 401), "{statuses:?}");
        assert!(left > 0, "six answers came before the storm was over");
    }
}
