//! The figures at the head of the system page.

use domain::system::SystemView;
use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::{Stat, Tone};

/// A snapshot older than this means that changes made elsewhere are not seen.
const STALE_MS: i64 = 5_000;

/// Open calls and money, queues, readers, database and program.
#[component]
pub(super) fn Facts(
    /// How the house is doing.
    system: SystemView,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let SystemView {
        version,
        database,
        open_calls,
        held,
        work,
        ..
    } = system;
    let megabytes = |bytes: i64| {
        let rounded_up = bytes.saturating_add(999_999) / 1_000_000;
        text::system::megabytes(l, &reader.integer(rounded_up))
    };
    let waiting = work.waiting_to_open + work.waiting_to_settle;
    let (unwritten_note, unwritten_tone) = if work.unwritten_settlements > 0 {
        let settlements = reader.integer(work.unwritten_settlements);
        (text::system::unwritten(l, &settlements), Tone::Bad)
    } else {
        (text::system::all_written(l).to_owned(), Tone::Neutral)
    };
    let age_tone = if work.snapshot_age_ms > STALE_MS {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    let engine = format!("{} {}", database.engine, database.version);
    let database_note = format!(
        "{} · {}",
        megabytes(database.size_bytes),
        database.migration
    );
    view! {
        <dl class="stats">
            <Stat
                label=text::system::open_calls(l)
                value=reader.integer(open_calls)
                note=text::system::held(l, &reader.money(held))
            />
            <Stat
                label=text::system::waiting(l)
                value=reader.integer(waiting)
                note=unwritten_note
                tone=unwritten_tone
            />
            <Stat
                label=text::system::live_readers(l)
                value=reader.integer(work.live_readers)
                note=text::system::on_this_instance(l)
            />
            <Stat
                label=text::system::snapshot(l)
                value=reader.seconds(work.snapshot_age_ms)
                note=text::system::snapshot_note(l)
                tone=age_tone
            />
            <Stat label=text::system::database(l) value=engine note=database_note />
            <Stat
                label=text::system::version(l)
                value=version
                note=text::system::memory(l, &megabytes(work.memory_bytes))
            />
        </dl>
    }
}
