//! Server functions of the guide.

use domain::guide::StepState;
use leptos::prelude::*;

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// The steps of the signed-in member; none once all are done or skipped.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/fn", endpoint = "guide/look", input = server_fn::codec::Json)]
pub async fn look_at_guide() -> Answer<Vec<StepState>> {
    let (services, who) = context::signed_in()?;
    answer(services.guide_look(&who).await)
}

/// Puts the guide away for good.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/fn", endpoint = "guide/skip", input = server_fn::codec::Json)]
pub async fn skip_guide() -> Answer<()> {
    let (services, who) = context::signed_in()?;
    answer(services.guide_skip(&who).await)
}
