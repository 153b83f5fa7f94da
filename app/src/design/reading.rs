//! What is read: a question, a reply with everything it can hold, and what may be chosen from a list.

use leptos::prelude::*;
use locales::text;

use super::page::Sheet;
use crate::reader::Reader;
use crate::ui::{CopyButton, Details, Icon, IconName};

/// One's own words and a reply, as a chat draws them.
#[component]
pub(super) fn Reading() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let cost = domain::NanoUsd(47_300);
    let tokens = text::chat::tokens_line(l, &reader.integer(24), &reader.integer(96));
    view! {
        <Sheet id="design-reading" title=text::design::reading(l)>
            <div class="messages">
                <div class="message from-user">
                    <div class="message-body"><div class="reply"><p>{text::keys::example_title(l)}</p></div></div>
                </div>
                <div class="message from-model">
                    <Details class="reasoning" summary=text::chat::thought_for(l, &reader.seconds(2_400))>
                        <p>{text::keys::example_help(l)}</p>
                    </Details>
                    <div class="reply">
                        <h2>{text::keys::title(l)}</h2>
                        <p>
                            {text::keys::example_intro(l)} " " <code>"sk-purser"</code> " " <a href="/keys">{text::nav::keys(l)}</a>
                        </p>
                        <ul>
                            <li>{text::keys::window_day(l)}</li>
                            <li>{text::keys::window_month(l)}</li>
                        </ul>
                        <blockquote><p>{text::keys::intro(l)}</p></blockquote>
                        <Code />
                        <Prices />
                        <hr />
                        <p>{text::design::sample(l)}</p>
                    </div>
                    <div class="message-foot">
                        <div class="message-meta">
                            <span class="message-cost">{reader.money(cost)}</span>
                            <span>{text::provenance::metered(l)}</span>
                            <span>{tokens}</span>
                            <span>"gpt-4o-mini"</span>
                        </div>
                    </div>
                </div>
                <div class="message from-model">
                    <div class="reply is-streaming"><p>{text::chat::waiting(l)}</p></div>
                </div>
            </div>
        </Sheet>
    }
}

/// A block of code, coloured, with its language and what can be done with it.
#[component]
fn Code() -> impl IntoView {
    let l = Reader::here().locale;
    view! {
        <figure class="code">
            <figcaption>
                <span class="code-lang">"rust"</span>
                <CopyButton text="let day = 24;" label=text::chat::copy_code(l) copied_label=text::common::copied(l) />
            </figcaption>
            <pre tabindex="0"><code>
                <span class="hl-note">"// 24 "</span> "\n"
                <span class="hl-word">"let"</span> " day = " <span class="hl-name">"hours"</span> "("
                <span class="hl-number">"24"</span> ", " <span class="hl-text">"\"UTC\""</span> ");"
            </code></pre>
        </figure>
    }
}

/// A table of a reply.
#[component]
fn Prices() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let money = |nano| reader.money_exact(domain::NanoUsd(nano));
    view! {
        <div class="reply-table" tabindex="0" role="group" aria-label=text::chat::table_label(l)>
            <table>
                <thead>
                    <tr>
                        <th>{text::models::model(l)}</th>
                        <th>{text::models::price_in(l)}</th>
                        <th>{text::models::price_out(l)}</th>
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <td>"gpt-4o-mini"</td>
                        <td>{money(150_000_000)}</td>
                        <td>{money(600_000_000)}</td>
                    </tr>
                </tbody>
            </table>
        </div>
    }
}

/// The list below a field that steers it: of the palette, and of the models.
#[component]
pub(super) fn Choosing() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let price = format!(
        "{} · {}",
        reader.money_exact(domain::NanoUsd(150_000_000)),
        reader.money_exact(domain::NanoUsd(600_000_000))
    );
    let option = |name: &'static str, selected: bool, price: String| {
        view! {
            <div class="picker-option" class:is-active=selected role="option" aria-selected=selected.to_string()>
                <Icon name=IconName::Check />
                <span class="picker-name">{name}</span>
                <span class="picker-price">{price}</span>
            </div>
        }
    };
    view! {
        <Sheet id="design-choosing" title=text::palette::label(l)>
            <div class="card picker">
                // Not `ComboField`, which takes the keyboard when it comes.
                <div class="picker-search">
                    <div class="input-box">
                        <Icon name=IconName::Search />
                        <input class="input" type="search" aria-label=text::models::search(l) placeholder=text::models::search(l) />
                    </div>
                </div>
                <div class="picker-list" role="listbox" aria-label=text::models::title(l)>
                    <div role="group" aria-label=text::palette::models(l)>
                        <div class="picker-group" aria-hidden="true">{text::palette::models(l)}</div>
                        {option("gpt-4o-mini", true, price.clone())}
                        {option("gemini-2.5-flash", false, price)}
                    </div>
                </div>
            </div>
        </Sheet>
    }
}
