mod corrected;
mod killed;
mod list;
