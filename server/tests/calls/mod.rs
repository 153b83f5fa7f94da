mod corrected;
mod killed;
