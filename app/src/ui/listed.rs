//! A list that its reader changes.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::computed::AsyncDerivedFuture;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::moving;
use crate::error::Answer;

type Ask<T> = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Answer<T>> + Send>> + Send + Sync>;

/// What a page lists: a resource that is asked for anew after each change its reader makes, and then
/// moves from what it was to what it is.
pub struct Listed<T: Send + Sync + 'static> {
    rows: Resource<Answer<T>>,
    ask: StoredValue<Ask<T>>,
    /// How often it was asked for anew.
    asked: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Listed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Listed<T> {}

impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Listed<T> {
    /// Like [`Resource::new`].
    pub fn new<S, F>(
        source: impl Fn() -> S + Clone + Send + Sync + 'static,
        ask: impl Fn(S) -> F + Clone + Send + Sync + 'static,
    ) -> Self
    where
        S: PartialEq + Clone + Send + Sync + 'static,
        F: Future<Output = Answer<T>> + Send + 'static,
    {
        Self::over(Resource::new(source.clone(), ask.clone()), source, ask)
    }

    /// Like [`Resource::new_blocking`]: who may not see it gets another status.
    pub fn new_blocking<S, F>(
        source: impl Fn() -> S + Clone + Send + Sync + 'static,
        ask: impl Fn(S) -> F + Clone + Send + Sync + 'static,
    ) -> Self
    where
        S: PartialEq + Clone + Send + Sync + 'static,
        F: Future<Output = Answer<T>> + Send + 'static,
    {
        Self::over(
            Resource::new_blocking(source.clone(), ask.clone()),
            source,
            ask,
        )
    }

    fn over<S, F>(
        rows: Resource<Answer<T>>,
        source: impl Fn() -> S + Send + Sync + 'static,
        ask: impl Fn(S) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Answer<T>> + Send + 'static,
    {
        let ask: Ask<T> = Arc::new(move || Box::pin(ask(untrack(&source))));
        Self {
            rows,
            ask: StoredValue::new(ask),
            asked: StoredValue::new(0),
        }
    }

    /// Asks again, and moves to the answer. Of several questions on their way the last one counts.
    pub fn renew(self) {
        let asked = self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        });
        // The page may be gone.
        let (Some(number), Some(ask)) = (asked, self.ask.try_get_value()) else {
            return;
        };
        if self.rows.try_get_untracked().flatten().is_none() {
            // The first answer is still on its way, and would come after the newer one.
            self.rows.refetch();
            return;
        }
        spawn_local(async move {
            let answer = ask().await;
            moving(move || {
                if self.asked.try_get_value() == Some(number) {
                    self.rows.try_set(Some(answer));
                }
            });
        });
    }
}

impl<T: Clone + Send + Sync + 'static> IntoFuture for Listed<T> {
    type Output = Answer<T>;
    type IntoFuture = AsyncDerivedFuture<Answer<T>>;

    fn into_future(self) -> Self::IntoFuture {
        self.rows.into_future()
    }
}
