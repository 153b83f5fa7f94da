//! Passwords: Argon2id in a bounded pool, so that a storm of sign-ins leaves the rest its cores.

use std::sync::Arc;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::runtime::Runtime;
use crate::{Error, Result};

/// Memory in KiB and passes: OWASP's first choice for Argon2id at 19 MiB.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Passwords {
    runtime: Runtime,
    /// One at a time on each of two threads: 25 ms each.
    room: Arc<Semaphore>,
    /// What an unknown address is checked against, so that it takes as long as a known one.
    decoy: Arc<str>,
}

impl Passwords {
    /// Ready to hash; makes the decoy.
    ///
    /// # Errors
    /// When hashing itself fails.
    pub async fn new(runtime: Runtime) -> Result<Self> {
        let room = Arc::new(Semaphore::new(2));
        let mut passwords = Self {
            runtime,
            room,
            decoy: Arc::from(""),
        };
        let noise: [u8; 16] = passwords.runtime.random();
        let decoy = passwords.hash(format!("{noise:?}")).await?;
        passwords.decoy = decoy.into();
        Ok(passwords)
    }

    /// Hashes a password into PHC form.
    ///
    /// # Errors
    /// When hashing fails.
    pub async fn hash(&self, password: String) -> Result<String> {
        let salt: [u8; 16] = self.runtime.random();
        self.run(move || {
            let salt = SaltString::encode_b64(&salt).map_err(|error| error.to_string())?;
            let hash = argon2()?
                .hash_password(password.as_bytes(), &salt)
                .map_err(|error| error.to_string())?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password is the one behind a hash. Without a hash the work is done all the same.
    ///
    /// # Errors
    /// When the stored hash cannot be read, or hashing fails.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        self.run(move || {
            let hash = PasswordHash::new(&hash).map_err(|error| error.to_string())?;
            Ok(argon2()?
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
                && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> std::result::Result<T, String> + Send + 'static,
    ) -> Result<T> {
        let permit = self.room.clone().acquire_owned().await;
        let done = self.runtime.tasks.blocking(work).await;
        drop(permit);
        done.map_err(|error| Error::Internal(format!("hashing a password panicked: {error}")))?
            .map_err(|error| Error::Internal(format!("hashing a password failed: {error}")))
    }
}

fn argon2() -> std::result::Result<Argon2<'static>, String> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| error.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_costs_nineteen_mebibytes_and_two_passes_to_guess() {
        let passwords = Passwords::new(Runtime::system()).await.unwrap();
        let hash = passwords
            .hash("correct horse battery".into())
            .await
            .unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        // A salt of its own each time, and a decoy that costs the same.
        assert_ne!(
            hash,
            passwords
                .hash("correct horse battery".into())
                .await
                .unwrap()
        );
        assert!(
            passwords
                .decoy
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
        let right = passwords
            .verify("correct horse battery".into(), Some(hash.clone()))
            .await;
        assert!(right.unwrap());
        assert!(
            !passwords
                .verify("correct horse batterz".into(), Some(hash))
                .await
                .unwrap()
        );
        assert!(!passwords.verify(String::new(), None).await.unwrap());
    }
}
