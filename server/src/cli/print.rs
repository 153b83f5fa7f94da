//! What the command line says, and where the log goes.

use std::io::Write;

use super::CliError;
use serde_json::Value;

/// Prints lines, or JSON.
pub(crate) struct Printer {
    json: bool,
}

impl Printer {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints a result: the line for people, the value for programs.
    pub(crate) fn tell(&self, line: &str, value: &Value) -> Result<(), CliError> {
        if self.json {
            Self::raw(&format!("{value}\n"))
        } else {
            Self::raw(&format!("{line}\n"))
        }
    }

    /// Whether programs read along.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints text as it is.
    pub(crate) fn raw(text: &str) -> Result<(), CliError> {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .map_err(|source| CliError::Io {
                what: "writing to the standard output".to_owned(),
                source,
            })
    }
}

/// Says something beside the result, on the standard error.
pub(crate) fn note(text: &str) {
    // A result does not fail because nobody reads the remark.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Tells why a command failed, with every cause.
pub(crate) fn complain(error: &CliError) {
    let mut text = format!("purser: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    // Nobody is left to tell when this fails.
    let _ = writeln!(std::io::stderr(), "{text}");
}
