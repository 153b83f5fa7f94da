//! Lists of models, however long a provider makes them.

use std::collections::HashSet;

use bytes::Bytes;
use domain::calls::ProviderFailure;
use outbound::Response;

use crate::ListedModel;
use crate::exchange::{Exchange, LONGEST_BODY};

/// Most models of one connection. Routers that resell everything list a few hundred.
const MOST_MODELS: usize = 10_000;
/// Pages that are read before a list counts as endless.
const MOST_PAGES: usize = 100;
/// Longest id; the columns that hold ids are sized for people's eyes.
const LONGEST_ID_BYTES: usize = 200;
/// Most characters of a name or of a fact.
const LONGEST_LABEL_CHARS: usize = 200;
/// No model reads or writes more tokens at once.
const MOST_TOKENS: i64 = 100_000_000;

/// The models of all pages so far, each fit to be stored and shown.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    models: Vec<ListedModel>,
    known: HashSet<String>,
    pages: usize,
    bytes: usize,
}

impl Listing {
    /// Reads the next page. All pages together have one limit, or a hundred of them could fill the
    /// memory that one may not.
    pub(crate) async fn page(
        &mut self,
        exchange: &Exchange<'_>,
        response: Response,
    ) -> Result<Bytes, ProviderFailure> {
        let left = LONGEST_BODY.saturating_sub(self.bytes);
        let body = exchange.body_within(response, left).await?;
        self.bytes = self.bytes.saturating_add(body.len());
        Ok(body)
    }

    /// Takes in the models of a page; true when another page may follow: this one brought something
    /// new, and there is room for more.
    pub(crate) fn add(&mut self, models: impl IntoIterator<Item = ListedModel>) -> bool {
        let before = self.known.len();
        for model in models.into_iter().filter_map(fit) {
            if self.known.len() >= MOST_MODELS {
                break;
            }
            if self.known.insert(model.id.clone()) {
                self.models.push(model);
            }
        }
        self.pages += 1;
        self.known.len() > before && self.known.len() < MOST_MODELS && self.pages < MOST_PAGES
    }

    pub(crate) fn into_models(self) -> Vec<ListedModel> {
        self.models
    }
}

/// The model in a form that every database takes; `None` for an id that none would. Such an id
/// could not be asked for either.
fn fit(model: ListedModel) -> Option<ListedModel> {
    let id = &model.id;
    if id.is_empty() || id.len() > LONGEST_ID_BYTES || id.chars().any(char::is_control) {
        return None;
    }
    let tokens = |count: Option<i64>| count.filter(|count| (1..=MOST_TOKENS).contains(count));
    Some(ListedModel {
        label: model.label.as_deref().and_then(label),
        context_tokens: tokens(model.context_tokens),
        max_output_tokens: tokens(model.max_output_tokens),
        ..model
    })
}

/// One short line without control characters; `None` when nothing is left.
pub(crate) fn label(text: &str) -> Option<String> {
    let shown = text.chars().filter(|c| !c.is_control());
    let shown: String = shown.take(LONGEST_LABEL_CHARS).collect();
    let shown = shown.trim();
    (!shown.is_empty()).then(|| shown.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: &str) -> ListedModel {
        ListedModel {
            id: id.to_owned(),
            ..ListedModel::default()
        }
    }

    #[test]
    fn ids_that_no_database_takes_are_passed_over() {
        let mut listing = Listing::default();
        let long = "m".repeat(201);
        let ids = [
            "",
            "a\u{0}b",
            "a\nb",
            long.as_str(),
            "org/model-1:free",
            "é",
        ];
        assert!(listing.add(ids.map(named)));
        let ids: Vec<String> = listing.into_models().into_iter().map(|m| m.id).collect();
        assert_eq!(ids, ["org/model-1:free", "é"]);
    }

    #[test]
    fn names_and_sizes_are_made_sane() {
        let listed = ListedModel {
            label: Some(format!(" a\u{0}b\u{1b}{}", "é".repeat(300))),
            context_tokens: Some(i64::MAX),
            max_output_tokens: Some(-1),
            ..named("m")
        };
        let mut listing = Listing::default();
        listing.add([listed, named("m")]);
        let models = listing.into_models();
        assert_eq!(models.len(), 1);
        let label = models[0].label.as_deref().unwrap();
        assert!(label.starts_with("abé") && label.chars().count() <= 200);
        assert_eq!(
            (models[0].context_tokens, models[0].max_output_tokens),
            (None, None)
        );
        assert_eq!(super::label("\u{0}\r\n "), None);
    }

    #[test]
    fn a_list_ends_where_nothing_new_comes_and_where_it_is_full() {
        let mut listing = Listing::default();
        assert!(listing.add([named("a")]));
        assert!(!listing.add([named("a")]), "the same page over and over");
        assert!(!listing.add((0..20_000).map(|n| named(&n.to_string()))));
        assert_eq!(listing.into_models().len(), MOST_MODELS);
        let mut listing = Listing::default();
        let mut pages = 1;
        while listing.add([named(&format!("page-{pages}"))]) {
            pages += 1;
        }
        assert_eq!(pages, MOST_PAGES);
    }
}
