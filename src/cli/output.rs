//! What is printed: lines for people, or one JSON object for scripts. A closed pipe is no reason to stop.

use std::io::Write;

use serde::Serialize;

/// How results are printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    json: bool,
}

impl Output {
    pub const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether scripts read along.
    pub const fn is_json(&self) -> bool {
        self.json
    }

    /// Prints a result; called once by each command.
    pub fn print(&self, value: &impl Serialize, lines: impl FnOnce() -> String) {
        let text = if self.json {
            serde_json::to_string(value).unwrap_or_default()
        } else {
            lines()
        };
        let mut out = std::io::stdout().lock();
        drop(writeln!(out, "{}", text.trim_end()));
        drop(out.flush());
    }
}

/// A line on standard error.
pub(super) fn write_error(text: &str) {
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}
