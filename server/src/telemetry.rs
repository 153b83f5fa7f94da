//! Where log lines and traces go.

use std::io::IsTerminal;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use outbound::{Destination, Outbound, Policy};
use thiserror::Error;
use tokio::runtime::Handle;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};
use url::Url;

use crate::config::{Config, LogFormat};

/// A collector that has not answered by then loses the batch.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer of a collector that is read.
const MOST_BYTES: usize = 64 * 1024;

/// Why logging cannot begin.
#[derive(Debug, Error)]
pub(crate) enum TelemetryError {
    /// The filter.
    #[error("PURSER_LOG: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The collector's address.
    #[error("OTEL_EXPORTER_OTLP_ENDPOINT: {0}")]
    Endpoint(String),
}

/// What must be ended, so that the last traces arrive.
#[derive(Debug, Default)]
pub(crate) struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Sends what is left. Blocks; for the end of the program, outside of its runtime.
    pub(crate) fn end(self) {
        if let Some(provider) = self.0
            && let Err(error) = provider.shutdown_with_timeout(PATIENCE)
        {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Logs to the standard error: the standard output belongs to answers. A server that is told of a
/// collector also sends it the traces of its requests and calls.
pub(crate) fn start(
    config: &Config,
    is_server: bool,
    runtime: &Handle,
) -> Result<Telemetry, TelemetryError> {
    let filter = if is_server { &config.log } else { "warn" };
    let filter = EnvFilter::try_new(filter)?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    // Colours are for eyes: in a file they are noise.
    let lines = if std::io::stderr().is_terminal() {
        lines
    } else {
        lines.with_ansi(false)
    };
    let lines = match config.log_format {
        LogFormat::Text => lines.with_filter(filter).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_filter(filter).boxed(),
    };
    let provider = match &config.otlp_endpoint {
        Some(endpoint) if is_server => Some(provider(endpoint, runtime)?),
        _ => None,
    };
    let traces = provider.as_ref().map(|provider| {
        // Requests and calls, not what the libraries below them say: sending a trace would make others.
        let ours = Targets::new()
            .with_target("server", tracing::Level::INFO)
            .with_target("services", tracing::Level::INFO);
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("purser"))
            .with_filter(ours)
    });
    // A second start in one process, as in tests, changes nothing.
    let _ = tracing_subscriber::registry()
        .with(lines)
        .with(traces)
        .try_init();
    Ok(Telemetry(provider))
}

fn provider(endpoint: &Url, runtime: &Handle) -> Result<SdkTracerProvider, TelemetryError> {
    let wrong = |problem: &dyn std::fmt::Display| TelemetryError::Endpoint(problem.to_string());
    // The operator chose it, wherever it is: collectors live on private addresses.
    let allowed = Destination::of(endpoint).ok_or_else(|| wrong(&"no host or port"))?;
    let outbound = Outbound::new(Policy {
        allowed: vec![allowed],
        ..Policy::default()
    })
    .map_err(|error| wrong(&error))?;
    let base = endpoint.as_str().trim_end_matches('/');
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{base}/v1/traces"))
        .with_http_client(Collector {
            outbound,
            runtime: runtime.clone(),
        })
        .build()
        .map_err(|error| wrong(&error))?;
    let resource = Resource::builder()
        .with_service_name("purser")
        .with_attribute(opentelemetry::KeyValue::new(
            "service.version",
            env!("CARGO_PKG_VERSION"),
        ))
        .build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource)
        .build())
}

/// The way to the collector: our own client. The exporter runs on a thread of its own, which has no
/// runtime.
#[derive(Debug)]
struct Collector {
    outbound: Outbound,
    runtime: Handle,
}

#[async_trait::async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let outbound = self.outbound.clone();
        self.runtime
            .spawn(async move {
                let (parts, body) = request.into_parts();
                let url = Url::parse(&parts.uri.to_string())?;
                let request = outbound::Request::post(url, parts.headers, body);
                let answer = outbound.send(request, PATIENCE).await?;
                let status = answer.status();
                let body = answer.read(MOST_BYTES, PATIENCE).await?;
                Ok(Response::builder().status(status).body(body)?)
            })
            .await?
    }
}
