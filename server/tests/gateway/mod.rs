mod absurd;
mod budget;
mod chat;
mod errors;
mod fallback;
mod hostile;
mod instances;
mod stream;
