//! The front page: what the house says of itself to whoever is not signed in.

use domain::front::FrontPage;
use store::revisions::Subject;
use uuid::Uuid;

use crate::access::Administrator;
use crate::audit::{Act, Action};
use crate::{Error, Result, Services};

/// Holds the page as JSON, so that it changes as a whole.
pub(crate) const FRONT_PAGE_SETTING: &str = "front_page";

impl Services {
    /// The front page; `None` while the house keeps to itself.
    pub fn front_page(&self) -> Option<FrontPage> {
        let house = self.house();
        let page = &house.settings.front_page;
        page.shown.then(|| page.clone())
    }

    /// The front page as it is set, shown or not.
    pub fn front_page_setting(&self, _admin: &Administrator) -> FrontPage {
        self.house().settings.front_page.clone()
    }

    /// Sets the front page.
    ///
    /// # Errors
    /// What no page should show: see [`FrontPage::checked`].
    pub async fn front_page_set(&self, admin: &Administrator, page: FrontPage) -> Result<()> {
        let page = page.checked().map_err(Error::from)?;
        let value = serde_json::to_string(&page).map_err(|_| domain::AppError::Internal)?;
        let tx = self.store().write().await?;
        tx.setting_set(FRONT_PAGE_SETTING, &value).await?;
        tx.revision_bump(Subject::Settings).await?;
        let detail = if page.shown {
            "front_page shown"
        } else {
            "front_page hidden"
        };
        let act = Act {
            actor: admin.member_id,
            address: &admin.address,
            action: Action::SettingsChanged,
            subject_id: Uuid::nil(),
            subject: &page.name,
            detail,
        };
        self.write_act(&tx, &act).await?;
        tx.commit().await?;
        self.refresh().await
    }
}
