//! How long a provider asks us to wait.

use chrono::DateTime;
use domain::calls::Outcome;
use domain::time::DAY_MS;
use outbound::Response;

use super::Said;

/// Longest wait that is passed on; anything above is a mistake.
const LONGEST_MS: i64 = 31 * DAY_MS;

/// Status and headers of an answer.
#[derive(Debug, Default, Clone)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) fields: Vec<(String, String)>,
}

impl Head {
    pub(crate) fn of(response: &Response) -> Self {
        let fields = response.headers();
        Self {
            status: response.status(),
            fields: fields
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.trim())
    }

    /// Milliseconds from the provider's own `date` to an instant it named: no clock of ours is
    /// asked, so that a clock that goes wrong changes nothing.
    fn until(&self, instant_ms: i64) -> Option<i64> {
        let now = DateTime::parse_from_rfc2822(self.get("date")?).ok()?;
        Some(instant_ms.saturating_sub(now.timestamp_millis()))
    }
}

/// The wait in milliseconds, in order of trust: exact header, header, body, exhausted rate limit.
pub(super) fn wait_ms(head: &Head, said: &Said, outcome: Outcome) -> Option<i64> {
    let precise = || decimal_ms(head.get("retry-after-ms")?, 0);
    let usual = || {
        let value = head.get("retry-after")?;
        decimal_ms(value, 3)
            .or_else(|| head.until(DateTime::parse_from_rfc2822(value).ok()?.timestamp_millis()))
    };
    let limits = || {
        (outcome == Outcome::RateLimited)
            .then(|| reset_ms(head))
            .flatten()
    };
    precise()
        .or_else(usual)
        .or(said.retry_after_ms)
        .or_else(limits)
        .map(sane_ms)
}

/// A wait within bounds, whatever a provider said: others calculate with it.
pub(super) fn sane_ms(wait_ms: i64) -> i64 {
    wait_ms.clamp(0, LONGEST_MS)
}

/// The latest reset among the limits of which nothing remains.
fn reset_ms(head: &Head) -> Option<i64> {
    let exhausted = |remaining: Option<&str>| {
        remaining.is_some_and(|left| left.starts_with('-') || left.parse() == Ok(0_i64))
    };
    let openai = ["requests", "tokens"].into_iter().filter_map(|name| {
        exhausted(head.get(&format!("x-ratelimit-remaining-{name}")))
            .then(|| duration_ms(head.get(&format!("x-ratelimit-reset-{name}"))?))?
    });
    let anthropic = ["requests", "tokens", "input-tokens", "output-tokens"]
        .into_iter()
        .filter_map(|name| {
            let field = |part: &str| head.get(&format!("anthropic-ratelimit-{name}-{part}"));
            let instant = || DateTime::parse_from_rfc3339(field("reset")?).ok();
            exhausted(field("remaining")).then(|| head.until(instant()?.timestamp_millis()))?
        });
    openai.chain(anthropic).max()
}

/// A duration as Go and Google write it: `547ms`, `33.023s`, `2m52.8s`, `6m0s`, `1h2m`, or seconds.
pub(super) fn duration_ms(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    if let Some(ms) = decimal_ms(rest, 3) {
        return Some(ms);
    }
    let mut total = 0_i64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let part = match unit {
            "h" => decimal_ms(number, 3)?.checked_mul(3600)?,
            "m" => decimal_ms(number, 3)?.checked_mul(60)?,
            "s" => decimal_ms(number, 3)?,
            "ms" => decimal_ms(number, 0)?,
            "us" | "µs" | "ns" => 0,
            _ => return None,
        };
        total = total.checked_add(part)?;
        rest = tail;
    }
    Some(total)
}

/// A decimal times `10^scale`, rounded up; `None` for what is no number or negative.
fn decimal_ms(text: &str, scale: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    // Too many digits mean "very long".
    let whole: i64 = whole.parse().unwrap_or(i64::MAX);
    let kept: String = fraction
        .chars()
        .chain(std::iter::repeat('0'))
        .take(scale)
        .collect();
    let finer = fraction.bytes().skip(scale).any(|byte| byte != b'0');
    let kept: i64 = if kept.is_empty() {
        0
    } else {
        kept.parse().ok()?
    };
    let factor = 10_i64.checked_pow(u32::try_from(scale).ok()?)?;
    Some(
        whole
            .saturating_mul(factor)
            .saturating_add(kept)
            .saturating_add(i64::from(finer)),
    )
}
