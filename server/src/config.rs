//! Configuration: environment over `purser.toml` over defaults. The only place that reads the
//! environment.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use domain::calls::Word;
use ipnet::IpNet;
use serde::Deserialize;
use thiserror::Error;
use url::Url;

/// What the server is told.
#[derive(Clone)]
pub struct Config {
    /// `PURSER_LISTEN`: address and port. Default `127.0.0.1:3000`.
    pub listen: SocketAddr,
    /// `PURSER_DATA_DIR`: database, locks and master key. Default `./data`.
    pub data_dir: PathBuf,
    /// `DATABASE_URL`: `postgres://…`; without it SQLite in the data folder.
    pub database_url: Option<DatabaseUrl>,
    /// `PURSER_PUBLIC_URL`: the address people reach the house at. Decides cookies, links and the
    /// allowed origin; without it only loopback and addresses in numbers may change anything.
    pub public_url: Option<Url>,
    /// `PURSER_MASTER_KEY`: 64 hex digits; while the key is turned several, the newest first.
    pub master_key: Option<MasterKeyText>,
    /// `PURSER_MASTER_KEY_FILE`: a file that holds them. Default `master.key` in the data folder.
    pub master_key_file: Option<PathBuf>,
    /// `PURSER_TRUSTED_PROXIES`: networks whose `X-Forwarded-For` is believed. Default none.
    pub trusted_proxies: Vec<IpNet>,
    /// `PURSER_LOG`: filter such as `info,server=debug`. Default `info`.
    pub log: String,
    /// `PURSER_LOG_FORMAT`: `text` or `json`, one object a line. Default `text`.
    pub log_format: LogFormat,
    /// `PURSER_METRICS_LISTEN`: address and port of `/metrics` without sign-in. Whoever can reach it
    /// reads the figures: keep it on loopback or a private network. Default none.
    pub metrics_listen: Option<SocketAddr>,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: a collector that takes traces over http/protobuf. Default none.
    pub otlp_endpoint: Option<Url>,
    /// Where the browser's files lie: `LEPTOS_SITE_ROOT`, else `site` beside the binary, else `target/site`.
    pub site_root: PathBuf,
    /// The hashes their names carry: `hash.txt` beside the binary. Without it they carry none.
    pub hashes: Option<String>,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for programs.
    Json,
}

/// A database address that prints without its password.
#[derive(Clone)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Whether a text looks like the address of a PostgreSQL.
    pub(crate) fn is_postgres(text: &str) -> bool {
        text.starts_with("postgres://") || text.starts_with("postgresql://")
    }

    /// The whole address, for the driver alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Url::parse(&self.0) {
            Ok(mut url) => {
                if url.password().is_some() {
                    // Fails only for addresses without a host, which have no password.
                    let _ = url.set_password(Some("…"));
                }
                url.set_query(None);
                write!(f, "{url}")
            }
            Err(_) => f.write_str("(not an address)"),
        }
    }
}

/// A master key that does not print.
#[derive(Clone)]
pub struct MasterKeyText(String);

impl MasterKeyText {
    /// The digits.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// What is wrong with the configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A value cannot be read.
    #[error("{name}: {problem}")]
    Value {
        /// The setting, as the environment spells it.
        name: &'static str,
        /// What is wrong, without the value where that may be a secret.
        problem: String,
    },
    /// The file cannot be read.
    #[error("{path}: {problem}")]
    File {
        /// Which.
        path: String,
        /// Why.
        problem: String,
    },
}

/// `purser.toml`: the same settings, without the prefix, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    data_dir: Option<String>,
    database_url: Option<String>,
    public_url: Option<String>,
    master_key_file: Option<String>,
    trusted_proxies: Option<Vec<String>>,
    log: Option<String>,
    log_format: Option<String>,
    metrics_listen: Option<String>,
}

