//! How much of the suite runs, and its dice.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

fn told(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how `make faults` tells the suite what to do"
    )]
    std::env::var(name).ok()
}

/// Whether everything runs, or what fits into a minute.
pub(crate) fn is_whole() -> bool {
    told("PURSER_FAULTS").is_some_and(|word| word == "whole")
}

/// How often, in the short version and in the whole one.
pub(crate) fn times(short: usize, whole: usize) -> usize {
    if is_whole() { whole } else { short }
}

/// Where the rows of the table go.
pub(crate) fn table() -> Option<String> {
    told("PURSER_FAULTS_TABLE")
}

/// The seed of this run: `PURSER_FAULTS_SEED`, or chance.
pub(crate) fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        told("PURSER_FAULTS_SEED").map_or_else(
            || RandomState::new().build_hasher().finish() % 1_000_000,
            |seed| seed.parse().expect("PURSER_FAULTS_SEED is a number"),
        )
    })
}

/// Dice that roll the same for the same seed and story (`SplitMix64`).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn of(story: &str) -> Self {
        let mixed = story.bytes().fold(seed(), |state, byte| {
            state.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
        });
        Self(mixed)
    }

    /// A number from `from` up to and without `to`.
    pub(crate) fn roll(&mut self, from: u64, to: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        from + (mixed ^ (mixed >> 31)) % (to - from)
    }
}
