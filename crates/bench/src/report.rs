//! The table of one run.

use std::fmt::Write as _;

/// One line: what, the figure, and what it is to be compared with.
struct Line {
    what: String,
    figure: String,
    beside: String,
    goal: String,
}

/// All lines, in the order they were measured.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
}

impl Report {
    /// Writes a line down and says it at once.
    pub(crate) fn add(&mut self, what: &str, figure: &str, beside: &str, goal: &str) {
        crate::figures::say(&format!("{what}: {figure}  [{beside}]  goal {goal}"));
        self.lines.push(Line {
            what: what.to_owned(),
            figure: figure.to_owned(),
            beside: beside.to_owned(),
            goal: goal.to_owned(),
        });
    }

    /// As a Markdown table.
    pub(crate) fn table(&self) -> String {
        let mut table =
            String::from("| what | figure | measured beside it | to reach |\n|---|---|---|---|\n");
        for Line {
            what,
            figure,
            beside,
            goal,
        } in &self.lines
        {
            // Writing into a string cannot fail.
            let _ = writeln!(table, "| {what} | {figure} | {beside} | {goal} |");
        }
        table
    }
}
