//! Load: as much as so many connections take, or so many calls a second.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::Failure;
use crate::request::{Line, Taken, Target};

/// Calls a second over so many connections, each asking again as soon as it has its answer.
pub(crate) async fn closed(
    target: &Target,
    connections: usize,
    time: Duration,
) -> Result<f64, Failure> {
    let mut lines = Vec::with_capacity(connections);
    for _ in 0..connections {
        lines.push(Line::open(target.address).await?);
    }
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for mut line in lines {
        let target = target.clone();
        tasks.spawn(async move {
            let mut calls = 0_u32;
            while begun.elapsed() < time {
                line.call(&target, false).await?;
                calls += 1;
            }
            Ok::<_, Failure>(calls)
        });
    }
    let mut calls = 0;
    while let Some(done) = tasks.join_next().await {
        calls += done??;
    }
    Ok(f64::from(calls) / begun.elapsed().as_secs_f64())
}

/// So many calls a second, whatever becomes of them, over a stock of connections.
pub(crate) async fn offered(
    target: &Target,
    a_second: u32,
    time: Duration,
) -> Result<Vec<Taken>, Failure> {
    const STOCK: usize = 256;
    let (put_back, mut stock) = mpsc::channel(STOCK);
    for _ in 0..STOCK {
        put_back.send(Line::open(target.address).await?).await?;
    }
    let mut tick = tokio::time::interval(Duration::from_secs(1) / a_second);
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut tasks = JoinSet::new();
    let begun = Instant::now();
    while begun.elapsed() < time {
        tick.tick().await;
        // All busy means that more was offered than is taken: a figure of its own, not of this.
        let mut line = stock.try_recv().map_err(|_| {
            format!("{STOCK} calls are under way: too slow for {a_second} a second")
        })?;
        let (target, put_back) = (target.clone(), put_back.clone());
        tasks.spawn(async move {
            let taken = line.call(&target, false).await?;
            // The stock takes back what came from it.
            let _ = put_back.send(line).await;
            Ok::<_, Failure>(taken)
        });
    }
    let mut all = Vec::new();
    while let Some(done) = tasks.join_next().await {
        all.push(done??);
    }
    Ok(all)
}

/// So many streams at once, each once: how their pieces arrive.
pub(crate) async fn paced(target: &Target, streams: usize) -> Result<Vec<Duration>, Failure> {
    let mut tasks = JoinSet::new();
    for _ in 0..streams {
        let mut line = Line::open(target.address).await?;
        let target = target.clone();
        tasks.spawn(async move { line.call(&target, true).await });
    }
    let mut gaps = Vec::new();
    while let Some(done) = tasks.join_next().await {
        let mut of_one = done??.gaps;
        // The terminator waits for the settlement, and behind a usage that nobody asked for.
        of_one.pop();
        gaps.append(&mut of_one);
    }
    Ok(gaps)
}
