//! Secrets: how they are made, hashed, sealed and compared.

mod password;
mod seal;
mod token;

pub use password::Passwords;
pub use seal::{Place, SealError, Sealer};
pub(crate) use token::tail;
pub use token::{Token, hash, same};
