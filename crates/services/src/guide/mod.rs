//! The guide of the first days: what is done already, and who wants none.

use domain::connections::ProviderKind;
use domain::guide::{Step, StepState};

use crate::access::SignedIn;
use crate::{Result, Services};

impl Services {
    /// The steps that the member can do, with what is done; nothing once all are done or the member has
    /// skipped them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn guide_look(&self, who: &SignedIn) -> Result<Vec<StepState>> {
        if self.store().guide_is_skipped(who.member_id).await? {
            return Ok(Vec::new());
        }
        let chats = self.store().chat_list(who.member_id, None, 1).await?;
        let keys = self.store().key_list(who.member_id).await?;
        let state = |step, done| StepState { step, done };
        let mut steps = vec![state(Step::Account, true)];
        if who.role.administers() {
            let connections = self.store().connection_list().await?;
            let provider = |kind| kind != ProviderKind::Demo;
            steps.push(state(
                Step::Connection,
                connections.iter().any(|row| provider(row.kind)),
            ));
        }
        steps.push(state(Step::Chat, !chats.is_empty()));
        if who.role.administers() {
            let members = self.house().access.member_count();
            steps.push(state(Step::Invite, members > 1));
        }
        steps.push(state(Step::Key, !keys.is_empty()));
        if steps.iter().all(|step| step.done) {
            steps.clear();
        }
        Ok(steps)
    }

    /// The member wants no guide any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn guide_skip(&self, who: &SignedIn) -> Result<()> {
        let tx = self.store().write().await?;
        tx.guide_skip(who.member_id, self.runtime().now()).await?;
        tx.commit().await?;
        Ok(())
    }
}
