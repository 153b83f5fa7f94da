//! A process of this run: ended with it, and asked how much memory it has.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

use crate::Failure;

/// A program under test. It is killed when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// A port of the loopback address that nobody listens on at this moment.
pub(crate) fn free_port() -> Result<SocketAddr, Failure> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

impl Process {
    /// Starts it and waits until it listens.
    pub(crate) async fn start(mut command: Command, address: SocketAddr) -> Result<Self, Failure> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                format!(
                    "{} does not start: {error}",
                    command.as_std().get_program().display()
                )
            })?;
        let mut this = Self { child, address };
        let begun = Instant::now();
        while tokio::net::TcpStream::connect(address).await.is_err() {
            if let Some(status) = this.child.try_wait()? {
                return Err(format!("a program ended by itself: {status}").into());
            }
            if begun.elapsed() > Duration::from_secs(30) {
                return Err("a program does not listen".into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(this)
    }

    /// Bytes of memory it has in use.
    pub(crate) fn memory(&self) -> Result<u64, Failure> {
        let id = self.child.id().ok_or("the program has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .ok_or("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes * 1_024)
    }

    /// Time of processors it has used, all threads together.
    pub(crate) fn processor_time(&self) -> Result<Duration, Failure> {
        /// What Linux counts in, on every architecture: a hundredth of a second.
        const TICK: Duration = Duration::from_millis(10);
        let id = self.child.id().ok_or("the program has ended")?;
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
        // The name in parentheses may hold anything; user and system time are the 14th and 15th.
        let (_, rest) = stat.rsplit_once(')').ok_or("no name in stat")?;
        let mut ticks = 0;
        for field in rest.split_whitespace().skip(11).take(2) {
            ticks += field.parse::<u32>()?;
        }
        Ok(TICK * ticks)
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn end(mut self) -> Result<(), Failure> {
        let id = self.child.id().ok_or("the program has ended")?;
        run(Command::new("kill").arg(id.to_string()), "").await?;
        self.child.wait().await?;
        Ok(())
    }
}

/// Runs a program to its end with something on its standard input, and gives what it printed.
pub(crate) async fn run(command: &mut Command, input: &str) -> Result<String, Failure> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).await?;
    }
    let output = child.wait_with_output().await?;
    if !output.status.success() {
        return Err(format!(
            "{} ended with {}",
            command.as_std().get_program().display(),
            output.status
        )
        .into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// A program that was built beside this one.
pub(crate) fn beside(name: &str) -> Result<std::path::PathBuf, Failure> {
    let here = std::env::current_exe()?;
    let path = here.parent().unwrap_or(Path::new(".")).join(name);
    if path.exists() {
        Ok(path)
    } else {
        Err(format!("{} is missing: `make bench` builds it", path.display()).into())
    }
}
