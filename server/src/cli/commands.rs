//! Commands that work beside a running server.

use std::io::BufRead;

use domain::connections::{NewConnection, ProviderKind};
use domain::keys::NewKey;
use domain::limits::WindowKind;
use domain::people::Role;
use domain::time::DAY_MS;
use domain::{AppError, MemberId, NanoUsd, Timestamp};
use serde_json::{Value, json};
use services::access::Administrator;
use store::rollups::{RollupKey, RollupSum};

use super::print::Printer;
use super::{CliError, ConnectionCommand, KeyCommand, UsageCommand, UserCommand, connect};
use crate::config::{Config, words};

/// `purser migrate`.
pub(crate) async fn migrate(config: &Config, out: &Printer) -> Result<(), CliError> {
    let services = connect::open(config, false).await?;
    let engine = format!("{:?}", services.store().engine()).to_lowercase();
    services.store().close().await?;
    out.tell(
        "The database is up to date.",
        &json!({ "ok": true, "engine": engine }),
    )
}

/// `purser user …`.
pub(crate) async fn user(
    config: &Config,
    out: &Printer,
    command: UserCommand,
) -> Result<(), CliError> {
    let UserCommand::Create {
        email,
        role,
        name,
        password_stdin: _,
    } = command;
    let role = Role::from_word(&role)
        .ok_or_else(|| CliError::Told(format!("--role is one of {}", words(Role::ALL))))?;
    let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned());
    let password = first_line("the password")?;
    let services = connect::open(config, false).await?;
    let admin = Administrator::command_line();
    let id = services
        .member_create_with_password(&admin, &name, &email, role, password)
        .await
        .map_err(told)?;
    let line = format!("Made {} {email} ({id}).", role.word());
    out.tell(
        &line,
        &json!({ "id": id, "email": email, "role": role.word() }),
    )
}

/// `purser key …`.
pub(crate) async fn key(
    config: &Config,
    out: &Printer,
    command: KeyCommand,
) -> Result<(), CliError> {
    let KeyCommand::Create {
        user,
        name,
        budget_usd,
    } = command;
    let budget = budget_usd
        .map(|text| NanoUsd::parse_usd(&text))
        .transpose()
        .map_err(|error| CliError::Told(format!("--budget-usd: {error}")))?;
    let services = connect::open(config, false).await?;
    let owner = services
        .store()
        .member_find_by_email(&user.trim().to_lowercase())
        .await?
        .ok_or_else(|| CliError::Told(format!("there is no member {user}")))?;
    let new = NewKey {
        name,
        models: Vec::new(),
        budget,
        budget_window: WindowKind::Total,
        requests_per_minute: None,
        tokens_per_minute: None,
        expires_in_days: None,
    };
    let made = services
        .key_create_for(MemberId::NIL, "command line", owner.id, &new)
        .await
        .map_err(told)?;
    let value = json!({ "id": made.row.id, "name": made.row.name, "key": made.secret });
    out.tell(&made.secret, &value)
}

/// `purser connection …`.
pub(crate) async fn connection(
    config: &Config,
    out: &Printer,
    command: ConnectionCommand,
) -> Result<(), CliError> {
    let ConnectionCommand::Add {
        kind,
        name,
        base_url,
        key_stdin,
    } = command;
    let kind = ProviderKind::from_word(&kind)
        .ok_or_else(|| CliError::Told(format!("--kind is one of {}", words(ProviderKind::ALL))))?;
    let key = if key_stdin {
        first_line("the key")?
    } else {
        String::new()
    };
    let services = connect::open(config, false).await?;
    let admin = Administrator::command_line();
    let new = NewConnection {
        kind,
        name,
        base_url: base_url.unwrap_or_default(),
        key,
        weight: 1,
    };
    let id = services
        .connection_create(&admin, &new)
        .await
        .map_err(told)?;
    match services.connection_sync(&admin, id).await {
        Ok(found) => {
            let line = format!("Added {} ({id}); it has {found} models.", new.name);
            out.tell(&line, &json!({ "id": id, "models": found }))
        }
        // The connection stands; the provider's answer can be mended and asked for again.
        Err(error) => {
            let problem = told(error);
            Err(CliError::Told(format!(
                "added {} ({id}), but its models could not be read: {problem}",
                new.name
            )))
        }
    }
}

