//! Writes to and removes from one attribute of a resource (RFC 7644 §3.5.2.1–§3.5.2.3, tolerant reading).
//!
//! An attribute's value is taken out, a new one is computed and put back; a failed computation leaves the resource
//! half-written, so callers work on a copy.

use serde_json::Value;

use super::super::error::ScimError;
use super::super::filter::Filter;
use super::super::path::{AttrPath, Target};
use super::super::schema::{Attribute, Mutability, ValueForm};
use super::super::text::eq_folded;
use super::{Ignored, IgnoredReason, Resource, coerce, elements, get_ignore_case, is_blank};

/// Most attributes in one extension object; matters for extensions with dynamic keys.
pub const MAX_KEYS: usize = 1000;

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Add to what is there (RFC 7644 §3.5.2.1).
    Add,
    /// Put in place of what is there (RFC 7644 §3.5.2.3).
    Replace,
}

/// Circumstances of a write.
pub struct Edit<'a> {
    /// Follow the letter where the tolerant reading differs.
    pub strict: bool,
    /// The resource is being made from a POST or PUT body: blank values are absent instead of clearing.
    pub fresh: bool,
    /// Collects what had no effect.
    pub ignored: &'a mut Vec<Ignored>,
}

/// Writes a value to an attribute, a sub-attribute, or the elements that match a filter.
pub fn write(
    resource: &mut Resource,
    target: &Target<'_>,
    filter: Option<&Filter>,
    mode: Mode,
    value: &Value,
    edit: &mut Edit<'_>,
) -> Result<(), ScimError> {
    check_writable(target)?;
    let attribute = target.attribute;
    let label = target.path.to_string();
    update(resource, &target.path, |current| {
        let before = (attribute.mutability == Mutability::Immutable)
            .then(|| current.clone())
            .flatten();
        let after = match (filter, target.sub) {
            (Some(filter), _) => elements::write_matching(target, filter, mode, value, list_of(current), edit)?,
            (None, Some(sub)) if attribute.multi_valued => elements::write_each(attribute, sub, &label, value, list_of(current))?,
            (None, Some(sub)) => {
                let mut object = object_of(current);
                set_sub(attribute, sub, &label, value, &mut object)?;
                (!object.is_empty()).then_some(Value::Object(object))
            }
            (None, None) if attribute.multi_valued => write_list(attribute, &label, mode, value, current, edit)?,
            (None, None) if attribute.is_complex() => {
                let mut object = if edit.strict && mode == Mode::Replace {
                    Resource::new()
                } else {
                    object_of(current)
                };
                // Clearing with "" or null clears the whole, as Entra does with `manager`.
                if is_blank(value) {
                    object.clear();
                }
                merge_object(attribute, &label, value, &mut object, edit)?;
                (!object.is_empty()).then_some(Value::Object(object))
            }
            (None, None) => coerce::simple(attribute, &label, value)?,
        };
        if after.is_none() && is_indispensable(target) {
            return Err(ScimError::invalid_value(format!(
                "{label} is required and cannot be emptied."
            )));
        }
        if before.is_some() && before != after {
            return Err(ScimError::mutability(format!("{label} cannot be changed once it is set.")));
        }
        Ok(after)
    })
}

/// Removes an attribute, a sub-attribute, the elements that match a filter, or the elements listed in `value`.
pub fn remove(
    resource: &mut Resource,
    target: &Target<'_>,
    filter: Option<&Filter>,
    value: Option<&Value>,
    strict: bool,
) -> Result<(), ScimError> {
    check_writable(target)?;
    let attribute = target.attribute;
    let label = target.path.to_string();
    if is_indispensable(target) && target.sub.is_none() && filter.is_none() {
        return Err(ScimError::mutability(format!("{label} is required and cannot be removed.")));
    }
    update(resource, &target.path, |current| match (filter, target.sub) {
        (Some(filter), sub) => elements::remove_matching(attribute, filter, sub, &label, strict, list_of(current)),
        (None, Some(sub)) if attribute.multi_valued => Ok(elements::remove_each(attribute, sub, list_of(current))),
        (None, Some(sub)) => {
            let mut object = object_of(current);
            object.remove(sub.name.as_ref());
            Ok((!object.is_empty()).then_some(Value::Object(object)))
        }
        // Entra and JumpCloud list what to remove in `value`; the plain RFC reading would empty the attribute.
        (None, None) if attribute.multi_valued => match value.filter(|value| !value.is_null()) {
            Some(value) => elements::remove_listed(attribute, &label, value, list_of(current)),
            None => Ok(None),
        },
        (None, None) => Ok(None),
    })
}

/// What an extension requires, it requires only while a resource has it: without its last attribute the extension goes.
fn is_indispensable(target: &Target<'_>) -> bool {
    target.attribute.required && target.path.extension.is_none()
}

fn check_writable(target: &Target<'_>) -> Result<(), ScimError> {
    if target.attribute.is_read_only() || target.sub.is_some_and(Attribute::is_read_only) {
        return Err(ScimError::mutability(format!("{} is read-only.", target.path)));
    }
    Ok(())
}

