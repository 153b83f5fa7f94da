//! Problems: equal failures in one row, with what became of them.

use domain::problems::{ProblemKind, ProblemState};
use domain::{MemberId, ProblemId, Timestamp};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use crate::convert::{time, word};
use crate::entities::problems::{ActiveModel, Column, Entity, Model};
use crate::{Result, Store, WriteTx};

/// A problem's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Id.
    pub id: ProblemId,
    /// What kind.
    pub kind: ProblemKind,
    /// Of what; nil for the house.
    pub subject_id: Uuid,
    /// Why, as a stable word.
    pub cause: String,
    /// The subject's name at the last time.
    pub subject: String,
    /// The failing side's words at the last time.
    pub detail: String,
    /// What became of it.
    pub state: ProblemState,
    /// How often.
    pub count: i64,
    /// When first.
    pub first_seen: Timestamp,
    /// When last.
    pub last_seen: Timestamp,
    /// Who changed its state; nil for nobody.
    pub changed_by: MemberId,
    /// When.
    pub changed_at: Option<Timestamp>,
}

impl TryFrom<Model> for Problem {
    type Error = crate::StoreError;

    fn try_from(row: Model) -> Result<Self> {
        Ok(Self {
            id: ProblemId(row.id),
            kind: word("problems", "kind", &row.kind)?,
            subject_id: row.subject_id,
            cause: row.cause,
            subject: row.subject,
            detail: row.detail,
            state: word("problems", "state", &row.state)?,
            count: row.count,
            first_seen: Timestamp(row.first_seen),
            last_seen: Timestamp(row.last_seen),
            changed_by: MemberId(row.changed_by),
            changed_at: time(row.changed_at),
        })
    }
}

impl Store {
    /// The problems last seen latest, those that are resolved behind all others.
    pub async fn problem_list(&self, most: u64) -> Result<Vec<Problem>> {
        let rows = Entity::find()
            .order_by_asc(Column::State.eq(ProblemState::Resolved.word()))
            .order_by_desc(Column::LastSeen)
            .order_by_desc(Column::Id)
            .limit(most)
            .all(self.reader())
            .await?;
        rows.into_iter().map(Problem::try_from).collect()
    }

    /// One problem.
    pub async fn problem_find(&self, id: ProblemId) -> Result<Option<Problem>> {
        let row = Entity::find_by_id(id.0).one(self.reader()).await?;
        row.map(Problem::try_from).transpose()
    }
}

impl WriteTx {
    /// Adds failures to the problems they are, one statement for all. A problem that was resolved
    /// before it happened again is open again. The caller names each problem once, in one order.
    pub async fn problem_note(&self, batch: &[Problem]) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let rows = batch.iter().map(|problem| ActiveModel {
            id: Set(problem.id.0),
            kind: Set(problem.kind.word().to_owned()),
            subject_id: Set(problem.subject_id),
            cause: Set(problem.cause.clone()),
            subject: Set(problem.subject.clone()),
            detail: Set(problem.detail.clone()),
            state: Set(problem.state.word().to_owned()),
            count: Set(problem.count),
            first_seen: Set(problem.first_seen.0),
            last_seen: Set(problem.last_seen.0),
            changed_by: Set(problem.changed_by.0),
            changed_at: Set(problem.changed_at.map(|at| at.0)),
        });
        let known = |column: Column| Expr::col((Entity, column));
        let new_last_seen = || Expr::cust("excluded.last_seen");
        let happened_again = || {
            known(Column::State)
                .eq(ProblemState::Resolved.word())
                .and(new_last_seen().gt(known(Column::ChangedAt)))
        };
        let reopened = |then: Expr, otherwise: Column| -> Expr {
            CaseStatement::new()
                .case(happened_again(), then)
                .finally(known(otherwise))
                .into()
        };
        let later = CaseStatement::new()
            .case(new_last_seen().gt(known(Column::LastSeen)), new_last_seen())
            .finally(known(Column::LastSeen));
        let join = OnConflict::columns([Column::Kind, Column::SubjectId, Column::Cause])
            .update_columns([Column::Subject, Column::Detail])
            .value(
                Column::Count,
                known(Column::Count).add(Expr::cust("excluded.count")),
            )
            .value(Column::LastSeen, later)
            .value(
                Column::State,
                reopened(Expr::value(ProblemState::Open.word()), Column::State),
            )
            .value(
                Column::ChangedBy,
                reopened(Expr::value(Uuid::nil()), Column::ChangedBy),
            )
            .value(
                Column::ChangedAt,
                reopened(new_last_seen(), Column::ChangedAt),
            )
            .to_owned();
        Entity::insert_many(rows)
            .on_conflict(join)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Changes what became of a problem; false when it is not there, or in that state already.
    pub async fn problem_set(
        &self,
        id: ProblemId,
        state: ProblemState,
        by: MemberId,
        now: Timestamp,
    ) -> Result<bool> {
        let changed = Entity::update_many()
            .col_expr(Column::State, Expr::value(state.word()))
            .col_expr(Column::ChangedBy, Expr::value(by.0))
            .col_expr(Column::ChangedAt, Expr::value(now.0))
            .filter(Column::Id.eq(id.0))
            .filter(Column::State.ne(state.word()))
            .exec(&self.tx)
            .await?;
        Ok(changed.rows_affected > 0)
    }

    /// Forgets what was resolved before an instant, and what is beyond the most rows: the resolved
    /// first, then what was seen longest ago.
    pub async fn problem_prune(&self, resolved_before: Timestamp, most: u64) -> Result<()> {
        Entity::delete_many()
            .filter(Column::State.eq(ProblemState::Resolved.word()))
            .filter(Column::ChangedAt.lt(resolved_before.0))
            .exec(&self.tx)
            .await?;
        let beyond = Entity::find().count(&self.tx).await?.saturating_sub(most);
        if beyond == 0 {
            return Ok(());
        }
        let ids: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .order_by_desc(Column::State.eq(ProblemState::Resolved.word()))
            .order_by_asc(Column::LastSeen)
            .order_by_asc(Column::Id)
            // One transaction writes few rows; the next sweep takes the rest.
            .limit(Ord::min(beyond, 500))
            .into_tuple()
            .all(&self.tx)
            .await?;
        Entity::delete_many()
            .filter(Column::Id.is_in(ids))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}
