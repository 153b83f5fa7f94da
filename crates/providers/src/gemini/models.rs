//! Lists and tests.

use domain::calls::ProviderFailure;
use outbound::{Request, Response};
use serde::Deserialize;

use super::authorised;
use crate::ListedModel;
use crate::exchange::Exchange;
use crate::json::{Few, count, lenient_text};
use crate::list::Listing;

/// Models on a page, the most there may be.
const PAGE: &str = "1000";
/// Entries that are taken of a page, however many were asked for.
const MOST_ENTRIES: usize = 10_000;
/// Ways to call a model that are looked at.
const MOST_METHODS: usize = 128;
/// Parts of the ids of models that take the same calls but do not chat.
const NO_CHAT: [&str; 5] = ["-tts", "-image", "embedding", "-audio", "-live"];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    /// An empty list is left out.
    #[serde(default)]
    models: Few<Entry, MOST_ENTRIES>,
    #[serde(default, deserialize_with = "lenient_text")]
    next_page_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    name: String,
    #[serde(default, deserialize_with = "lenient_text")]
    display_name: Option<String>,
    #[serde(default, deserialize_with = "count")]
    input_token_limit: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    output_token_limit: Option<i64>,
    #[serde(default)]
    supported_generation_methods: Few<String, MOST_METHODS>,
}

pub(crate) async fn models(exchange: &Exchange<'_>) -> Result<Vec<ListedModel>, ProviderFailure> {
    let mut listing = Listing::default();
    let mut token: Option<String> = None;
    loop {
        let response = ask(exchange, PAGE, token.as_deref()).await?;
        let page = page(exchange, &listing.page(exchange, response).await?)?;
        let goes_on = listing.add(page.models.0.into_iter().map(listed));
        token = page
            .next_page_token
            .filter(|next| goes_on && !next.is_empty());
        if token.is_none() {
            return Ok(listing.into_models());
        }
    }
}

/// The provider tells nothing about accounts; a good answer is all there is.
pub(crate) async fn probe(
    exchange: &Exchange<'_>,
) -> Result<Vec<(String, String)>, ProviderFailure> {
    let response = ask(exchange, "1", None).await?;
    let body = exchange.body(response).await?;
    page(exchange, &body).map(|_| Vec::new())
}

async fn ask(
    exchange: &Exchange<'_>,
    size: &str,
    token: Option<&str>,
) -> Result<Response, ProviderFailure> {
    let mut url = exchange.url(&["models"])?;
    url.query_pairs_mut().append_pair("pageSize", size);
    if let Some(token) = token {
        url.query_pairs_mut().append_pair("pageToken", token);
    }
    exchange.look(authorised(exchange, Request::get(url))).await
}

fn page(exchange: &Exchange<'_>, body: &[u8]) -> Result<Page, ProviderFailure> {
    serde_json::from_slice(body).map_err(|_| exchange.not_json())
}

fn listed(entry: Entry) -> ListedModel {
    let id = entry
        .name
        .strip_prefix("models/")
        .unwrap_or(&entry.name)
        .to_owned();
    let answers = entry
        .supported_generation_methods
        .0
        .iter()
        .any(|method| method == "generateContent");
    ListedModel {
        chat: answers && !NO_CHAT.iter().any(|part| id.contains(part)),
        label: entry.display_name,
        context_tokens: entry.input_token_limit,
        max_output_tokens: entry.output_token_limit,
        deprecated: false,
        id,
    }
}
