//! Testing a connection and finding its models.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::calls::ProviderFailure;
use domain::connections::{ConnectionModelRow, ConnectionTest};
use domain::models::PriceView;
use domain::prices::{Price, PriceState};
use domain::{AppError, ConnectionId};
use providers::{Endpoint, ListedModel};
use store::connections::{Connection, ConnectionModel, MODELS_A_COMMIT};
use store::revisions::Subject;

use crate::access::Administrator;
use crate::audit::Action;
use crate::prices::facts;
use crate::{Result, Services};

/// Most models of one connection, those it no longer lists included: a provider that lists others
/// every day must not fill the database, nor the snapshot that holds them all.
const MOST_MODELS: usize = 10_000;

impl Services {
    /// Asks the provider for its models and, where it tells any, facts about the account. Nothing
    /// is changed.
    ///
    /// # Errors
    /// [`AppError::NotFound`]. What the provider refuses is in the answer.
    pub async fn connection_test(
        &self,
        _admin: &Administrator,
        id: ConnectionId,
    ) -> Result<ConnectionTest> {
        let endpoint = self.endpoint(id)?;
        let started = self.runtime().clock.monotonic_ms();
        let models = self.inner.providers.models(&endpoint).await;
        let latency_ms = self.runtime().clock.monotonic_ms() - started;
        let facts = match &models {
            Ok(_) => self
                .inner
                .providers
                .probe(&endpoint)
                .await
                .unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        if models.is_ok() {
            self.inner.calls.health.succeeded(id);
        }
        Ok(ConnectionTest {
            latency_ms,
            models_found: models
                .as_ref()
                .map_or(0, |models| i64::try_from(models.len()).unwrap_or(i64::MAX)),
            facts,
            failure: models.err(),
        })
    }

    /// Reads the provider's list of models: new ones are added, known ones keep whether they are
    /// enabled, and those that are no longer listed stay, marked so. New chat models that have a
    /// price are switched on the first time; later ones wait for an admin.
    ///
    /// A long list takes several commits. Each holds by itself, so one that fails leaves models as
    /// they were, and the next reading mends them.
    ///
    /// # Errors
    /// [`AppError::Provider`] with the provider's refusal.
    pub async fn connection_sync(&self, admin: &Administrator, id: ConnectionId) -> Result<u64> {
        let connection = self
            .store()
            .connection_find(id)
            .await?
            .ok_or(AppError::NotFound)?;
        let endpoint = self.endpoint(id)?;
        let listed = self
            .inner
            .providers
            .models(&endpoint)
            .await
            .map_err(provider_failed)?;
        let known = self.store().connection_model_list(id).await?;
        let first = known.is_empty();
        let house = self.house();
        let now = self.runtime().now();
        let rows: Vec<ConnectionModel> = listed
            .into_iter()
            .map(|model| {
                let price = house.catalog.price(connection.kind, &model.id, id, now);
                let enable = first && price.state() != PriceState::Unpriced;
                model_row(&connection, model, enable)
            })
            .collect();
        let found = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let mut told = !rows.iter().any(|row| row.enabled);
        for chunk in changes(known, rows).chunks(MODELS_A_COMMIT) {
            let tx = self.store().write().await?;
            tx.connection_model_save(chunk).await?;
            // With every commit, so that none is overlooked should a later one fail.
            tx.revision_bump(Subject::Catalog).await?;
            if !std::mem::replace(&mut told, true) {
                self.write_connection_act(&tx, admin, Action::ModelEnabled, &connection)
                    .await?;
            }
            tx.commit().await?;
        }
        self.refresh().await?;
        Ok(found)
    }

    /// Switches models of a connection on or off.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when none of them is there.
    pub async fn connection_models_enable(
        &self,
        admin: &Administrator,
        id: ConnectionId,
        models: &[String],
        enabled: bool,
    ) -> Result<()> {
        let connection = self
            .store()
            .connection_find(id)
            .await?
            .ok_or(AppError::NotFound)?;
        let tx = self.store().write().await?;
        if tx.connection_model_enable(id, models, enabled).await? == 0 {
            return Err(AppError::NotFound.into());
        }
        tx.revision_bump(Subject::Catalog).await?;
        let action = if enabled {
            Action::ModelEnabled
        } else {
            Action::ModelDisabled
        };
        self.write_connection_act(&tx, admin, action, &connection)
            .await?;
        tx.commit().await?;
        self.refresh().await
    }

    /// The models of a connection, with what they cost.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn connection_models(
        &self,
        _admin: &Administrator,
        id: ConnectionId,
    ) -> Result<Vec<ConnectionModelRow>> {
        let connection = self
            .store()
            .connection_find(id)
            .await?
            .ok_or(AppError::NotFound)?;
        let house = self.house();
        let now = self.runtime().now();
        let rows = self.store().connection_model_list(id).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let price = house.catalog.price(connection.kind, &row.model, id, now);
                let rates = match price {
                    Price::Rates { rates, .. } => Some(rates),
                    Price::Free | Price::Unpriced => None,
                };
                ConnectionModelRow {
                    model: row.model,
                    label: row.label,
                    chat: row.chat,
                    enabled: row.enabled,
                    price: PriceView {
                        state: price.state(),
                        rates,
                    },
                    listed: row.listed,
                }
            })
            .collect())
    }

    fn endpoint(&self, id: ConnectionId) -> Result<Arc<Endpoint>> {
        let house = self.house();
        let entry = house.catalog.connection(id).ok_or(AppError::NotFound)?;
        let unreadable =
            || crate::Error::Internal(format!("the key of connection {id} does not open"));
        entry.endpoint.clone().ok_or_else(unreadable)
    }
}

