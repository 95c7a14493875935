//! PATCH requests (RFC 7644 §3.5.2): reading the body and applying it.
//!
//! Two dialects of Entra, Okta, OneLogin and JumpCloud differ in spelling and shape; one tolerant reading serves them all.
//! Groups do not come through [`apply`]: see [`super::group_patch`], which never needs the member list.

// A new variant is decided here, not let through (security rule S10).
#![deny(clippy::wildcard_enum_match_arm)]

mod apply;
#[cfg(test)]
mod tests;

use serde_json::Value;

pub use self::apply::apply;

use super::error::ScimError;
use super::resource::{Ignored, Resource, get_ignore_case};
use super::text::shorten;
use super::urn;

/// Most operations in one request.
pub const MAX_OPERATIONS: usize = 100;
/// Most values in one `add` or `remove` operation. A `replace` is bounded by the size of the body alone.
pub const MAX_VALUES: usize = 1000;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchOp {
    /// Adds values.
    Add,
    /// Replaces values.
    Replace,
    /// Removes values.
    Remove,
}

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchOperation {
    /// What it does.
    pub op: PatchOp,
    /// To what, as sent; none for the resource itself.
    pub path: Option<String>,
    /// With what. An explicit null is a value: it clears.
    pub value: Option<Value>,
}

/// A PATCH body, read and bounded but not yet resolved against a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchRequest {
    /// In the order in which they take effect.
    pub operations: Vec<PatchOperation>,
}

/// How to read what clients send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PatchOptions {
    /// Follow the letter of the RFC and of the stricter interoperability profiles: no path-less operations, no creation
    /// of elements by value path, unknown attributes refused, complex values replaced as a whole.
    pub strict: bool,
}

/// What applying a request did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatchOutcome {
    /// Whether the resource differs from before; if not, `meta.lastModified` must not move (RFC 7644 §3.5.2.1).
    pub changed: bool,
    /// What had no effect, for the provisioning log.
    pub ignored: Vec<Ignored>,
}

impl PatchRequest {
    /// Reads a PATCH body. Member names and `op` are accepted in any case.
    ///
    /// # Errors
    /// 400 `invalidSyntax` when the structure is wrong, `noTarget` for a `remove` without path, 413 beyond a limit.
    pub fn parse(body: &Value) -> Result<Self, ScimError> {
        let Value::Object(body) = body else {
            return Err(ScimError::invalid_syntax("The body must be a JSON object."));
        };
        if !names_patch_op(body) {
            return Err(ScimError::invalid_syntax(format!("schemas must contain {}.", urn::PATCH_OP)));
        }
        let Some(Value::Array(operations)) = get_ignore_case(body, "Operations") else {
            return Err(ScimError::invalid_syntax("Operations must be a list."));
        };
        if operations.is_empty() {
            return Err(ScimError::invalid_syntax("Operations is empty."));
        }
        if operations.len() > MAX_OPERATIONS {
            return Err(ScimError::too_large(format!(
                "More than {MAX_OPERATIONS} operations in one request."
            )));
        }
        let operations = operations
            .iter()
            .enumerate()
            .map(|(at, operation)| PatchOperation::parse(operation).map_err(|error| in_operation(at, error)));
        Ok(Self {
            operations: operations.collect::<Result<_, _>>()?,
        })
    }
}

/// Says which operation failed; people count from one.
pub(super) fn in_operation(at: usize, error: ScimError) -> ScimError {
    ScimError {
        detail: format!("Operation {}: {}", at + 1, error.detail),
        ..error
    }
}

fn names_patch_op(body: &Resource) -> bool {
    let is_patch_op = |value: &Value| {
        value
            .as_str()
            .is_some_and(|text| text.trim().eq_ignore_ascii_case(urn::PATCH_OP))
    };
    match get_ignore_case(body, "schemas") {
        Some(Value::Array(schemas)) => schemas.iter().any(is_patch_op),
        Some(schema) => is_patch_op(schema),
        None => false,
    }
}

impl PatchOperation {
    fn parse(operation: &Value) -> Result<Self, ScimError> {
        let Value::Object(operation) = operation else {
            return Err(ScimError::invalid_syntax("an operation must be an object."));
        };
        let name = get_ignore_case(operation, "op").and_then(Value::as_str).unwrap_or_default();
        let op = match name.to_ascii_lowercase().as_str() {
            "add" => PatchOp::Add,
            "replace" => PatchOp::Replace,
            "remove" => PatchOp::Remove,
            _ => {
                return Err(ScimError::invalid_syntax(format!(
                    "op must be add, replace or remove, not {:?}.",
                    shorten(name)
                )));
            }
        };
        let path = match get_ignore_case(operation, "path") {
            None | Some(Value::Null) => None,
            Some(Value::String(path)) => Some(path.clone()),
            Some(_) => return Err(ScimError::invalid_path("path must be text.")),
        };
        let value = get_ignore_case(operation, "value").cloned();
        match op {
            // RFC 7644 §3.5.2.2.
            PatchOp::Remove if path.is_none() => return Err(ScimError::no_target("remove needs a path.")),
            PatchOp::Add | PatchOp::Replace if value.is_none() => {
                return Err(ScimError::invalid_syntax(format!("{name} needs a value.")));
            }
            // An empty set of attributes asks for nothing, which is no operation (security rule S10).
            PatchOp::Add | PatchOp::Replace if path.is_none() && value.as_ref().is_some_and(is_empty_object) => {
                return Err(ScimError::invalid_syntax(format!("{name} without path needs attributes.")));
            }
            PatchOp::Add | PatchOp::Remove if value.as_ref().is_some_and(is_too_long) => {
                return Err(ScimError::too_large(format!(
                    "more than {MAX_VALUES} values in one operation."
                )));
            }
            PatchOp::Add | PatchOp::Replace | PatchOp::Remove => {}
        }
        Ok(Self { op, path, value })
    }
}

fn is_empty_object(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn is_too_long(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.len() > MAX_VALUES,
        Value::Object(object) => object.values().any(is_too_long),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}
