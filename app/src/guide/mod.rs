//! The guide of the first days.

mod card;
mod functions;

pub use card::Guide;
pub use functions::{look_at_guide, skip_guide};