fn provider_failed(failure: ProviderFailure) -> AppError {
    AppError::Provider { failure }
}

/// What the provider says, filled up with what the table knows.
fn model_row(connection: &Connection, model: ListedModel, enabled: bool) -> ConnectionModel {
    let known = facts(connection.kind, &model.id);
    ConnectionModel {
        connection_id: connection.id,
        label: model.label,
        chat: known.map_or(model.chat, |known| known.chat && model.chat),
        enabled: enabled && known.map_or(model.chat, |known| known.chat && model.chat),
        listed: true,
        context_tokens: model
            .context_tokens
            .or(known.and_then(|known| known.context_tokens)),
        max_output_tokens: model
            .max_output_tokens
            .or(known.and_then(|known| known.max_output_tokens)),
        vision: known.is_some_and(|known| known.vision),
        reasoning: known.is_some_and(|known| known.reasoning),
        model: model.id,
    }
}

/// The rows that a list changes: new ones while there is room, known ones that are listed in another
/// way, and known ones that are no longer listed.
fn changes(known: Vec<ConnectionModel>, listed: Vec<ConnectionModel>) -> Vec<ConnectionModel> {
    let mut room = MOST_MODELS.saturating_sub(known.len());
    let before: HashMap<&str, &ConnectionModel> =
        known.iter().map(|row| (row.model.as_str(), row)).collect();
    let mut seen = HashSet::new();
    let mut changed = Vec::new();
    for row in listed {
        seen.insert(row.model.clone());
        let Some(old) = before.get(row.model.as_str()) else {
            if room > 0 {
                room -= 1;
                changed.push(row);
            }
            continue;
        };
        let row = ConnectionModel {
            enabled: old.enabled,
            ..row
        };
        if row != **old {
            changed.push(row);
        }
    }
    let gone = known
        .into_iter()
        .filter(|row| row.listed && !seen.contains(&row.model));
    changed.extend(gone.map(|row| ConnectionModel {
        listed: false,
        ..row
    }));
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(model: &str) -> ConnectionModel {
        ConnectionModel {
            connection_id: ConnectionId::NIL,
            model: model.to_owned(),
            label: None,
            chat: true,
            enabled: false,
            listed: true,
            context_tokens: None,
            max_output_tokens: None,
            vision: false,
            reasoning: false,
        }
    }

    fn on(row: ConnectionModel) -> ConnectionModel {
        ConnectionModel {
            enabled: true,
            ..row
        }
    }

    fn gone(row: ConnectionModel) -> ConnectionModel {
        ConnectionModel {
            listed: false,
            ..row
        }
    }

    #[test]
    fn only_what_a_list_changes_is_written() {
        let known = vec![
            on(row("a")),
            row("b"),
            on(row("c")),
            gone(row("d")),
            gone(row("e")),
        ];
        let named = ConnectionModel {
            label: Some("B".to_owned()),
            ..row("b")
        };
        let listed = vec![row("a"), named.clone(), row("d"), on(row("new"))];
        assert_eq!(
            changes(known, listed),
            [named, row("d"), on(row("new")), gone(on(row("c")))]
        );
    }

    #[test]
    fn a_list_that_changes_every_day_does_not_fill_the_house() {
        let rows = |range: std::ops::Range<usize>| range.map(|n| row(&n.to_string())).collect();
        assert_eq!(changes(Vec::new(), rows(0..MOST_MODELS)).len(), MOST_MODELS);
        let tomorrow = changes(rows(0..MOST_MODELS - 5), rows(MOST_MODELS..2 * MOST_MODELS));
        assert_eq!(tomorrow.iter().filter(|row| row.listed).count(), 5);
        assert_eq!(
            tomorrow.iter().filter(|row| !row.listed).count(),
            MOST_MODELS - 5
        );
    }
}
