//! Lists and tests.

use std::collections::HashSet;

use domain::calls::ProviderFailure;
use outbound::Request;
use serde::Deserialize;

use super::{address, authorised};
use crate::ListedModel;
use crate::exchange::Exchange;
use crate::json::{count, lenient_text};

/// Models on a page, the most there may be.
const PAGE: &str = "1000";
/// Pages that are read before a list counts as endless.
const MOST_PAGES: usize = 100;
/// Headers that tell something about the account.
const TOLD: [&str; 2] = ["anthropic-organization-id", "anthropic-workspace-id"];

#[derive(Debug, Deserialize)]
struct Page {
    data: Vec<Entry>,
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
    let mut models = Vec::new();
    let mut known = HashSet::new();
    let mut after: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let mut url = address(exchange, "models")?;
        url.query_pairs_mut().append_pair("limit", PAGE);
        if let Some(after) = &after {
            url.query_pairs_mut().append_pair("after_id", after);
        }
        let response = exchange
            .look(authorised(exchange, Request::get(url)))
            .await?;
        let body = exchange.body(response).await?;
        let page: Page = serde_json::from_slice(&body).map_err(|_| exchange.not_json())?;
        let before = models.len();
        let new = page
            .data
            .into_iter()
            .filter(|entry| known.insert(entry.id.clone()));
        models.extend(new.map(listed));
        // A page that brings nothing new would be read for ever.
        let next = page
            .last_id
            .filter(|_| page.has_more && models.len() > before);
        if next.is_none() {
            return Ok(models);
        }
        after = next;
    }
    Ok(models)
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
