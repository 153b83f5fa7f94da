//! The race for a budget, memory, and the start.

use std::time::{Duration, Instant};

use futures::future::{join_all, try_join_all};
use http::StatusCode;
use http_body_util::BodyExt;

use crate::Failure;
use crate::house::{House, MODEL};
use crate::report::Report;
use crate::request::{Line, Target};
use crate::statistics::{median, ms};

/// Streams that are open at once when memory is read.
const OPEN_STREAMS: usize = 2_000;

fn megabytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown with one place")]
    let megabytes = bytes as f64 / 1_000_000.0;
    format!("{megabytes:.1} MB")
}

/// Two hundred calls of a dime at once for a dollar, at a provider that answers only later.
pub(super) async fn race(report: &mut Report, house: &House) -> Result<(), Failure> {
    house.price("late", "1000").await?;
    let key = house.key("race", "1").await?;
    let mut target = house.target(&key, "late", false);
    let dime = serde_json::json!({
        "model": format!("late/{MODEL}"),
        "max_completion_tokens": 100,
        "messages": [{ "role": "user", "content": "Hi" }],
    });
    target.body = dime.to_string().into();
    let begun = Instant::now();
    let answers = join_all((0..200).map(|_| status(&target))).await;
    let took = begun.elapsed();
    let mut admitted = 0;
    for answer in answers {
        match answer? {
            StatusCode::OK => admitted += 1,
            StatusCode::PAYMENT_REQUIRED => {}
            other => return Err(format!("the race was answered {other}").into()),
        }
    }
    report.add(
        "200 parallel calls of $0.10 on $1.00",
        &format!("**{admitted} admitted**"),
        &format!("{:.0} ms, of which the provider takes 2,000", ms(took)),
        "10 admitted",
    );
    Ok(())
}

async fn status(target: &Target) -> Result<StatusCode, Failure> {
    let mut line = Line::open(target.address).await?;
    let answer = line.begin(target).await?;
    let status = answer.status();
    answer.into_body().collect().await?;
    Ok(status)
}

/// Memory at rest, under load, and with many open streams.
pub(super) async fn memory(
    report: &mut Report,
    house: &House,
    key: &str,
    idle: u64,
    loaded: u64,
) -> Result<(), Failure> {
    report.add(
        "Memory, idle",
        &format!("**{}**", megabytes(idle)),
        "",
        "≤ 60 MB",
    );
    report.add(
        "Memory, after all loads",
        &megabytes(loaded),
        "256 connections",
        "–",
    );
    let target = house.target(key, "patient", true);
    // Side by side: each is answered only when its first token is there.
    let begun = (0..OPEN_STREAMS).map(|_| async {
        let mut line = Line::open(target.address).await?;
        let answer = line.begin(&target).await?;
        if !answer.status().is_success() {
            return Err(format!("a stream was answered {}", answer.status()).into());
        }
        Ok::<_, Failure>((line, answer))
    });
    let open = try_join_all(begun).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let streaming = house.server.memory()?;
    report.add(
        "Memory, 2,000 open streams",
        &format!("**{}**", megabytes(streaming)),
        &format!(
            "{} more than idle",
            megabytes(streaming.saturating_sub(idle))
        ),
        "≤ 300 MB",
    );
    // All at once: what leaves is charged for what it got.
    drop(open);
    tokio::time::sleep(Duration::from_secs(4)).await;
    Ok(())
}

/// From the start of the process on an existing database until it says that it is ready.
pub(super) async fn start(report: &mut Report, mut house: House) -> Result<(), Failure> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let took;
        (house, took) = house.restart().await?;
        times.push(ms(took));
    }
    report.add(
        "Ready after the start, database of all the loads above",
        &format!("**{:.0} ms**", median(times)),
        "middle of five",
        "≤ 1,000 ms",
    );
    Ok(())
}
