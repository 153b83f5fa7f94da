mod destinations;
mod dialects;
mod manage;
