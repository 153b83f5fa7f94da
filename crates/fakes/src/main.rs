//! Runs the fake providers by themselves, for development and load tests.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;
use fakes::{Dialect, Fake};

/// Fake AI providers on a loopback address. Any key that contains "fake" is valid.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Loopback address to listen on.
    #[arg(long, default_value = "127.0.0.1:9100")]
    listen: SocketAddr,
    /// Wait before the status line of every answer.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// Content chunks of a stream.
    #[arg(long, default_value_t = 8)]
    chunks: usize,
    /// Wait between two chunks.
    #[arg(long, default_value_t = 0)]
    chunk_delay_ms: u64,
    /// Answer for model ids that are not in the model lists too.
    #[arg(long)]
    any_model: bool,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    // Nobody can ask this process what was recorded, so nothing is.
    let fake = Fake::builder()
        .listen(arguments.listen)
        .record(false)
        .any_model(arguments.any_model)
        .latency(Duration::from_millis(arguments.latency_ms))
        .chunks(arguments.chunks)
        .chunk_delay(Duration::from_millis(arguments.chunk_delay_ms))
        .start()
        .await?;
    let mut out = io::stdout().lock();
    for dialect in Dialect::ALL {
        writeln!(out, "{:<11} {}", dialect.name(), fake.url(dialect))?;
    }
    out.flush()?;
    drop(out);
    tokio::signal::ctrl_c().await?;
    fake.stop().await;
    Ok(())
}