impl Config {
    /// Reads `purser.toml` in the working folder, if there is one, and the environment.
    ///
    /// # Errors
    /// The first value that cannot be used.
    pub fn read() -> Result<Self, ConfigError> {
        let path = Path::new("purser.toml");
        let file = match std::fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).map_err(|error| ConfigError::File {
                path: path.display().to_string(),
                problem: error.message().to_owned(),
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => File::default(),
            Err(error) => {
                return Err(ConfigError::File {
                    path: path.display().to_string(),
                    problem: error.to_string(),
                });
            }
        };
        Self::from_parts(file, environment)
    }

    fn from_parts(
        file: File,
        environment: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let wrong = |name, problem: &dyn fmt::Display| ConfigError::Value {
            name,
            problem: problem.to_string(),
        };
        let listen = environment("PURSER_LISTEN").or(file.listen);
        let listen = listen.unwrap_or_else(|| "127.0.0.1:3000".to_owned());
        let database_url = environment("DATABASE_URL").or(file.database_url);
        if database_url
            .as_ref()
            .is_some_and(|url| !DatabaseUrl::is_postgres(url))
        {
            return Err(wrong("DATABASE_URL", &"must start with postgres://"));
        }
        let public_url = environment("PURSER_PUBLIC_URL").or(file.public_url);
        let public_url = public_url.map(|text| read_public_url(&text)).transpose()?;
        let proxies = match environment("PURSER_TRUSTED_PROXIES") {
            Some(text) => text
                .split([',', ' '])
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
            None => file.trusted_proxies.unwrap_or_default(),
        };
        let trusted_proxies = proxies
            .iter()
            .map(|text| {
                let single = || text.parse::<std::net::IpAddr>().map(IpNet::from).ok();
                text.parse::<IpNet>().ok().or_else(single)
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| {
                wrong(
                    "PURSER_TRUSTED_PROXIES",
                    &"must be addresses or networks such as 10.0.0.0/8",
                )
            })?;
        Ok(Self {
            listen: listen
                .parse()
                .map_err(|error| wrong("PURSER_LISTEN", &error))?,
            data_dir: environment("PURSER_DATA_DIR")
                .or(file.data_dir)
                .unwrap_or_else(|| "./data".to_owned())
                .into(),
            database_url: database_url.map(DatabaseUrl),
            public_url,
            master_key: environment("PURSER_MASTER_KEY").map(MasterKeyText),
            master_key_file: environment("PURSER_MASTER_KEY_FILE")
                .or(file.master_key_file)
                .map(PathBuf::from),
            trusted_proxies,
            log: environment("PURSER_LOG")
                .or(file.log)
                .unwrap_or_else(|| "info".to_owned()),
            log_format: match environment("PURSER_LOG_FORMAT")
                .or(file.log_format)
                .as_deref()
            {
                None | Some("text") => LogFormat::Text,
                Some("json") => LogFormat::Json,
                Some(_) => return Err(wrong("PURSER_LOG_FORMAT", &"must be text or json")),
            },
            metrics_listen: environment("PURSER_METRICS_LISTEN")
                .or(file.metrics_listen)
                .map(|text| text.parse())
                .transpose()
                .map_err(|error| wrong("PURSER_METRICS_LISTEN", &error))?,
            otlp_endpoint: environment("OTEL_EXPORTER_OTLP_ENDPOINT")
                .map(|text| Url::parse(&text))
                .transpose()
                .map_err(|error| wrong("OTEL_EXPORTER_OTLP_ENDPOINT", &error))?,
            site_root: site_root(environment("LEPTOS_SITE_ROOT")),
            hashes: beside_binary("hash.txt").and_then(|path| std::fs::read_to_string(path).ok()),
        })
    }

    /// Whether people reach the house over https.
    pub fn is_secure(&self) -> bool {
        self.public_url
            .as_ref()
            .is_some_and(|url| url.scheme() == "https")
    }
}

fn environment(name: &'static str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn read_public_url(text: &str) -> Result<Url, ConfigError> {
    let wrong = |problem: &str| ConfigError::Value {
        name: "PURSER_PUBLIC_URL",
        problem: problem.to_owned(),
    };
    let url = Url::parse(text.trim_end_matches('/')).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(wrong("must be an http or https address"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong(
            "must be an address without a path: the house lives at the root",
        ));
    }
    Ok(url)
}

fn beside_binary(name: &str) -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.parent()?.join(name))
}

