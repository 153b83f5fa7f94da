//! The fakes seen from outside, byte by byte.

mod anthropic;
mod compatible;
mod control;
mod faults;
mod framing;
mod gemini;
mod openai;
// Marks the helpers as test code for clippy too, so that they may unwrap.
#[cfg(test)]
mod wire;
