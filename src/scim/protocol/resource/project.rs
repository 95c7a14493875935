//! Picks the attributes of an answer (RFC 7644 §3.4.2.5, §3.9; RFC 7643 §7 "returned").

use serde_json::Value;

use super::super::error::ScimError;
use super::super::path::{AttrPath, Resolved, resolve_query};
use super::super::schema::{Attribute, ResourceSchema, Returned, Schema};
use super::Resource;

/// Names from `attributes` or `excludedAttributes`, resolved. Unknown names select nothing.
struct Selection {
    paths: Vec<AttrPath>,
    schemas: Vec<Option<String>>,
}

/// How much of an attribute a selection names.
enum Named<'n> {
    Nothing,
    Whole,
    Subs(Vec<&'n str>),
}

impl Selection {
    fn new(names: &[String], schema: &ResourceSchema) -> Self {
        let mut selection = Self {
            paths: Vec::new(),
            schemas: Vec::new(),
        };
        for name in names {
            match resolve_query(name, schema) {
                Resolved::Core => selection.schemas.push(None),
                Resolved::Extension(extension) => selection.schemas.push(Some(extension.id.to_string())),
                Resolved::Attribute(target) => selection.paths.push(target.path),
                Resolved::Unknown { .. } => {}
            }
        }
        selection
    }

    fn named(&self, extension: Option<&str>, name: &str) -> Named<'_> {
        let mut subs = Vec::new();
        if self.schemas.iter().any(|schema| schema.as_deref() == extension) {
            return Named::Whole;
        }
        for path in &self.paths {
            if path.extension.as_deref() == extension && path.name.eq_ignore_ascii_case(name) {
                match &path.sub {
                    None => return Named::Whole,
                    Some(sub) => subs.push(sub.as_str()),
                }
            }
        }
        if subs.is_empty() { Named::Nothing } else { Named::Subs(subs) }
    }
}

/// Picks what an answer shows: `attributes` (only these), or all but `excluded`; neither gives the default set.
/// `returned: always` attributes stay in any case, `never` ones never show.
///
/// # Errors
/// 400 `invalidValue` when both lists are given; they exclude each other.
pub fn project(
    resource: &Resource,
    attributes: &[String],
    excluded: &[String],
    schema: &ResourceSchema,
) -> Result<Resource, ScimError> {
    if !attributes.is_empty() && !excluded.is_empty() {
        let detail = "attributes and excludedAttributes cannot be used together.";
        return Err(ScimError::invalid_value(detail));
    }
    let wanted = (!attributes.is_empty()).then(|| Selection::new(attributes, schema));
    let unwanted = Selection::new(excluded, schema);
    let mut result = Resource::new();
    for (key, value) in resource {
        if let (Some(extension), Some(object)) = (schema.extension(key), value.as_object()) {
            let urn = Some(extension.id.as_ref());
            let picked: Resource = object
                .iter()
                .filter_map(|(name, value)| {
                    let shown = pick(find(extension, name), value, wanted.as_ref(), &unwanted, urn, name)?;
                    Some((name.clone(), shown))
                })
                .collect();
            // One that was bare before is not hidden for it.
            if !picked.is_empty() || (object.is_empty() && wanted.is_none()) {
                result.insert(key.clone(), Value::Object(picked));
            }
        } else if let Some(shown) = pick(schema.find(key), value, wanted.as_ref(), &unwanted, None, key) {
            result.insert(key.clone(), shown);
        }
    }
    Ok(result)
}

fn find<'s>(extension: &'s Schema, name: &str) -> Option<&'s Attribute> {
    extension.find(name).or(extension.any_key.as_deref())
}

fn pick(
    attribute: Option<&Attribute>,
    value: &Value,
    wanted: Option<&Selection>,
    unwanted: &Selection,
    extension: Option<&str>,
    name: &str,
) -> Option<Value> {
    let asked = wanted.map(|selection| selection.named(extension, name));
    match attribute.map_or(Returned::Default, |attribute| attribute.returned) {
        Returned::Never => return None,
        Returned::Always => return Some(value.clone()),
        Returned::Request if asked.is_none() => return None,
        Returned::Request | Returned::Default => {}
    }
    match asked {
        Some(Named::Nothing) => None,
        Some(Named::Whole) => Some(value.clone()),
        Some(Named::Subs(subs)) => subs_where(value, |sub| subs.contains(&sub)),
        None => match unwanted.named(extension, name) {
            Named::Nothing => Some(value.clone()),
            Named::Whole => None,
            Named::Subs(subs) => subs_where(value, |sub| !subs.contains(&sub)),
        },
    }
}

/// Keeps some sub-attributes of an object, or of every element of a list.
fn subs_where(value: &Value, keep: impl Fn(&str) -> bool + Copy) -> Option<Value> {
    match value {
        Value::Object(object) => {
            let kept: Resource = object
                .iter()
                .filter(|(key, _)| keep(key))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(items) => {
            let kept: Vec<Value> = items.iter().filter_map(|item| subs_where(item, keep)).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(value.clone()),
    }
}
