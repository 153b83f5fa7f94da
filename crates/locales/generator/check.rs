//! Compares every locale with English.

use std::collections::BTreeSet;

use super::REFERENCE;
use super::catalog::{plurals, reference_placeholders, split_form, suffix};
use super::fault::{Fault, Problem};
use super::source::Source;
use super::template::{COUNT, placeholders};
use crate::languages::{LANGUAGES, Language};
use crate::plural::Form;

/// All faults of all locales; empty when the texts may be built.
pub(crate) fn check(sources: &[Source]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let Some(english) = sources.iter().find(|source| source.tag == REFERENCE) else {
        return vec![Fault::new(REFERENCE, "", Problem::ReferenceMissing)];
    };
    for source in sources {
        match LANGUAGES.iter().find(|language| language.tag == source.tag) {
            Some(language) => Check::new(english, source, language).run(&mut faults),
            None => faults.push(Fault::new(&source.tag, "", Problem::UnknownLanguage)),
        }
    }
    faults
}

struct Check<'a> {
    english: &'a Source,
    source: &'a Source,
    language: &'a Language,
    plurals: BTreeSet<String>,
}

impl<'a> Check<'a> {
    fn new(english: &'a Source, source: &'a Source, language: &'a Language) -> Self {
        Self {
            english,
            source,
            language,
            plurals: plurals(english),
        }
    }

    fn run(&self, faults: &mut Vec<Fault>) {
        let mut report =
            |key: &str, problem| faults.push(Fault::new(&self.source.tag, key, problem));
        self.presence(&mut report);
        for (key, text) in &self.source.texts {
            if text.trim().is_empty() {
                report(key, Problem::EmptyText);
            }
            if text.chars().any(char::is_control) {
                report(key, Problem::ControlCharacter);
            }
            match placeholders(text) {
                None => report(key, Problem::Braces),
                Some(found) => self.placeholders(key, &found, &mut report),
            }
        }
    }

    /// The base of a key that is a form of an English plural, and the form.
    fn plural_form<'k>(&self, key: &'k str) -> Option<(&'k str, &'k str)> {
        split_form(key).filter(|(base, _)| self.plurals.contains(*base))
    }

    fn presence(&self, report: &mut impl FnMut(&str, Problem)) {
        let forms: Vec<&str> = self
            .language
            .plural
            .forms()
            .iter()
            .map(|form| suffix(*form))
            .collect();
        for base in &self.plurals {
            for form in &forms {
                let key = format!("{base}_{form}");
                if !self.source.texts.contains_key(&key) {
                    report(&key, Problem::MissingForm);
                }
            }
            if self.source.texts.contains_key(base) {
                report(base, Problem::NameTaken);
            }
        }
        for key in self.english.texts.keys() {
            if self.plural_form(key).is_none() && !self.source.texts.contains_key(key) {
                report(key, Problem::MissingKey);
            }
        }
        for key in self.source.texts.keys() {
            match self.plural_form(key) {
                Some((_, form)) if !forms.contains(&form) => report(key, Problem::ExtraForm),
                Some(_) => {}
                None if self.english.texts.contains_key(key) || self.plurals.contains(key) => {}
                None => report(key, Problem::ExtraKey),
            }
        }
    }

    fn placeholders(&self, key: &str, found: &[String], report: &mut impl FnMut(&str, Problem)) {
        let plural = self.plural_form(key);
        let base = plural.map_or(key, |(base, _)| base);
        let english = reference_placeholders(self.english, base, plural.is_some());
        if found.iter().any(|name| name == "locale") {
            report(key, Problem::ReservedPlaceholder);
        }
        if plural.is_none() && found.iter().any(|name| name == COUNT) {
            report(key, Problem::CountOutsidePlural);
        }
        for name in found {
            let allowed = english.contains(name) || (plural.is_some() && name == COUNT);
            // An extra key has been reported as such. A plural's form need not be in English: French has `_many`.
            let known = plural.is_some() || self.english.texts.contains_key(key);
            if known && !allowed {
                report(key, Problem::UnknownPlaceholder(name.clone()));
            }
        }
        for name in english {
            let may_lack =
                name == COUNT && plural.is_some_and(|(_, form)| self.needs_no_count(form));
            if !may_lack && !found.contains(&name) {
                report(key, Problem::MissingPlaceholder(name));
            }
        }
    }

    /// "One member" may do without the number, but only where the form means 1 and nothing else.
    fn needs_no_count(&self, form: &str) -> bool {
        form == suffix(Form::One) && self.language.plural.form(0) != Form::One
    }
}

