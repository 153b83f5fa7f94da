//! Opening calls, and what is known of them while they run.

use domain::{CallId, InstanceId};
use sea_orm::sea_query::{CaseStatement, Expr};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::{Call, NewCall, OpenCall, call};
use crate::convert::{json, to_json};
use crate::entities::{calls, open_calls};
use crate::{Engine, Result, Store, WriteTx};

/// Progress of a running call.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Which.
    pub call_id: CallId,
    /// JSON of the candidate being tried.
    pub attempt: String,
    /// Output bytes so far.
    pub output_bytes: i64,
}

pub(super) fn open_call(row: open_calls::Model) -> Result<OpenCall> {
    Ok(OpenCall {
        call_id: CallId(row.call_id),
        instance_id: InstanceId(row.instance_id),
        holds: json("open_calls", "holds", &row.holds)?,
        input_estimate: row.input_estimate,
        attempt: row.attempt,
        output_bytes: row.output_bytes,
    })
}

impl Store {
    /// Every open call.
    pub async fn open_call_list(&self) -> Result<Vec<OpenCall>> {
        let rows = open_calls::Entity::find()
            .order_by_asc(open_calls::Column::CallId)
            .all(self.reader())
            .await?;
        rows.into_iter().map(open_call).collect()
    }

    /// Some open calls of a process with their rows: what a recovery works through.
    pub async fn open_call_list_of(
        &self,
        instance: InstanceId,
        most: u64,
    ) -> Result<Vec<(Call, OpenCall)>> {
        let open = open_calls::Entity::find()
            .filter(open_calls::Column::InstanceId.eq(instance.0))
            .order_by_asc(open_calls::Column::CallId)
            .limit(most)
            .all(self.reader())
            .await?;
        let rows = calls::Entity::find()
            .filter(calls::Column::Id.is_in(open.iter().map(|row| row.call_id)))
            .all(self.reader())
            .await?;
        let mut pairs = Vec::with_capacity(open.len());
        for open in open {
            if let Some(row) = rows.iter().find(|row| row.id == open.call_id) {
                pairs.push((call(row.clone())?, open_call(open)?));
            }
        }
        Ok(pairs)
    }

    /// Processes that have open calls.
    pub async fn open_call_instances(&self) -> Result<Vec<InstanceId>> {
        let ids: Vec<uuid::Uuid> = open_calls::Entity::find()
            .select_only()
            .column(open_calls::Column::InstanceId)
            .distinct()
            .into_tuple()
            .all(self.reader())
            .await?;
        Ok(ids.into_iter().map(InstanceId).collect())
    }
}

pub(crate) fn active_open(new: &NewCall) -> open_calls::ActiveModel {
    open_calls::ActiveModel {
        call_id: Set(new.call.id.0),
        instance_id: Set(new.instance_id.0),
        holds: Set(to_json(&new.holds)),
        input_estimate: Set(new.input_estimate),
        attempt: Set(new.attempt.clone()),
        output_bytes: Set(0),
    }
}

impl WriteTx {
    /// Writes progress, one statement for all. A call that is settled already is left alone.
    pub async fn calls_progress(&self, batch: &[Progress]) -> Result<()> {
        use open_calls::{Column, Entity};
        if batch.is_empty() {
            return Ok(());
        }
        if self.engine == Engine::Postgres {
            // In the order in which a settlement locks them, or the two could wait for each other.
            let ids: Vec<CallId> = batch.iter().map(|progress| progress.call_id).collect();
            self.open_call_lock(&ids).await?;
        }
        let mut bytes = CaseStatement::new();
        let mut attempt = CaseStatement::new();
        for progress in batch {
            let this = || Expr::col(Column::CallId).eq(progress.call_id.0);
            bytes = bytes.case(this(), progress.output_bytes);
            attempt = attempt.case(this(), progress.attempt.clone());
        }
        Entity::update_many()
            .col_expr(
                Column::OutputBytes,
                bytes.finally(Expr::col(Column::OutputBytes)).into(),
            )
            .col_expr(
                Column::Attempt,
                attempt.finally(Expr::col(Column::Attempt)).into(),
            )
            .filter(Column::CallId.is_in(batch.iter().map(|progress| progress.call_id.0)))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// The calls of these that are still open, locked: whoever gets one settles it.
    pub async fn open_call_lock(&self, ids: &[CallId]) -> Result<Vec<OpenCall>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = open_calls::Entity::find()
            .filter(open_calls::Column::CallId.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(open_calls::Column::CallId);
        if self.engine == Engine::Postgres {
            query = query.lock_exclusive();
        }
        query
            .all(&self.tx)
            .await?
            .into_iter()
            .map(open_call)
            .collect()
    }
}
