//! The home page: where the house or the reader stands.

mod address;
mod beside;
mod books;
mod days;
mod keys;
mod page;
mod tops;

pub use page::HomePage;