#[cfg(test)]
mod tests {
    use crate::generator::compile;
    use crate::generator::fault::{Fault, Problem};

    const ENGLISH: &str = r#"{
        "chat": { "send": "Send", "cost": "{cost} for {tokens}" },
        "members": { "count_one": "One member of {house}", "count_other": "{count} members of {house}" }
    }"#;

    fn faults(files: &[(&str, &str)]) -> Vec<(String, String, Problem)> {
        let files: Vec<_> = files
            .iter()
            .map(|(tag, json)| ((*tag).to_owned(), (*json).to_owned()))
            .collect();
        let found = compile(&files).err().unwrap_or_default();
        found
            .into_iter()
            .map(|Fault { tag, key, problem }| (tag, key, problem))
            .collect()
    }

    /// The one fault that appears when `good` becomes `bad` in an otherwise perfect file.
    #[track_caller]
    fn planted(tag: &str, file: &str, good: &str, bad: &str) -> (String, Problem) {
        assert_eq!(
            file.matches(good).count(),
            1,
            "the fault is planted in one place"
        );
        let broken = file.replace(good, bad);
        let found = if tag == "en" {
            faults(&[("en", &broken)])
        } else {
            faults(&[("en", ENGLISH), (tag, &broken)])
        };
        let [(found_tag, key, problem)] = found.as_slice() else {
            panic!("expected one fault, found {found:?}");
        };
        assert_eq!(found_tag, tag);
        (key.clone(), problem.clone())
    }

    const KOREAN: &str = r#"{
        "chat": { "send": "보내기", "cost": "{tokens}에 {cost}" },
        "members": { "count_other": "{house} 구성원 {count}명" }
    }"#;

    const FRENCH: &str = r#"{
        "chat": { "send": "Envoyer", "cost": "{cost} pour {tokens}" },
        "members": {
            "count_one": "{count} membre de {house}",
            "count_many": "{count} de membres de {house}",
            "count_other": "{count} membres de {house}"
        }
    }"#;

    fn korean(good: &str, bad: &str) -> (String, Problem) {
        planted("ko", KOREAN, good, bad)
    }

    fn key(key: &str, problem: Problem) -> (String, Problem) {
        (key.to_owned(), problem)
    }

    #[test]
    fn good_files_have_no_faults() {
        assert_eq!(
            faults(&[("en", ENGLISH), ("fr", FRENCH), ("ko", KOREAN)]),
            []
        );
    }

    #[test]
    fn a_missing_and_an_extra_key_are_found() {
        assert_eq!(
            korean(r#""send": "보내기","#, ""),
            key("chat.send", Problem::MissingKey)
        );
        let extra = korean(r#""send""#, r#""stop": "중지", "send""#);
        assert_eq!(extra, key("chat.stop", Problem::ExtraKey));
    }

    #[test]
    fn a_missing_and_an_unknown_placeholder_are_found() {
        let missing = korean("{tokens}에 {cost}", "{cost}");
        assert_eq!(
            missing,
            key(
                "chat.cost",
                Problem::MissingPlaceholder("tokens".to_owned())
            )
        );
        let unknown = korean("보내기", "{who} 보내기");
        assert_eq!(
            unknown,
            key("chat.send", Problem::UnknownPlaceholder("who".to_owned()))
        );
        let in_plural = korean("{house} 구성원", "구성원");
        assert_eq!(
            in_plural,
            key(
                "members.count_other",
                Problem::MissingPlaceholder("house".to_owned())
            )
        );
    }

    #[test]
    fn plural_forms_must_be_those_of_the_language() {
        let needless = korean(
            r#""count_other""#,
            r#""count_one": "{house} 구성원 {count}명", "count_other""#,
        );
        assert_eq!(needless, key("members.count_one", Problem::ExtraForm));
        let many = r#""count_many": "{count} de membres de {house}","#;
        assert_eq!(
            planted("fr", FRENCH, many, ""),
            key("members.count_many", Problem::MissingForm)
        );
        let one = r#""count_one": "One member of {house}", "#;
        assert_eq!(
            planted("en", ENGLISH, one, ""),
            key("members.count_one", Problem::MissingForm)
        );
    }

    #[test]
    fn a_form_that_english_lacks_is_compared_too() {
        let unknown = planted("fr", FRENCH, "de membres", "de {who}");
        let problem = Problem::UnknownPlaceholder("who".to_owned());
        assert_eq!(unknown, key("members.count_many", problem));
    }

    #[test]
    fn only_a_form_that_means_exactly_one_may_leave_the_number_out() {
        let french = planted("fr", FRENCH, "{count} membre ", "Un membre ");
        assert_eq!(
            french,
            key(
                "members.count_one",
                Problem::MissingPlaceholder("count".to_owned())
            )
        );
        let korean = korean("{count}명", "여러 명");
        assert_eq!(
            korean,
            key(
                "members.count_other",
                Problem::MissingPlaceholder("count".to_owned())
            )
        );
    }

    #[test]
    fn empty_texts_stray_braces_and_control_characters_are_found() {
        assert_eq!(korean("보내기", " "), key("chat.send", Problem::EmptyText));
        assert_eq!(
            korean("보내기", "보내기}"),
            key("chat.send", Problem::Braces)
        );
        assert_eq!(
            korean("보내기", "보\\u001f내기"),
            key("chat.send", Problem::ControlCharacter)
        );
    }

    #[test]
    fn names_that_would_not_compile_are_found() {
        assert_eq!(
            planted("en", ENGLISH, "send", "Send now"),
            key("chat.Send now", Problem::KeyName)
        );
        assert_eq!(
            planted("en", ENGLISH, "send", "send_"),
            key("chat.send_", Problem::KeyName)
        );
        let taken = planted(
            "en",
            ENGLISH,
            r#""count_one""#,
            r#""count": "Members", "count_one""#,
        );
        assert_eq!(taken, key("members.count", Problem::NameTaken));
        let reserved = planted("en", ENGLISH, "Send\"", "Send {locale}\"");
        assert_eq!(reserved, key("chat.send", Problem::ReservedPlaceholder));
    }

    #[test]
    fn a_number_outside_a_plural_is_found() {
        let found = planted("en", ENGLISH, "Send\"", "Send {count} files\"");
        assert_eq!(found, key("chat.send", Problem::CountOutsidePlural));
    }

    #[test]
    fn a_key_that_stands_twice_is_found() {
        let found = korean(r#""send""#, r#""send": "전송", "send""#);
        assert_eq!(found, key("chat.send", Problem::DuplicateKey));
    }

    #[test]
    fn broken_json_is_reported_with_its_place_and_nothing_else() {
        let (at, Problem::Unreadable(reason)) = korean(r#""보내기","#, "7,") else {
            panic!("a number was read as a text");
        };
        assert_eq!(at, "");
        assert!(reason.contains("line 2"), "{reason}");
    }

    #[test]
    fn a_file_of_no_known_language_and_a_missing_reference_are_found() {
        let unknown = faults(&[("en", ENGLISH), ("xx", ENGLISH)]);
        assert_eq!(
            unknown,
            [("xx".to_owned(), String::new(), Problem::UnknownLanguage)]
        );
        let alone = faults(&[("ko", KOREAN)]);
        assert_eq!(
            alone,
            [("en".to_owned(), String::new(), Problem::ReferenceMissing)]
        );
    }

    #[test]
    fn every_fault_is_listed_not_only_the_first() {
        let found = faults(&[("en", ENGLISH), ("ko", r#"{ "chat": { "send": "" } }"#)]);
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn a_fault_reads_as_a_sentence() {
        let missing = Problem::MissingPlaceholder("cost".to_owned());
        let shown = Fault::new("ko", "chat.cost", missing).to_string();
        assert_eq!(shown, "text/ko.json: `chat.cost` lacks {cost}");
    }
}
