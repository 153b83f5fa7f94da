//! Asking for the password again before what cannot be left to an unattended screen.

use std::sync::Arc;

use domain::AppError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use locales::text;

use super::prove;
use crate::error::{Answer, words};
use crate::reader::Reader;
use crate::ui::{Dialog, Field};

/// A call to be made again once the password was entered.
type Call = Arc<dyn Fn() + Send + Sync>;

/// Makes calls that may ask for the password first.
///
/// A page that needs it calls [`Proof::provide`], draws one [`StepUp`], and hands its calls to
/// [`Proof::run`]:
/// ```ignore
/// let proof = Proof::provide();
/// proof.run(move || remove(id), move |answer| rows.refetch());
/// view! { <StepUp /> }
/// ```
#[derive(Clone, Copy)]
pub struct Proof {
    asks: RwSignal<bool>,
    again: StoredValue<Option<Call>>,
    running: RwSignal<bool>,
}

impl Proof {
    /// Puts it into the context of the page.
    pub fn provide() -> Self {
        let proof = Self {
            asks: RwSignal::new(false),
            again: StoredValue::new(None),
            running: RwSignal::new(false),
        };
        provide_context(proof);
        proof
    }

    /// The page's. Only below a component that called [`Self::provide`].
    pub fn here() -> Self {
        expect_context()
    }

    /// Whether a call runs: its buttons are disabled meanwhile.
    pub fn running(self) -> Signal<bool> {
        self.running.into()
    }

    /// Calls a server function from an event handler; `then` gets its answer.
    ///
    /// When the answer is [`AppError::StepUp`] the password is asked for and the call repeated.
    /// Whoever gives no password has changed their mind: `then` does not hear of it.
    pub fn run<T, Run>(
        self,
        call: impl Fn() -> Run + Send + Sync + 'static,
        then: impl Fn(Answer<T>) + Send + Sync + 'static,
    ) where
        T: 'static,
        Run: Future<Output = Answer<T>> + 'static,
    {
        self.attempt(Arc::new(call), Arc::new(then));
    }

    fn attempt<T, Run, Act, Then>(self, act: Arc<Act>, then: Arc<Then>)
    where
        T: 'static,
        Run: Future<Output = Answer<T>> + 'static,
        Act: Fn() -> Run + Send + Sync + 'static,
        Then: Fn(Answer<T>) + Send + Sync + 'static,
    {
        self.running.set(true);
        spawn_local(async move {
            let answer = act().await;
            // The page may be gone; then nobody waits for the answer.
            if self.running.try_set(false).is_some() {
                return;
            }
            if answer
                .as_ref()
                .is_err_and(|error| error.0 == AppError::StepUp)
            {
                let call: Call = Arc::new(move || self.attempt(act.clone(), then.clone()));
                self.again.set_value(Some(call));
                self.asks.set(true);
            } else {
                then(answer);
            }
        });
    }

    /// The password was right: closes the question and makes the call again.
    fn go_on(self) {
        let call = self.again.try_update_value(Option::take).flatten();
        self.asks.set(false);
        if let Some(call) = call {
            call();
        }
    }
}

/// The dialog that asks for the password; once in every page that uses [`Proof`], after its other
/// dialogs.
#[component]
pub fn StepUp() -> impl IntoView {
    let l = Reader::here().locale;
    let open = Proof::here().asks;
    let busy = RwSignal::new(false);
    view! {
        <Dialog
            id="step-up"
            open
            title=text::account::confirm_password(l)
            close_label=text::common::close(l)
            foot=move || view! {
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {text::common::cancel(l)}
                </button>
                <button
                    type="submit"
                    form="step-up-form"
                    class="button button-primary"
                    class:is-busy=busy
                    disabled=busy
                >
                    {text::common::confirm(l)}
                </button>
            }
        >
            // Drawn anew each time, so that no password stays in a closed dialog.
            <Show when=move || open.get()>
                <PasswordAgain busy />
            </Show>
        </Dialog>
    }
}

/// The question itself.
#[component]
fn PasswordAgain(
    /// Whether the password is being looked at.
    busy: RwSignal<bool>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let proof = Proof::here();
    let email = reader.facts.me.email.clone();
    let password = RwSignal::new(String::new());
    let error = RwSignal::new(None);
    let enter = Action::new(move |password: &String| {
        let password = password.clone();
        let reader = reader.clone();
        async move {
            busy.set(true);
            let answer = prove(password).await;
            busy.set(false);
            match answer {
                Ok(()) => proof.go_on(),
                Err(wrong) if wrong.0 == AppError::WrongCredentials => {
                    error.set(Some(text::account::wrong_current_password(l).to_owned()));
                }
                Err(other) => error.set(Some(words(&reader, &other.0))),
            }
        }
    });
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            error.set(None);
            enter.dispatch(password.get_untracked());
        }
    };
    view! {
        <form class="form" id="step-up-form" on:submit=on_submit>
            <p>{text::account::confirm_password_text(l)}</p>
            // Tells password managers whose password is asked for.
            <input type="text" name="username" autocomplete="username" value=email hidden />
            <Field id="step-up-password" label=text::signin::password(l) error>
                <input
                    class="input"
                    type="password"
                    autocomplete="current-password"
                    required
                    autofocus
                    prop:value=password
                    on:input:target=move |event| password.set(event.target().value())
                />
            </Field>
        </form>
    }
}
