//! The door: which module speaks to which endpoint.

use domain::calls::ProviderFailure;
use domain::connections::ProviderKind;
use outbound::{Outbound, Secret};

use crate::exchange::Exchange;
use crate::failure::Readers;
use crate::list;
use crate::{Answer, ChatRequest, ListedModel, anthropic, demo, gemini, openai};

/// Most facts about an account that are passed on.
const MOST_FACTS: usize = 32;

/// Where to call, and as whom.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The dialect.
    pub kind: ProviderKind,
    /// The address as an admin entered it, without the paths of single calls.
    pub base_url: String,
    /// The key; empty where none is needed.
    pub key: Secret,
}

/// All providers. Clones share the connections of the one HTTP client.
#[derive(Debug, Clone)]
pub struct Providers {
    outbound: Outbound,
}

impl Providers {
    /// Uses this client for everything.
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound }
    }

    /// Asks for a reply. Dropping the future or the stream drops the connection at once.
    ///
    /// # Errors
    /// The provider's refusal, or why there was no answer. Nothing is retried here.
    pub async fn chat(
        &self,
        endpoint: &Endpoint,
        request: &ChatRequest,
    ) -> Result<Answer, ProviderFailure> {
        let exchange = Exchange::new(&self.outbound, endpoint, Readers::Everyone);
        match endpoint.kind {
            ProviderKind::Demo => Ok(demo::chat(endpoint, request)),
            ProviderKind::OpenAi | ProviderKind::OpenAiCompatible => {
                openai::chat(&exchange, request).await
            }
            ProviderKind::Anthropic => anthropic::chat(&exchange, request).await,
            ProviderKind::Gemini => gemini::chat(&exchange, request).await,
        }
    }

    /// Every model the endpoint lists, over all pages: at most 10,000, without those whose ids
    /// nobody could store or show. For admins: a failure names the host.
    ///
    /// # Errors
    /// As [`Self::chat`].
    pub async fn models(&self, endpoint: &Endpoint) -> Result<Vec<ListedModel>, ProviderFailure> {
        let exchange = Exchange::new(&self.outbound, endpoint, Readers::Admins);
        match endpoint.kind {
            ProviderKind::Demo => Ok(demo::models()),
            ProviderKind::OpenAi | ProviderKind::OpenAiCompatible => {
                openai::models(&exchange).await
            }
            ProviderKind::Anthropic => anthropic::models(&exchange).await,
            ProviderKind::Gemini => gemini::models(&exchange).await,
        }
    }

    /// Tests the key with a free call. Returns what the provider told about the account in its own
    /// words, often nothing. For admins: a failure names the host.
    ///
    /// # Errors
    /// As [`Self::chat`].
    pub async fn probe(
        &self,
        endpoint: &Endpoint,
    ) -> Result<Vec<(String, String)>, ProviderFailure> {
        let exchange = Exchange::new(&self.outbound, endpoint, Readers::Admins);
        let facts = match endpoint.kind {
            ProviderKind::Demo => Vec::new(),
            ProviderKind::OpenAi | ProviderKind::OpenAiCompatible => {
                openai::probe(&exchange).await?
            }
            ProviderKind::Anthropic => anthropic::probe(&exchange).await?,
            ProviderKind::Gemini => gemini::probe(&exchange).await?,
        };
        let short = |text: String| list::label(&text).unwrap_or_default();
        let told = facts.into_iter().take(MOST_FACTS);
        Ok(told
            .map(|(name, value)| (short(name), short(value)))
            .collect())
    }
}
