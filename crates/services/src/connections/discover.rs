//! Testing a connection and finding its models.

use domain::calls::ProviderFailure;
use domain::connections::{ConnectionModelRow, ConnectionTest};
use domain::models::PriceView;
use domain::prices::{Price, PriceState};
use domain::{AppError, ConnectionId};
use providers::{Endpoint, ListedModel};
use store::connections::{Connection, ConnectionModel};
use store::revisions::Subject;

use crate::access::Administrator;
use crate::audit::Action;
use crate::prices::facts;
use crate::{Result, Services};

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

    /// Reads the provider's list of models. New chat models that have a price are switched on the
    /// first time; later ones wait for an admin.
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
        let first = self.store().connection_model_list(id).await?.is_empty();
        let house = self.house();
        let now = self.runtime().now();
        let rows: Vec<ConnectionModel> = listed
            .into_iter()
            .filter(|model| !model.id.is_empty() && model.id.len() <= 200)
            .map(|model| {
                let price = house.catalog.price(connection.kind, &model.id, id, now);
                let enable = first && price.state() != PriceState::Unpriced;
                model_row(&connection, model, enable)
            })
            .collect();
        let enabled = rows.iter().filter(|row| row.enabled).count();
        let tx = self.store().write().await?;
        tx.connection_model_sync(id, &rows).await?;
        tx.revision_bump(Subject::Catalog).await?;
        if enabled > 0 {
            self.write_connection_act(&tx, admin, Action::ModelEnabled, &connection)
                .await?;
        }
        tx.commit().await?;
        self.refresh().await?;
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
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

    fn endpoint(&self, id: ConnectionId) -> Result<Endpoint> {
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
