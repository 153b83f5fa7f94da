//! Names of the provider kinds.

use domain::connections::ProviderKind;
use locales::{Locale, text};

/// The name of a provider kind.
pub(crate) fn kind_name(l: Locale, kind: ProviderKind) -> &'static str {
    match kind {
        ProviderKind::Demo => text::connections::kind_demo(l),
        ProviderKind::OpenAi => text::connections::kind_openai(l),
        ProviderKind::OpenAiCompatible => text::connections::kind_openai_compatible(l),
        ProviderKind::Anthropic => text::connections::kind_anthropic(l),
        ProviderKind::Gemini => text::connections::kind_gemini(l),
    }
}
