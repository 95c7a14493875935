//! Resources as JSON objects in canonical form (RFC 7643 §2.4, §2.5, §3; RFC 7644 §3.3, §3.9).
//!
//! [`canonicalise`] reads what a client sent, [`project`] picks what an answer shows, [`finish`] completes `schemas`.
//! The parts below them coerce single values and write them into a resource; PATCH uses the same parts.

pub(super) mod assign;
mod canonical;
pub(super) mod coerce;
pub(super) mod edit;
mod elements;
mod project;
#[cfg(test)]
pub(super) mod tests;

use serde_json::{Map, Value};

pub use self::canonical::canonicalise;
pub use self::project::project;

use super::schema::ResourceSchema;

/// A resource in canonical form.
pub type Resource = Map<String, Value>;

/// Something the client sent that had no effect; for the provisioning log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// The attribute, as sent.
    pub path: String,
    /// Why.
    pub reason: IgnoredReason,
}

/// Why something had no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IgnoredReason {
    /// No schema has it.
    Unknown,
    /// Only the server sets it (RFC 7644 §3.3).
    ReadOnly,
}

/// Sets `schemas` to the core schema and the extensions in use (RFC 7643 §3).
pub fn finish(resource: &mut Resource, schema: &ResourceSchema) {
    let used = schema
        .extensions
        .iter()
        .filter(|extension| resource.contains_key(extension.id.as_ref()));
    let urns: Vec<Value> = std::iter::once(&schema.core)
        .chain(used)
        .map(|schema| Value::from(schema.id.as_ref()))
        .collect();
    resource.insert("schemas".to_owned(), Value::Array(urns));
}

/// Whether a value stands for "no value" (RFC 7643 §2.5; the empty string is what Entra sends to clear one).
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a value, wrapped or not, amounts to "no value", as `[{"$ref": null, "value": ""}]` does.
pub(super) fn holds_nothing(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(holds_nothing),
        Value::Object(object) => object.values().all(holds_nothing),
        Value::Null | Value::String(_) | Value::Bool(_) | Value::Number(_) => is_blank(value),
    }
}

/// Looks a key up without regard to case.
pub(super) fn get_ignore_case<'v>(object: &'v Resource, name: &str) -> Option<&'v Value> {
    object.get(name).or_else(|| {
        object
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}