fn site_root(told: Option<String>) -> PathBuf {
    told.map(PathBuf::from)
        .or_else(|| beside_binary("site").filter(|path| path.is_dir()))
        .unwrap_or_else(|| "target/site".into())
}

/// Words of an enum, for messages.
pub(crate) fn words<T: Word>(all: &[T]) -> String {
    all.iter()
        .map(|word| word.spelling())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use super::*;

    const EXAMPLE: &str = include_str!("../../.env.example");
    const COMPOSE: &str = include_str!("../../compose.yaml");

    fn read(pairs: &'static [(&'static str, &'static str)]) -> Result<Config, ConfigError> {
        Config::from_parts(File::default(), move |name| {
            pairs
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nothing_said_means_loopback_and_sqlite() {
        let config = read(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
        assert!(config.database_url.is_none() && !config.is_secure());
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let file = File {
            listen: Some("127.0.0.1:1".into()),
            log: Some("debug".into()),
            ..File::default()
        };
        let config = Config::from_parts(file, |name| {
            (name == "PURSER_LISTEN").then(|| "127.0.0.1:2".to_owned())
        })
        .unwrap();
        assert_eq!((config.listen.port(), config.log.as_str()), (2, "debug"));
    }

    #[test]
    fn a_database_address_prints_without_its_password() {
        let config = read(&[("DATABASE_URL", "postgres://ann:hush@db/purser?x=y")]).unwrap();
        let shown = config.database_url.unwrap().to_string();
        assert!(shown.contains("ann") && !shown.contains("hush"), "{shown}");
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_name() {
        for (name, value) in [
            ("PURSER_LISTEN", "here"),
            ("DATABASE_URL", "mysql://x"),
            ("PURSER_PUBLIC_URL", "https://x.org/panel"),
            ("PURSER_PUBLIC_URL", "ftp://x.org"),
            ("PURSER_TRUSTED_PROXIES", "10.0.0.0/33"),
            ("PURSER_LOG_FORMAT", "xml"),
            ("PURSER_METRICS_LISTEN", "9464"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector"),
        ] {
            let told = Config::from_parts(File::default(), |asked| {
                (asked == name).then(|| value.to_owned())
            });
            assert!(
                told.err().unwrap().to_string().starts_with(name),
                "{name}={value}"
            );
        }
    }

    #[test]
    fn the_example_names_what_is_read_here_or_by_compose_and_nothing_else() {
        let read_here = RefCell::new(BTreeSet::new());
        Config::from_parts(File::default(), |name| {
            read_here.borrow_mut().insert(name);
            None
        })
        .unwrap();
        let read_here = read_here.into_inner();
        let compose: BTreeSet<&str> = COMPOSE.split("${").skip(1).map(leading_name).collect();
        // The image sets these.
        let own = ["LEPTOS_SITE_ROOT", "PURSER_DATA_DIR", "PURSER_LISTEN"];
        for name in read_here.iter().filter(|name| !own.contains(name)) {
            assert!(
                compose.contains(name),
                "compose.yaml does not pass {name} on"
            );
        }
        let mut wanted = &read_here | &compose;
        // Which profiles are on Compose reads by itself.
        wanted.insert("COMPOSE_PROFILES");
        let named: BTreeSet<&str> = EXAMPLE.lines().filter_map(example_name).collect();
        assert_eq!(named, wanted);
    }

    /// The variable of a line such as `#PURSER_LOG=info`; prose has a space after the sign.
    fn example_name(line: &str) -> Option<&str> {
        let line = line.strip_prefix('#').unwrap_or(line);
        let (name, _) = line.split_once('=')?;
        (name == leading_name(name)).then_some(name)
    }

    fn leading_name(text: &str) -> &str {
        let end = text.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
        &text[..end.unwrap_or(text.len())]
    }
}
