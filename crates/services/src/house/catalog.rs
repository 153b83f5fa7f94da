//! What can be called: connections, the models they serve, and what those cost.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::connections::ProviderKind;
use domain::models::{ModelChoice, PriceView};
use domain::prices::{Price, PriceState};
use domain::{ConnectionId, Timestamp};
use outbound::{Destination, Outbound, Secret, parse_url};
use providers::Endpoint;
use store::Store;
use store::connections::{Connection, ConnectionModel};
use store::prices::PriceRow;

use crate::Result;
use crate::secrets::{CONNECTION_KEY, Sealer};

/// A connection, ready to be called.
#[derive(Debug)]
pub struct ConnectionEntry {
    /// Id.
    pub id: ConnectionId,
    /// Name.
    pub name: String,
    /// Share of the calls.
    pub weight: i32,
    /// Whether calls may use it.
    pub enabled: bool,
    /// Where and with what key. `None` when the key does not open: calls pass it over, its page says so.
    pub endpoint: Option<Arc<Endpoint>>,
}

/// One way to a model.
#[derive(Debug, Clone)]
pub struct Route {
    /// Over this connection.
    pub connection: Arc<ConnectionEntry>,
    /// Its dialect.
    pub kind: ProviderKind,
    /// Most output tokens, where the provider tells.
    pub max_output_tokens: Option<i64>,
}

/// A model with every way to it.
#[derive(Debug, Clone)]
pub struct ModelEntry {
    /// The provider's own id.
    pub model: String,
    /// Name to show.
    pub label: Option<String>,
    /// Most input tokens.
    pub context_tokens: Option<i64>,
    /// Most output tokens.
    pub max_output_tokens: Option<i64>,
    /// Whether it sees images.
    pub vision: bool,
    /// Whether it reasons.
    pub reasoning: bool,
    /// The ways.
    pub routes: Vec<Route>,
}

/// Key of the price book: kind, model, connection (nil for all of the kind).
type PriceKey = (ProviderKind, String, ConnectionId);

/// Connections, models and prices.
#[derive(Debug, Default)]
pub struct Catalog {
    connections: HashMap<ConnectionId, Arc<ConnectionEntry>>,
    models: BTreeMap<String, ModelEntry>,
    /// Rows of a key, latest first.
    prices: HashMap<PriceKey, Vec<PriceRow>>,
}

impl Catalog {
    pub(super) async fn read(store: &Store, sealer: &Sealer, outbound: &Outbound) -> Result<Self> {
        let rows = store.connection_list().await?;
        // What an admin entered is allowed, exactly that host and port, for as long as it stands.
        outbound.set_allowed(rows.iter().filter_map(|row| {
            parse_url(&row.base_url)
                .ok()
                .and_then(|url| Destination::of(&url))
        }));
        let mut catalog = Self::default();
        let mut kinds = HashMap::new();
        for row in rows {
            kinds.insert(row.id, row.kind);
            catalog
                .connections
                .insert(row.id, Arc::new(entry(row, sealer)));
        }
        for row in store.price_list().await? {
            let key = (row.kind, row.model.clone(), row.connection_id);
            catalog.prices.entry(key).or_default().push(row);
        }
        for row in store.connection_model_list_all().await? {
            let (Some(connection), Some(kind)) = (
                catalog.connections.get(&row.connection_id),
                kinds.get(&row.connection_id),
            ) else {
                continue;
            };
            if row.enabled && row.chat {
                let route = Route {
                    connection: connection.clone(),
                    kind: *kind,
                    max_output_tokens: row.max_output_tokens,
                };
                add_route(&mut catalog.models, row, route);
            }
        }
        Ok(catalog)
    }

    /// A connection.
    pub fn connection(&self, id: ConnectionId) -> Option<&Arc<ConnectionEntry>> {
        self.connections.get(&id)
    }

    /// The ways to what a request names: a model id, or `connection/model`. The model's own id may
    /// hold slashes, so the whole name is looked for first.
    pub fn routes(&self, name: &str) -> Option<(&ModelEntry, Vec<&Route>)> {
        let open = |route: &&Route| route.connection.enabled;
        if let Some(entry) = self.models.get(name) {
            let routes: Vec<&Route> = entry.routes.iter().filter(open).collect();
            if !routes.is_empty() {
                return Some((entry, routes));
            }
        }
        let (connection, model) = name.split_once('/')?;
        let entry = self.models.get(model)?;
        let routes: Vec<&Route> = entry
            .routes
            .iter()
            .filter(open)
            .filter(|route| route.connection.name == connection)
            .collect();
        if routes.is_empty() {
            None
        } else {
            Some((entry, routes))
        }
    }

