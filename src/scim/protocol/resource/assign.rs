//! Writes an object whose keys are attribute names in any spelling: a POST or PUT body, or the value of a path-less PATCH
//! operation (RFC 7644 §3.5.2.1: "the set of attributes to be added").
//!
//! Keys may be plain, dotted (`name.givenName`), full (`URN:attribute`), filtered (`emails[type eq "work"].value`), or the
//! URN of an extension with an object, which need not be listed in `schemas`.

use serde_json::Value;

use super::super::error::{ScimError, ScimType};
use super::super::path::{PatchPath, parse_patch_path};
use super::super::schema::{ResourceSchema, Schema};
use super::super::text::shorten;
use super::edit::{Edit, Mode, write};
use super::{Ignored, IgnoredReason, Resource, is_blank};

/// Writes every key of `object`; keys of an extension's object are relative to `owner`.
pub fn assign(
    resource: &mut Resource,
    object: &Resource,
    owner: Option<&Schema>,
    mode: Mode,
    schema: &ResourceSchema,
    edit: &mut Edit<'_>,
) -> Result<(), ScimError> {
    let mut entries = Vec::with_capacity(object.len());
    for (key, value) in object {
        // Client libraries that model an extension as an object of its own write its URN into it.
        if owner.is_some() && key.eq_ignore_ascii_case("schemas") {
            continue;
        }
        let name = owner.map_or_else(|| key.clone(), |owner| format!("{}:{key}", owner.id));
        entries.push((parse_key(&name, schema)?, name, value));
    }
    // Whole attributes first, so that a dotted or filtered key completes what a nested one set.
    entries.sort_by_key(|(path, ..)| match path {
        PatchPath::Core | PatchPath::Extension(_) | PatchPath::Unknown { .. } => 0,
        PatchPath::Attribute(target) if target.sub.is_none() => 0,
        PatchPath::Attribute(_) | PatchPath::Elements { .. } => 1,
    });
    for (path, name, value) in entries {
        assign_one(resource, &path, &name, value, mode, schema, edit)?;
    }
    Ok(())
}

/// An unknown key is no error, but a known attribute with a malformed filter is.
fn parse_key<'s>(name: &str, schema: &'s ResourceSchema) -> Result<PatchPath<'s>, ScimError> {
    match parse_patch_path(name, schema) {
        Err(error) if error.scim_type == Some(ScimType::InvalidPath) && !name.contains('[') => Ok(PatchPath::Unknown {
            qualified: name.contains(':'),
        }),
        other => other,
    }
}

fn assign_one(
    resource: &mut Resource,
    path: &PatchPath<'_>,
    name: &str,
    value: &Value,
    mode: Mode,
    schema: &ResourceSchema,
    edit: &mut Edit<'_>,
) -> Result<(), ScimError> {
    if edit.fresh && is_blank(value) {
        return Ok(());
    }
    let (target, filter) = match path {
        PatchPath::Core => return assign_nested(resource, None, name, value, mode, schema, edit),
        PatchPath::Extension(owner) => return assign_nested(resource, Some(owner), name, value, mode, schema, edit),
        PatchPath::Unknown { .. } => {
            if edit.strict {
                return Err(ScimError::invalid_syntax(format!(
                    "{:?} is not a known attribute.",
                    shorten(name)
                )));
            }
            if !is_blank(value) {
                edit.ignored.push(Ignored {
                    path: name.to_owned(),
                    reason: IgnoredReason::Unknown,
                });
            }
            return Ok(());
        }
        PatchPath::Attribute(target) => (target, None),
        PatchPath::Elements { target, filter } => (target, Some(filter)),
    };
    // Clients echo what they were served (Okta puts `id` into PATCH values); read-only values are not an error
    // (RFC 7644 §3.3).
    if target.attribute.is_read_only() || target.sub.is_some_and(|sub| sub.is_read_only()) {
        if !is_blank(value) && !is_server_set(&target.attribute.name) {
            edit.ignored.push(Ignored {
                path: name.to_owned(),
                reason: IgnoredReason::ReadOnly,
            });
        }
        return Ok(());
    }
    write(resource, target, filter, mode, value, edit)
}

/// Common attributes that every client sends back; not worth a log entry.
pub fn is_server_set(name: &str) -> bool {
    matches!(name, "id" | "schemas" | "meta")
}

fn assign_nested(
    resource: &mut Resource,
    owner: Option<&Schema>,
    name: &str,
    value: &Value,
    mode: Mode,
    schema: &ResourceSchema,
    edit: &mut Edit<'_>,
) -> Result<(), ScimError> {
    match (value, owner) {
        (Value::Object(object), _) => {
            if let Some(owner) = owner.filter(|_| edit.strict && mode == Mode::Replace) {
                resource.remove(owner.id.as_ref());
            }
            assign(resource, object, owner, mode, schema, edit)
        }
        (Value::Null, Some(owner)) => {
            resource.remove(owner.id.as_ref());
            Ok(())
        }
        (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_), _) => Err(
            ScimError::invalid_value(format!("{}: expected an object with attributes.", shorten(name))),
        ),
    }
}
