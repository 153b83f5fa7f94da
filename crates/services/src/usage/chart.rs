//! Cost per day as a drawing: bars on a scale of money, in the language of whoever looks.
//!
//! The colours are the stylesheet's: what is drawn carries classes and no look of its own.

use std::fmt::Write as _;

use domain::NanoUsd;
use domain::format::{Patterns, patterns};
use domain::usage::DaySum;
use locales::{Locale, text};
use plotters::coord::types::RangedCoordi64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::{Error, Result};

/// How wide the drawing is laid out: letters of one size would not be read in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// For a desk.
    Wide,
    /// For a phone.
    Narrow,
}

/// What a colour stands for until its class takes its place.
#[derive(Clone, Copy)]
enum Mark {
    Bar,
    Today,
    Unknown,
    Rule,
    Label,
    TodayLabel,
}

impl Mark {
    const ALL: [Self; 6] = [
        Self::Bar,
        Self::Today,
        Self::Unknown,
        Self::Rule,
        Self::Label,
        Self::TodayLabel,
    ];

    const fn colour(self) -> RGBColor {
        RGBColor(self as u8 + 1, 0, 0)
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Bar => "chart-bar",
            Self::Today => "chart-bar is-today",
            Self::Unknown => "chart-unknown",
            Self::Rule => "chart-rule",
            Self::Label => "chart-label",
            Self::TodayLabel => "chart-label is-today",
        }
    }
}

/// Width of a day on its axis, in its own units.
const DAY_WIDTH: i64 = 100;
/// Room above the bars, where the figures of a day appear.
const TOP: i32 = 30;
/// Where the place begins that shows them; above it they stand.
const HIT_TOP: i32 = 22;
/// Room below the bars, for the days.
const FOOT: i32 = 26;
/// Room after the last bar.
const END: i32 = 14;
/// A day that cost anything is seen, however little it was.
const LEAST_HEIGHT: i32 = 2;
/// Height of the mark for calls whose cost is unknown.
const UNKNOWN_HEIGHT: i32 = 5;

type Plane = Cartesian2d<RangedCoordi64, RangedCoordi64>;
type Failure = DrawingAreaErrorKind<std::io::Error>;

impl Layout {
    const fn size(self) -> (u32, u32) {
        match self {
            Self::Wide => (960, 264),
            Self::Narrow => (420, 240),
        }
    }

    /// About how wide a letter of the scale is.
    const fn letter(self) -> u32 {
        match self {
            Self::Wide => 8,
            Self::Narrow => 9,
        }
    }

    /// Every how many days one is named.
    const fn step(self, days: usize) -> usize {
        match (self, days) {
            (Self::Wide, 0..=7) => 1,
            (Self::Wide, 8..=31) => 5,
            (Self::Wide, _) => 15,
            (Self::Narrow, 0..=7) => 2,
            (Self::Narrow, 8..=31) => 10,
            (Self::Narrow, _) => 30,
        }
    }
}

/// Draws the days, oldest first, of which the last is today; `None` when nothing is known to have
/// cost anything.
///
/// # Errors
/// When the drawing fails, which a text in memory does not.
pub fn draw(days: &[DaySum], locale: Locale, layout: Layout) -> Result<Option<String>> {
    let Some(dearest) = days.iter().max_by_key(|day| day.sum.cost) else {
        return Ok(None);
    };
    if dearest.sum.cost <= NanoUsd::ZERO {
        return Ok(None);
    }
    let mut drawn = String::new();
    let tops = paint(days, locale, layout, &mut drawn)
        .map_err(|error| Error::Internal(format!("a chart was not drawn: {error}")))?;
    let patterns = patterns(locale.tag());
    let summary = summary(days, dearest, locale, patterns);
    Ok(Some(finish(&drawn, &summary, days, &tops, locale, layout)))
}

