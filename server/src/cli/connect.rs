//! Opening the house from a configuration.

use outbound::{Outbound, Policy, install_crypto};
use services::runtime::Runtime;
use services::secrets::Sealer;
use services::{Options, Services};
use store::{OpenOptions, Store};

use super::CliError;
use crate::config::{Config, DatabaseUrl};
use crate::master_key;

/// Where the configuration says the database is.
pub(crate) fn place(config: &Config, server: bool) -> OpenOptions {
    OpenOptions {
        url: config
            .database_url
            .as_ref()
            .map(|url| DatabaseUrl::expose(url).to_owned()),
        data_dir: config.data_dir.clone(),
        server,
    }
}

/// The ring of master keys, which is read again when one is missing.
pub(crate) fn sealer(
    config: &Config,
    runtime: &Runtime,
    has_data: bool,
) -> Result<Sealer, CliError> {
    let keys = master_key::load(config, runtime, has_data)?;
    let (newest, older) = keys
        .split_first()
        .ok_or_else(|| CliError::Told("there is no master key".to_owned()))?;
    let sealer = Sealer::new(runtime.clone(), newest, older)
        .map_err(|error| CliError::Told(error.to_string()))?;
    let config = config.clone();
    Ok(sealer.with_source(Box::new(move || {
        master_key::find(&config).map_err(|error| error.to_string())
    })))
}

/// Opens the database, finds the master key, and opens the services.
pub(crate) async fn open(config: &Config, server: bool) -> Result<Services, CliError> {
    install_crypto();
    let runtime = Runtime::system();
    let store = Store::open(&place(config, server)).await?;
    let has_data = !store.setting_list().await?.is_empty();
    let sealer = sealer(config, &runtime, has_data)?;
    let outbound = Outbound::new(Policy::default())?;
    let public_url = config
        .public_url
        .as_ref()
        .map(|url| url.as_str().trim_end_matches('/').to_owned());
    Ok(Services::open(Options {
        store,
        runtime,
        outbound,
        sealer,
        public_url,
    })
    .await?)
}
