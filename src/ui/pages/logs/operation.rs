//! What a directory asked for, as a word.

use crate::i18n::*;
use crate::ui::components::I18n;

/// The operations that the log knows, in the order of the filter.
pub(super) const OPERATIONS: [&str; 7] = ["create", "replace", "update", "delete", "query", "read", "discover"];

/// The word for an operation; one that the catalogue does not know is shown as it is.
pub(super) fn operation_word(i18n: I18n, operation: &str) -> String {
    let word = match operation {
        "create" => tu_string!(i18n, logs.op.create),
        "replace" => tu_string!(i18n, logs.op.replace),
        "update" => tu_string!(i18n, logs.op.update),
        "delete" => tu_string!(i18n, logs.op.delete),
        "query" => tu_string!(i18n, logs.op.query),
        "read" => tu_string!(i18n, logs.op.read),
        "discover" => tu_string!(i18n, logs.op.discover),
        other => return other.to_owned(),
    };
    word.to_owned()
}

/// A duration in whole milliseconds.
pub(super) fn duration_text(i18n: I18n, microseconds: i64) -> String {
    match microseconds {
        ..1_000 => tu_string!(i18n, logs.entry.under_millisecond).to_owned(),
        _ => tu_string!(i18n, logs.entry.milliseconds, value = (microseconds + 500) / 1_000).to_string(),
    }
}
