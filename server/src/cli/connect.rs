//! Opening the house from a configuration.

use outbound::{Outbound, Policy, install_crypto};
use services::runtime::Runtime;
use services::secrets::Sealer;
use services::{Options, Services};
use store::{OpenOptions, Store};

use super::CliError;
use crate::config::{Config, DatabaseUrl};
use crate::master_key;

/// Opens the database, finds the master key, and opens the services.
pub(crate) async fn open(config: &Config, server: bool) -> Result<Services, CliError> {
    install_crypto();
    let runtime = Runtime::system();
    let store = Store::open(&OpenOptions {
        url: config
            .database_url
            .as_ref()
            .map(|url| DatabaseUrl::expose(url).to_owned()),
        data_dir: config.data_dir.clone(),
        server,
    })
    .await?;
    let has_data = !store.setting_list().await?.is_empty();
    let key = master_key::load(config, &runtime, has_data)?;
    let sealer = Sealer::new(runtime.clone(), &key, &[])
        .map_err(|error| CliError::Told(error.to_string()))?;
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
