//! Server functions of the audit trail. For admins.

use domain::AuditId;
use domain::audit::AuditView;
use domain::chats::Page;
use leptos::prelude::*;

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// Acts before a given one, newest first.
///
/// # Errors
/// `Forbidden`.
#[server(prefix = "/fn", endpoint = "audit/list", input = server_fn::codec::Json)]
pub async fn list_acts(before: Option<AuditId>) -> Answer<Page<AuditView>> {
    let (services, admin) = context::administrator()?;
    answer(services.audit_list(&admin, before).await)
}
