//! Finding by words.

/// Whether every word of a query is somewhere in the texts, in any case.
pub(crate) fn found(texts: &[&str], query: &str) -> bool {
    let query = query.to_lowercase();
    let mut words = query.split_whitespace().peekable();
    if words.peek().is_none() {
        return true;
    }
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    words.all(|word| texts.iter().any(|text| text.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_somewhere() {
        assert!(found(&["gpt-5-mini", "GPT-5 mini"], ""));
        assert!(found(&["gpt-5-mini", "OpenAI"], " openai  MINI "));
        assert!(!found(&["gpt-5-mini", "OpenAI"], "openai nano"));
    }
}
