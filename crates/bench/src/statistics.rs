//! Percentiles and medians of what was measured.

use std::time::Duration;

/// The value below which this part of the samples lies; zero without samples.
pub(crate) fn percentile(samples: &mut [Duration], part: f64) -> Duration {
    if samples.is_empty() {
        return Duration::ZERO;
    }
    samples.sort_unstable();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index into a list"
    )]
    let index = ((samples.len() - 1) as f64 * part).round() as usize;
    samples[index]
}

/// The middle one; zero without any.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Milliseconds with their fractions.
pub(crate) fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
