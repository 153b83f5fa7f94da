//! Asking for the password again.

use leptos::prelude::*;

/// Asks for the password again.
#[component]
pub fn StepUp() -> impl IntoView {}
