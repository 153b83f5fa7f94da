//! Who reads the page: their language, their clock, themselves.

use domain::format::{Patterns, patterns};
use domain::look::Look;
use domain::people::Me;
use domain::time::Day;
use domain::{NanoUsd, Timestamp};
use leptos::prelude::*;
use locales::Locale;
use serde::{Deserialize, Serialize};

/// What the server knows of the reader, sent along with the page so that the browser draws the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderFacts {
    /// Themselves.
    pub me: Me,
    /// Minutes their clock is ahead of UTC.
    pub offset_minutes: i32,
    /// Whether the server knows their zone, or the browser should tell it.
    pub zone_known: bool,
    /// The address people reach the house at, where the server knows it.
    pub address: Option<String>,
    /// Whether passwords and cookies travel in the clear.
    pub insecure: bool,
    /// How they like the house to look in this browser.
    pub look: Look,
    /// The model this browser chose last; it may be gone by now.
    pub model: Option<String>,
    /// Where the member's live events stood before anything else of the page was read: the tab
    /// listens from there on and misses nothing.
    pub live: String,
}

/// The reader, in the context of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Language of the page.
    pub locale: Locale,
    /// What the server knows.
    pub facts: ReaderFacts,
}

impl Reader {
    /// The reader of this page. Only below the root component's loading border.
    pub fn here() -> Self {
        expect_context::<Self>()
    }

    fn patterns(&self) -> &'static Patterns {
        patterns(self.locale.tag())
    }

    /// An amount for reading.
    pub fn money(&self, amount: NanoUsd) -> String {
        self.patterns().money(amount)
    }

    /// An amount with all its places.
    pub fn money_exact(&self, amount: NanoUsd) -> String {
        self.patterns().money_exact(amount)
    }

    /// A whole number.
    pub fn integer(&self, value: i64) -> String {
        self.patterns().integer(value)
    }

    /// A duration.
    pub fn seconds(&self, duration_ms: i64) -> String {
        self.patterns().seconds(duration_ms)
    }

    /// A day.
    pub fn date(&self, at: Timestamp) -> String {
        self.patterns().date(at, self.facts.offset_minutes)
    }

    /// A day of the reader's calendar.
    pub fn day(&self, day: Day) -> String {
        self.patterns().day(day)
    }

    /// A day and a time of day.
    pub fn date_time(&self, at: Timestamp) -> String {
        self.patterns().date_time(at, self.facts.offset_minutes)
    }

    /// Days since 1970 on the reader's calendar.
    pub fn day_number(&self, at: Timestamp) -> i64 {
        let local = at.0 + i64::from(self.facts.offset_minutes) * domain::time::MINUTE_MS;
        local.div_euclid(domain::time::DAY_MS)
    }
}

/// The language of the page that is being drawn.
///
/// On the server it is the request's; in the browser the one whose texts were installed.
pub fn page_locale() -> Locale {
    #[cfg(target_arch = "wasm32")]
    {
        locales::installed().unwrap_or_default()
    }
    #[cfg(all(not(target_arch = "wasm32"), feature = "ssr"))]
    {
        crate::context::RequestContext::find()
            .map(|context| context.locale)
            .unwrap_or_default()
    }
    #[cfg(all(not(target_arch = "wasm32"), not(feature = "ssr")))]
    {
        Locale::default()
    }
}

impl ReaderFacts {
    /// Of nobody: for words before anybody is known.
    pub fn unknown() -> Self {
        Self {
            me: Me {
                id: domain::MemberId::NIL,
                name: String::new(),
                email: None,
                role: domain::people::Role::Member,
            },
            offset_minutes: 0,
            zone_known: true,
            address: None,
            insecure: false,
            look: Look::default(),
            model: None,
            live: String::new(),
        }
    }
}
