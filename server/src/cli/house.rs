//! `purser backup`, `purser restore` and `purser copy`.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use domain::Timestamp;
use domain::format::patterns;
use serde_json::{Value, json};
use services::backup::{self, BackupError, Counted, Head, NewFile, TableSums};
use services::runtime::Runtime;
use services::secrets::Sealer;
use store::backup::Moment;
use store::{OpenOptions, Store};

use super::print::{Printer, note};
use super::{CliError, connect};
use crate::config::{Config, DatabaseUrl};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Where the standard input waits to be looked through before anything is written.
const RECEIVED: &str = "restore.received";

/// `purser backup FILE`.
pub(crate) async fn backup(config: &Config, out: &Printer, path: &Path) -> Result<(), CliError> {
    let started = Instant::now();
    let now = Runtime::system().now();
    let to_stdout = path == Path::new("-");
    if to_stdout && std::io::stdout().is_terminal() {
        let text =
            "a backup is not for a screen: name a file, or lead the standard output into one";
        return Err(CliError::Told(text.to_owned()));
    }
    let moment = Moment::open(&connect::place(config, false)).await?;
    let counted = if to_stdout {
        let stdout = BufWriter::new(std::io::stdout().lock());
        backup::save(&moment, VERSION, now, stdout).await?
    } else {
        let mut file = NewFile::begin(path)?;
        let counted = backup::save(&moment, VERSION, now, &mut file).await?;
        file.keep()?;
        counted
    };
    moment.close().await?;
    let (rows, tables) = (rows(&counted), counted.len());
    let line = format!(
        "Wrote {rows} rows of {tables} tables to {}.\nThe master key is not in it: keep a copy of the key apart.",
        path.display()
    );
    if to_stdout {
        note(&line);
        return Ok(());
    }
    let size = std::fs::metadata(path).map_or(0, |file| file.len());
    let value = json!({
        "file": path, "bytes": size, "duration_ms": duration_ms(started), "tables": told(&counted),
    });
    out.tell(&line, &value)
}

/// `purser restore FILE`.
pub(crate) async fn restore(
    config: &Config,
    out: &Printer,
    path: &Path,
    replace: bool,
) -> Result<(), CliError> {
    let started = Instant::now();
    let runtime = Runtime::system();
    let place = connect::place(config, true);
    // Never a new key: it could not open anything of this house.
    let sealer = connect::sealer(config, &runtime, true)?;
    let received = if path == Path::new("-") {
        Some(Received::take(&config.data_dir)?)
    } else {
        None
    };
    let file = received.as_ref().map_or(path, |received| &received.0);
    // Twice: all of it is looked through before anything is written.
    let (head, _) = backup::check(open(file)?, &sealer).await?;
    let done = backup::restore(
        &place,
        open(file)?,
        &sealer,
        replace,
        VERSION,
        runtime.now(),
    )
    .await?;
    let rows = rows(&done.counted);
    let mut line = format!(
        "Restored {rows} rows of {} tables, written by {} at {} UTC.",
        done.counted.len(),
        head.app_version,
        patterns("en").date_time(Timestamp(head.created_at), 0),
    );
    if let Some(kept) = &done.kept {
        line.push_str("\nThe house that was here before is kept in ");
        line.push_str(&kept.display().to_string());
    }
    let value = json!({
        "backup": described(&head), "kept": done.kept,
        "duration_ms": duration_ms(started), "tables": told(&done.counted),
    });
    out.tell(&line, &value)
}

/// `purser copy --to URL`.
pub(crate) async fn copy(config: &Config, out: &Printer, to: &str) -> Result<(), CliError> {
    let started = Instant::now();
    let runtime = Runtime::system();
    let from = connect::place(config, false);
    let place = target(config, to)?;
    let sealer: Sealer = connect::sealer(config, &runtime, true)?;
    let moment = Moment::open(&from).await?;
    if Store::has_server(&from).await? {
        note(
            "A server is running: what it writes from now on is not in the copy. Stop it first, \
             unless this is a rehearsal.",
        );
    }
    let counted = backup::copy(&moment, &place, &sealer, runtime.now()).await?;
    moment.close().await?;
    let line = format!(
        "Copied {} rows of {} tables; counts, sums and digests are the same on both sides.",
        rows(&counted),
        counted.len(),
    );
    let value = json!({ "duration_ms": duration_ms(started), "tables": told(&counted) });
    if !out.is_json() {
        Printer::raw(&money(&counted))?;
    }
    out.tell(&line, &value)
}

fn target(config: &Config, to: &str) -> Result<OpenOptions, CliError> {
    if let Some(folder) = to.strip_prefix("sqlite:").filter(|rest| !rest.is_empty()) {
        return Ok(OpenOptions {
            url: None,
            data_dir: folder.into(),
            server: true,
        });
    }
    if DatabaseUrl::is_postgres(to) {
        return Ok(OpenOptions {
            url: Some(to.to_owned()),
            data_dir: config.data_dir.clone(),
            server: true,
        });
    }
    let text = "--to is postgres://… or sqlite:FOLDER, such as sqlite:./data";
    Err(CliError::Told(text.to_owned()))
}

/// What came over the standard input, in a private file that goes with the value.
struct Received(PathBuf);

impl Received {
    fn take(folder: &Path) -> Result<Self, CliError> {
        let path = folder.join(RECEIVED);
        let failed = |source| CliError::Io {
            what: path.display().to_string(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        let received = Self(path.clone());
        std::io::copy(&mut std::io::stdin().lock(), &mut file)
            .and_then(|_| file.flush())
            .map_err(failed)?;
        Ok(received)
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        // Fails only when it is gone already.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn open(path: &Path) -> Result<impl Read, BackupError> {
    File::open(path).map_err(|source| BackupError::File {
        what: path.display().to_string(),
        source,
    })
}

fn rows(counted: &Counted) -> u64 {
    counted.iter().map(|(_, sums)| sums.rows).sum()
}

fn told(counted: &Counted) -> Value {
    let tables = counted
        .iter()
        .map(|(name, sums)| (name.clone(), json!(sums)));
    Value::Object(tables.collect())
}

/// A line for each table, with its sums of money: what a person may want to compare by hand.
fn money(counted: &Counted) -> String {
    let line = |(name, sums): &(String, TableSums)| {
        let columns = ["cost_nano_usd", "charge_nano_usd", "spent", "held"];
        let counting = columns
            .iter()
            .filter(|column| sums.sums.contains_key(**column));
        let told: Vec<String> = counting
            .map(|column| format!(", {column} {}", sums.sum(column)))
            .collect();
        format!("{name}: {} rows{}\n", sums.rows, told.concat())
    };
    counted.iter().map(line).collect::<Vec<_>>().concat()
}

fn described(head: &Head) -> Value {
    json!({
        "app_version": head.app_version, "created_at": head.created_at, "engine": head.engine,
        "migrations": head.migrations, "master_key_id": head.master_key_id,
    })
}

fn duration_ms(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}
