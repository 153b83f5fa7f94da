mod dialects;
mod manage;
