//! Identifiers, one type a noun, so that a key's id cannot be passed where a member's is meant.
//!
//! All are `UUIDv7`: the 48-bit millisecond time first, so that an index on them grows at its end.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Timestamp;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// "None of these": stands in key columns where the databases would treat NULLs as distinct.
            pub const NIL: Self = Self(Uuid::nil());

            /// Makes an id from the caller's clock and ten random bytes.
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                Self(uuid_v7(now, random))
            }

            /// True for [`Self::NIL`].
            pub fn is_nil(&self) -> bool {
                self.0.is_nil()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::try_parse(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// A person in the house.
    MemberId;
    /// A gateway key.
    KeyId;
    /// One paid use of a model.
    CallId;
    /// One provider tried within a call.
    AttemptId;
    /// A conversation.
    ChatId;
    /// A message of a conversation.
    MessageId;
    /// A credential at a provider.
    ConnectionId;
    /// A row of the price book.
    PriceId;
    /// A ceiling over a window.
    LimitId;
    /// A browser's login.
    SessionId;
    /// A running server process.
    InstanceId;
    /// A row of the audit trail.
    AuditId;
    /// Equal failures that somebody may look after.
    ProblemId;
}

fn uuid_v7(now: Timestamp, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(now.0).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let early = CallId::new(Timestamp(1_790_000_000_000), [0xff; 10]);
        let late = CallId::new(Timestamp(1_790_000_000_001), [0; 10]);
        assert!(early < late);
        assert_eq!(early.0.get_version_num(), 7);
    }
}
