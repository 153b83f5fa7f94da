//! Lists and tests.

use domain::calls::ProviderFailure;
use outbound::Request;
use serde::Deserialize;

use super::{address, authorised};
use crate::ListedModel;
use crate::exchange::Exchange;
use crate::json::{Few, count, lenient_text};
use crate::list::Listing;

/// Models on a page, the most there may be.
const PAGE: &str = "1000";
/// Entries that are taken of a page, however many were asked for.
const MOST_ENTRIES: usize = 10_000;
/// Headers that tell something about the account.
const TOLD: [&str; 2] = ["anthropic-organization-id", "anthropic-workspace-id"];

#[derive(Debug, Deserialize)]
struct Page {
    data: Few<Entry, MOST_ENTRIES>,
    #[serde(default)]
    has_more: bool,
    #[serde(default, deserialize_with = "lenient_text")]
    last_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    id: String,
    #[serde(default, deserialize_with = "lenient_text")]
    display_name: Option<String>,
    #[serde(default, deserialize_with = "count")]
    max_input_tokens: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    max_tokens: Option<i64>,
    #[serde(default, deserialize_with = "lenient_text")]
    lifecycle: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    deprecated_at: Option<String>,
}

pub(crate) async fn models(exchange: &Exchange<'_>) -> Result<Vec<ListedModel>, ProviderFailure> {
    let mut listing = Listing::default();
    let mut after: Option<String> = None;
    loop {
        let mut url = address(exchange, "models")?;
        url.query_pairs_mut().append_pair("limit", PAGE);
        if let Some(after) = &after {
            url.query_pairs_mut().append_pair("after_id", after);
        }
        let response = exchange
            .look(authorised(exchange, Request::get(url)))
            .await?;
        let body = listing.page(exchange, response).await?;
        let page: Page = serde_json::from_slice(&body).map_err(|_| exchange.not_json())?;
        let goes_on = listing.add(page.data.0.into_iter().map(listed)) && page.has_more;
        after = page.last_id.filter(|_| goes_on);
        if after.is_none() {
            return Ok(listing.into_models());
        }
    }
}

pub(crate) async fn probe(
    exchange: &Exchange<'_>,
) -> Result<Vec<(String, String)>, ProviderFailure> {
    let mut url = address(exchange, "models")?;
    url.query_pairs_mut().append_pair("limit", "1");
    let response = exchange
        .look(authorised(exchange, Request::get(url)))
        .await?;
    let told = |name: &&str| Some(((*name).to_owned(), response.header(name)?.to_owned()));
    let mut facts: Vec<_> = TOLD.iter().filter_map(told).collect();
    let limits = response
        .headers()
        .filter(|(name, _)| name.starts_with("anthropic-ratelimit-"));
    facts.extend(limits.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let body = exchange.body(response).await?;
    let _page: Page = serde_json::from_slice(&body).map_err(|_| exchange.not_json())?;
    Ok(facts)
}

fn listed(entry: Entry) -> ListedModel {
    ListedModel {
        id: entry.id,
        label: entry.display_name,
        context_tokens: entry.max_input_tokens,
        max_output_tokens: entry.max_tokens,
        chat: entry.lifecycle.as_deref() != Some("retired"),
        deprecated: entry.deprecated_at.is_some()
            || matches!(entry.lifecycle.as_deref(), Some("deprecated" | "retired")),
    }
}
