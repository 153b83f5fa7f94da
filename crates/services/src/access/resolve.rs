//! From a credential to who carries it.

use std::time::Duration;

use domain::people::MemberStatus;
use domain::time::MINUTE_MS;
use domain::{AppError, KeyId, SessionId, Timestamp};

use tokio::sync::oneshot;

use super::{Caller, Origin, SESSION_IDLE_MS, SESSION_MOST_MS, STEP_UP_MS, SignedIn};
use crate::secrets::hash;
use crate::{Result, Services};

/// A request waits so long until its login's use is written down.
const SEEN_WITHIN: Duration = Duration::from_millis(250);

impl Services {
    /// The member behind a session secret.
    ///
    /// # Errors
    /// [`AppError::SignedOut`] for everything that is not a live login of an active member.
    pub async fn resolve_session(&self, secret: &str, origin: &Origin) -> Result<SignedIn> {
        let signed_out = || AppError::SignedOut;
        let session = self
            .store()
            .session_find(&hash(secret))
            .await?
            .ok_or_else(signed_out)?;
        let now = self.runtime().now();
        if now.since(session.seen_at) > SESSION_IDLE_MS
            || now.since(session.created_at) > SESSION_MOST_MS
        {
            return Err(signed_out().into());
        }
        let house = self.house();
        let member = house
            .access
            .active_member(session.member_id)
            .ok_or_else(signed_out)?
            .clone();
        // To the minute: a page with twenty requests writes once. A clock set back must not write
        // on every request either.
        if now.since(session.seen_at).abs() > MINUTE_MS {
            self.note_session_use(session.id, now).await;
        }
        Ok(SignedIn {
            member_id: member.id,
            name: member.name,
            role: member.role,
            group_id: member.group_id,
            session_id: session.id,
            is_fresh: (0..=STEP_UP_MS).contains(&now.since(session.proved_at)),
            locale: member.locale,
            time_zone: member.time_zone,
            address: origin.address.to_string(),
        })
    }

    /// Whether a long-lived connection may stay: the login is still there, not too old, and the
    /// member active.
    ///
    /// # Errors
    /// When the database does not answer. That ends nobody's connection: ask again.
    pub async fn still_signed_in(&self, who: &SignedIn) -> Result<bool> {
        let house = self.house();
        let active = house
            .access
            .member(who.member_id)
            .is_some_and(|member| member.status == MemberStatus::Active && member.role == who.role);
        if !active {
            return Ok(false);
        }
        let session = self.store().session_find_by_id(who.session_id).await?;
        let now = self.runtime().now();
        Ok(session.is_some_and(|session| now.since(session.created_at) <= SESSION_MOST_MS))
    }

    /// The caller behind a gateway key, without a query.
    ///
    /// # Errors
    /// [`AppError::SignedOut`] for everything that is not a live key of an active member.
    pub fn resolve_key(&self, secret: &str) -> std::result::Result<Caller, AppError> {
        let house = self.house();
        let now = self.runtime().now();
        let key = house.access.key(&hash(secret)).ok_or(AppError::SignedOut)?;
        if key.expires_at.is_some_and(|at| at <= now) {
            return Err(AppError::SignedOut);
        }
        let member = house
            .access
            .active_member(key.member_id)
            .ok_or(AppError::SignedOut)?;
        self.note_key_use(key.id, now);
        Ok(Caller {
            member_id: member.id,
            group_id: member.group_id,
            key_id: key.id,
            key_models: key.models.clone(),
        })
    }

    /// Writes down that a login was used. Beside the request, which waits a moment and no longer: what
    /// is there can be read also while the database takes no writes.
    async fn note_session_use(&self, session: SessionId, now: Timestamp) {
        if !self.inner.sessions_in_use.claim(session) {
            return;
        }
        let (told, written) = oneshot::channel();
        let this = self.clone();
        self.runtime().tasks.start(async move {
            let write = async {
                let tx = this.store().write().await?;
                tx.session_seen(session, now).await?;
                tx.commit().await
            };
            if let Err(error) = write.await {
                tracing::warn!(%error, "the use of a login was not written down");
            }
            this.inner.sessions_in_use.release(session);
            let _ = told.send(());
        });
        let _ = tokio::time::timeout(SEEN_WITHIN, written).await;
    }

    /// Remembers that a key was used; written once a minute for all.
    fn note_key_use(&self, key: KeyId, now: Timestamp) {
        self.inner.calls.key_used(key, now);
    }

    /// Writes down when keys were last used.
    pub(crate) async fn flush_key_use(&self) -> Result<()> {
        let used = self.inner.calls.used_keys();
        if used.is_empty() {
            return Ok(());
        }
        let tx = self.store().write().await?;
        for chunk in used.chunks(500) {
            tx.key_used(chunk).await?;
        }
        tx.commit().await?;
        self.inner.calls.used_keys_written(&used);
        Ok(())
    }
}
