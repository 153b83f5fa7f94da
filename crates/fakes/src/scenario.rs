//! The named situations, for use where only a model id or a key can choose.

use std::time::Duration;

use crate::{Ending, ErrorKind, Fault, Script, UsagePlace};

macro_rules! scenarios {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// A situation that can be named in a model id (`fault-<name>`) or a key (`…fake-<name>`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Scenario {
            $($(#[$doc])* $variant,)+
        }

        impl Scenario {
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

scenarios! {
    BadKey = "bad_key",
    NoMoney = "no_money",
    SpendLimit = "spend_limit",
    RateLimited = "rate_limited",
    RateLimitedDaily = "rate_limited_daily",
    Overloaded = "overloaded",
    ServerError = "server_error",
    /// The prompt is longer than the model's context.
    Ctx = "ctx",
    MidstreamError = "midstream_error",
    FirstFrameError = "first_frame_error",
    Truncate = "truncate",
    NoFinish = "no_finish",
    Reset = "reset",
    Hang = "hang",
    /// 1.5 s until the status line, then 0.3 s between chunks.
    Slow = "slow",
    /// HTTP 200 and bytes that are neither UTF-8 nor JSON.
    Garbage = "garbage",
    /// A gateway's HTML page with status 502.
    HtmlError = "html_error",
    /// HTTP 200 and one JSON error object where a stream was asked for.
    JsonErrorOnStream = "json_error_on_stream",
    NoUsage = "no_usage",
    UsageEveryChunk = "usage_every_chunk",
    Endless = "endless",
    /// 307 to another host name of the same port; nobody may follow it with a key.
    Redirect = "redirect",
    /// Accepts the call and never answers.
    Silent = "silent",
    EmptyBody = "empty_body",
}

impl Scenario {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|scenario| scenario.name() == name)
    }

    /// The scenario of a model id such as `fault-truncate`.
    pub(crate) fn of_model(model: &str) -> Option<Self> {
        Self::parse(model.strip_prefix("fault-")?)
    }

    /// The scenario of a key such as `sk-fake-rate_limited` or `sk-fake-slow-2`.
    ///
    /// The name must stand right behind `fake-`, since short names like `hang` hide in other words.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        let (_, behind) = key.split_once("fake-")?;
        Self::parse(behind.split('-').next()?)
    }

    pub fn script(self) -> Script {
        match self {
            Self::BadKey => Script::error(ErrorKind::BadKey),
            Self::NoMoney => Script::error(ErrorKind::NoMoney),
            Self::SpendLimit => Script::error(ErrorKind::SpendLimit),
            Self::RateLimited => Script::error(ErrorKind::RateLimited),
            Self::RateLimitedDaily => Script::error(ErrorKind::RateLimitedDaily),
            Self::Overloaded => Script::error(ErrorKind::Overloaded),
            Self::ServerError => Script::error(ErrorKind::Server),
            Self::Ctx => Script::error(ErrorKind::ContextLength),
            Self::MidstreamError => error_after(2),
            Self::FirstFrameError => error_after(0),
            Self::Truncate => Script::ending(Ending::Truncate { after: 2 }),
            Self::NoFinish => Script::ending(Ending::NoFinish { after: 2 }),
            Self::Reset => Script::ending(Ending::Reset { after: 2 }),
            Self::Hang => Script::ending(Ending::Hang { after: 2 }),
            Self::Slow => Script::ok()
                .with_latency(Duration::from_millis(1500))
                .with_chunk_delay(Duration::from_millis(300)),
            Self::Garbage => Fault::Garbage.into(),
            Self::HtmlError => Fault::Html.into(),
            Self::JsonErrorOnStream => Fault::JsonError(ErrorKind::Server).into(),
            Self::NoUsage => Script::ok().with_usage_place(UsagePlace::Nowhere),
            Self::UsageEveryChunk => Script::ok().with_usage_place(UsagePlace::EveryChunk),
            Self::Endless => Script::ending(Ending::Endless),
            Self::Redirect => Fault::Redirect.into(),
            Self::Silent => Fault::Silent.into(),
            Self::EmptyBody => Fault::EmptyBody.into(),
        }
    }
}

fn error_after(after: usize) -> Script {
    Script::ending(Ending::Error {
        after,
        kind: ErrorKind::Overloaded,
    })
}
