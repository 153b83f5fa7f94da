use domain::calls::Outcome;
use domain::connections::ProviderKind;
use outbound::{OutboundError, Secret, Step};

use super::{Failures, Head, Readers, Said};

mod copies;
mod originals;

const KEY: &str = "sk-canary-0123456789";

fn failures(kind: ProviderKind, host: &str) -> Failures {
    failures_for(kind, host, Readers::Everyone)
}

fn failures_for(kind: ProviderKind, host: &str, readers: Readers) -> Failures {
    Failures::new(
        kind,
        &format!("https://{host}/v1"),
        &Secret::new(KEY),
        readers,
    )
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
fn no_wait_is_longer_than_a_month_wherever_it_stands() {
    let month = 31 * 24 * 3_600_000;
    let failures = failures(ProviderKind::Gemini, "x");
    for (delay, expected) in [
        ("99999999999999999999", Some(month)),
        ("99999999999999999999s", Some(month)),
        ("9223372036854775807ms", Some(month)),
        ("9223372036854775807h", None),
        ("-1s", None),
        ("27.5s", Some(27_500)),
    ] {
        let body =
            format!(r#"{{"error":{{"message":"m","details":[{{"retryDelay":"{delay}"}}]}}}}"#);
        let inside = failures.of_object(body.as_bytes());
        assert_eq!(inside.retry_after_ms, expected, "{delay}");
        let answered = failures.of_answer(&head(429, &[]), body.as_bytes());
        assert_eq!(answered.retry_after_ms, expected, "{delay}");
    }
    for fields in [
        vec![("retry-after-ms", "99999999999999999999.9")],
        vec![
            ("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"),
            ("date", "Wed, 21 Oct 2026 07:28:00 GMT"),
        ],
        vec![
            ("x-ratelimit-remaining-tokens", "0"),
            ("x-ratelimit-reset-tokens", "99999999999999999999"),
        ],
    ] {
        let failure = failures.of_answer(&head(429, &fields), b"");
        assert_eq!(failure.retry_after_ms, Some(month), "{fields:?}");
    }
}

#[test]
fn hosts_are_told_to_admins_only() {
    let host = || "ollama.internal".to_owned();
    let reason = || "connection refused".to_owned();
    for error in [
        OutboundError::Refused {
            host: host(),
            port: 11_434,
        },
        OutboundError::PlainHttp { host: host() },
        OutboundError::Connect {
            host: host(),
            reason: reason(),
        },
        OutboundError::Tls {
            host: host(),
            reason: reason(),
        },
        OutboundError::Timeout {
            host: host(),
            step: Step::Head,
        },
        OutboundError::Broken {
            host: host(),
            reason: reason(),
        },
        OutboundError::TooLarge {
            host: host(),
            limit_bytes: 7,
        },
    ] {
        let said = |readers| failures_for(ProviderKind::OpenAi, "x", readers).of_outbound(&error);
        let (members, admins) = (said(Readers::Everyone), said(Readers::Admins));
        for secret in ["ollama", "internal", "11434", "refused"] {
            assert!(!members.message.contains(secret), "{}", members.message);
        }
        assert!(!members.message.is_empty());
        assert!(
            admins.message.contains("ollama.internal"),
            "{}",
            admins.message
        );
        assert_eq!(members.outcome, admins.outcome);
    }
}

#[test]
fn what_is_too_long_for_an_error_is_not_read_as_one() {
    let padded = |bytes: usize| {
        let padding = "x".repeat(bytes);
        format!(r#"{{"error":{{"message":"m"}},"padding":"{padding}"}}"#)
    };
    assert!(Said::is_error(padded(1_000).as_bytes()));
    assert!(!Said::is_error(padded(300_000).as_bytes()));
    assert_eq!(Said::read(padded(300_000).as_bytes()), None);
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
