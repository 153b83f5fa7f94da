//! The command line. Plain lines, or JSON with `--json`; exit status 0 only on success.

mod commands;
mod connect;
mod house;
mod master_keys;
mod print;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use thiserror::Error;

use crate::config::{Config, ConfigError};
use crate::master_key::MasterKeyError;
use crate::telemetry::{self, TelemetryError};

/// One panel for all the AI a person or a team uses.
#[derive(Parser)]
#[command(name = "purser", version, about)]
struct Arguments {
    /// Print JSON instead of lines.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the house.
    Serve,
    /// Ask a running server whether it lives; for containers.
    Healthcheck,
    /// Bring the database up to date and stop.
    Migrate,
    /// Members.
    #[command(subcommand)]
    User(UserCommand),
    /// Gateway keys.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Connections to providers.
    #[command(subcommand)]
    Connection(ConnectionCommand),
    /// Models.
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Usage.
    #[command(subcommand)]
    Usage(UsageCommand),
    /// Write the whole house into a file, beside a running server. The master key is not in it.
    Backup {
        /// Where to; `-` is the standard output.
        file: PathBuf,
    },
    /// Put the house of a backup in place, whole or not at all. The server must be stopped.
    Restore {
        /// Which backup; `-` is the standard input.
        file: PathBuf,
        /// Also where people live already. The house that is there is kept aside.
        #[arg(long)]
        replace: bool,
    },
    /// Copy the house to another database that is empty.
    Copy {
        /// `postgres://…`, or `sqlite:FOLDER` for a data folder.
        #[arg(long)]
        to: String,
    },
    /// Master keys, which seal what must not be read in the database.
    #[command(subcommand)]
    Keys(KeysCommand),
}

#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    /// Tell which keys are here and how much is sealed with each.
    List,
    /// Turn to a new key and seal everything anew; goes on where an earlier run was stopped.
    Rotate,
    /// Forget the keys that nothing is sealed with any more.
    Retire,
}

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Make a member who can sign in at once.
    Create {
        /// E-mail address.
        #[arg(long)]
        email: String,
        /// owner, admin or member.
        #[arg(long)]
        role: String,
        /// Name to show; default is the address before the @.
        #[arg(long)]
        name: Option<String>,
        /// Read the password from the first line of the standard input.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key and print it, once.
    Create {
        /// E-mail address of its owner.
        #[arg(long)]
        user: String,
        /// What to call it.
        #[arg(long)]
        name: String,
        /// Budget in USD for all time.
        #[arg(long)]
        budget_usd: Option<String>,
    },
}

#[derive(Subcommand)]
pub(crate) enum ConnectionCommand {
    /// Add a connection, test it and find its models.
    Add {
        /// demo, openai, openai-compatible, anthropic or gemini.
        #[arg(long)]
        kind: String,
        /// What to call it.
        #[arg(long)]
        name: String,
        /// Address; default is the provider's own.
        #[arg(long)]
        base_url: Option<String>,
        /// Read the key from the first line of the standard input.
        #[arg(long)]
        key_stdin: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum ModelsCommand {
    /// Ask every connection for its models.
    Sync,
}

#[derive(Subcommand)]
pub(crate) enum UsageCommand {
    /// Print the usage in 15-minute buckets.
    Export {
        /// json or csv.
        #[arg(long)]
        format: String,
        /// First day, such as 2026-11-01; default 30 days ago. UTC.
        #[arg(long)]
        from: Option<String>,
        /// Day after the last; default tomorrow. UTC.
        #[arg(long)]
        to: Option<String>,
    },
}

/// Why a command failed.
#[derive(Debug, Error)]
pub(crate) enum CliError {
    /// Configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Log and traces.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// Master key.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// Database.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] services::backup::BackupError),
    /// A service.
    #[error(transparent)]
    Service(#[from] services::Error),
    /// The HTTP client.
    #[error("the HTTP client cannot be made: {0}")]
    Outbound(#[from] outbound::OutboundError),
    /// Input and output.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// Anything a person can mend.
    #[error("{0}")]
    Told(String),
}

/// The program.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), CliError> {
    let config = Config::read()?;
    let is_server = matches!(arguments.command, Command::Serve);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| CliError::Io {
            what: "the runtime cannot be started".to_owned(),
            source,
        })?;
    let telemetry = telemetry::start(&config, is_server, runtime.handle())?;
    let done = runtime.block_on(async move {
        let out = print::Printer::new(arguments.json);
        match arguments.command {
            Command::Serve => serve::serve(&config).await,
            Command::Healthcheck => serve::healthcheck(&config).await,
            Command::Migrate => commands::migrate(&config, &out).await,
            Command::User(command) => commands::user(&config, &out, command).await,
            Command::Key(command) => commands::key(&config, &out, command).await,
            Command::Connection(command) => commands::connection(&config, &out, command).await,
            Command::Models(ModelsCommand::Sync) => commands::models_sync(&config, &out).await,
            Command::Usage(command) => commands::usage(&config, command).await,
            Command::Backup { file } => house::backup(&config, &out, &file).await,
            Command::Restore { file, replace } => {
                house::restore(&config, &out, &file, replace).await
            }
            Command::Copy { to } => house::copy(&config, &out, &to).await,
            Command::Keys(command) => master_keys::run(&config, &out, command).await,
        }
    });
    telemetry.end();
    done
}