/// `purser models sync`.
pub(crate) async fn models_sync(config: &Config, out: &Printer) -> Result<(), CliError> {
    let services = connect::open(config, false).await?;
    let admin = Administrator::command_line();
    let mut failed = 0;
    for row in services.connection_list(&admin).await? {
        match services.connection_sync(&admin, row.id).await {
            Ok(found) => out.tell(
                &format!("{}: {found} models", row.name),
                &json!({ "connection": row.name, "models": found }),
            )?,
            Err(error) => {
                failed += 1;
                let problem = told(error).to_string();
                out.tell(
                    &format!("{}: {problem}", row.name),
                    &json!({ "connection": row.name, "error": problem }),
                )?;
            }
        }
    }
    if failed == 0 {
        Ok(())
    } else {
        Err(CliError::Told(format!("{failed} connections failed")))
    }
}

/// `purser usage …`.
pub(crate) async fn usage(config: &Config, command: UsageCommand) -> Result<(), CliError> {
    let UsageCommand::Export { format, from, to } = command;
    let services = connect::open(config, false).await?;
    let today = Timestamp(services.runtime().now().0.div_euclid(DAY_MS) * DAY_MS);
    let from = from.map_or(Ok(today.plus(-30 * DAY_MS)), |text| day("--from", &text))?;
    let to = to.map_or(Ok(today.plus(DAY_MS)), |text| day("--to", &text))?;
    let rows = services.store().rollup_list(from, to).await?;
    match format.as_str() {
        "json" => {
            let rows: Vec<Value> = rows.iter().map(|(key, sum)| usage_json(key, sum)).collect();
            Printer::raw(&format!("{}\n", Value::Array(rows)))
        }
        "csv" => Printer::raw(&usage_csv(&rows)?),
        _ => Err(CliError::Told("--format is json or csv".to_owned())),
    }
}

fn usage_json(key: &RollupKey, sum: &RollupSum) -> Value {
    json!({
        "bucket_ms": key.bucket,
        "member_id": key.member_id,
        "key_id": key.key_id,
        "group_id": key.group_id,
        "connection_id": key.connection_id,
        "model": key.model,
        "door": key.door.word(),
        "usage_source": key.usage_source.map(domain::calls::UsageSource::word),
        "price_state": key.price_state.word(),
        "calls": sum.calls,
        "failed_calls": sum.failed_calls,
        "input": sum.input,
        "cached_input": sum.cached_input,
        "cache_write": sum.cache_write,
        "output": sum.output,
        "reasoning": sum.reasoning,
        "cost_nano_usd": sum.cost,
        "charge_nano_usd": sum.charge,
    })
}

fn usage_csv(rows: &[(RollupKey, RollupSum)]) -> Result<String, CliError> {
    let failed =
        |error: csv::Error| CliError::Told(format!("the table cannot be written: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut named = false;
    for (key, sum) in rows {
        let Value::Object(row) = usage_json(key, sum) else {
            continue;
        };
        if !named {
            writer.write_record(row.keys()).map_err(failed)?;
            named = true;
        }
        writer
            .write_record(row.values().map(cell))
            .map_err(failed)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| CliError::Told(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| CliError::Told(error.to_string()))
}

/// A value for a table. A text that a spreadsheet would run as a formula is told to be a text.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            format!("'{text}")
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A day such as 2026-11-01, at midnight UTC.
fn day(name: &str, text: &str) -> Result<Timestamp, CliError> {
    domain::time::parse_day(text)
        .ok_or_else(|| CliError::Told(format!("{name} is a day such as 2026-11-01")))
}

fn first_line(what: &str) -> Result<String, CliError> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|source| CliError::Io {
            what: format!("reading {what} from the standard input"),
            source,
        })?;
    let line = line.trim_end_matches(['\r', '\n']).to_owned();
    if line.is_empty() {
        return Err(CliError::Told(format!(
            "{what} is missing on the standard input"
        )));
    }
    Ok(line)
}

/// A service's refusal in words for the console.
fn told(error: services::Error) -> CliError {
    match error {
        services::Error::Known(AppError::Provider { failure }) => {
            CliError::Told(format!("the provider answered: {}", failure.message))
        }
        services::Error::Known(error) => CliError::Told(error.to_string()),
        error => CliError::Service(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_runs_nothing_of_an_export() {
        for hostile in [
            "=cmd|' /C calc'!A0",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1+1",
            "\r=1+1",
        ] {
            assert_eq!(cell(&json!(hostile)), format!("'{hostile}"));
        }
        assert_eq!(cell(&json!("gpt-4o-mini")), "gpt-4o-mini");
        assert_eq!(cell(&json!(-5)), "-5", "a number is a number");
        assert_eq!(cell(&Value::Null), "");
    }
}
