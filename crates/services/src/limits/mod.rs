//! Limits as admins see and set them. How they are kept is in `calls`.

use std::sync::Arc;

use domain::limits::{Limit, LimitRow, NewLimit, ScopeKind, window};
use domain::people::{Fault, parse_name};
use domain::{AppError, LimitId};
use store::revisions::Subject;
use uuid::Uuid;

use crate::access::Administrator;
use crate::audit::{Act, Action};
use crate::calls::window_key;
use crate::house::House;
use crate::{Error, Result, Services};

impl Services {
    /// Every limit with what its running window has used and holds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn limit_list(&self, _admin: &Administrator) -> Result<Vec<LimitRow>> {
        let house = self.house();
        let now = self.runtime().now();
        let mut limits: Vec<Arc<Limit>> = house.limits.all().cloned().collect();
        limits.sort_by_key(|limit| (limit.scope_kind, limit.id));
        let windows: Vec<_> = limits.iter().map(|limit| window_key(limit, now)).collect();
        let states = if windows.is_empty() {
            std::collections::BTreeMap::new()
        } else {
            self.store().limit_window_list(&windows).await?
        };
        Ok(limits
            .iter()
            .zip(&windows)
            .map(|(limit, window)| {
                let state = states.get(window).copied().unwrap_or_default();
                LimitRow {
                    limit: Limit::clone(limit),
                    subject: subject(&house, limit),
                    spent: state.spent,
                    held: state.held,
                    left: limit.left(&state, now),
                }
            })
            .collect())
    }

    /// Sets a limit.
    ///
    /// # Errors
    /// A subject that is not there, a zone nobody knows, or a combination that makes no sense.
    pub async fn limit_create(&self, admin: &Administrator, new: &NewLimit) -> Result<LimitId> {
        let house = self.house();
        let zone = new
            .zone
            .clone()
            .unwrap_or_else(|| house.settings.zone.clone());
        if window::zone(&zone).is_none() {
            return Err(Error::invalid("zone", Fault::Malformed));
        }
        let model = match new.model.as_deref() {
            None | Some("") => None,
            Some(name) => {
                Some(parse_name(name, 200).map_err(|fault| Error::invalid("model", fault))?)
            }
        };
        let limit = Limit {
            id: self.runtime().id::<Uuid>().into(),
            scope_kind: new.scope_kind,
            scope_id: new.scope_id,
            door: new.door,
            model,
            unit: new.unit,
            window: new.window,
            zone,
            ceiling: new.ceiling,
            hard: new.hard,
        };
        if !limit.is_sound() {
            return Err(Error::invalid("ceiling", Fault::OutOfRange));
        }
        if !self.subject_exists(&house, &limit).await? {
            return Err(Error::invalid("scope_id", Fault::Malformed));
        }
        require_may_bound(&house, admin, &limit)?;
        let now = self.runtime().now();
        let tx = self.store().write().await?;
        tx.limit_create(&limit, now).await?;
        tx.revision_bump(Subject::Limits).await?;
        self.write_limit_act(
            &tx,
            admin,
            Action::LimitSet,
            &limit,
            &subject(&house, &limit),
        )
        .await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(limit.id)
    }

    /// Removes a limit.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn limit_delete(&self, admin: &Administrator, id: LimitId) -> Result<()> {
        let house = self.house();
        let limit = house.limits.find(id).ok_or(AppError::NotFound)?;
        require_may_bound(&house, admin, limit)?;
        let tx = self.store().write().await?;
        if !tx.limit_delete(id).await? {
            return Err(AppError::NotFound.into());
        }
        tx.revision_bump(Subject::Limits).await?;
        self.write_limit_act(
            &tx,
            admin,
            Action::LimitRemoved,
            limit,
            &subject(&house, limit),
        )
        .await?;
        tx.commit().await?;
        self.refresh().await
    }

    async fn subject_exists(&self, house: &House, limit: &Limit) -> Result<bool> {
        Ok(match limit.scope_kind {
            ScopeKind::House => limit.scope_id.is_nil(),
            ScopeKind::Member => house.access.member(limit.scope_id.into()).is_some(),
            ScopeKind::Key => house.access.key_by_id(limit.scope_id.into()).is_some(),
            ScopeKind::Connection => self
                .store()
                .connection_find(limit.scope_id.into())
                .await?
                .is_some(),
            // Groups do not exist yet.
            ScopeKind::Group => false,
        })
    }

    async fn write_limit_act(
        &self,
        tx: &store::WriteTx,
        admin: &Administrator,
        action: Action,
        limit: &Limit,
        subject: &str,
    ) -> Result<()> {
        let detail = format!(
            "{} {} {} {}",
            limit.scope_kind.word(),
            limit.ceiling,
            limit.unit.word(),
            limit.window.word()
        );
        let act = Act {
            actor: admin.member_id,
            address: &admin.address,
            action,
            subject_id: limit.id.0,
            subject,
            detail: &detail,
        };
        self.write_act(tx, &act).await
    }
}

/// Nobody bounds or frees whom they may not act on: an owner, another admin, or, as an admin, oneself.
fn require_may_bound(house: &House, admin: &Administrator, limit: &Limit) -> Result<()> {
    let subject = match limit.scope_kind {
        ScopeKind::House | ScopeKind::Group | ScopeKind::Connection => return Ok(()),
        ScopeKind::Member => Some(limit.scope_id.into()),
        ScopeKind::Key => house
            .access
            .key_by_id(limit.scope_id.into())
            .map(|key| key.member_id),
    };
    // Who is not there any more is nobody's superior.
    match subject.and_then(|id| house.access.member(id)) {
        Some(member) if !admin.role.may_act_on(member.role) => Err(AppError::Forbidden.into()),
        _ => Ok(()),
    }
}

/// The name of what a limit bounds.
fn subject(house: &House, limit: &Limit) -> String {
    match limit.scope_kind {
        ScopeKind::House | ScopeKind::Group => None,
        ScopeKind::Member => house
            .access
            .member(limit.scope_id.into())
            .map(|member| member.name.clone()),
        ScopeKind::Key => house
            .access
            .key_by_id(limit.scope_id.into())
            .map(|key| key.name.clone()),
        ScopeKind::Connection => house
            .catalog
            .connection(limit.scope_id.into())
            .map(|entry| entry.name.clone()),
    }
    .unwrap_or_default()
}
