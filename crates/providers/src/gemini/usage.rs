//! Token counts: thoughts stand beside the output here, within it in the house.

use domain::Usage;
use serde::Deserialize;

use crate::json::count;

/// The provider's own fields. A count of 0 is left out.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Counts {
    #[serde(default, deserialize_with = "count")]
    prompt_token_count: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    candidates_token_count: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    thoughts_token_count: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    tool_use_prompt_token_count: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    cached_content_token_count: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    total_token_count: Option<i64>,
}

impl Counts {
    /// The same in the house's meaning.
    pub(super) fn usage(self, searches: usize) -> Usage {
        let input = self
            .prompt_token_count
            .map(|prompt| prompt.saturating_add(self.tool_use_prompt_token_count.unwrap_or(0)));
        let output = match (self.candidates_token_count, self.thoughts_token_count) {
            // Nothing was written, and not only unsaid, when the input is the total.
            (None, None) => input.filter(|_| input == self.total_token_count).map(|_| 0),
            (visible, thoughts) => Some(visible.unwrap_or(0).saturating_add(thoughts.unwrap_or(0))),
        };
        Usage {
            input,
            cached_input: self.cached_content_token_count,
            output,
            reasoning: self.thoughts_token_count,
            searches: i64::try_from(searches).ok().filter(|count| *count > 0),
            ..Usage::default()
        }
        .sanitised()
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn thoughts_count_as_output_and_tools_as_input() {
        for (json, expected) in [
            (
                r#"{"promptTokenCount":12,"candidatesTokenCount":4,"totalTokenCount":93,"thoughtsTokenCount":77}"#,
                (Some(12), None, Some(81), Some(77)),
            ),
            (
                r#"{"promptTokenCount":12,"toolUsePromptTokenCount":5,"cachedContentTokenCount":8,"candidatesTokenCount":4,"totalTokenCount":21}"#,
                (Some(17), Some(8), Some(4), None),
            ),
            (
                r#"{"promptTokenCount":12,"thoughtsTokenCount":7,"totalTokenCount":19}"#,
                (Some(12), None, Some(7), Some(7)),
            ),
            (
                r#"{"promptTokenCount":12,"totalTokenCount":12}"#,
                (Some(12), None, Some(0), None),
            ),
            (r#"{"promptTokenCount":12}"#, (Some(12), None, None, None)),
        ] {
            let usage = serde_json::from_str::<Counts>(json).unwrap().usage(0);
            assert_eq!(
                (
                    usage.input,
                    usage.cached_input,
                    usage.output,
                    usage.reasoning
                ),
                expected,
                "{json}"
            );
        }
    }
}
