//! The keys page.

use domain::keys::MadeKey;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::text;

use super::create::CreateKey;
use super::examples::Examples;
use super::made::MadeKeyDialog;
use super::table::KeyTable;
use super::{ListedKey, load_keys, revoke_key};
use crate::models::list_models;
use crate::reader::Reader;
use crate::sessions::{Proof, StepUp};
use crate::ui::{
    Confirm, Icon, IconName, Listed, PageHead, Skeleton, SkeletonShape, Teller, Trouble,
    open_when_asked,
};

/// A member's gateway keys and how programs use them.
#[component]
pub fn KeysPage() -> impl IntoView {
    let l = Reader::here().locale;
    Proof::provide();
    let keys = Listed::new(|| (), |()| load_keys());
    let models = Resource::new(|| (), |()| list_models());
    let creating = RwSignal::new(false);
    let made = RwSignal::new(None::<MadeKey>);
    let shows_made = RwSignal::new(false);
    let model = RwSignal::new(None::<String>);
    open_when_asked(creating);
    let revoking = RwSignal::new(None::<ListedKey>);
    let asks = RwSignal::new(false);

    let on_made = move |key: MadeKey| {
        let choices = models.get_untracked().and_then(Result::ok);
        model.set(choices.and_then(|choices| choices.into_iter().next().map(|choice| choice.id)));
        made.set(Some(key));
        shows_made.set(true);
        keys.renew();
    };
    let ask = move |key: ListedKey| {
        revoking.set(Some(key));
        asks.set(true);
    };
    let teller = Teller::here();
    let revoke = Action::new(move |key: &ListedKey| {
        let teller = teller.clone();
        let id = key.row.id;
        async move {
            teller.tell(revoke_key(id).await, text::keys::revoke_done(l));
            keys.renew();
        }
    });
    let revoke_title = move || {
        let revoking = revoking.read();
        let name = revoking.as_ref().map_or("", |key| key.row.name.as_str());
        text::keys::revoke_title(l, name)
    };

    view! {
        <Title text=text::keys::title(l) />
        <div class="page">
            <PageHead title=text::keys::title(l) lead=text::keys::intro(l)>
                <button
                    type="button"
                    class="button button-primary"
                    on:click=move |_| creating.set(true)
                >
                    <Icon name=IconName::Plus />
                    {text::keys::create(l)}
                </button>
            </PageHead>
            <Transition fallback=|| view! { <Skeleton shape=SkeletonShape::Rows count=4 /> }>
                {move || Suspend::new(async move {
                    match keys.await {
                        Ok(keys) => view! { <KeyTable keys creating revoke=ask /> }.into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
            <section class="section">
                <h2 class="section-title">{text::keys::example_title(l)}</h2>
                <p class="faint measure">
                    {text::keys::example_intro(l)} " " {text::keys::example_help(l)}
                </p>
                <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Blocks count=1 /> }>
                    {move || Suspend::new(async move {
                        let first = models.await.unwrap_or_default().into_iter().next();
                        view! { <Examples id="key-examples" model=first.map(|choice| choice.id) /> }
                    })}
                </Suspense>
            </section>
            <CreateKey open=creating models on_made />
            <MadeKeyDialog open=shows_made made model />
            <Confirm
                id="key-revoke"
                open=asks
                title=revoke_title
                confirm_label=text::keys::revoke(l)
                cancel_label=text::common::cancel(l)
                danger=true
                on_confirm=move |()| {
                    if let Some(key) = revoking.get_untracked() {
                        revoke.dispatch(key);
                    }
                }
            >
                <p>{text::keys::revoke_text(l)}</p>
            </Confirm>
            <StepUp />
        </div>
    }
}
