mod budget;
mod chat;
mod errors;
mod fallback;
mod stream;
