//! Secrets: how they are made, hashed and sealed.

mod hex;
mod password;
mod places;
mod seal;
mod token;
mod turn;

pub use hex::hex;
pub use password::Passwords;
pub(crate) use places::{CONNECTION_KEY, MASTER_KEY_SETTING};
pub use places::{SEALED, SealedColumn};
pub use seal::{KeySource, Place, SealError, Sealer};
pub(crate) use token::tail;
pub use token::{Token, hash};
pub use turn::MasterKeys;
