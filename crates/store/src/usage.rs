//! Sums over the rollups. The key of a rollup begins with its bucket, so that only the rows of the asked
//! time are read.

use std::ops::Range;

use domain::calls::UsageSource;
use domain::prices::PriceState;
use domain::usage::Sum;
use domain::{MemberId, NanoUsd, Timestamp};
use sea_orm::sea_query::{Alias, Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use crate::entities::rollups::{Column, Entity};
use crate::{Result, Store};

/// What is told apart beside the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartBy {
    /// Whose calls.
    Member,
    /// With which key; nil for none.
    Key,
}

/// What was used of a model by a member, or with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsagePart {
    /// The member or the key.
    pub id: Uuid,
    /// Model.
    pub model: String,
    /// What was used.
    pub sum: Sum,
}

#[derive(FromQueryResult)]
struct SumRow {
    calls: i64,
    unpriced_calls: i64,
    estimated_calls: i64,
    input: i64,
    output: i64,
    cost: i64,
}

impl SumRow {
    fn sum(&self) -> Sum {
        Sum {
            calls: self.calls,
            unpriced_calls: self.unpriced_calls,
            estimated_calls: self.estimated_calls,
            input: self.input,
            output: self.output,
            cost: NanoUsd(self.cost),
        }
    }
}

#[derive(FromQueryResult)]
struct BucketRow {
    bucket: i64,
    #[sea_orm(nested)]
    sum: SumRow,
}

#[derive(FromQueryResult)]
struct PartRow {
    id: Uuid,
    model: String,
    #[sea_orm(nested)]
    sum: SumRow,
}

impl Store {
    /// What each bucket of a time used, oldest first: of one member what they are charged, of the
    /// house what its providers take.
    pub async fn usage_by_bucket(
        &self,
        member: Option<MemberId>,
        time: &Range<Timestamp>,
    ) -> Result<Vec<(Timestamp, Sum)>> {
        let rows = summed(member, time)
            .column(Column::Bucket)
            .group_by(Column::Bucket)
            .order_by_asc(Column::Bucket)
            .into_model::<BucketRow>()
            .all(self.reader())
            .await?;
        Ok(rows
            .iter()
            .map(|row| (Timestamp(row.bucket), row.sum.sum()))
            .collect())
    }

    /// What was used in a time by model and member or key, in no order; the money as in
    /// [`Self::usage_by_bucket`].
    pub async fn usage_by_part(
        &self,
        member: Option<MemberId>,
        by: PartBy,
        time: &Range<Timestamp>,
    ) -> Result<Vec<UsagePart>> {
        let id = match by {
            PartBy::Member => Column::MemberId,
            PartBy::Key => Column::KeyId,
        };
        let rows = summed(member, time)
            .column(Column::Model)
            .column_as(id, "id")
            .group_by(Column::Model)
            .group_by(id)
            .into_model::<PartRow>()
            .all(self.reader())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| UsagePart {
                id: row.id,
                sum: row.sum.sum(),
                model: row.model,
            })
            .collect())
    }
}

fn summed(member: Option<MemberId>, time: &Range<Timestamp>) -> Select<Entity> {
    let money = if member.is_some() {
        Column::ChargeNanoUsd
    } else {
        Column::CostNanoUsd
    };
    // PostgreSQL sums whole numbers into decimals.
    let sum = |of: Expr| of.sum().cast_as(Alias::new("bigint"));
    let calls_where = |column: Column, word: &'static str| {
        let calls = Expr::case(column.eq(word), Expr::col(Column::Calls)).finally(0i64);
        sum(calls.into())
    };
    let query = Entity::find()
        .select_only()
        .column_as(sum(Expr::col(Column::Calls)), "calls")
        .column_as(
            calls_where(Column::PriceState, PriceState::Unpriced.word()),
            "unpriced_calls",
        )
        .column_as(
            calls_where(Column::UsageSource, UsageSource::Estimated.word()),
            "estimated_calls",
        )
        .column_as(sum(Expr::col(Column::Input)), "input")
        .column_as(sum(Expr::col(Column::Output)), "output")
        .column_as(sum(Expr::col(money)), "cost")
        .filter(Column::Bucket.gte(time.start.0))
        .filter(Column::Bucket.lt(time.end.0));
    match member {
        Some(member) => query.filter(Column::MemberId.eq(member.0)),
        None => query,
    }
}
