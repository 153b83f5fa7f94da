//! The providers against a fake of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod faults;
mod house;
