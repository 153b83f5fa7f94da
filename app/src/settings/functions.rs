//! Server functions of the settings. For admins.

use domain::front::FrontPage;
use leptos::prelude::*;

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// The front page as it is set, shown or not.
///
/// # Errors
/// `Forbidden`.
#[server(prefix = "/fn", endpoint = "settings/front", input = server_fn::codec::Json)]
pub async fn load_front_page() -> Answer<FrontPage> {
    let (services, admin) = context::administrator()?;
    std::future::ready(Ok(services.front_page_setting(&admin))).await
}

/// Sets the front page.
///
/// # Errors
/// `Invalid` for `house_name` or `house_text`.
#[server(prefix = "/fn", endpoint = "settings/front_set", input = server_fn::codec::Json)]
pub async fn set_front_page(page: FrontPage) -> Answer<()> {
    let (services, admin) = context::administrator()?;
    answer(services.front_page_set(&admin, page).await)
}
