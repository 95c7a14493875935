//! The log: on standard error, so that standard output belongs to results (security rule S51, reliability rule R10).

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Starts the log. A log that cannot be written stops nothing.
pub(super) fn start(level: &str, format: LogFormat) {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::builder().parse_lossy(level))
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    // Started twice it stays the first, as in tests.
    drop(match format {
        // JSON escapes control characters; nothing of a request can forge a line.
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
        // Colours for whoever reads along; in a file they would be control characters.
        LogFormat::Text => builder
            .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
            .try_init(),
    });
    std::panic::set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or("");
        let location = info.location().map(ToString::to_string).unwrap_or_default();
        // Taken where RUST_BACKTRACE asks for it.
        let backtrace = std::backtrace::Backtrace::capture();
        if backtrace.status() == std::backtrace::BacktraceStatus::Captured {
            tracing::error!(
                fault = message,
                location,
                backtrace = backtrace.to_string(),
                "fault of the program"
            );
        } else {
            tracing::error!(fault = message, location, "fault of the program");
        }
    }));
}
