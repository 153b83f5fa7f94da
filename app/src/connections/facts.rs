//! What is known about a connection.

use domain::connections::ConnectionRow;
use leptos::prelude::*;
use locales::text;

use super::health::HealthWords;
use super::kind_name;
use super::table::key_shown;
use crate::reader::Reader;

/// Provider, address, key, share and health of a connection.
#[component]
pub(super) fn ConnectionFacts(
    /// The connection.
    #[prop(into)]
    row: Signal<ConnectionRow>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! {
        <dl class="facts">
            <div>
                <dt>{text::connections::kind(l)}</dt>
                <dd>{move || kind_name(l, row.read().kind)}</dd>
            </div>
            {move || {
                let url = row.read().base_url.clone();
                (!url.is_empty())
                    .then(|| view! {
                        <div>
                            <dt>{text::connections::base_url(l)}</dt>
                            <dd class="mono">{url}</dd>
                        </div>
                    })
            }}
            <div>
                <dt>{text::connections::key(l)}</dt>
                <dd>{move || key_shown(l, &row.read())}</dd>
            </div>
            <div>
                <dt>{text::connections::weight(l)}</dt>
                <dd>{move || reader.integer(i64::from(row.read().weight))}</dd>
            </div>
            <div>
                <dt>{text::common::status(l)}</dt>
                <dd>
                    {move || {
                        let row = row.read();
                        view! { <HealthWords health=row.health.clone() enabled=row.enabled /> }
                    }}
                </dd>
            </div>
        </dl>
    }
}