    /// The price of a model over a connection at an instant: the connection's own row before the
    /// kind's; without a row free for kinds that never charge, else unpriced.
    pub fn price(
        &self,
        kind: ProviderKind,
        model: &str,
        connection: ConnectionId,
        at: Timestamp,
    ) -> Price {
        let row = [connection, ConnectionId::NIL]
            .into_iter()
            .find_map(|connection| {
                self.prices
                    .get(&(kind, model.to_owned(), connection))?
                    .iter()
                    .find(|row| row.valid_from <= at)
            });
        match row {
            Some(row) => match row.state {
                PriceState::Priced => Price::Rates {
                    id: row.id,
                    rates: row.rates,
                },
                PriceState::Free => Price::Free,
                PriceState::Unpriced => Price::Unpriced,
            },
            None if kind.is_free() => Price::Free,
            None => Price::Unpriced,
        }
    }

    /// The models that can be called now, by name, each with the dearest price over its ways.
    ///
    /// `default_output_tokens` is the house's, for requests that name no maximum.
    pub fn choices(&self, at: Timestamp, default_output_tokens: i64) -> Vec<ModelChoice> {
        self.models
            .values()
            .filter_map(|entry| {
                let routes: Vec<&Route> = entry
                    .routes
                    .iter()
                    .filter(|route| route.connection.enabled)
                    .collect();
                let first = routes.first()?;
                // As the admission counts: over the open ways only.
                let most_output = routes
                    .iter()
                    .filter_map(|route| route.max_output_tokens)
                    .min();
                Some(ModelChoice {
                    id: entry.model.clone(),
                    label: entry.label.clone().unwrap_or_else(|| entry.model.clone()),
                    kind: first.kind,
                    connections: routes
                        .iter()
                        .map(|route| route.connection.name.clone())
                        .collect(),
                    context_tokens: entry.context_tokens,
                    max_output_tokens: entry.max_output_tokens,
                    default_output_tokens: most_output.map_or(default_output_tokens, |most| {
                        most.min(default_output_tokens)
                    }),
                    vision: entry.vision,
                    reasoning: entry.reasoning,
                    price: self.dearest(&entry.model, &routes, at),
                })
            })
            .collect()
    }

    fn dearest(&self, model: &str, routes: &[&Route], at: Timestamp) -> PriceView {
        let mut dearest = PriceView {
            state: PriceState::Free,
            rates: None,
        };
        for route in routes {
            match self.price(route.kind, model, route.connection.id, at) {
                Price::Unpriced => return PriceView::UNPRICED,
                Price::Free => {}
                Price::Rates { rates, .. } => {
                    let more = dearest.rates.is_none_or(|known| {
                        (rates.output, rates.input) > (known.output, known.input)
                    });
                    if more {
                        dearest = PriceView {
                            state: PriceState::Priced,
                            rates: Some(rates),
                        };
                    }
                }
            }
        }
        dearest
    }
}

fn entry(row: Connection, sealer: &Sealer) -> ConnectionEntry {
    let key = match &row.sealed_key {
        None => Some(String::new()),
        Some(sealed) => match sealer.open(CONNECTION_KEY.place(row.id.0), sealed) {
            Ok(bytes) => String::from_utf8(bytes).ok(),
            Err(error) => {
                tracing::error!(connection = %row.id, %error, "a connection's key does not open");
                None
            }
        },
    };
    let endpoint = key.map(|key| {
        Arc::new(Endpoint {
            kind: row.kind,
            base_url: row.base_url,
            key: Secret::new(key),
        })
    });
    ConnectionEntry {
        id: row.id,
        name: row.name,
        weight: row.weight,
        enabled: row.enabled,
        endpoint,
    }
}

fn add_route(models: &mut BTreeMap<String, ModelEntry>, row: ConnectionModel, route: Route) {
    let entry = models
        .entry(row.model.clone())
        .or_insert_with(|| ModelEntry {
            model: row.model,
            label: None,
            context_tokens: None,
            max_output_tokens: None,
            vision: false,
            reasoning: false,
            routes: Vec::new(),
        });
    entry.label = entry.label.take().or(row.label);
    // What every way can do: a request that fits one must fit the next.
    entry.context_tokens = least(entry.context_tokens, row.context_tokens);
    entry.max_output_tokens = least(entry.max_output_tokens, row.max_output_tokens);
    entry.vision |= row.vision;
    entry.reasoning |= row.reasoning;
    entry.routes.push(route);
}

fn least(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
