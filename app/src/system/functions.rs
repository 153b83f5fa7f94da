//! Server functions of the system page. For admins.

use domain::ProblemId;
use domain::problems::{ProblemState, ProblemView};
use domain::system::SystemView;
use leptos::prelude::*;

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// How the house is doing.
///
/// # Errors
/// `Forbidden`.
#[server(prefix = "/fn", endpoint = "system/view", input = server_fn::codec::Json)]
pub async fn view_system() -> Answer<SystemView> {
    let (services, admin) = context::administrator()?;
    answer(services.system_view(&admin).await)
}

/// What went wrong lately.
///
/// # Errors
/// `Forbidden`.
#[server(prefix = "/fn", endpoint = "system/problems", input = server_fn::codec::Json)]
pub async fn list_problems() -> Answer<Vec<ProblemView>> {
    let (services, admin) = context::administrator()?;
    answer(services.problem_list(&admin).await)
}

/// Says what becomes of a problem.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/fn", endpoint = "system/problem_set", input = server_fn::codec::Json)]
pub async fn set_problem(id: ProblemId, state: ProblemState) -> Answer<()> {
    let (services, admin) = context::administrator()?;
    answer(services.problem_set(&admin, id, state).await)
}
