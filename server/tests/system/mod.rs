mod metrics;
mod problems;
mod requests;
mod telemetry;
mod view;
