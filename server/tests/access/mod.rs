mod bad_input;
mod bodies;
mod headers;
mod instances;
mod leaks;
mod matrix;
mod pages;
