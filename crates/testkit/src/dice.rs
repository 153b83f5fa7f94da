//! Dice that fall the same way for the same seed.

use std::sync::Mutex;

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use services::runtime::Randomness;

/// Seeded randomness.
pub(crate) struct Dice(Mutex<ChaCha12Rng>);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha12Rng::seed_from_u64(seed)))
    }
}

impl Randomness for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(bytes);
    }
}
