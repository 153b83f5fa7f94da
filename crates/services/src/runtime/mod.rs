//! What the house takes from its surroundings: time, randomness and running tasks. All three are
//! handed in, so that a test can turn the clock, repeat the dice and wait for every task.

mod clock;
mod randomness;
mod tasks;

use std::sync::Arc;

pub use clock::{Clock, SystemClock};
use domain::Timestamp;
pub use randomness::{Randomness, SystemRandomness};
pub use tasks::Tasks;

/// Time, randomness and tasks.
#[derive(Clone)]
pub struct Runtime {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The dice.
    pub randomness: Arc<dyn Randomness>,
    /// What is running.
    pub tasks: Tasks,
}

impl Runtime {
    /// The machine's own clock and randomness.
    pub fn system() -> Self {
        Self {
            clock: Arc::new(SystemClock::new()),
            randomness: Arc::new(SystemRandomness::new()),
            tasks: Tasks::new(),
        }
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Some random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.randomness.fill(&mut bytes);
        bytes
    }

    /// A new id of any kind, made of now and chance.
    pub fn id<I: From<uuid::Uuid>>(&self) -> I {
        let raw = domain::CallId::new(self.now(), self.random());
        I::from(raw.0)
    }
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}
