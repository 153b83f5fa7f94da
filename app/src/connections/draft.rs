//! What an admin is writing about a connection.

use domain::connections::{ConnectionRow, EditConnection, NewConnection, ProviderKind};
use domain::people::Fault;
use domain::{AppError, ConnectionId};
use leptos::prelude::*;

/// The answers of the form so far.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) kind: RwSignal<ProviderKind>,
    pub(super) name: RwSignal<String>,
    pub(super) base_url: RwSignal<String>,
    pub(super) key: RwSignal<String>,
    pub(super) weight: RwSignal<String>,
    pub(super) enabled: RwSignal<bool>,
}

impl Draft {
    /// Of a connection that does not exist yet.
    pub(super) fn blank() -> Self {
        Self {
            kind: RwSignal::new(ProviderKind::OpenAi),
            name: RwSignal::new(ProviderKind::OpenAi.word().to_owned()),
            base_url: RwSignal::new(String::new()),
            key: RwSignal::new(String::new()),
            weight: RwSignal::new("1".to_owned()),
            enabled: RwSignal::new(true),
        }
    }

    /// Of one that exists. Its key is not known here, so the field starts empty.
    pub(super) fn of(row: &ConnectionRow) -> Self {
        Self {
            kind: RwSignal::new(row.kind),
            name: RwSignal::new(row.name.clone()),
            base_url: RwSignal::new(row.base_url.clone()),
            key: RwSignal::new(String::new()),
            weight: RwSignal::new(row.weight.to_string()),
            enabled: RwSignal::new(row.enabled),
        }
    }

    /// Chooses the kind. A name that nobody has written yet follows it.
    pub(super) fn choose(&self, kind: ProviderKind) {
        if self.name.get_untracked() == self.kind.get_untracked().word() {
            self.name.set(kind.word().to_owned());
        }
        self.kind.set(kind);
    }

    /// As a new connection.
    pub(super) fn new_connection(&self) -> Result<NewConnection, AppError> {
        Ok(NewConnection {
            kind: self.kind.get_untracked(),
            name: self.name.get_untracked(),
            base_url: self.base_url.get_untracked(),
            key: self.key.get_untracked(),
            weight: self.weight()?,
        })
    }

    /// As a change; an empty key keeps the stored one.
    pub(super) fn edit(&self, id: ConnectionId) -> Result<EditConnection, AppError> {
        let key = self.key.get_untracked();
        Ok(EditConnection {
            id,
            name: self.name.get_untracked(),
            base_url: self.base_url.get_untracked(),
            key: (!key.trim().is_empty()).then_some(key),
            enabled: self.enabled.get_untracked(),
            weight: self.weight()?,
        })
    }

    fn weight(&self) -> Result<i32, AppError> {
        let text = self.weight.get_untracked();
        text.trim()
            .parse()
            .map_err(|_| AppError::invalid("weight", Fault::Malformed))
    }
}