/// What the drawing says, in one sentence.
fn summary(days: &[DaySum], dearest: &DaySum, locale: Locale, patterns: &Patterns) -> String {
    let ends = |day: Option<&DaySum>| day.map(|day| patterns.day(day.day)).unwrap_or_default();
    let total: NanoUsd = days
        .iter()
        .fold(NanoUsd::ZERO, |sum, day| sum.saturating_add(day.sum.cost));
    text::home::chart_summary(
        locale,
        &ends(days.first()),
        &ends(days.last()),
        &patterns.money(total),
        &patterns.day(dearest.day),
        &patterns.money(dearest.sum.cost),
    )
}

/// Where a day stands, in units of the drawing.
struct Column {
    left: i32,
    right: i32,
    floor: i32,
}

fn paint(
    days: &[DaySum],
    locale: Locale,
    layout: Layout,
    into: &mut String,
) -> std::result::Result<Vec<Column>, Failure> {
    let patterns = patterns(locale.tag());
    let most = days.iter().map(|day| day.sum.cost.0).max().unwrap_or(0);
    let ceiling = ceiling(most);
    // Ticks are round figures: no rounding, and no zeros after the last that counts.
    let amount = |nano: &i64| patterns.money_exact(NanoUsd(*nano));
    let longest = amount(&ceiling).chars().count().max(5);
    let labels = u32::try_from(longest).unwrap_or(5) * layout.letter() + 10;
    let root = SVGBackend::with_string(into, layout.size()).into_drawing_area();
    let mut chart = ChartBuilder::on(&root)
        .margin_top(TOP)
        .margin_right(END)
        .margin_bottom(FOOT)
        .y_label_area_size(labels)
        .build_cartesian_2d(
            0..DAY_WIDTH * i64::try_from(days.len()).unwrap_or(1),
            0..ceiling,
        )?;
    let face = |mark: Mark| ("sans-serif", 15).into_font().color(&mark.colour());
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .y_labels(5)
        .y_label_formatter(&amount)
        // Drawn in no colour: the room between a figure and its line.
        .set_all_tick_mark_size(8)
        .y_label_style(face(Mark::Label))
        .bold_line_style(Mark::Rule.colour())
        .light_line_style(TRANSPARENT)
        .axis_style(TRANSPARENT)
        .draw()?;
    let columns = bars(&mut chart, days, ceiling)?;
    let step = layout.step(days.len());
    let base = i32::try_from(layout.size().1).unwrap_or(0) - FOOT + 8;
    for (index, (day, column)) in days.iter().zip(&columns).enumerate() {
        let back = days.len() - 1 - index;
        if !back.is_multiple_of(step) {
            continue;
        }
        let middle = i32::midpoint(column.left, column.right);
        let (word, mark, place, at) = if back == 0 && days.len() > 7 {
            let word = text::home::today(locale).to_owned();
            (word, Mark::TodayLabel, HPos::Right, column.right + END - 2)
        } else if back == 0 {
            let word = text::home::today(locale).to_owned();
            (word, Mark::TodayLabel, HPos::Center, middle)
        } else {
            let word = patterns.short_day(day.day);
            (word, Mark::Label, HPos::Center, middle)
        };
        let style = face(mark).pos(Pos::new(place, VPos::Top));
        root.draw(&Text::new(word, (at, base), style))?;
    }
    drop(chart);
    root.present()?;
    Ok(columns)
}

