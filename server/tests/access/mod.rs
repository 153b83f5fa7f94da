mod headers;
mod matrix;
