//! The gateway against the pass-through: how many, how late, how even.

use std::time::{Duration, Instant};

use super::{Options, commit_time};
use crate::Failure;
use crate::house::{Fake, House, pass_through};
use crate::load::{closed, offered, paced};
use crate::process::Process;
use crate::report::Report;
use crate::request::{Taken, Target};
use crate::statistics::{median, ms, percentile};

/// Calls a second at 1, 32 and 256 connections, whole and streamed.
pub(super) async fn throughput(
    report: &mut Report,
    options: &Options,
    house: &House,
    fake: &Fake,
    key: &str,
) -> Result<(), Failure> {
    let (running, plain, streamed) = pass_through(fake).await?;
    let time = Duration::from_secs(options.seconds);
    for (what, streams, beside, goal) in [
        ("Calls a second, whole", false, plain, "0.50"),
        (
            "Calls a second, streams of 20 chunks",
            true,
            streamed,
            "0.60",
        ),
    ] {
        let ours = house.target(key, "fast", streams);
        for connections in options.connections.iter().copied() {
            closed(&ours, connections, Duration::from_secs(1)).await?;
            let mut us = Rounds::default();
            let mut it = Rounds::default();
            // In turn: what slows the machine slows both.
            for _ in 0..options.rounds {
                it.run(&running, &beside, connections, time).await?;
                us.run(&house.server, &ours, connections, time).await?;
            }
            let (us, busy_us) = us.middle();
            let (it, busy_it) = it.middle();
            report.add(
                &format!("{what}, {connections} connections"),
                &format!(
                    "{us:.0}, ratio **{:.2}**; {busy_us:.0} µs of a processor each",
                    us / it
                ),
                &format!("pass-through {it:.0}; {busy_it:.0} µs"),
                &if connections == 1 {
                    "–".to_owned()
                } else {
                    format!("ratio ≥ {goal}")
                },
            );
        }
    }
    Ok(())
}

/// Loads of one kind: calls a second, and microseconds of a processor that the program took for each.
#[derive(Default)]
struct Rounds {
    rates: Vec<f64>,
    busy: Vec<f64>,
}

impl Rounds {
    async fn run(
        &mut self,
        program: &Process,
        target: &Target,
        connections: usize,
        time: Duration,
    ) -> Result<(), Failure> {
        let before = program.processor_time()?;
        let begun = Instant::now();
        let rate = closed(target, connections, time).await?;
        let calls = rate * begun.elapsed().as_secs_f64();
        let busy = program.processor_time()?.saturating_sub(before);
        self.rates.push(rate);
        self.busy.push(busy.as_secs_f64() * 1e6 / calls);
        Ok(())
    }

    fn middle(self) -> (f64, f64) {
        (median(self.rates), median(self.busy))
    }
}

/// What the gateway adds to the first byte and to the end, at a thousand calls a second.
pub(super) async fn added(
    report: &mut Report,
    options: &Options,
    house: &House,
    fake: &Fake,
    key: &str,
) -> Result<(), Failure> {
    const A_SECOND: u32 = 1_000;
    let commit = commit_time()?;
    let time = Duration::from_secs(options.seconds * 2);
    let (_running, plain, streamed) = pass_through(fake).await?;
    for (what, streams, direct, through) in [
        ("streams", true, fake.target(true), streamed),
        ("whole answers", false, fake.target(false), plain),
    ] {
        let sample = |target: Target| async move {
            offered(&target, A_SECOND, Duration::from_secs(1)).await?;
            offered(&target, A_SECOND, time).await
        };
        let ours = sample(house.target(key, "fast", streams)).await?;
        let direct = sample(direct).await?;
        let through = sample(through).await?;
        let firsts = if streams {
            "≤ 0.5 / 3 ms"
        } else {
            "held until settled"
        };
        let ends = format!(
            "≤ {:.1} / {:.1} ms (2 commits of {:.2} ms)",
            0.5 + 2.0 * ms(commit),
            3.0 + 2.0 * ms(commit),
            ms(commit)
        );
        for (point, of, goal) in [
            (
                "first byte",
                (|taken: &Taken| taken.first) as fn(&Taken) -> Duration,
                firsts,
            ),
            ("end", |taken: &Taken| taken.whole, ends.as_str()),
        ] {
            let [us, none, it] = [&ours, &direct, &through].map(|all| {
                let mut times: Vec<Duration> = all.iter().map(of).collect();
                [0.5, 0.99].map(|part| ms(percentile(&mut times, part)))
            });
            report.add(
                &format!("Added to the {point} of {what} at 1,000 calls/s, p50 / p99"),
                &format!("**{:.2} / {:.2} ms**", us[0] - none[0], us[1] - none[1]),
                &format!(
                    "pass-through {:.2} / {:.2} ms; without either {:.2} / {:.2} ms",
                    it[0] - none[0],
                    it[1] - none[1],
                    none[0],
                    none[1]
                ),
                goal,
            );
        }
    }
    Ok(())
}

/// What the gateway adds between two chunks that come every 25 ms.
pub(super) async fn between_chunks(
    report: &mut Report,
    house: &House,
    fake: &Fake,
    key: &str,
) -> Result<(), Failure> {
    const STREAMS: usize = 100;
    let mut direct = paced(&fake.target(true), STREAMS).await?;
    let mut ours = paced(&house.target(key, "paced", true), STREAMS).await?;
    let [us, none] =
        [&mut ours, &mut direct].map(|gaps| [0.5, 0.99].map(|part| ms(percentile(gaps, part))));
    report.add(
        "Added between chunks, 100 streams, a chunk every 25 ms, p50 / p99",
        &format!("**{:.2} / {:.2} ms**", us[0] - none[0], us[1] - none[1]),
        &format!(
            "gaps without the gateway {:.2} / {:.2} ms",
            none[0], none[1]
        ),
        "p99 ≤ 2 ms",
    );
    Ok(())
}
