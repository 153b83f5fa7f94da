//! Connections to providers: added, tested, edited and removed by admins.

mod discover;

use domain::connections::{ConnectionRow, EditConnection, NewConnection, ProviderKind};
use domain::error::Conflict;
use domain::people::{Fault, parse_name};
use domain::{AppError, ConnectionId};
use outbound::{leads_to_metadata, parse_url};
use store::connections::Connection;
use store::revisions::Subject;
use uuid::Uuid;

use crate::access::Administrator;
use crate::audit::{Act, Action};
use crate::secrets::{CONNECTION_KEY, tail};
use crate::{Error, Result, Services};

/// Heaviest share of the calls.
const HEAVIEST: i32 = 1_000;

impl Services {
    /// Every connection, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn connection_list(&self, _admin: &Administrator) -> Result<Vec<ConnectionRow>> {
        let now = self.runtime().now();
        let models = self.store().connection_model_list_all().await?;
        let count = |id: ConnectionId, enabled: bool| {
            let these = models.iter().filter(|model| {
                model.connection_id == id && model.chat && (model.enabled || !enabled)
            });
            i64::try_from(these.count()).unwrap_or(i64::MAX)
        };
        let rows = self.store().connection_list().await?;
        Ok(rows
            .into_iter()
            .map(|row| ConnectionRow {
                id: row.id,
                kind: row.kind,
                name: row.name,
                base_url: row.base_url,
                has_key: row.sealed_key.is_some(),
                key_tail: row.key_tail,
                enabled: row.enabled,
                weight: row.weight,
                health: self.inner.calls.health.health(row.id, now),
                models_found: count(row.id, false),
                models_enabled: count(row.id, true),
            })
            .collect())
    }

    /// Adds a connection. Its models are found by [`Self::connection_sync`].
    ///
    /// # Errors
    /// Unacceptable fields, or a taken name.
    pub async fn connection_create(
        &self,
        admin: &Administrator,
        new: &NewConnection,
    ) -> Result<ConnectionId> {
        let id: ConnectionId = self.runtime().id::<Uuid>().into();
        let base_url = base_url(new.kind, &new.base_url)?;
        let key = new.key.trim();
        if key.is_empty() && new.kind.needs_key() {
            return Err(Error::invalid("key", Fault::Empty));
        }
        let connection = Connection {
            id,
            kind: new.kind,
            name: connection_name(&new.name)?,
            base_url,
            sealed_key: self.sealed(id, key)?,
            key_tail: tail(key),
            enabled: true,
            weight: weight(new.weight)?,
            created_at: self.runtime().now(),
        };
        let tx = self.store().write().await?;
        tx.connection_create(&connection).await?;
        tx.revision_bump(Subject::Catalog).await?;
        self.write_connection_act(&tx, admin, Action::ConnectionAdded, &connection)
            .await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(id)
    }

    /// Changes a connection. A changed address needs the key again: a stored key is only ever sent
    /// to the host it was entered for.
    ///
    /// # Errors
    /// Unacceptable fields, a taken name, or [`Conflict::KeyNeeded`].
    pub async fn connection_edit(
        &self,
        admin: &Administrator,
        edit: &EditConnection,
    ) -> Result<()> {
        let known = self
            .store()
            .connection_find(edit.id)
            .await?
            .ok_or(AppError::NotFound)?;
        let base_url = base_url(known.kind, &edit.base_url)?;
        let key = edit
            .key
            .as_deref()
            .map(str::trim)
            .filter(|key| !key.is_empty());
        if base_url != known.base_url && key.is_none() && known.sealed_key.is_some() {
            return Err(Error::conflict(Conflict::KeyNeeded));
        }
        let (sealed_key, key_tail) = match key {
            Some(key) => (self.sealed(edit.id, key)?, tail(key)),
            None => (known.sealed_key, known.key_tail),
        };
        let connection = Connection {
            id: known.id,
            kind: known.kind,
            name: connection_name(&edit.name)?,
            base_url,
            sealed_key,
            key_tail,
            enabled: edit.enabled,
            weight: weight(edit.weight)?,
            created_at: known.created_at,
        };
        let tx = self.store().write().await?;
        if !tx.connection_update(&connection).await? {
            return Err(AppError::NotFound.into());
        }
        tx.revision_bump(Subject::Catalog).await?;
        self.write_connection_act(&tx, admin, Action::ConnectionEdited, &connection)
            .await?;
        tx.commit().await?;
        self.inner.calls.health.succeeded(connection.id);
        self.refresh().await
    }

    /// Removes a connection and its key. Its calls stay.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn connection_delete(&self, admin: &Administrator, id: ConnectionId) -> Result<()> {
        let known = self
            .store()
            .connection_find(id)
            .await?
            .ok_or(AppError::NotFound)?;
        let tx = self.store().write().await?;
        if !tx.connection_delete(id).await? {
            return Err(AppError::NotFound.into());
        }
        tx.revision_bump(Subject::Catalog).await?;
        self.write_connection_act(&tx, admin, Action::ConnectionRemoved, &known)
            .await?;
        tx.commit().await?;
        self.refresh().await
    }

    /// Adds the demo connection to a house that has none at all, so that a new owner chats at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn demo_connection_ensure(&self) -> Result<()> {
        if !self.store().connection_list().await?.is_empty() {
            return Ok(());
        }
        let new = NewConnection {
            kind: ProviderKind::Demo,
            name: "demo".to_owned(),
            base_url: String::new(),
            key: String::new(),
            weight: 1,
        };
        let admin = Administrator::command_line();
        let id = match self.connection_create(&admin, &new).await {
            Ok(id) => id,
            // Another instance was quicker.
            Err(Error::Store(store::StoreError::Conflict(_))) => return Ok(()),
            Err(error) => return Err(error),
        };
        self.connection_sync(&admin, id).await.map(|_| ())
    }

    fn sealed(&self, id: ConnectionId, key: &str) -> Result<Option<Vec<u8>>> {
        if key.is_empty() {
            return Ok(None);
        }
        if key.len() > 4_096 || key.chars().any(char::is_control) {
            return Err(Error::invalid("key", Fault::Malformed));
        }
        let sealed = self
            .inner
            .sealer
            .seal(CONNECTION_KEY.place(id.0), key.as_bytes())
            .map_err(|error| Error::Internal(format!("a key cannot be sealed: {error}")))?;
        Ok(Some(sealed))
    }

    pub(crate) async fn write_connection_act(
        &self,
        tx: &store::WriteTx,
        admin: &Administrator,
        action: Action,
        connection: &Connection,
    ) -> Result<()> {
        let act = Act {
            actor: admin.member_id,
            address: &admin.address,
            action,
            subject_id: connection.id.0,
            subject: &connection.name,
            detail: connection.kind.word(),
        };
        self.write_act(tx, &act).await
    }
}

