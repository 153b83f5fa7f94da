//! Server functions of usage.

use domain::usage::{HomeFigures, OwnUsage, Period, Span, Whose};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// The same chart for a desk and for a phone, as SVG made by the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charts {
    /// For a desk.
    pub wide: String,
    /// For a phone.
    pub narrow: String,
}

/// What the home page shows of usage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeView {
    /// The figures.
    pub figures: HomeFigures,
    /// Cost per day; `None` when nothing is known to have cost anything.
    pub charts: Option<Charts>,
}

/// The figures of the home page, with a chart whose words are in a language: the page's own, which
/// the server would have to guess.
///
/// # Errors
/// `Forbidden` for the house's figures, to whoever does not run it; a language we do not speak.
#[server(prefix = "/fn", endpoint = "usage/home", input = server_fn::codec::Json)]
pub async fn load_home(whose: Whose, span: Span, language: String) -> Answer<HomeView> {
    use services::usage::chart::{Layout, draw};

    let (services, who) = context::signed_in()?;
    let locale = answer(
        language
            .parse::<locales::Locale>()
            .map_err(|_| domain::AppError::invalid("language", domain::people::Fault::Malformed)),
    )?;
    let figures = answer(services.home_figures(&who, whose, span).await)?;
    let wide = answer(draw(&figures.days, locale, Layout::Wide))?;
    let narrow = answer(draw(&figures.days, locale, Layout::Narrow))?;
    let charts = wide
        .zip(narrow)
        .map(|(wide, narrow)| Charts { wide, narrow });
    Ok(HomeView { figures, charts })
}

/// What the signed-in member used in a period.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/fn", endpoint = "usage/own", input = server_fn::codec::Json)]
pub async fn load_usage(period: Period) -> Answer<OwnUsage> {
    let (services, who) = context::signed_in()?;
    answer(services.usage_own(&who, period).await)
}
