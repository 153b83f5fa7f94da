//! Figures by words: one atomic for every combination, made at the start, so that counting takes no
//! lock and no memory, and no figure can ever have more labels than the words it was made of.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use prometheus_client::encoding::{EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;

/// Up to so many combinations of words each is told, also while it is zero.
const MOST_ZEROS: usize = 512;

/// A label and the words it may have.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    pub(super) label: &'static str,
    pub(super) words: Vec<&'static str>,
}

/// Whether a figure only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Counter,
    Gauge,
}

/// Counters or gauges by `N` labels.
#[derive(Debug, Clone)]
pub(crate) struct Grid<const N: usize> {
    sort: Sort,
    /// Parts of the unit that stand in a cell: 1,000,000,000 for USD kept in nano-USD.
    parts: f64,
    axes: Arc<[Axis; N]>,
    cells: Arc<[AtomicI64]>,
}

impl<const N: usize> Grid<N> {
    pub(super) fn new(sort: Sort, parts: f64, axes: [Axis; N]) -> Self {
        let count = cells(&axes);
        Self {
            sort,
            parts,
            axes: Arc::new(axes),
            cells: (0..count).map(|_| AtomicI64::new(0)).collect(),
        }
    }

    pub(super) fn counter(axes: [Axis; N]) -> Self {
        Self::new(Sort::Counter, 1.0, axes)
    }

    pub(super) fn gauge(axes: [Axis; N]) -> Self {
        Self::new(Sort::Gauge, 1.0, axes)
    }

    /// Adds to the figure of these words. A place that is none counts nowhere.
    pub(crate) fn add(&self, place: [usize; N], more: i64) {
        if let Some(cell) = self.cells.get(index(&self.axes, place)) {
            cell.fetch_add(more, Ordering::Relaxed);
        }
    }

    /// Sets the figure of these words.
    pub(crate) fn set(&self, place: [usize; N], value: i64) {
        if let Some(cell) = self.cells.get(index(&self.axes, place)) {
            cell.store(value, Ordering::Relaxed);
        }
    }

    /// The figure of these words.
    pub(crate) fn get(&self, place: [usize; N]) -> i64 {
        self.cells
            .get(index(&self.axes, place))
            .map_or(0, |cell| cell.load(Ordering::Relaxed))
    }
}

impl<const N: usize> EncodeMetric for Grid<N> {
    fn encode(&self, mut encoder: MetricEncoder) -> Result<(), fmt::Error> {
        for (index, cell) in self.cells.iter().enumerate() {
            let value = cell.load(Ordering::Relaxed);
            // Most combinations of many words never happen. Of few each is told from the start: a counter
            // that first appears at one has not increased, and no alarm would go off.
            if value == 0 && self.cells.len() > MOST_ZEROS && self.sort == Sort::Counter {
                continue;
            }
            let labels = words_at(&self.axes, index);
            let value = float(value) / self.parts;
            if N == 0 {
                encode_one(&mut encoder, self.sort, value)?;
            } else {
                encode_one(&mut encoder.encode_family(&labels)?, self.sort, value)?;
            }
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        match self.sort {
            Sort::Counter => MetricType::Counter,
            Sort::Gauge => MetricType::Gauge,
        }
    }
}

fn encode_one(encoder: &mut MetricEncoder, sort: Sort, value: f64) -> fmt::Result {
    match sort {
        Sort::Counter => encoder.encode_counter::<[(&str, &str); 0], f64, f64>(&value, None),
        Sort::Gauge => encoder.encode_gauge(&value),
    }
}

/// How many combinations of words there are.
pub(super) fn cells<const N: usize>(axes: &[Axis; N]) -> usize {
    axes.iter().map(|axis| axis.words.len()).product()
}

/// The cell of a combination; beyond the last one when a word is unknown.
pub(super) fn index<const N: usize>(axes: &[Axis; N], place: [usize; N]) -> usize {
    let mut index = 0;
    for (axis, word) in axes.iter().zip(place) {
        if word >= axis.words.len() {
            return usize::MAX;
        }
        index = index * axis.words.len() + word;
    }
    index
}

/// The combination of a cell.
pub(super) fn words_at<const N: usize>(
    axes: &[Axis; N],
    mut index: usize,
) -> [(&'static str, &'static str); N] {
    let mut words = [("", ""); N];
    for (place, axis) in words.iter_mut().zip(axes).rev() {
        *place = (axis.label, axis.words[index % axis.words.len()]);
        index /= axis.words.len();
    }
    words
}

/// Figures leave as floats, whose 53 bits are more than a graph shows.
#[expect(
    clippy::cast_precision_loss,
    reason = "a graph shows fewer digits than a float has"
)]
pub(super) fn float(value: i64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_has_its_own_cell_and_finds_its_words_again() {
        let axes = [
            Axis {
                label: "door",
                words: vec!["web", "gateway", "api"],
            },
            Axis {
                label: "kind",
                words: vec!["demo", "openai"],
            },
        ];
        for door in 0..3 {
            for kind in 0..2 {
                let words = words_at(&axes, index(&axes, [door, kind]));
                assert_eq!(
                    words,
                    [("door", axes[0].words[door]), ("kind", axes[1].words[kind])]
                );
            }
        }
        let grid = Grid::counter(axes);
        grid.add([1, 1], 5);
        grid.add([0, 9], 7);
        assert_eq!((grid.get([1, 1]), grid.get([1, 0])), (5, 0));
    }
}
