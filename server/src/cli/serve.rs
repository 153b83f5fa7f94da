//! `purser serve` and `purser healthcheck`.

use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use services::Services;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};

use super::{CliError, connect};
use crate::config::Config;
use crate::listen::{self, Bounds};
use crate::router::{Host, router};
use crate::routes::metrics::metrics_router;

/// How long running calls may finish when the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(30);
/// Where the set-up token waits, beside the data.
const TOKEN_FILE: &str = "setup.token";

/// Serves until it is told to stop.
pub(crate) async fn serve(config: &Config) -> Result<(), CliError> {
    let services = connect::open(config, true).await?;
    services.start_server().await?;
    if !services.is_set_up() {
        services.demo_connection_ensure().await?;
    }
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|source| CliError::Io {
            what: format!("cannot listen on {}", config.listen),
            source,
        })?;
    let address = listener.local_addr().map_err(|source| CliError::Io {
        what: "the listening address".to_owned(),
        source,
    })?;
    let base = services
        .public_url()
        .map_or_else(|| format!("http://{}", from_here(address)), str::to_owned);
    offer_set_up(config, &services, &base).await?;
    tracing::info!(%address, engine = ?services.store().engine(), "serving");
    let tasks = services.runtime().tasks.clone();
    if let Some(address) = config.metrics_listen {
        serve_metrics(address, &services).await?;
    }
    let router = router(Host::new(services.clone(), config));
    let mut bounds = Bounds::default();
    bounds.shared.extend(&config.trusted_proxies);
    let mut terminate = on_signal(SignalKind::terminate())?;
    let mut interrupt = on_signal(SignalKind::interrupt())?;
    tokio::select! {
        () = listen::serve(listener, router, tasks, bounds) => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!(running_calls = services.running_calls(), "stopping");
    services.shut_down(DRAIN).await;
    services.store().close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// Figures on an address of their own, for machines that cannot sign in.
async fn serve_metrics(address: SocketAddr, services: &Services) -> Result<(), CliError> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| CliError::Io {
            what: format!("cannot listen on {address} for metrics"),
            source,
        })?;
    tracing::info!(%address, "serving metrics without sign-in");
    let tasks = services.runtime().tasks.clone();
    let router = metrics_router(services.clone());
    services
        .runtime()
        .tasks
        .start(listen::serve(listener, router, tasks, Bounds::default()));
    Ok(())
}

fn on_signal(kind: SignalKind) -> Result<tokio::signal::unix::Signal, CliError> {
    signal(kind).map_err(|source| CliError::Io {
        what: "signals cannot be received".to_owned(),
        source,
    })
}

/// Shows the link that makes the first owner. The only secret that ever reaches the console, and
/// only of an empty house.
async fn offer_set_up(config: &Config, services: &Services, base: &str) -> Result<(), CliError> {
    let path = config.data_dir.join(TOKEN_FILE);
    let known = std::fs::read_to_string(&path)
        .ok()
        .map(|text| text.trim().to_owned());
    let Some(token) = services.set_up_token(known.clone()).await? else {
        // Left over from before the house had its owner; worth nothing any more.
        if known.is_some() {
            let _ = std::fs::remove_file(&path);
        }
        return Ok(());
    };
    if known.as_deref() != Some(token.as_str()) {
        write_private(&path, &token)?;
    }
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "\nNobody owns this Purser yet. Open this link to set it up:\n\n    {base}/setup#{token}\n"
    )
    .and_then(|()| out.flush())
    .map_err(|source| CliError::Io {
        what: "writing the set-up link".to_owned(),
        source,
    })
}

fn write_private(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |source| CliError::Io {
        what: path.display().to_string(),
        source,
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    writeln!(file, "{text}").map_err(failed)
}

/// Where this machine reaches a server that listens there: "every address" is none to connect to.
fn from_here(mut listening: SocketAddr) -> SocketAddr {
    if listening.ip().is_unspecified() {
        listening.set_ip(if listening.is_ipv4() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        });
    }
    listening
}

/// Asks the server that the same configuration describes.
pub(crate) async fn healthcheck(config: &Config) -> Result<(), CliError> {
    let address = from_here(config.listen);
    let asked = async {
        let mut stream = TcpStream::connect(address).await?;
        let request =
            format!("GET /ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(4_096).read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = tokio::time::timeout(Duration::from_secs(5), asked)
        .await
        .map_err(|_| CliError::Told(format!("{address} does not answer")))?
        .map_err(|source| CliError::Io {
            what: format!("asking {address}"),
            source,
        })?;
    if answer.starts_with(b"HTTP/1.1 200") {
        Ok(())
    } else {
        Err(CliError::Told(format!("{address} is not ready")))
    }
}
