//! Lists and tests.

use std::collections::HashSet;

use domain::calls::ProviderFailure;
use outbound::Request;
use serde::Deserialize;

use super::authorised;
use crate::ListedModel;
use crate::exchange::Exchange;
use crate::json::{count, lenient_text};

/// Models on a page, the most there may be.
const PAGE: &str = "1000";
/// Pages that are read before a list counts as endless.
const MOST_PAGES: usize = 100;
/// Parts of the ids of models that take the same calls but do not chat.
const NO_CHAT: [&str; 5] = ["-tts", "-image", "embedding", "-audio", "-live"];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    /// An empty list is left out.
    #[serde(default)]
    models: Vec<Entry>,
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
    supported_generation_methods: Vec<String>,
}

pub(crate) async fn models(exchange: &Exchange<'_>) -> Result<Vec<ListedModel>, ProviderFailure> {
    let mut models = Vec::new();
    let mut known = HashSet::new();
    let mut token: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = page(exchange, PAGE, token.as_deref()).await?;
        let before = models.len();
        let new = page
            .models
            .into_iter()
            .filter(|entry| known.insert(entry.name.clone()));
        models.extend(new.map(listed));
        // A page that brings nothing new would be read for ever.
        let next = page
            .next_page_token
            .filter(|next| !next.is_empty() && models.len() > before);
        if next.is_none() {
            return Ok(models);
        }
        token = next;
    }
    Ok(models)
}

/// The provider tells nothing about accounts; a good answer is all there is.
pub(crate) async fn probe(
    exchange: &Exchange<'_>,
) -> Result<Vec<(String, String)>, ProviderFailure> {
    page(exchange, "1", None).await.map(|_| Vec::new())
}

async fn page(
    exchange: &Exchange<'_>,
    size: &str,
    token: Option<&str>,
) -> Result<Page, ProviderFailure> {
    let mut url = exchange.url(&["models"])?;
    url.query_pairs_mut().append_pair("pageSize", size);
    if let Some(token) = token {
        url.query_pairs_mut().append_pair("pageToken", token);
    }
    let response = exchange
        .look(authorised(exchange, Request::get(url)))
        .await?;
    let body = exchange.body(response).await?;
    serde_json::from_slice(&body).map_err(|_| exchange.not_json())
}

fn listed(entry: Entry) -> ListedModel {
    let id = entry
        .name
        .strip_prefix("models/")
        .unwrap_or(&entry.name)
        .to_owned();
    let answers = entry
        .supported_generation_methods
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
