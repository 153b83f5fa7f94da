//! The injected dice.

use ring::rand::{SecureRandom, SystemRandom};

/// Fills bytes with chance.
pub trait Randomness: Send + Sync + 'static {
    /// Overwrites every byte.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug)]
pub struct SystemRandomness {
    source: SystemRandom,
}

impl SystemRandomness {
    /// A handle to it.
    pub fn new() -> Self {
        Self {
            source: SystemRandom::new(),
        }
    }
}

impl Default for SystemRandomness {
    fn default() -> Self {
        Self::new()
    }
}

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        if self.source.fill(bytes).is_err() {
            // Without randomness every secret would be guessable: nothing may go on.
            std::process::abort();
        }
    }
}
