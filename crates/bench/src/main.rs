//! Measures the release build and writes the figures down: `make bench`.
//!
//! Server, fake providers, the pass-through it is compared with, and the load all run on this machine
//! and talk over loopback. Every load is bounded in count or time. Nothing is asserted about time; an
//! answer that is wrong ends the run.

#![expect(
    clippy::disallowed_methods,
    reason = "load and comparison must not share the client and the tasks of what they measure"
)]

mod books;
mod figures;
mod house;
mod load;
mod page;
mod pass_through;
mod process;
mod report;
mod request;
mod statistics;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Everything that can go wrong ends the run.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure a house and print one table.
    Run(figures::Options),
    /// Only the comparison: what a gateway without any accounting does.
    PassThrough {
        /// Loopback address to listen on.
        #[arg(long)]
        listen: SocketAddr,
        /// Where everything goes.
        #[arg(long)]
        upstream: String,
    },
    /// Put the tables of several runs under each other, with machine and date.
    Page {
        /// Where the page goes.
        #[arg(long)]
        out: PathBuf,
        /// Tables written by `run --out`.
        tables: Vec<PathBuf>,
    },
}

fn main() -> Result<(), Failure> {
    // reqwest is built without a choice of its own.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match Arguments::parse().command {
        Command::Run(options) => runtime.block_on(figures::run(options)),
        Command::PassThrough { listen, upstream } => {
            runtime.block_on(pass_through::serve(listen, upstream))
        }
        Command::Page { out, tables } => page::write(&out, &tables),
    }
}
