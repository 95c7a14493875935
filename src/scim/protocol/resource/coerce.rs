//! Turns one value, in whatever shape a client sends it, into the attribute's own (RFC 7643 §2.3–§2.5).
//!
//! Shapes in the field: booleans as text, a single value wrapped as `[{"$ref":null,"value":x}]`, one object instead of a
//! list, a reference as bare text, an app role as JSON inside a string, a list as one comma-joined string.

use std::borrow::Cow;

use chrono::DateTime;
use serde_json::Value;

use super::super::error::ScimError;
use super::super::schema::{Attribute, AttributeType, CanonicalRule, ValueForm};
use super::super::text::{eq_folded, shorten};
use super::{Ignored, IgnoredReason, Resource, get_ignore_case, is_blank};

static NULL: Value = Value::Null;

fn wrong_type(label: &str, expected: &str, value: &Value) -> ScimError {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    ScimError::invalid_value(format!("{label}: expected {expected}, found {found} that does not fit."))
}

/// Takes the single value out of `[x]`, `{"value": x}` and `[{"$ref": null, "value": x}]`.
fn unwrap<'v>(label: &str, value: &'v Value) -> Result<&'v Value, ScimError> {
    let mut value = value;
    loop {
        value = match value {
            Value::Array(items) => match items.as_slice() {
                [] => &NULL,
                [only] => only,
                [_, _, ..] => return Err(wrong_type(label, "a single value", value)),
            },
            Value::Object(object) if object.is_empty() => &NULL,
            Value::Object(object) => match get_ignore_case(object, "value") {
                Some(inner) => inner,
                None => return Err(wrong_type(label, "a single value", value)),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return Ok(value),
        }
    }
}

/// The value of a simple attribute or sub-attribute, or of one element of a simple list.
pub fn simple(attribute: &Attribute, label: &str, value: &Value) -> Result<Option<Value>, ScimError> {
    let value = unwrap(label, value)?;
    if is_blank(value) {
        return Ok(None);
    }
    match attribute.kind {
        AttributeType::Boolean => boolean(value)
            .map(|flag| Some(Value::Bool(flag)))
            .ok_or_else(|| wrong_type(label, "true or false", value)),
        AttributeType::Integer => integer(value)
            .map(|number| Some(number.into()))
            .ok_or_else(|| wrong_type(label, "a whole number", value)),
        AttributeType::Decimal => match value {
            Value::Number(_) => Ok(Some(value.clone())),
            Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                Err(wrong_type(label, "a number", value))
            }
        },
        AttributeType::DateTime => value
            .as_str()
            .filter(|text| DateTime::parse_from_rfc3339(text).is_ok())
            .map(|text| Some(text.into()))
            .ok_or_else(|| wrong_type(label, "an RFC 3339 time", value)),
        AttributeType::String | AttributeType::Reference | AttributeType::Binary => {
            let text = text(attribute, value).ok_or_else(|| wrong_type(label, "text", value))?;
            canonical(attribute, label, &text).map(Some)
        }
        AttributeType::Complex => Err(wrong_type(label, "an object", value)),
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Value::Null | Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn text<'v>(attribute: &Attribute, value: &'v Value) -> Option<Cow<'v, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Bool(_) | Value::Number(_) if attribute.form == ValueForm::Text => Some(value.to_string().into()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn canonical(attribute: &Attribute, label: &str, text: &str) -> Result<Value, ScimError> {
    let known = &attribute.canonical_values;
    if known.is_empty() {
        return Ok(text.into());
    }
    let found = match attribute.canonical_rule {
        CanonicalRule::Suggested => return Ok(text.into()),
        CanonicalRule::Exact => known.iter().find(|value| *value == text),
        CanonicalRule::Folded => known.iter().find(|value| eq_folded(value, text)),
    };
    found.map(|value| Value::from(value.as_ref())).ok_or_else(|| {
        let quoted: Vec<String> = known.iter().map(|value| format!("\"{value}\"")).collect();
        let exactly = if attribute.canonical_rule == CanonicalRule::Exact {
            "exactly "
        } else {
            ""
        };
        ScimError::invalid_value(format!(
            "{label}: \"{}\" is not accepted; send {exactly}{}.",
            shorten(text),
            quoted.join(" or ")
        ))
    })
}

