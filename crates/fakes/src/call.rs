//! One request on its way to an answer.

use std::sync::Arc;

use crate::{Dialect, Endpoint, Scenario, Script, reply::Reply, request::Request, server::Shared};

/// A request that belongs to a dialect.
pub(crate) struct Call<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) request: &'a Request,
    pub(crate) dialect: Dialect,
    /// Path behind the dialect's prefix.
    pub(crate) path: &'a str,
}

/// Answers any request, also one of no dialect.
pub(crate) fn answer(shared: &Shared, request: &Request) -> Reply {
    let Some((dialect, path)) = Dialect::of(&request.path) else {
        return Reply::whole(404, "text/plain", b"no dialect has this path\n".to_vec());
    };
    dialect.answer(&Call {
        shared,
        request,
        dialect,
        path,
    })
}

impl Call<'_> {
    /// The script for this call. Takes one from the queue, so it is asked for once and after all refusals.
    pub(crate) fn script(&self, endpoint: Endpoint, model: &str, key: &str) -> Arc<Script> {
        if let Some(script) = self.shared.scripts.next(self.dialect, endpoint) {
            return self.shared.complete(script);
        }
        match Scenario::of_model(model).or_else(|| Scenario::of_key(key)) {
            Some(scenario) => self.shared.complete(Arc::new(scenario.script())),
            None => Arc::clone(&self.shared.base),
        }
    }

    /// Whether the provider has this model: listed, a scenario, or any at all where the builder says so.
    pub(crate) fn knows(&self, model: &str, listed: &[&str]) -> bool {
        self.shared.any_model || listed.contains(&model) || Scenario::of_model(model).is_some()
    }

    /// Applies the script's manner of delivery.
    pub(crate) fn deliver(&self, reply: Reply, script: &Arc<Script>) -> Reply {
        reply.scripted(script, self.request.accepts_gzip())
    }
}

/// Whether a key opens the door: every key with `fake` in it does.
pub(crate) fn is_valid(key: &str) -> bool {
    key.contains("fake")
}