fn bars(
    chart: &mut ChartContext<'_, SVGBackend<'_>, Plane>,
    days: &[DaySum],
    ceiling: i64,
) -> std::result::Result<Vec<Column>, Failure> {
    let gap = match days.len() {
        0..=7 => 32,
        8..=31 => 18,
        _ => 14,
    };
    let (_, floor) = chart.backend_coord(&(0, 0));
    let (_, sky) = chart.backend_coord(&(0, ceiling));
    let mut columns = Vec::with_capacity(days.len());
    let mut shapes = Vec::new();
    let mut start = 0;
    for (index, day) in days.iter().enumerate() {
        let mark = if index + 1 == days.len() {
            Mark::Today
        } else {
            Mark::Bar
        };
        let (left, _) = chart.backend_coord(&(start, 0));
        let (right, _) = chart.backend_coord(&(start + DAY_WIDTH, 0));
        let (bar_left, _) = chart.backend_coord(&(start + gap, 0));
        let (bar_right, _) = chart.backend_coord(&(start + DAY_WIDTH - gap, 0));
        let (_, mut top) = chart.backend_coord(&(0, day.sum.cost.0.max(0)));
        if day.sum.cost > NanoUsd::ZERO {
            top = top.min(floor - LEAST_HEIGHT);
            shapes.push((bar_left, top, bar_right, floor, mark));
        }
        if day.sum.unpriced_calls > 0 {
            let above = (top - 2).max(sky);
            shapes.push((
                bar_left,
                above - UNKNOWN_HEIGHT,
                bar_right,
                above,
                Mark::Unknown,
            ));
        }
        columns.push(Column { left, right, floor });
        start += DAY_WIDTH;
    }
    let area = chart.plotting_area().strip_coord_spec();
    let (x, y) = area.get_base_pixel();
    for (left, top, right, bottom, mark) in shapes {
        let corners = [(left - x, top - y), (right - x, bottom - y)];
        area.draw(&Rectangle::new(corners, mark.colour().filled()))?;
    }
    Ok(columns)
}

/// The end of the scale: a few steps of 1, 2 or 5 times a power of ten.
fn ceiling(most: i64) -> i64 {
    let most = i128::from(most.max(1));
    let mut step = 1i128;
    'found: loop {
        for factor in [1, 2, 5] {
            if step * factor * 4 >= most {
                step *= factor;
                break 'found;
            }
        }
        step *= 10;
    }
    let whole = (most + step - 1) / step * step;
    i64::try_from(whole).unwrap_or(i64::MAX)
}

/// Gives what was drawn its classes and its name, and lays over each day what it says when pointed at.
fn finish(
    drawn: &str,
    summary: &str,
    days: &[DaySum],
    columns: &[Column],
    locale: Locale,
    layout: Layout,
) -> String {
    let (width, height) = layout.size();
    let body = drawn.split_once('>').map_or(drawn, |(_, body)| body);
    let body = body.rsplit_once("</svg>").map_or(body, |(body, _)| body);
    let mut body = body
        .replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\"", "")
        .replace(" stroke-width=\"1\"", "")
        .replace(" font-family=\"sans-serif\"", "")
        .replace(" font-size=\"12.096774193548388\"", "")
        .replace(">\n", ">")
        .replace("\n</text>", "</text>");
    for mark in Mark::ALL {
        let RGBColor(red, ..) = mark.colour();
        let class = format!("class=\"{}\"", mark.class());
        for attribute in ["fill", "stroke"] {
            body = body.replace(&format!("{attribute}=\"#{red:02X}0000\""), &class);
        }
    }
    let class = match layout {
        Layout::Wide => "chart chart-wide",
        Layout::Narrow => "chart chart-narrow",
    };
    let mut svg = format!(
        "<svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">{body}",
        escaped(summary)
    );
    for (day, column) in days.iter().zip(columns) {
        let _ = write!(svg, "{}", day_over(day, column, locale, layout));
    }
    svg.push_str("</svg>");
    svg
}

/// The whole height of a day, which shows its figures while a pointer is on it.
fn day_over(day: &DaySum, column: &Column, locale: Locale, layout: Layout) -> String {
    if day.sum.calls == 0 {
        return String::new();
    }
    let patterns = patterns(locale.tag());
    let mut words = format!(
        "{} · {} · {}",
        patterns.short_day(day.day),
        patterns.money(day.sum.cost),
        text::calls::count(locale, day.sum.calls)
    );
    if day.sum.unpriced_calls > 0 && layout == Layout::Wide {
        words.push_str(" · ");
        words.push_str(&text::home::unpriced(locale, day.sum.unpriced_calls));
    }
    let width = i32::try_from(layout.size().0).unwrap_or(0);
    let middle = i32::midpoint(column.left, column.right);
    // Words in the middle third are centred; near an end they begin or end there.
    let (anchor, at) = match middle * 3 / width.max(1) {
        0 => ("start", column.left),
        1 => ("middle", middle),
        _ => ("end", column.right),
    };
    format!(
        "<g class=\"chart-day\"><rect class=\"chart-hit\" x=\"{}\" y=\"{HIT_TOP}\" width=\"{}\" height=\"{}\"/>\
         <text class=\"chart-tip\" x=\"{at}\" y=\"14\" text-anchor=\"{anchor}\">{}</text></g>",
        column.left,
        column.right - column.left,
        column.floor - HIT_TOP,
        escaped(&words)
    )
}

