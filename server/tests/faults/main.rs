//! The fault suite: what goes wrong in a house's life, and one oracle after each. The short version
//! runs with all other tests; `make faults` runs the whole. `docs/RELIABILITY.md` is its guide.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod asked_to_stop;
#[expect(dead_code, reason = "the other stories use more of it")]
#[path = "../binary.rs"]
mod binary;
mod caller;
mod clients;
mod clock;
mod disk;
mod gone;
mod house;
mod instances;
mod journal;
mod killed;
mod load;
mod oracle;
mod plan;
mod providers;
mod proxy;
mod statements;
mod table;
mod writes;
