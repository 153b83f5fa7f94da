//! Connections to providers and the models they serve. The key is here as sealed bytes only.

use domain::connections::ProviderKind;
use domain::{ConnectionId, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::convert::word;
use crate::entities::{connection_models, connections};
use crate::{Result, Store, StoreError, Taken, WriteTx};

/// Most models that one commit writes, so that none keeps the money queue waiting for long.
pub const MODELS_A_COMMIT: usize = 500;

/// A credential at a provider.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Id.
    pub id: ConnectionId,
    /// Dialect.
    pub kind: ProviderKind,
    /// Name.
    pub name: String,
    /// Address.
    pub base_url: String,
    /// The key, sealed.
    pub sealed_key: Option<Vec<u8>>,
    /// Last four characters of the key.
    pub key_tail: String,
    /// Whether calls may use it.
    pub enabled: bool,
    /// Share of the calls.
    pub weight: i32,
    /// When it was made.
    pub created_at: Timestamp,
}

fn connection(row: connections::Model) -> Result<Connection> {
    Ok(Connection {
        id: ConnectionId(row.id),
        kind: word("connections", "kind", &row.kind)?,
        name: row.name,
        base_url: row.base_url,
        sealed_key: row.sealed_key,
        key_tail: row.key_tail,
        enabled: row.enabled,
        weight: row.weight,
        created_at: Timestamp(row.created_at),
    })
}

/// A model that a connection can serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionModel {
    /// Which connection.
    pub connection_id: ConnectionId,
    /// The provider's own id.
    pub model: String,
    /// Name to show.
    pub label: Option<String>,
    /// Whether it can chat.
    pub chat: bool,
    /// Whether members may use it.
    pub enabled: bool,
    /// Whether the provider still lists it.
    pub listed: bool,
    /// Most input tokens.
    pub context_tokens: Option<i64>,
    /// Most output tokens.
    pub max_output_tokens: Option<i64>,
    /// Whether it sees images.
    pub vision: bool,
    /// Whether it reasons.
    pub reasoning: bool,
}

impl From<connection_models::Model> for ConnectionModel {
    fn from(row: connection_models::Model) -> Self {
        Self {
            connection_id: ConnectionId(row.connection_id),
            model: row.model,
            label: row.label,
            chat: row.chat,
            enabled: row.enabled,
            listed: row.listed,
            context_tokens: row.context_tokens,
            max_output_tokens: row.max_output_tokens,
            vision: row.vision,
            reasoning: row.reasoning,
        }
    }
}

impl Store {
    /// Every connection, oldest first.
    pub async fn connection_list(&self) -> Result<Vec<Connection>> {
        let rows = connections::Entity::find()
            .order_by_asc(connections::Column::Id)
            .all(self.reader())
            .await?;
        rows.into_iter().map(connection).collect()
    }

    /// One connection.
    pub async fn connection_find(&self, id: ConnectionId) -> Result<Option<Connection>> {
        connections::Entity::find_by_id(id.0)
            .one(self.reader())
            .await?
            .map(connection)
            .transpose()
    }

    /// Every model of every connection, in the order of their ids.
    pub async fn connection_model_list_all(&self) -> Result<Vec<ConnectionModel>> {
        let rows = connection_models::Entity::find()
            .order_by_asc(connection_models::Column::ConnectionId)
            .order_by_asc(connection_models::Column::Model)
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(ConnectionModel::from).collect())
    }

    /// The models of one connection.
    pub async fn connection_model_list(&self, id: ConnectionId) -> Result<Vec<ConnectionModel>> {
        let rows = connection_models::Entity::find()
            .filter(connection_models::Column::ConnectionId.eq(id.0))
            .order_by_asc(connection_models::Column::Model)
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(ConnectionModel::from).collect())
    }
}

impl WriteTx {
    /// Adds a connection.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken.
    pub async fn connection_create(&self, new: &Connection) -> Result<()> {
        let free = OnConflict::column(connections::Column::Name)
            .do_nothing()
            .to_owned();
        let inserted = connections::Entity::insert(row(new))
            .on_conflict(free)
            .exec_without_returning(&self.tx)
            .await?;
        if inserted == 0 {
            return Err(StoreError::Conflict(Taken::ConnectionName));
        }
        Ok(())
    }

    /// Replaces a connection; false when it is gone.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is another one's.
    pub async fn connection_update(&self, changed: &Connection) -> Result<bool> {
        let done = connections::Entity::update_many()
            .set(row(changed))
            .filter(connections::Column::Id.eq(changed.id.0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Removes a connection and its models. Its calls stay.
    pub async fn connection_delete(&self, id: ConnectionId) -> Result<bool> {
        connection_models::Entity::delete_many()
            .filter(connection_models::Column::ConnectionId.eq(id.0))
            .exec(&self.tx)
            .await?;
        let done = connections::Entity::delete_by_id(id.0)
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Writes models as they are given, new ones too; known ones keep whether they are enabled.
    /// Not more than [`MODELS_A_COMMIT`] at once.
    pub async fn connection_model_save(&self, models: &[ConnectionModel]) -> Result<()> {
        use connection_models::{Column, Entity};
        if models.is_empty() {
            return Ok(());
        }
        let rows = models.iter().map(|model| connection_models::ActiveModel {
            connection_id: Set(model.connection_id.0),
            model: Set(model.model.clone()),
            label: Set(model.label.clone()),
            chat: Set(model.chat),
            enabled: Set(model.enabled),
            listed: Set(model.listed),
            context_tokens: Set(model.context_tokens),
            max_output_tokens: Set(model.max_output_tokens),
            vision: Set(model.vision),
            reasoning: Set(model.reasoning),
        });
        let refresh = OnConflict::columns([Column::ConnectionId, Column::Model])
            .update_columns([
                Column::Label,
                Column::Chat,
                Column::Listed,
                Column::ContextTokens,
                Column::MaxOutputTokens,
                Column::Vision,
                Column::Reasoning,
            ])
            .to_owned();
        Entity::insert_many(rows)
            .on_conflict(refresh)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Switches models on or off; returns how many there were.
    pub async fn connection_model_enable(
        &self,
        id: ConnectionId,
        models: &[String],
        enabled: bool,
    ) -> Result<u64> {
        use connection_models::{Column, Entity};
        let mut changed = 0;
        // SQLite takes 32,766 values in one statement.
        for chunk in models.chunks(MODELS_A_COMMIT) {
            let done = Entity::update_many()
                .col_expr(Column::Enabled, Expr::value(enabled))
                .filter(Column::ConnectionId.eq(id.0))
                .filter(Column::Model.is_in(chunk.iter().cloned()))
                .exec(&self.tx)
                .await?;
            changed += done.rows_affected;
        }
        Ok(changed)
    }
}

fn row(connection: &Connection) -> connections::ActiveModel {
    connections::ActiveModel {
        id: Set(connection.id.0),
        kind: Set(connection.kind.word().to_owned()),
        name: Set(connection.name.clone()),
        base_url: Set(connection.base_url.clone()),
        sealed_key: Set(connection.sealed_key.clone()),
        key_tail: Set(connection.key_tail.clone()),
        enabled: Set(connection.enabled),
        weight: Set(connection.weight),
        created_at: Set(connection.created_at.0),
    }
}
