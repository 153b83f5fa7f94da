//! Server functions of connections, their models and prices. All are for admins.

use domain::ConnectionId;
use domain::connections::{
    ConnectionModelRow, ConnectionRow, ConnectionTest, EditConnection, NewConnection, ProviderKind,
};
use leptos::prelude::*;

use super::PriceEntry;
use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// Every connection.
///
/// # Errors
/// `Forbidden`.
#[server(prefix = "/fn", endpoint = "connections/list", input = server_fn::codec::Json)]
pub async fn list_connections() -> Answer<Vec<ConnectionRow>> {
    let (services, admin) = context::administrator()?;
    answer(services.connection_list(&admin).await)
}

/// Adds a connection, without asking its provider anything.
///
/// # Errors
/// `Invalid` with the field, or a taken name.
#[server(prefix = "/fn", endpoint = "connections/create", input = server_fn::codec::Json)]
pub async fn create_connection(new: NewConnection) -> Answer<ConnectionId> {
    let (services, admin) = context::administrator()?;
    answer(services.connection_create(&admin, &new).await)
}

/// Changes a connection.
///
/// # Errors
/// `Invalid` with the field, a taken name, or `KeyNeeded` when the address changed without the key.
#[server(prefix = "/fn", endpoint = "connections/edit", input = server_fn::codec::Json)]
pub async fn change_connection(edit: EditConnection) -> Answer<()> {
    let (services, admin) = context::administrator()?;
    answer(services.connection_edit(&admin, &edit).await)
}

/// Removes a connection and its key.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/fn", endpoint = "connections/delete", input = server_fn::codec::Json)]
pub async fn delete_connection(id: ConnectionId) -> Answer<()> {
    let (services, admin) = context::administrator()?;
    answer(services.connection_delete(&admin, id).await)
}

/// Asks the provider whether the connection works. Its refusal is in the answer.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/fn", endpoint = "connections/test", input = server_fn::codec::Json)]
pub async fn test_connection(id: ConnectionId) -> Answer<ConnectionTest> {
    let (services, admin) = context::administrator()?;
    answer(services.connection_test(&admin, id).await)
}

/// Reads the provider's list of models and returns how many there are.
///
/// # Errors
/// `Provider` with its refusal.
#[server(prefix = "/fn", endpoint = "connections/sync", input = server_fn::codec::Json)]
pub async fn sync_connection(id: ConnectionId) -> Answer<u64> {
    let (services, admin) = context::administrator()?;
    answer(services.connection_sync(&admin, id).await)
}

/// The models of a connection, with what they cost.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/fn", endpoint = "connections/models", input = server_fn::codec::Json)]
pub async fn list_connection_models(id: ConnectionId) -> Answer<Vec<ConnectionModelRow>> {
    let (services, admin) = context::administrator()?;
    answer(services.connection_models(&admin, id).await)
}

/// Switches models of a connection on or off.
///
/// # Errors
/// `NotFound` when none of them is there.
#[server(prefix = "/fn", endpoint = "connections/enable", input = server_fn::codec::Json)]
pub async fn enable_models(id: ConnectionId, models: Vec<String>, enabled: bool) -> Answer<()> {
    let (services, admin) = context::administrator()?;
    answer(
        services
            .connection_models_enable(&admin, id, &models, enabled)
            .await,
    )
}

/// Sets what a model costs at one connection, from now on.
///
/// # Errors
/// `Invalid` with the line that is no price.
#[server(prefix = "/fn", endpoint = "prices/set", input = server_fn::codec::Json)]
pub async fn set_price(
    connection: ConnectionId,
    kind: ProviderKind,
    model: String,
    price: PriceEntry,
) -> Answer<()> {
    let (services, admin) = context::administrator()?;
    let rates = answer(price.rates())?;
    answer(
        services
            .price_set(&admin, kind, &model, Some(connection), rates)
            .await,
    )
}
