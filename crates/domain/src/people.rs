//! Members: their roles, states, and the one canonical form of their names and addresses.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calls::words;
use crate::time::Timestamp;
use crate::{MemberId, SessionId};

words! {
    /// What a member may do. Ordered: a later one may do all that an earlier one may.
    Role {
        /// Uses the house.
        Member = "member",
        /// Runs the house: connections, models, limits, ordinary members.
        Admin = "admin",
        /// Owns the house: may also act on admins and other owners.
        Owner = "owner",
    }
}

impl Role {
    /// Whether the role runs the house.
    pub fn administers(self) -> bool {
        self >= Self::Admin
    }

    /// Whether this role may change somebody of the other: nobody acts on a higher role, admins
    /// not on admins, owners on everybody.
    pub fn may_act_on(self, other: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Admin => other == Self::Member,
            Self::Member => false,
        }
    }
}

words! {
    /// Whether a member can use the house.
    MemberStatus {
        /// Made by an admin, has not chosen a password yet.
        Invited = "invited",
        /// In good standing.
        Active = "active",
        /// Shut out; nothing of theirs is deleted.
        Disabled = "disabled",
    }
}

/// Why a text from a person is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing was entered.
    #[error("is empty")]
    Empty,
    /// Longer than allowed.
    #[error("is too long")]
    TooLong,
    /// Shorter than allowed.
    #[error("is too short")]
    TooShort,
    /// Not of the expected form.
    #[error("is not well-formed")]
    Malformed,
    /// Outside the allowed range.
    #[error("is out of range")]
    OutOfRange,
}

/// An e-mail address in its one canonical form: trimmed and in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Reads an address. Only the shape is checked; whether it exists shows when mail is sent.
    ///
    /// # Errors
    /// When it is empty, longer than 254 bytes, or not `local@domain`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Err(Fault::Empty);
        }
        if text.len() > 254 {
            return Err(Fault::TooLong);
        }
        let (local, domain) = text.split_once('@').ok_or(Fault::Malformed)?;
        let plain = |part: &str| {
            !part.is_empty()
                && !part.contains(|c: char| {
                    c.is_whitespace() || c.is_control() || "@<>,;:\"()[]\\".contains(c)
                })
                && !part.starts_with('.')
                && !part.ends_with('.')
                && !part.contains("..")
        };
        if plain(local) && plain(domain) {
            Ok(Self(text))
        } else {
            Err(Fault::Malformed)
        }
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

/// Checks a line that a person names something with, and returns it trimmed.
///
/// # Errors
/// When it is empty, longer than `most` characters, or holds control characters.
pub fn parse_name(text: &str, most: usize) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() {
        Err(Fault::Empty)
    } else if text.chars().count() > most {
        Err(Fault::TooLong)
    } else if text.chars().any(char::is_control) {
        Err(Fault::Malformed)
    } else {
        Ok(text.to_owned())
    }
}

/// Shortest password that may be chosen, in characters.
pub const PASSWORD_LEAST: usize = 10;
/// Longest password that is hashed, in bytes: more would only be work for an attacker to cause.
pub const PASSWORD_MOST: usize = 512;

/// Checks a password that is being chosen.
///
/// # Errors
/// When it is shorter than ten characters or longer than 512 bytes.
pub fn check_password(password: &str) -> Result<(), Fault> {
    if password.chars().count() < PASSWORD_LEAST {
        Err(Fault::TooShort)
    } else if password.len() > PASSWORD_MOST {
        Err(Fault::TooLong)
    } else {
        Ok(())
    }
}

/// The signed-in member as their own pages see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Id.
    pub id: MemberId,
    /// Display name.
    pub name: String,
    /// E-mail, when they have one.
    pub email: Option<String>,
    /// Role.
    pub role: Role,
}

/// A member as the members page lists them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// Id.
    pub id: MemberId,
    /// Display name.
    pub name: String,
    /// E-mail, when they have one.
    pub email: Option<String>,
    /// Role.
    pub role: Role,
    /// Status.
    pub status: MemberStatus,
    /// When they were made.
    pub created_at: Timestamp,
    /// Whether the reader may change them.
    pub may_act: bool,
}

/// A browser's login as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Id; not the secret.
    pub id: SessionId,
    /// What the browser calls itself, shortened.
    pub agent: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last seen.
    pub seen_at: Timestamp,
    /// Whether it is the one asking.
    pub current: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        assert_eq!(
            Email::parse("  Ann@Example.ORG ").unwrap().as_str(),
            "ann@example.org"
        );
        for wrong in [
            "ann",
            "@x",
            "a@",
            "a b@x.org",
            "a@b@c",
            "a..b@x.org",
            "a@x\n.org",
            ".a@x.org",
        ] {
            assert_eq!(Email::parse(wrong), Err(Fault::Malformed), "{wrong}");
        }
        assert_eq!(Email::parse("  "), Err(Fault::Empty));
    }

    #[test]
    fn nobody_acts_on_a_higher_role_and_admins_not_on_admins() {
        use Role::{Admin, Member, Owner};
        let may: Vec<_> = [Member, Admin, Owner]
            .into_iter()
            .flat_map(|a| [Member, Admin, Owner].map(|b| a.may_act_on(b)))
            .collect();
        assert_eq!(
            may,
            [false, false, false, true, false, false, true, true, true]
        );
    }
}
