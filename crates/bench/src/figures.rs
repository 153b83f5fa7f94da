//! What is measured, in the order in which it disturbs the next least.

mod answers;
mod pages;
mod rest;

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use crate::Failure;
use crate::house::{Fake, House};
use crate::report::Report;

/// Content chunks of a stream; role, end, usage and terminator come on top.
const CHUNKS: &str = "20";

#[derive(Args)]
pub(crate) struct Options {
    /// The release's `site` folder.
    #[arg(long, default_value = "target/site")]
    site: PathBuf,
    /// An empty PostgreSQL database; without it the house is on SQLite.
    #[arg(long)]
    database_url: Option<String>,
    /// Where the table goes.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Seconds of each measured load.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// How often each pair of loads is repeated; the middle figure counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How many connections ask at once, one load after the other.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 32, 256])]
    connections: Vec<usize>,
    /// Only throughput, for profiling.
    #[arg(long)]
    only_throughput: bool,
    /// Calls in the books when pages are asked for.
    #[arg(long, default_value_t = 200_000)]
    calls: u32,
}

/// Says something while it runs.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stderr().lock();
    // Nobody listening is no reason to stop measuring.
    let _ = writeln!(out, "{line}");
}

pub(crate) async fn run(options: Options) -> Result<(), Failure> {
    let mut report = Report::default();
    let fast = Fake::start(&["--chunks", CHUNKS]).await?;
    let paced = Fake::start(&["--chunks", CHUNKS, "--chunk-delay-ms", "25"]).await?;
    let late = Fake::start(&["--latency-ms", "2000"]).await?;
    let patient = Fake::start(&["--chunks", "40", "--chunk-delay-ms", "1000"]).await?;
    let house = House::open(&options.site, options.database_url.as_deref()).await?;
    for (fake, name) in [
        (&fast, "fast"),
        (&paced, "paced"),
        (&late, "late"),
        (&patient, "patient"),
    ] {
        house.connect(fake, name).await?;
    }
    let key = house.key("bench", "1000000").await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = house.server.memory()?;

    answers::throughput(&mut report, &options, &house, &fast, &key).await?;
    let loaded = house.server.memory()?;
    if options.only_throughput {
        return finish(&options, &report);
    }
    answers::added(&mut report, &options, &house, &fast, &key).await?;
    answers::between_chunks(&mut report, &house, &paced, &key).await?;
    rest::race(&mut report, &house).await?;
    rest::memory(&mut report, &house, &key, idle, loaded).await?;
    pages::first_load(&mut report, &options, &house).await?;
    pages::server_times(&mut report, &options, &house).await?;
    rest::start(&mut report, house).await?;
    finish(&options, &report)
}

fn finish(options: &Options, report: &Report) -> Result<(), Failure> {
    let engine = if options.database_url.is_some() {
        "PostgreSQL, fsync on"
    } else {
        "SQLite, FULL"
    };
    let table = format!("## {engine}\n\n{}", report.table());
    if let Some(out) = &options.out {
        std::fs::write(out, &table)?;
    }
    let mut out = std::io::stdout().lock();
    out.write_all(table.as_bytes())?;
    Ok(())
}

/// The middle time of appending a page to a file and waiting until it would survive power loss.
pub(crate) fn commit_time() -> Result<Duration, Failure> {
    let mut file = tempfile::NamedTempFile::new()?;
    let mut times = Vec::new();
    for _ in 0..200 {
        let begun = Instant::now();
        file.write_all(&[0x5a; 4_096])?;
        file.as_file().sync_data()?;
        times.push(begun.elapsed());
    }
    Ok(crate::statistics::percentile(&mut times, 0.5))
}
