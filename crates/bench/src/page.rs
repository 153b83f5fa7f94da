//! `docs/BENCHMARKS.md`: the tables with the machine they were measured on.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failure;

const HEAD: &str = "# Benchmarks

Written by `make bench`, which builds the release and measures it together with the fake providers, the load and a bare
axum + reqwest pass-through on the same machine, all over loopback. Ratios compare figures of one run. All accounting is
on: every call is authenticated by a key with a budget, held, settled durably and rolled up. What was tried to get here is in
[PERFORMANCE.md](PERFORMANCE.md).
";

/// Writes the page.
pub(crate) fn write(out: &Path, tables: &[PathBuf]) -> Result<(), Failure> {
    let mut page = format!("{HEAD}\n{}\n", machine()?);
    for table in tables {
        page.push('\n');
        page.push_str(&std::fs::read_to_string(table)?);
    }
    std::fs::write(out, page)?;
    Ok(())
}

/// Cores, memory, system, compiler and date, in one sentence.
fn machine() -> Result<String, Failure> {
    let cores = std::thread::available_parallelism()?;
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let kilobytes: u64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))
        .and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse().ok())
        .ok_or("no MemTotal")?;
    let system = std::fs::read_to_string("/etc/os-release")?
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .map_or_else(
            || "Linux".to_owned(),
            |name| name.trim_matches('"').to_owned(),
        );
    let processor = std::fs::read_to_string("/proc/cpuinfo")?
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or_else(String::new, |name| {
            name.trim_matches([' ', '\t', ':']).to_owned()
        });
    let said = |program: &str, argument: &str| -> Result<String, Failure> {
        let output = Command::new(program).arg(argument).output()?;
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    };
    Ok(format!(
        "{cores} cores ({processor}), {} GB, {system}, {}, {}.",
        kilobytes / 1_000_000,
        said("rustc", "--version")?,
        said("date", "+%-d %B %Y")?,
    ))
}
