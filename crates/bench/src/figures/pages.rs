//! What the browser loads first, and how long the server takes for a page.

use std::time::Instant;

use store::{Engine, Store};

use super::Options;
use crate::Failure;
use crate::books;
use crate::house::House;
use crate::report::Report;
use crate::statistics::{ms, percentile};

/// Messages of the long chat.
const MESSAGES: u32 = 10_000;

/// Bytes, as they travel, of everything the chat page names in its head.
pub(super) async fn first_load(
    report: &mut Report,
    options: &Options,
    house: &House,
) -> Result<(), Failure> {
    const WHAT: &str = "The chat page and what it loads first, compressed";
    let mut files = std::fs::read_dir(options.site.join("pkg"))?.filter_map(Result::ok);
    if !files.any(|file| file.path().extension().is_some_and(|end| end == "br")) {
        // Its files are ten times as large: no figure of the product.
        report.add(
            WHAT,
            "not measured",
            "a site of the dev profile",
            "≤ 300 KB",
        );
        return Ok(());
    }
    let page = house.page("/").await?;
    // Asked for once more without compression, to read it.
    let html = house.plain_page("/").await?;
    let mut parts = Vec::new();
    let mut together = page.len();
    for quoted in html.split('"') {
        let name = quoted.split('?').next().unwrap_or_default();
        let wanted = name.starts_with("/pkg/") || name.starts_with("/texts/");
        if wanted
            && !parts
                .iter()
                .any(|(known, _): &(String, usize)| known == name)
        {
            let bytes = house.page(name).await?.len();
            together += bytes;
            parts.push((name.to_owned(), bytes));
        }
    }
    let biggest =
        parts
            .iter()
            .max_by_key(|(_, bytes)| *bytes)
            .map_or_else(String::new, |(name, bytes)| {
                let kind = name.rsplit('.').next().unwrap_or_default();
                format!("{} KB of it {kind}", bytes / 1_000)
            });
    report.add(
        WHAT,
        &format!("**{} KB**", together / 1_000),
        &biggest,
        "≤ 300 KB",
    );
    Ok(())
}

/// Server times of pages in a house that has been lived in.
pub(super) async fn server_times(
    report: &mut Report,
    options: &Options,
    house: &House,
) -> Result<(), Failure> {
    let store = Store::open(&house.options()).await?;
    let owner = store
        .member_list()
        .await?
        .first()
        .map(|member| member.id)
        .ok_or("the house has an owner")?;
    let chat = books::chat(&store, owner, MESSAGES).await?;
    let before = house.bytes()?;
    books::calls(&store, owner, options.calls).await?;
    let engine = store.engine();
    store.close().await?;
    let grown = house.bytes()?.saturating_sub(before);
    if engine == Engine::Sqlite {
        report.add(
            "Bytes a call takes in the books, indexes included",
            &format!("**{}**", grown / u64::from(options.calls.max(1))),
            &format!("{} calls", options.calls),
            "≤ 400",
        );
    }
    for (what, path, goal) in [
        (
            "a chat of 10,000 messages",
            format!("/chats/{chat}"),
            "p95 ≤ 100 ms",
        ),
        (
            "the calls, with all of them in the books",
            "/calls".to_owned(),
            "p95 ≤ 100 ms",
        ),
        ("a new chat", "/".to_owned(), "–"),
        ("the models", "/models".to_owned(), "–"),
        ("the limits", "/limits".to_owned(), "–"),
    ] {
        let mut times = Vec::new();
        for _ in 0..100 {
            let begun = Instant::now();
            house.page(&path).await?;
            times.push(begun.elapsed());
        }
        report.add(
            &format!("Server time of {what}, p50 / p95"),
            &format!(
                "**{:.1} / {:.1} ms**",
                ms(percentile(&mut times, 0.5)),
                ms(percentile(&mut times, 0.95))
            ),
            "100 in a row",
            goal,
        );
    }
    Ok(())
}
