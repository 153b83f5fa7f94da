//! Limits, found by what they bound.

use std::collections::HashMap;
use std::sync::Arc;

use domain::LimitId;
use domain::limits::{Limit, ScopeKind};
use store::Store;
use uuid::Uuid;

use crate::Result;

/// Every limit of the house.
#[derive(Debug, Default)]
pub struct LimitBook {
    by_scope: HashMap<(ScopeKind, Uuid), Vec<Arc<Limit>>>,
    by_id: HashMap<LimitId, Arc<Limit>>,
}

impl LimitBook {
    pub(super) async fn read(store: &Store) -> Result<Self> {
        let mut book = Self::default();
        for limit in store.limit_list().await? {
            let limit = Arc::new(limit);
            book.by_id.insert(limit.id, limit.clone());
            book.by_scope
                .entry((limit.scope_kind, limit.scope_id))
                .or_default()
                .push(limit);
        }
        Ok(book)
    }

    /// The limits of one subject.
    pub fn of(&self, kind: ScopeKind, id: Uuid) -> &[Arc<Limit>] {
        self.by_scope.get(&(kind, id)).map_or(&[], Vec::as_slice)
    }

    /// A limit by id; gone when an admin removed it while its calls ran.
    pub fn find(&self, id: LimitId) -> Option<&Arc<Limit>> {
        self.by_id.get(&id)
    }

    /// Every limit, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Limit>> {
        self.by_id.values()
    }
}
