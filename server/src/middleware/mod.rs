//! What every request passes: who asks, from where, whether it may change anything, and the
//! headers of every answer.

mod body;
mod context;
mod fault;
mod guard;
mod headers;
mod origin;
mod request;
mod shorten;

pub(crate) use body::take_in;
pub(crate) use context::{SessionSecret, asked_locale, attach};
pub(crate) use fault::tell_status;
pub(crate) use guard::require_sign_in;
pub(crate) use headers::{page_policy, secure};
pub(crate) use origin::{Origins, refuse_foreign};
pub(crate) use request::identify;
pub(crate) use shorten::{keep_length_for_others, shorten, shorten_own};