fn update(
    resource: &mut Resource,
    path: &AttrPath,
    change: impl FnOnce(Option<Value>) -> Result<Option<Value>, ScimError>,
) -> Result<(), ScimError> {
    let Some(urn) = &path.extension else {
        let value = change(resource.remove(&path.name))?;
        put(resource, &path.name, value);
        return Ok(());
    };
    let mut extension = object_of(resource.remove(urn));
    // A dynamic key keeps the spelling in which it was first sent; of two spellings in one request the last one wins.
    let key = extension
        .keys()
        .find(|key| eq_folded(key, &path.name))
        .unwrap_or(&path.name)
        .clone();
    if extension.len() >= MAX_KEYS && !extension.contains_key(&key) {
        return Err(ScimError::too_large(format!(
            "{urn} would have more than {MAX_KEYS} attributes."
        )));
    }
    let value = change(extension.remove(&key))?;
    put(&mut extension, &key, value);
    if !extension.is_empty() {
        resource.insert(urn.clone(), Value::Object(extension));
    }
    Ok(())
}

fn put(object: &mut Resource, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(key.to_owned(), value);
    }
}

fn object_of(value: Option<Value>) -> Resource {
    match value {
        Some(Value::Object(object)) => object,
        Some(_) | None => Resource::new(),
    }
}

fn list_of(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(items)) => items,
        Some(_) | None => Vec::new(),
    }
}

/// Writes a multi-valued attribute as a whole.
fn write_list(
    attribute: &Attribute,
    label: &str,
    mode: Mode,
    value: &Value,
    current: Option<Value>,
    edit: &mut Edit<'_>,
) -> Result<Option<Value>, ScimError> {
    // An empty array adds nothing; null and "" clear, whatever the operation.
    let clears = is_blank(value) && !value.is_array();
    let replaces = match attribute.form {
        ValueForm::CommaSet { add_replaces } => {
            add_replaces || matches!(coerce::comma_set(label, value)?, coerce::SetInput::Whole(_))
        }
        ValueForm::Plain | ValueForm::JsonText | ValueForm::Text => false,
    };
    let items = coerce::list(attribute, label, value, edit.ignored)?;
    let merged = match mode {
        Mode::Add if !clears && !replaces => elements::merge(attribute, list_of(current), items),
        Mode::Add | Mode::Replace => items,
    };
    Ok((!merged.is_empty()).then_some(Value::Array(merged)))
}

/// Writes the sub-attributes that `value` names; the others stay (RFC 7644 §3.5.2.3). Blank ones are cleared.
pub fn merge_object(
    attribute: &Attribute,
    label: &str,
    value: &Value,
    object: &mut Resource,
    edit: &mut Edit<'_>,
) -> Result<(), ScimError> {
    if is_blank(value) {
        return Ok(());
    }
    for (name, value) in coerce::parts(attribute, label, value)? {
        let reason = match attribute.sub(&name) {
            Some(sub) if sub.is_read_only() => IgnoredReason::ReadOnly,
            Some(sub) => {
                set_sub(attribute, sub, &format!("{label}.{}", sub.name), &value, object)?;
                continue;
            }
            None => IgnoredReason::Unknown,
        };
        if !is_blank(&value) {
            edit.ignored.push(Ignored {
                path: format!("{label}.{name}"),
                reason,
            });
        }
    }
    Ok(())
}

/// Sets or clears one sub-attribute.
pub fn set_sub(
    attribute: &Attribute,
    sub: &Attribute,
    label: &str,
    value: &Value,
    object: &mut Resource,
) -> Result<(), ScimError> {
    let name = sub.name.as_ref();
    let before = object.remove(name);
    // A role may come as JSON text here too; its label then comes along.
    if attribute.form == ValueForm::JsonText && name == "value" {
        for (part, value) in coerce::parts(attribute, label, value)? {
            if let Some(sub) = attribute.sub(&part)
                && let Some(value) = coerce::simple(sub, label, &value)?
            {
                object.insert(sub.name.to_string(), value);
            }
        }
    } else if let Some(value) = coerce::simple(sub, label, value)? {
        object.insert(name.to_owned(), value);
    }
    let after = object.get(name);
    if sub.mutability == Mutability::Immutable && before.is_some() && before.as_ref() != after {
        return Err(ScimError::mutability(format!("{label} cannot be changed once it is set.")));
    }
    if name == "value" && before.is_some() && before.as_ref() != after {
        // What described the old value does not describe the new one.
        object.remove("$ref");
        object.retain(|key, _| !attribute.sub(key).is_some_and(Attribute::is_read_only));
    }
    Ok(())
}

/// Whether every significant key of `wanted` is in `element`; texts are compared as the schema says.
pub fn agrees(attribute: &Attribute, element: &Value, wanted: &[(String, Value)]) -> bool {
    let Some(element) = element.as_object() else { return false };
    wanted.iter().all(|(name, wanted)| {
        let Some(sub) = attribute.sub(name) else { return true };
        match (get_ignore_case(element, &sub.name), wanted) {
            (Some(Value::String(stored)), Value::String(wanted)) if !sub.case_exact => {
                super::super::text::eq_folded(stored, wanted)
            }
            (Some(stored), wanted) => stored == wanted,
            (None, _) => false,
        }
    })
}
