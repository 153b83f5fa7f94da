//! Distributions by words: the same cells as a [`Grid`](super::grid::Grid), one for each step.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use prometheus_client::encoding::{EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;

use super::grid::{Axis, cells, float, index, words_at};

/// How often what happened, in steps, by `N` labels.
#[derive(Debug, Clone)]
pub(crate) struct Histogram<const N: usize> {
    /// Upper ends of the steps, in parts of the unit; what is above them all has a step of its own.
    steps: &'static [i64],
    /// Parts of the unit in a value: 1,000,000 for seconds measured in microseconds.
    parts: f64,
    axes: Arc<[Axis; N]>,
    cells: Arc<[Cell]>,
}

#[derive(Debug)]
struct Cell {
    counts: Box<[AtomicU64]>,
    sum: AtomicI64,
}

impl<const N: usize> Histogram<N> {
    pub(super) fn new(steps: &'static [i64], parts: f64, axes: [Axis; N]) -> Self {
        let count = cells(&axes);
        let cell = |_| Cell {
            counts: (0..=steps.len()).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicI64::new(0),
        };
        Self {
            steps,
            parts,
            axes: Arc::new(axes),
            cells: (0..count).map(cell).collect(),
        }
    }

    /// Counts one value.
    pub(crate) fn observe(&self, place: [usize; N], value: i64) {
        let Some(cell) = self.cells.get(index(&self.axes, place)) else {
            return;
        };
        let step = self.steps.partition_point(|end| *end < value);
        cell.counts[step].fetch_add(1, Ordering::Relaxed);
        cell.sum.fetch_add(value, Ordering::Relaxed);
    }
}

impl<const N: usize> EncodeMetric for Histogram<N> {
    fn encode(&self, mut encoder: MetricEncoder) -> Result<(), fmt::Error> {
        for (index, cell) in self.cells.iter().enumerate() {
            let ends = self.steps.iter().map(|end| float(*end) / self.parts);
            let counts = cell
                .counts
                .iter()
                .map(|count| count.load(Ordering::Relaxed));
            let buckets: Vec<(f64, u64)> =
                ends.chain(std::iter::once(f64::MAX)).zip(counts).collect();
            // Counted from the steps, so that both agree while others go on counting.
            let total: u64 = buckets.iter().map(|(_, count)| count).sum();
            if total == 0 && N > 0 {
                continue;
            }
            let sum = float(cell.sum.load(Ordering::Relaxed)) / self.parts;
            let labels = words_at(&self.axes, index);
            if N == 0 {
                encoder.encode_histogram::<[(&str, &str); 0]>(sum, total, &buckets, None)?;
            } else {
                encoder
                    .encode_family(&labels)?
                    .encode_histogram::<[(&str, &str); 0]>(sum, total, &buckets, None)?;
            }
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}