fn escaped(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use domain::time::Day;
    use domain::usage::Sum;

    use super::*;

    /// Days that end on 21 November 2026, with what each cost.
    fn days(costs: &[i64]) -> Vec<DaySum> {
        let first = 20_778 + 1 - i64::try_from(costs.len()).unwrap();
        let sum = |cost: i64| Sum {
            calls: i64::from(cost != 0),
            cost: NanoUsd(cost),
            ..Sum::default()
        };
        (first..)
            .zip(costs)
            .map(|(day, cost)| DaySum {
                day: Day(day),
                sum: sum(*cost),
            })
            .collect()
    }

    fn count(svg: &str, what: &str) -> usize {
        svg.matches(what).count()
    }

    #[test]
    fn a_day_that_cost_something_is_a_bar_and_an_empty_one_is_nothing() {
        let svg = draw(
            &days(&[0, 1, 0, 4_000_000_000, 0, 0, 2_000_000_000]),
            Locale::En,
            Layout::Wide,
        )
        .unwrap()
        .unwrap();
        assert_eq!(count(&svg, "class=\"chart-bar\""), 2, "{svg}");
        assert_eq!(count(&svg, "class=\"chart-bar is-today\""), 1);
        assert_eq!(count(&svg, "class=\"chart-day\""), 3);
        for words in [
            "$0.00",
            "$1.00",
            "$4.00",
            ">Today<",
            ">Nov 15<",
            "Nov 18 · $4.00 · 1 call<",
        ] {
            assert!(svg.contains(words), "{words}: {svg}");
        }
        assert!(
            svg.contains("aria-label=\"From Nov 15, 2026 to Nov 21, 2026: $6.00"),
            "{svg}"
        );
    }

    #[test]
    fn it_has_no_look_of_its_own() {
        for (layout, costs) in [(Layout::Wide, [7; 30]), (Layout::Narrow, [123_456; 30])] {
            let svg = draw(&days(&costs), Locale::Ko, layout).unwrap().unwrap();
            for look in ["style", "fill=", "stroke", "font-", "#0", "opacity"] {
                assert!(!svg.contains(look), "{look}: {svg}");
            }
            assert!(svg.contains("US$") && svg.contains(">11. 11.<"), "{svg}");
        }
    }

    #[test]
    fn calls_without_a_price_are_told_apart() {
        let mut days = days(&[5, 5]);
        days[0].sum.unpriced_calls = 3;
        let svg = draw(&days, Locale::En, Layout::Wide).unwrap().unwrap();
        assert_eq!(count(&svg, "class=\"chart-unknown\""), 1);
        assert!(svg.contains("3 calls without a known price"), "{svg}");
    }

    #[test]
    fn nothing_known_is_no_chart() {
        assert_eq!(draw(&[], Locale::En, Layout::Wide).unwrap(), None);
        assert_eq!(
            draw(&days(&[0, 0]), Locale::En, Layout::Wide).unwrap(),
            None
        );
    }

    #[test]
    fn the_scale_ends_at_a_round_figure_above_the_most() {
        let ends: Vec<i64> = [1, 4, 5, 41, 81, 1_234_567_890, i64::MAX]
            .into_iter()
            .map(ceiling)
            .collect();
        assert_eq!(ends, [1, 4, 6, 60, 100, 1_500_000_000, i64::MAX]);
    }
}