/// One complex value: the object of a single-valued attribute, or one element of a list. None when nothing is in it.
pub fn element(
    attribute: &Attribute,
    label: &str,
    value: &Value,
    ignored: &mut Vec<Ignored>,
) -> Result<Option<Resource>, ScimError> {
    let mut result = Resource::new();
    for (name, value) in parts(attribute, label, value)? {
        let Some(sub) = attribute.sub(&name) else {
            ignore(ignored, label, &name, &value, IgnoredReason::Unknown);
            continue;
        };
        if sub.is_read_only() {
            ignore(ignored, label, &name, &value, IgnoredReason::ReadOnly);
            continue;
        }
        if let Some(value) = simple(sub, &format!("{label}.{}", sub.name), &value)? {
            result.insert(sub.name.to_string(), value);
        }
    }
    Ok((!result.is_empty()).then_some(result))
}

/// The sub-attributes that a complex value sets, `value` first, in the client's spelling; blank ones included.
pub fn parts(attribute: &Attribute, label: &str, value: &Value) -> Result<Vec<(String, Value)>, ScimError> {
    let mut value = value;
    while let Value::Array(items) = value {
        value = match items.as_slice() {
            [] => &NULL,
            [only] => only,
            [_, _, ..] => return Err(wrong_type(label, "one object", value)),
        };
    }
    let mut parts: Vec<(String, Value)> = match value {
        Value::Null => Vec::new(),
        Value::Object(object) => object.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        // A reference or list element as bare text stands for its `value`.
        Value::String(_) if attribute.sub("value").is_some() => vec![("value".to_owned(), value.clone())],
        Value::String(_) | Value::Bool(_) | Value::Number(_) => return Err(wrong_type(label, "an object", value)),
        Value::Array(_) => Vec::new(),
    };
    if attribute.form == ValueForm::JsonText {
        read_json_text(&mut parts);
    }
    parts.sort_by_key(|(name, _)| !name.eq_ignore_ascii_case("value"));
    Ok(parts)
}

/// Entra writes an app role as JSON text inside `value`, and its label as `displayName`.
fn read_json_text(parts: &mut Vec<(String, Value)>) {
    let has = |parts: &[(String, Value)], name: &str| parts.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    if let Some((_, value)) = parts.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("value"))
        && let Some((role, label)) = role_of_text(value)
    {
        *value = role;
        if let Some(label) = label.filter(|_| !has(parts, "display") && !has(parts, "displayName")) {
            parts.push(("display".to_owned(), label));
        }
    }
    if !has(parts, "display")
        && let Some((name, _)) = parts.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("displayName"))
    {
        *name = "display".to_owned();
    }
}

/// `value` and `displayName` of a JSON object written as text.
pub fn role_of_text(value: &Value) -> Option<(Value, Option<Value>)> {
    let text = value.as_str().filter(|text| text.trim_start().starts_with('{'))?;
    let object = match super::super::json::parse(text.as_bytes()) {
        Ok(Value::Object(object)) => object,
        Ok(_) | Err(_) => return None,
    };
    let role = get_ignore_case(&object, "value").filter(|role| role.is_string())?.clone();
    Some((role, get_ignore_case(&object, "displayName").cloned()))
}

fn ignore(ignored: &mut Vec<Ignored>, label: &str, name: &str, value: &Value, reason: IgnoredReason) {
    if !is_blank(value) {
        ignored.push(Ignored {
            path: format!("{label}.{name}"),
            reason,
        });
    }
}

