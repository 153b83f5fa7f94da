//! Revision rows: how instances and a CLI beside a running server notice each other's changes.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{EntityTrait, ExprTrait, Set};

use crate::entities::revisions::{ActiveModel, Column, Entity};
use crate::{Result, Store, WriteTx};

/// What a revision number counts the changes of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Members, sessions and keys: who may do what.
    Access,
    /// Connections, models and prices.
    Catalog,
    /// Limits.
    Limits,
    /// Settings of the house.
    Settings,
}

impl Subject {
    /// Every subject.
    pub const ALL: [Self; 4] = [Self::Access, Self::Catalog, Self::Limits, Self::Settings];

    fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Catalog => "catalog",
            Self::Limits => "limits",
            Self::Settings => "settings",
        }
    }
}

impl Store {
    /// The number of each subject; one that never changed is missing.
    pub async fn revision_list(&self) -> Result<HashMap<Subject, i64>> {
        let rows = Entity::find().all(self.reader()).await?;
        let number = |subject: Subject| {
            rows.iter()
                .find(|row| row.name == subject.name())
                .map(|row| (subject, row.number))
        };
        Ok(Subject::ALL.into_iter().filter_map(number).collect())
    }
}

impl WriteTx {
    /// Counts a change up, in the transaction that makes it.
    pub async fn revision_bump(&self, subject: Subject) -> Result<()> {
        let row = ActiveModel {
            name: Set(subject.name().to_owned()),
            number: Set(1),
        };
        let bump = OnConflict::column(Column::Name)
            .value(Column::Number, Expr::col((Entity, Column::Number)).add(1))
            .to_owned();
        Entity::insert(row)
            .on_conflict(bump)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }
}
