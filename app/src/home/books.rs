//! The head of the ledger: this month, today, and how they compare.

use std::cmp::Ordering;

use domain::NanoUsd;
use domain::usage::{Compared, Sum};
use leptos::prelude::*;
use locales::{Locale, text};

use crate::reader::Reader;
use crate::usage::known_cost;

/// Three figures in a ruled strip; what is unknown stands under the sum it is missing from.
#[component]
pub(super) fn Books(
    /// Today and yesterday.
    today: Compared,
    /// This month and the last.
    month: Compared,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! {
        <dl class="books">
            <div class="book book-main">
                <dt>{text::home::month(l)}</dt>
                <dd class="book-figure" title=reader.money_exact(month.now.cost)>
                    {known_cost(&reader, month.now)}
                </dd>
                <dd class="book-note">{month_words(&reader, month)}</dd>
                <Unknown sum=month.now />
            </div>
            <div class="book">
                <dt>{text::home::today(l)}</dt>
                <dd class="book-figure" title=reader.money_exact(today.now.cost)>
                    {known_cost(&reader, today.now)}
                </dd>
                <dd class="book-note">{today_words(&reader, today)}</dd>
                <Unknown sum=today.now />
            </div>
            <div class="book">
                <dt>{text::home::calls_month(l)}</dt>
                <dd class="book-figure">{reader.integer(month.now.calls)}</dd>
                <dd class="book-note">{calls_words(&reader, month)}</dd>
            </div>
        </dl>
    }
}

/// Calls that are missing from a sum, and those in it that were only estimated.
#[component]
fn Unknown(
    /// The sum.
    sum: Sum,
) -> impl IntoView {
    let l = Reader::here().locale;
    view! {
        {(sum.unpriced_calls > 0)
            .then(|| view! {
                <dd class="book-note tone-warn" title=text::provenance::unpriced_help(l)>
                    {text::home::unpriced(l, sum.unpriced_calls)}
                </dd>
            })}
        {(sum.estimated_calls > 0)
            .then(|| view! {
                <dd class="book-note" title=text::provenance::estimated_help(l)>
                    {text::home::estimated(l, sum.estimated_calls)}
                </dd>
            })}
    }
}

/// How a figure stands to an earlier one.
struct Words {
    first: fn(Locale) -> &'static str,
    same: fn(Locale) -> &'static str,
    more: fn(Locale, &str) -> String,
    less: fn(Locale, &str) -> String,
}

impl Words {
    /// In words; `amount` writes the difference. Nothing earlier is nothing to compare with.
    fn say(&self, l: Locale, now: i64, before: i64, amount: impl FnOnce(i64) -> String) -> String {
        let between = |one: i64, other: i64| amount(one.saturating_sub(other));
        match now.cmp(&before) {
            _ if before == 0 => (self.first)(l).to_owned(),
            Ordering::Equal => (self.same)(l).to_owned(),
            Ordering::Greater => (self.more)(l, &between(now, before)),
            Ordering::Less => (self.less)(l, &between(before, now)),
        }
    }
}

const TODAY: Words = Words {
    first: text::home::today_first,
    same: text::home::today_same,
    more: |l, amount| text::home::today_more(l, amount),
    less: |l, amount| text::home::today_less(l, amount),
};

const MONTH: Words = Words {
    first: text::home::month_first,
    same: text::home::month_same,
    more: |l, amount| text::home::month_more(l, amount),
    less: |l, amount| text::home::month_less(l, amount),
};

fn today_words(reader: &Reader, today: Compared) -> String {
    let money = |nano| reader.money(NanoUsd(nano));
    TODAY.say(reader.locale, today.now.cost.0, today.before.cost.0, money)
}

fn month_words(reader: &Reader, month: Compared) -> String {
    let money = |nano| reader.money(NanoUsd(nano));
    MONTH.say(reader.locale, month.now.cost.0, month.before.cost.0, money)
}

fn calls_words(reader: &Reader, month: Compared) -> String {
    let number = |count| reader.integer(count);
    MONTH.say(reader.locale, month.now.calls, month.before.calls, number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_compared_in_plain_words() {
        let say = |now, before| MONTH.say(Locale::En, now, before, |by| format!("${by}"));
        assert_eq!(say(5, 0), "Nothing in the same days of last month");
        assert_eq!(say(5, 5), "As much as in the same days of last month");
        assert_eq!(say(7, 5), "$2 more than in the same days of last month");
        assert_eq!(say(0, 5), "$5 less than in the same days of last month");
    }
}
