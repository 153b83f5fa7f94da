//! Random secrets that people or programs carry: 256 bits, kept here only as their SHA-256.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

use crate::runtime::Runtime;

/// A secret that is shown once.
pub struct Token(String);

impl Token {
    /// A new one with a prefix that tells what it is.
    pub fn new(runtime: &Runtime, prefix: &str) -> Self {
        let bytes: [u8; 32] = runtime.random();
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// What is kept of it.
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }

    /// The last four characters, for lists.
    pub fn tail(&self) -> String {
        tail(&self.0)
    }

    /// Hands the secret out, once.
    pub fn reveal(self) -> String {
        self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// SHA-256 of a secret with full entropy. The whole of it counts.
pub fn hash(secret: &str) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, secret.as_bytes()).as_ref());
    out
}

/// The last four characters; nothing of a secret so short that they would give it away.
pub(crate) fn tail(secret: &str) -> String {
    let characters = secret.chars().count();
    if characters < 12 {
        String::new()
    } else {
        secret.chars().skip(characters - 4).collect()
    }
}
