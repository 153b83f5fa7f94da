mod bad_input;
mod bodies;
pub(crate) mod doors;
mod headers;
mod instances;
mod leaks;
mod matrix;
mod pages;