/// Stands before the slash in `name/model`, so it has none itself.
fn connection_name(text: &str) -> Result<String> {
    let name = parse_name(text, 60).map_err(|fault| Error::invalid("name", fault))?;
    if name.contains('/') {
        return Err(Error::invalid("name", Fault::Malformed));
    }
    Ok(name)
}

fn weight(weight: i32) -> Result<i32> {
    if (0..=HEAVIEST).contains(&weight) {
        Ok(weight)
    } else {
        Err(Error::invalid("weight", Fault::OutOfRange))
    }
}

/// The address in one form: no trailing slash, no query, no credentials.
fn base_url(kind: ProviderKind, text: &str) -> Result<String> {
    let text = text.trim();
    if kind == ProviderKind::Demo {
        // Names a pace, and is never connected to.
        return match text {
            "" => Ok(String::new()),
            pace => parse_name(pace, 60).map_err(|fault| Error::invalid("base_url", fault)),
        };
    }
    let text = match (text, kind.default_base_url()) {
        ("", Some(default)) => default,
        ("", None) => return Err(Error::invalid("base_url", Fault::Empty)),
        (text, _) => text,
    };
    let malformed = || Error::invalid("base_url", Fault::Malformed);
    let url = parse_url(text).map_err(|_| malformed())?;
    if url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
        || leads_to_metadata(&url)
    {
        return Err(malformed());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