/// The elements of a multi-valued attribute, without empty and repeated ones.
///
/// # Errors
/// 400 `invalidValue` also when more than one element is primary (RFC 7643 §2.4).
pub fn list(attribute: &Attribute, label: &str, value: &Value, ignored: &mut Vec<Ignored>) -> Result<Vec<Value>, ScimError> {
    if let ValueForm::CommaSet { .. } = attribute.form {
        let (SetInput::Whole(items) | SetInput::Items(items)) = comma_set(label, value)?;
        return Ok(items.into_iter().map(Value::from).collect());
    }
    let items: &[Value] = match value {
        Value::Array(items) => items,
        // OneLogin sends one object instead of a list.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => std::slice::from_ref(value),
    };
    let mut result: Vec<Value> = Vec::with_capacity(items.len());
    let mut seen = std::collections::HashSet::new();
    for item in items.iter().filter(|item| !is_blank(item)) {
        let item = if attribute.is_complex() {
            element(attribute, label, item, ignored)?
                .filter(|element| has_content(attribute, element))
                .map(Value::Object)
        } else {
            simple(attribute, label, item)?
        };
        if let Some(item) = item
            && seen.insert(item.to_string())
        {
            result.push(item);
        }
    }
    if result.iter().filter(|item| is_primary(item)).count() > 1 {
        return Err(ScimError::invalid_value(format!(
            "{label}: more than one value is marked as primary."
        )));
    }
    Ok(result)
}

/// Whether an element is marked as the primary one.
pub fn is_primary(element: &Value) -> bool {
    element.get("primary") == Some(&Value::Bool(true))
}

/// Whether an element says anything beyond its role among the others.
pub fn has_content(attribute: &Attribute, element: &Resource) -> bool {
    if attribute.sub("value").is_some() {
        return element.contains_key("value");
    }
    element
        .keys()
        .any(|name| !matches!(name.as_str(), "type" | "primary" | "display" | "$ref"))
}

/// A list that may come as one comma-joined string.
#[derive(Debug, PartialEq, Eq)]
pub enum SetInput {
    /// A plain string: the whole set.
    Whole(Vec<String>),
    /// An array: as the operation says.
    Items(Vec<String>),
}

/// Reads a comma set: strings, `{"value": …}` objects, or one comma-joined string, which old Entra jobs wrap as they wrap every
/// single-valued attribute; trimmed, without empties and doubles.
pub fn comma_set(label: &str, value: &Value) -> Result<SetInput, ScimError> {
    let whole = |text: &str| SetInput::Whole(tidy(text.split(',').map(str::to_owned)));
    match value {
        Value::Null => Ok(SetInput::Items(Vec::new())),
        Value::String(text) => Ok(whole(text)),
        Value::Array(items) => {
            if let [only] = items.as_slice()
                && let Some(text) = legacy_wrapped(only)
            {
                return Ok(whole(text));
            }
            let texts: Result<Vec<String>, ScimError> = items.iter().map(|item| set_item(label, item)).collect();
            Ok(SetInput::Items(tidy(texts?)))
        }
        Value::Object(_) => match legacy_wrapped(value) {
            Some(text) => Ok(whole(text)),
            None => Ok(SetInput::Items(tidy([set_item(label, value)?]))),
        },
        Value::Bool(_) | Value::Number(_) => Err(wrong_type(label, "a list of texts", value)),
    }
}

/// The text in `{"$ref": null, "value": "…"}`, which is how old Entra jobs wrap a single-valued attribute.
fn legacy_wrapped(value: &Value) -> Option<&str> {
    let object = value.as_object()?;
    get_ignore_case(object, "$ref").filter(|reference| reference.is_null())?;
    get_ignore_case(object, "value")?.as_str()
}

fn set_item(label: &str, item: &Value) -> Result<String, ScimError> {
    match unwrap(label, item)? {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        other => Err(wrong_type(label, "text", other)),
    }
}

fn tidy(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let trimmed = texts.into_iter().map(|text| text.trim().to_owned());
    trimmed.filter(|text| !text.is_empty() && seen.insert(text.clone())).collect()
}
