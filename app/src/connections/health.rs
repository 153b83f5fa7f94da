//! How a connection has been doing, in words.

use domain::connections::Health;
use leptos::prelude::*;
use locales::text;

use crate::error::failure_words;
use crate::reader::Reader;
use crate::ui::{Badge, Tone};

/// A badge, and while the connection is passed over until when and why.
#[component]
pub(crate) fn HealthWords(
    /// Its health.
    health: Health,
    /// Whether calls may use it at all.
    enabled: bool,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let (tone, word) = match &health {
        _ if !enabled => (Tone::Neutral, text::connections::disabled(l)),
        Health::Ok => (Tone::Good, text::connections::ok(l)),
        Health::CoolingDown { .. } => (Tone::Warn, text::connections::cooling_down(l)),
    };
    let reason = match health {
        Health::CoolingDown { until, failure } if enabled => Some((
            text::connections::cooling_down_until(l, &reader.date_time(until)),
            failure_words(l, &failure),
        )),
        _ => None,
    };
    view! {
        <div>
            <Badge text=word tone=tone />
            {reason
                .map(|(until, why)| view! {
                    <div class="small faint">{until}</div>
                    <div class="small">{why}</div>
                })}
        </div>
    }
}
