//! The providers against a fake of them.

mod answers;
mod faults;
mod house;
