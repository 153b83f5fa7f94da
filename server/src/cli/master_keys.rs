//! `purser keys …`: turning the master key.

use domain::InstanceId;
use serde_json::json;
use services::Services;
use services::access::Administrator;
use services::secrets::MasterKeys;
use store::Store;

use super::print::{Printer, note};
use super::{CliError, KeysCommand, connect};
use crate::config::Config;
use crate::master_key::{self, KeyFile};

/// Values between two looks at how many are left.
const ROUND: u64 = 500;

/// `purser keys list`, `rotate` and `retire`.
pub(crate) async fn run(
    config: &Config,
    out: &Printer,
    command: KeysCommand,
) -> Result<(), CliError> {
    let services = connect::open(config, false).await?;
    match command {
        KeysCommand::List => tell(out, "", &services.master_keys().await?),
        KeysCommand::Rotate => rotate(config, out, &services).await,
        KeysCommand::Retire => retire(config, out, &services).await,
    }
}

/// Every step looks at what is there, so that a run that was stopped is gone on with by the next.
async fn rotate(config: &Config, out: &Printer, services: &Services) -> Result<(), CliError> {
    let file = KeyFile::take(config)?;
    let before = services.master_keys().await?;
    let newest = before.present.first().cloned().unwrap_or_default();
    let target = if newest != before.active {
        // Stopped before the turn, or a new key was put before the others by hand.
        newest
    } else if before.left() > 0 {
        note("An earlier rotation was stopped; sealing what it left.");
        newest
    } else if let Some(file) = &file {
        file.add(services.runtime(), &master_key::find(config)?)?;
        services.master_keys_announce().await?;
        let first = services.master_keys().await?.present.into_iter().next();
        first.unwrap_or_default()
    } else {
        return Err(CliError::Told(
            "the keys come from PURSER_MASTER_KEY: put a new one before the present one \
             (`openssl rand -hex 32`, then NEW,OLD), restart every server with both, and run this again"
                .to_owned(),
        ));
    };
    let serving = Store::has_server(&connect::place(config, false)).await?;
    if serving {
        services.master_keys_announce().await?;
        refuse(&services.master_key_lacking(&target).await?, |ids| {
            format!(
                "these running servers do not have the new key {target}: {ids}. Put it into their key \
                 file, or into PURSER_MASTER_KEY and restart them; then run this again. Nothing has \
                 been sealed with it yet"
            )
        })?;
    }
    if before.active != target {
        let admin = Administrator::command_line();
        services.master_key_activate(&admin, &target).await?;
    }
    seal(services).await?;
    if serving {
        refuse(&services.master_key_unused_by(&target).await?, |ids| {
            format!(
                "these running servers still seal with another key: {ids}. Look into their logs, \
                 and run this again"
            )
        })?;
        // What they sealed before they heard of it.
        seal(services).await?;
    }
    let line = format!(
        "Everything is sealed with the master key {target}. Keep a copy of it apart from the data.\n\
         The older keys are still needed for older backups; `purser keys retire` forgets them here."
    );
    tell(out, &line, &services.master_keys().await?)
}

async fn seal(services: &Services) -> Result<(), CliError> {
    while services.master_key_reseal(ROUND).await? > 0 {}
    Ok(())
}

async fn retire(config: &Config, out: &Printer, services: &Services) -> Result<(), CliError> {
    let file = KeyFile::take(config)?;
    let present = services.master_keys().await?;
    let active = present.active.clone();
    if present.present.first() != Some(&active) {
        return Err(CliError::Told(
            "a newer key is here that nothing is sealed with yet: `purser keys rotate` first"
                .to_owned(),
        ));
    }
    if Store::has_server(&connect::place(config, false)).await? {
        refuse(&services.master_key_unused_by(&active).await?, |ids| {
            format!("these running servers still seal with another key: {ids}")
        })?;
    }
    // Looked at again: only now is it certain that no server seals with an older one.
    let left = services.master_keys().await?.left();
    if left > 0 {
        return Err(CliError::Told(format!(
            "{left} values are still sealed with an older key: `purser keys rotate` first"
        )));
    }
    let line = if let Some(file) = file {
        let keys = master_key::find(config)?;
        // The ring has the order of the file.
        file.replace(keys.get(..1).unwrap_or_default())?;
        services.master_keys_announce().await?;
        "The older keys are forgotten here. Backups made before the rotation still need them."
    } else {
        "Nothing is sealed with the older keys. Take them out of PURSER_MASTER_KEY and restart the \
         servers. Backups made before the rotation still need them."
    };
    tell(out, line, &services.master_keys().await?)
}

fn refuse(servers: &[InstanceId], text: impl FnOnce(String) -> String) -> Result<(), CliError> {
    if servers.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = servers.iter().map(ToString::to_string).collect();
    Err(CliError::Told(text(ids.join(", "))))
}

fn tell(out: &Printer, line: &str, keys: &MasterKeys) -> Result<(), CliError> {
    let mut ids = keys.present.clone();
    for id in keys.sealed.keys() {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    let mut lines: Vec<String> = Some(line.to_owned())
        .into_iter()
        .filter(|line| !line.is_empty())
        .collect();
    for id in ids {
        let here = keys.present.contains(&id);
        let what = match (id == keys.active, here) {
            (true, _) => "seals",
            (false, true) => "only opens",
            (false, false) => "is missing",
        };
        let count = keys.sealed.get(&id).copied().unwrap_or_default();
        lines.push(format!("{id}  {what}, {count} values"));
    }
    let value = json!({ "active": keys.active, "present": keys.present, "sealed": keys.sealed });
    out.tell(&lines.join("\n"), &value)
}
