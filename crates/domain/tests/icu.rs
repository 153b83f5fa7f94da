//! Our numbers, money and dates are what ICU writes, asked through Node's `Intl`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::io::Write;
use std::process::{Command, Stdio};

use domain::format::patterns;
use domain::time::{DAY_MS, Day};
use domain::{NanoUsd, Timestamp};
use serde_json::{Value, json};

/// Formats every question with ICU. Amounts travel as decimal text, because a JSON number is a float.
const ASK: &str = r#"
const questions = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const answers = questions.map(({ language, kind, value, places }) => {
    if (kind === "integer") return new Intl.NumberFormat(language).format(BigInt(value));
    if (kind === "money")
        return new Intl.NumberFormat(language, {
            style: "currency",
            currency: "USD",
            minimumFractionDigits: places,
            maximumFractionDigits: places,
        }).format(value);
    if (kind === "short_day") {
        const month = language === "ko" ? "numeric" : "short";
        return new Intl.DateTimeFormat(language, { month, day: "numeric", timeZone: "UTC" }).format(Number(value));
    }
    const style = { dateStyle: "medium", timeZone: "UTC" };
    if (kind === "date_time") style.timeStyle = "short";
    return new Intl.DateTimeFormat(language, style).format(new Date(Number(value)));
});
process.stdout.write(JSON.stringify(answers));
"#;

fn icu(questions: &[Value]) -> Vec<String> {
    let mut node = Command::new("node")
        .args(["-e", ASK])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node 20 knows ICU; the tests need it");
    let mut input = node.stdin.take().unwrap();
    input
        .write_all(&serde_json::to_vec(questions).unwrap())
        .unwrap();
    drop(input);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Numbers of every size, always the same ones.
fn numbers() -> Vec<i64> {
    let mut numbers = vec![0, 1, -1, 999, 1_000, 999_999_999, 1_000_000_000, 9_999_999];
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    for round in 0..400u32 {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let size = 10i64.pow(round % 17 + 1);
        numbers.push(mixed.cast_signed() % size);
    }
    numbers
}

fn decimal(nano: i64) -> String {
    let sign = if nano < 0 { "-" } else { "" };
    let absolute = nano.unsigned_abs();
    format!(
        "{sign}{}.{:09}",
        absolute / 1_000_000_000,
        absolute % 1_000_000_000
    )
}

/// How many places ours shows: the rule itself is Purser's, its writing is ICU's.
fn places(text: &str) -> usize {
    text.rsplit_once('.').map_or(0, |(_, places)| places.len())
}

#[test]
fn numbers_money_and_dates_are_written_as_icu_writes_them() {
    let mut questions = Vec::new();
    let mut ours = Vec::new();
    for language in ["en", "ko"] {
        let patterns = patterns(language);
        for number in numbers() {
            questions.push(
                json!({ "language": language, "kind": "integer", "value": number.to_string() }),
            );
            ours.push(patterns.integer(number));
            for money in [
                patterns.money(NanoUsd(number)),
                patterns.money_exact(NanoUsd(number)),
            ] {
                questions.push(json!({
                    "language": language, "kind": "money", "value": decimal(number), "places": places(&money),
                }));
                ours.push(money);
            }
            // From the year 1900 to 2200; earlier, ICU's calendar is the Julian one.
            let at = -2_208_988_800_000 + number.rem_euclid(9_467_000_000_000);
            for (kind, text) in [
                ("date", patterns.date(Timestamp(at), 0)),
                ("date", patterns.day(Day(at.div_euclid(DAY_MS)))),
                ("short_day", patterns.short_day(Day(at.div_euclid(DAY_MS)))),
                ("date_time", patterns.date_time(Timestamp(at), 0)),
            ] {
                questions
                    .push(json!({ "language": language, "kind": kind, "value": at.to_string() }));
                ours.push(text);
            }
        }
    }
    let theirs = icu(&questions);
    for ((question, ours), theirs) in questions.iter().zip(&ours).zip(&theirs) {
        // Newer ICU data writes the Korean half of the day in Latin letters; browsers are mixed.
        let theirs = match question["language"].as_str() {
            Some("ko") => theirs.replace("AM", "오전").replace("PM", "오후"),
            _ => theirs.clone(),
        };
        // ICU's narrow no-break space before it; V8 writes a plain one for the sake of old parsers.
        assert_eq!(ours.replace('\u{202f}', " "), theirs, "{question}");
    }
}
