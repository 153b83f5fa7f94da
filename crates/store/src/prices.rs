//! The price book: dated rows that are only ever added.

use domain::connections::ProviderKind;
use domain::prices::{LongContext, PriceSource, PriceState, Rates};
use domain::{ConnectionId, PriceId, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, QueryOrder, Set};

use crate::convert::word;
use crate::entities::prices::{ActiveModel, Column, Entity, Model};
use crate::{Result, Store, WriteTx};

/// A dated price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// Id.
    pub id: PriceId,
    /// Whose price list.
    pub kind: ProviderKind,
    /// The provider's id of the model.
    pub model: String,
    /// Only for this connection; nil for all of the kind.
    pub connection_id: ConnectionId,
    /// From when on.
    pub valid_from: Timestamp,
    /// Priced, or explicitly free.
    pub state: PriceState,
    /// Where it comes from.
    pub source: PriceSource,
    /// Source and date in words.
    pub source_note: String,
    /// The figures.
    pub rates: Rates,
}

fn price(row: Model) -> Result<PriceRow> {
    let long = match (row.long_above_tokens, row.long_input, row.long_output) {
        (Some(above_tokens), Some(input), Some(output)) => Some(LongContext {
            above_tokens,
            input,
            cached_input: row.long_cached_input,
            output,
        }),
        _ => None,
    };
    Ok(PriceRow {
        id: PriceId(row.id),
        kind: word("prices", "kind", &row.kind)?,
        model: row.model,
        connection_id: ConnectionId(row.connection_id),
        valid_from: Timestamp(row.valid_from),
        state: word("prices", "state", &row.state)?,
        source: word("prices", "source", &row.source)?,
        source_note: row.source_note,
        rates: Rates {
            input: row.input,
            cached_input: row.cached_input,
            cache_write: row.cache_write,
            cache_write_1h: row.cache_write_1h,
            output: row.output,
            reasoning: row.reasoning,
            search: row.search,
            request: row.request,
            long,
        },
    })
}

impl Store {
    /// Every row, the latest of each model first.
    pub async fn price_list(&self) -> Result<Vec<PriceRow>> {
        let rows = Entity::find()
            .order_by_desc(Column::ValidFrom)
            .order_by_desc(Column::Id)
            .all(self.reader())
            .await?;
        rows.into_iter().map(price).collect()
    }
}

impl WriteTx {
    /// Adds rows; one that stands already (same kind, model, connection and date) is left alone.
    /// Returns how many were new.
    pub async fn price_add(&self, rows: &[PriceRow]) -> Result<u64> {
        let mut added = 0;
        for chunk in rows.chunks(500) {
            let keep = OnConflict::columns([
                Column::Kind,
                Column::Model,
                Column::ConnectionId,
                Column::ValidFrom,
            ])
            .do_nothing()
            .to_owned();
            added += Entity::insert_many(chunk.iter().map(active))
                .on_conflict(keep)
                .exec_without_returning(&self.tx)
                .await?;
        }
        Ok(added)
    }
}

fn active(row: &PriceRow) -> ActiveModel {
    let rates = &row.rates;
    ActiveModel {
        id: Set(row.id.0),
        kind: Set(row.kind.word().to_owned()),
        model: Set(row.model.clone()),
        connection_id: Set(row.connection_id.0),
        valid_from: Set(row.valid_from.0),
        state: Set(row.state.word().to_owned()),
        source: Set(row.source.word().to_owned()),
        source_note: Set(row.source_note.clone()),
        input: Set(rates.input),
        cached_input: Set(rates.cached_input),
        cache_write: Set(rates.cache_write),
        cache_write_1h: Set(rates.cache_write_1h),
        output: Set(rates.output),
        reasoning: Set(rates.reasoning),
        search: Set(rates.search),
        request: Set(rates.request),
        long_above_tokens: Set(rates.long.map(|long| long.above_tokens)),
        long_input: Set(rates.long.map(|long| long.input)),
        long_cached_input: Set(rates.long.and_then(|long| long.cached_input)),
        long_output: Set(rates.long.map(|long| long.output)),
    }
}
