//! Gateway keys: made, listed and revoked by their owner.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::keys::{KEY_PREFIX, KeyCeiling, KeyRow, MadeKey, NewKey};
use domain::limits::{Limit, ScopeKind, Unit, WindowKind};
use domain::people::{Fault, parse_name};
use domain::time::DAY_MS;
use domain::{AppError, KeyId, MemberId};
use store::keys::Key;
use store::revisions::Subject;
use uuid::Uuid;

use crate::access::{Administrator, SignedIn};
use crate::audit::{Act, Action};
use crate::calls::window_key;
use crate::secrets::Token;
use crate::{Error, Result, Services};

/// Most keys a member may have that are not revoked.
const MOST_KEYS: usize = 100;
/// Most models a key may name; one that may use more of them names none.
const MOST_MODELS: usize = 200;

impl Services {
    /// The member's keys, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key_list(&self, who: &SignedIn) -> Result<Vec<KeyRow>> {
        let keys = self.store().key_list(who.member_id).await?;
        let mut rows = Vec::with_capacity(keys.len());
        for key in keys {
            rows.push(self.key_row(key).await?);
        }
        Ok(rows)
    }

    /// Every live key that this admin can set a limit on, with its name and its owner's, by owner.
    pub fn key_list_all(&self, admin: &Administrator) -> Vec<(KeyId, String, String)> {
        let house = self.house();
        let mut keys: Vec<_> = house
            .access
            .keys()
            .filter_map(|key| {
                let owner = house.access.member(key.member_id)?;
                admin
                    .role
                    .may_act_on(owner.role)
                    .then(|| (key.id, key.name.clone(), owner.name.clone()))
            })
            .collect();
        keys.sort_by(|one, other| (&one.2, &one.1, one.0).cmp(&(&other.2, &other.1, other.0)));
        keys
    }

    async fn key_row(&self, key: Key) -> Result<KeyRow> {
        let house = self.house();
        let now = self.runtime().now();
        let limits: Vec<Arc<Limit>> = house.limits.of(ScopeKind::Key, key.id.0).to_vec();
        let windows: Vec<_> = limits.iter().map(|limit| window_key(limit, now)).collect();
        let states = if windows.is_empty() {
            std::collections::BTreeMap::new()
        } else {
            self.store().limit_window_list(&windows).await?
        };
        let ceilings = limits
            .iter()
            .zip(&windows)
            .map(|(limit, window)| KeyCeiling {
                unit: limit.unit,
                window: limit.window,
                ceiling: limit.ceiling,
                used: states.get(window).map_or(0, |state| state.spent),
            })
            .collect();
        Ok(KeyRow {
            id: key.id,
            name: key.name,
            tail: key.tail,
            models: key.models,
            ceilings,
            created_at: key.created_at,
            expires_at: key.expires_at,
            // Written down once a minute for all; who looks sees it at once.
            last_used_at: self.inner.calls.key_used_at(key.id).max(key.last_used_at),
            revoked_at: key.revoked_at,
        })
    }

    /// Makes a key. Its secret is in the answer and nowhere else, ever again. A key outlives its
    /// maker's login, so a borrowed browser does not get one without the password.
    ///
    /// # Errors
    /// [`AppError::StepUp`], unacceptable fields, a model that is not there, or too many keys.
    pub async fn key_create(&self, who: &SignedIn, new: &NewKey) -> Result<MadeKey> {
        who.require_fresh()?;
        self.key_create_for(who.member_id, &who.address, who.member_id, new)
            .await
    }

    /// Makes a key for a member: for themselves, or on the command line.
    ///
    /// # Errors
    /// See [`Self::key_create`].
    pub async fn key_create_for(
        &self,
        actor: MemberId,
        address: &str,
        owner: MemberId,
        new: &NewKey,
    ) -> Result<MadeKey> {
        let name = parse_name(&new.name, 80).map_err(|fault| Error::invalid("name", fault))?;
        let house = self.house();
        let now = self.runtime().now();
        let models: Vec<String> = new
            .models
            .iter()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .cloned()
            .collect();
        if models.len() > MOST_MODELS {
            return Err(Error::invalid("models", Fault::OutOfRange));
        }
        for model in &models {
            if house.catalog.routes(model).is_none() {
                return Err(Error::invalid("models", Fault::Malformed));
            }
        }
        let live = self.store().key_list(owner).await?;
        if live.iter().filter(|key| key.revoked_at.is_none()).count() >= MOST_KEYS {
            return Err(Error::invalid("name", Fault::OutOfRange));
        }
        let expires_at = match new.expires_in_days {
            None => None,
            Some(days @ 1..=3_650) => Some(now.plus(i64::from(days) * DAY_MS)),
            Some(_) => return Err(Error::invalid("expires_in_days", Fault::OutOfRange)),
        };
        let id: KeyId = self.runtime().id::<Uuid>().into();
        let limits = self.key_limits(id, new, &house.settings.zone)?;
        let token = Token::new(self.runtime(), KEY_PREFIX);
        let key = Key {
            id,
            member_id: owner,
            name,
            secret_hash: token.hash().to_vec(),
            tail: token.tail(),
            models,
            created_at: now,
            expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        let tx = self.store().write().await?;
        tx.key_create(&key).await?;
        for limit in &limits {
            tx.limit_create(limit, now).await?;
        }
        tx.revision_bump(Subject::Access).await?;
        tx.revision_bump(Subject::Limits).await?;
        let act = Act {
            actor,
            address,
            action: Action::KeyCreated,
            subject_id: id.0,
            subject: &key.name,
            detail: "",
        };
        self.write_act(&tx, &act).await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(MadeKey {
            row: self.key_row(key).await?,
            secret: token.reveal(),
        })
    }

    fn key_limits(&self, id: KeyId, new: &NewKey, zone: &str) -> Result<Vec<Limit>> {
        let limit = |unit, window, ceiling| Limit {
            id: self.runtime().id::<Uuid>().into(),
            scope_kind: ScopeKind::Key,
            scope_id: id.0,
            door: None,
            model: None,
            unit,
            window,
            zone: zone.to_owned(),
            ceiling,
            hard: true,
        };
        let mut limits = Vec::new();
        if let Some(budget) = new.budget {
            if budget.0 < 0 || new.budget_window == WindowKind::Minute {
                return Err(Error::invalid("budget", Fault::OutOfRange));
            }
            limits.push(limit(Unit::Money, new.budget_window, budget.0));
        }
        for (field, unit, ceiling) in [
            (
                "requests_per_minute",
                Unit::Requests,
                new.requests_per_minute,
            ),
            ("tokens_per_minute", Unit::Tokens, new.tokens_per_minute),
        ] {
            match ceiling {
                None => {}
                Some(ceiling @ 1..=1_000_000_000) => {
                    limits.push(limit(unit, WindowKind::Minute, ceiling));
                }
                Some(_) => return Err(Error::invalid(field, Fault::OutOfRange)),
            }
        }
        Ok(limits)
    }

    /// Revokes one of the member's keys, everywhere within a second.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also when the key belongs to someone else.
    pub async fn key_revoke(&self, who: &SignedIn, id: KeyId) -> Result<()> {
        let now = self.runtime().now();
        let key = self
            .store()
            .key_find(who.member_id, id)
            .await?
            .ok_or(AppError::NotFound)?;
        let tx = self.store().write().await?;
        if !tx.key_revoke(who.member_id, id, now).await? {
            return Err(AppError::NotFound.into());
        }
        // They bound nothing any more, and every limit is read again and again.
        for limit in self.house().limits.of(ScopeKind::Key, id.0) {
            tx.limit_delete(limit.id).await?;
        }
        tx.revision_bump(Subject::Access).await?;
        tx.revision_bump(Subject::Limits).await?;
        let act = Act {
            actor: who.member_id,
            address: &who.address,
            action: Action::KeyRevoked,
            subject_id: id.0,
            subject: &key.name,
            detail: "",
        };
        self.write_act(&tx, &act).await?;
        tx.commit().await?;
        self.refresh().await
    }
}
