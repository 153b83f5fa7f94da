//! The price book: seeded from a dated table of facts, added to by admins, never rewritten.

mod facts;

use domain::connections::ProviderKind;
use domain::people::{Fault, parse_name};
use domain::prices::{PriceSource, PriceState, Rates};
use domain::{AppError, ConnectionId};
use store::Store;
use store::prices::PriceRow;
use store::revisions::Subject;
use uuid::Uuid;

use crate::access::Administrator;
use crate::audit::{Act, Action};
use crate::runtime::Runtime;
use crate::{Error, Result, Services};

pub use facts::{Facts, facts};

/// Writes the table's rows into the book; rows of an earlier start are left alone.
pub(crate) async fn seed(store: &Store, runtime: &Runtime) -> Result<()> {
    let rows: Vec<PriceRow> = facts::priced()
        .map(|(kind, facts, rates)| PriceRow {
            id: runtime.id::<Uuid>().into(),
            kind,
            model: facts.model.clone(),
            connection_id: ConnectionId::NIL,
            valid_from: facts::DATED,
            state: PriceState::Priced,
            source: PriceSource::Seeded,
            source_note: facts::SOURCE.to_owned(),
            rates,
        })
        .collect();
    let tx = store.write().await?;
    if tx.price_add(&rows).await? > 0 {
        tx.revision_bump(Subject::Catalog).await?;
        tx.commit().await?;
    }
    Ok(())
}

impl Services {
    /// Sets the price of a model from now on: for every connection of a kind, or for one.
    ///
    /// # Errors
    /// A price that is negative, or a model without a name.
    pub async fn price_set(
        &self,
        admin: &Administrator,
        kind: ProviderKind,
        model: &str,
        connection_id: Option<ConnectionId>,
        rates: Option<Rates>,
    ) -> Result<()> {
        let model = parse_name(model, 200).map_err(|fault| Error::invalid("model", fault))?;
        if let Some(rates) = &rates {
            check_rates(rates)?;
        }
        if let Some(id) = connection_id {
            self.store()
                .connection_find(id)
                .await?
                .ok_or(AppError::NotFound)?;
        }
        let now = self.runtime().now();
        let row = PriceRow {
            id: self.runtime().id::<Uuid>().into(),
            kind,
            model: model.clone(),
            connection_id: connection_id.unwrap_or(ConnectionId::NIL),
            valid_from: now,
            state: if rates.is_some() {
                PriceState::Priced
            } else {
                PriceState::Free
            },
            source: PriceSource::Manual,
            source_note: String::new(),
            rates: rates.unwrap_or_default(),
        };
        let tx = self.store().write().await?;
        tx.price_add(std::slice::from_ref(&row)).await?;
        tx.revision_bump(Subject::Catalog).await?;
        let act = Act {
            actor: admin.member_id,
            address: &admin.address,
            action: Action::PriceSet,
            subject_id: row.id.0,
            subject: &model,
            detail: row.state.word(),
        };
        self.write_act(&tx, &act).await?;
        tx.commit().await?;
        self.refresh().await
    }
}

/// A price nobody charges is a mistake: a dollar a token.
const DEAREST: i64 = 1_000_000 * domain::money::NANO_PER_USD;

fn check_rates(rates: &Rates) -> Result<()> {
    let lines = [
        Some(rates.input),
        rates.cached_input,
        rates.cache_write,
        rates.cache_write_1h,
        Some(rates.output),
        rates.reasoning,
        rates.search,
        rates.request,
        rates.long.map(|long| long.input),
        rates.long.and_then(|long| long.cached_input),
        rates.long.map(|long| long.output),
    ];
    if lines
        .into_iter()
        .flatten()
        .all(|rate| (0..=DEAREST).contains(&rate))
    {
        Ok(())
    } else {
        Err(Error::invalid("price", Fault::OutOfRange))
    }
}
