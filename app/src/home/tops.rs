//! What the money went to: the first few by name, with their share.

use domain::usage::{NamedSum, Sum, Top};
use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::usage::known_cost;

/// A tally: name and cost on each line, its share of all as a thin bar below.
#[component]
pub(super) fn Tops(
    /// Unique in the page.
    id: &'static str,
    /// What is listed.
    title: &'static str,
    /// The lines.
    top: Top,
    /// What they are shares of.
    total: Sum,
    /// Where a name leads to.
    #[prop(optional, into)]
    leads: Option<Callback<String, String>>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let lines = top
        .rows
        .into_iter()
        .map(|NamedSum { name, sum }| {
            let href = leads.zip(name.clone()).map(|(leads, name)| leads.run(name));
            let name = name.unwrap_or_else(|| text::home::gone(l).to_owned());
            view! { <Line name href sum total /> }
        })
        .collect_view();
    let others = (top.others > 0).then(|| {
        view! { <Line name=text::home::others(l, top.others) sum=top.others_sum total /> }
    });
    view! {
        <section class="section" aria-labelledby=id>
            <div class="section-head ruled">
                <h2 class="section-title" id=id>{title}</h2>
            </div>
            <ol class="tally">{lines} {others}</ol>
        </section>
    }
}

/// One line of the tally.
#[component]
fn Line(
    /// Whose.
    name: String,
    /// Where it leads to.
    #[prop(optional_no_strip)]
    href: Option<String>,
    /// What it used.
    sum: Sum,
    /// All together.
    total: Sum,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let share = share(sum, total);
    let percent = share.map(|share| text::home::share_of(l, &reader.integer(share)));
    let calls = text::calls::count(l, sum.calls);
    let note = percent.map_or_else(|| calls.clone(), |percent| format!("{percent} · {calls}"));
    let full_name = name.clone();
    let unpriced = (sum.unpriced_calls > 0).then(|| text::home::unpriced(l, sum.unpriced_calls));
    let name = match href {
        Some(href) => {
            view! { <a class="tally-name cut" href=href title=full_name>{name}</a> }.into_any()
        }
        None => view! { <span class="tally-name cut" title=full_name>{name}</span> }.into_any(),
    };
    view! {
        <li class="tally-line">
            {name}
            <span class="tally-cost" title=reader.money_exact(sum.cost)>
                {known_cost(&reader, sum)}
            </span>
            {share
                .map(|share| view! {
                    <svg class="tally-share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                        <rect width=share.to_string() height="1"></rect>
                    </svg>
                })}
            <span class="tally-note">
                {note}
                {unpriced.map(|words| view! { <span class="tone-warn">{format!(" · {words}")}</span> })}
            </span>
        </li>
    }
}

/// Whole percent of the known cost; `None` where nothing is known to have cost anything.
fn share(sum: Sum, total: Sum) -> Option<i64> {
    let all = i128::from(total.cost.0);
    if all <= 0 {
        return None;
    }
    // Half a percent counts as one.
    let percent = (i128::from(sum.cost.0.max(0)) * 200 + all) / (all * 2);
    i64::try_from(percent).ok()
}

#[cfg(test)]
mod tests {
    use domain::NanoUsd;

    use super::*;

    #[test]
    fn a_share_is_rounded_and_of_nothing_there_is_none() {
        let cost = |cost| Sum {
            cost: NanoUsd(cost),
            ..Sum::default()
        };
        assert_eq!(share(cost(1), cost(3)), Some(33));
        assert_eq!(share(cost(2), cost(3)), Some(67));
        assert_eq!(share(cost(i64::MAX), cost(i64::MAX)), Some(100));
        assert_eq!(share(cost(0), cost(0)), None);
    }
}
