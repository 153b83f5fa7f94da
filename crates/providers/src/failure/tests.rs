use domain::calls::Outcome;
use domain::connections::ProviderKind;
use outbound::Secret;

use super::{Failures, Head};

mod copies;
mod originals;

const KEY: &str = "sk-canary-0123456789";

fn failures(kind: ProviderKind, host: &str) -> Failures {
    Failures::new(kind, &format!("https://{host}/v1"), &Secret::new(KEY))
}

fn head(status: u16, fields: &[(&str, &str)]) -> Head {
    let fields = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Head {
        status,
        fields: fields.collect(),
    }
}

fn outcome(kind: ProviderKind, host: &str, status: u16, body: &str) -> Outcome {
    failures(kind, host)
        .of_answer(&head(status, &[]), body.as_bytes())
        .outcome
}

#[test]
fn waits_are_read_in_every_form() {
    let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
    let body = r#"{"error":{"message":"m","details":[{"retryDelay":"27.5s"}]}}"#;
    for (fields, body, expected) in [
        (
            vec![("retry-after-ms", "1250.5"), ("retry-after", "9")],
            "",
            Some(1251),
        ),
        (vec![("retry-after", "20")], "", Some(20_000)),
        (vec![("retry-after", "1.5")], body, Some(1_500)),
        (
            vec![("retry-after", "Wed, 21 Oct 2026 07:28:30 GMT"), date],
            "",
            Some(30_000),
        ),
        (
            vec![("retry-after", "Wed, 21 Oct 2026 07:27:30 GMT"), date],
            "",
            Some(0),
        ),
        (vec![("retry-after", "soon")], body, Some(27_500)),
        (vec![], body, Some(27_500)),
        (
            vec![
                ("x-ratelimit-remaining-tokens", "0"),
                ("x-ratelimit-reset-tokens", "2m52.8s"),
            ],
            "",
            Some(172_800),
        ),
        (
            vec![
                ("x-ratelimit-remaining-requests", "-1"),
                ("x-ratelimit-reset-requests", "547ms"),
            ],
            "",
            Some(547),
        ),
        (
            vec![
                ("x-ratelimit-remaining-requests", "0"),
                ("x-ratelimit-reset-requests", "33"),
            ],
            "",
            Some(33_000),
        ),
        (
            vec![
                ("x-ratelimit-remaining-requests", "0"),
                ("x-ratelimit-reset-requests", "6m0s"),
                ("x-ratelimit-remaining-tokens", "0"),
                ("x-ratelimit-reset-tokens", "1m12s"),
            ],
            "",
            Some(360_000),
        ),
        (
            vec![
                ("x-ratelimit-remaining-requests", "5"),
                ("x-ratelimit-reset-requests", "6m0s"),
            ],
            "",
            None,
        ),
        (
            vec![
                ("anthropic-ratelimit-input-tokens-remaining", "0"),
                (
                    "anthropic-ratelimit-input-tokens-reset",
                    "2026-10-21T07:29:00Z",
                ),
                date,
            ],
            "",
            Some(60_000),
        ),
        (
            vec![
                ("anthropic-ratelimit-input-tokens-remaining", "0"),
                (
                    "anthropic-ratelimit-input-tokens-reset",
                    "2026-10-21T07:29:00Z",
                ),
            ],
            "",
            None,
        ),
        (
            vec![("retry-after", "99999999999999999999")],
            "",
            Some(31 * 24 * 3_600_000),
        ),
        (vec![("retry-after", "-5")], "", None),
    ] {
        let failure =
            failures(ProviderKind::OpenAi, "x").of_answer(&head(429, &fields), body.as_bytes());
        assert_eq!(failure.retry_after_ms, expected, "{fields:?}");
    }
}

#[test]
fn messages_hold_no_key() {
    let body = format!(r#"{{"error":{{"message":"The key {KEY} is wrong, also {KEY}."}}}}"#);
    let failure = failures(ProviderKind::OpenAi, "x").of_answer(&head(401, &[]), body.as_bytes());
    assert_eq!(failure.message, "The key [key] is wrong, also [key].");
    assert!(!format!("{:?}", failures(ProviderKind::OpenAi, "x")).contains("canary"));
}

#[test]
fn bodies_that_are_no_errors_leave_the_status() {
    for body in [
        "",
        "<html><body>502</body></html>",
        "null",
        "[]",
        "{}",
        "\u{feff}",
    ] {
        let failure =
            failures(ProviderKind::OpenAi, "x").of_answer(&head(502, &[]), body.as_bytes());
        assert_eq!(
            (failure.outcome, failure.status),
            (Outcome::Server, Some(502)),
            "{body}"
        );
        assert_eq!(
            failure.message, "HTTP status 502 without a readable error",
            "{body}"
        );
    }
}
