//! Writes to and removes from the elements of a multi-valued attribute.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::super::error::ScimError;
use super::super::filter::Filter;
use super::super::path::Target;
use super::super::schema::{Attribute, ValueForm};
use super::super::text::fold;
use super::edit::{Edit, Mode, agrees, merge_object, set_sub};
use super::{Resource, coerce, holds_nothing, is_blank};

/// The sub-attributes by which an element is told.
type Parts = Vec<(String, Value)>;

/// Most elements to remove that are told by something else than their `value`.
const MAX_VAGUE: usize = 20;

fn rest(items: Vec<Value>) -> Option<Value> {
    (!items.is_empty()).then_some(Value::Array(items))
}

fn no_target(label: &str) -> ScimError {
    ScimError::no_target(format!("{label}: no value matches the filter."))
}

/// Adds elements; one that is there already is completed instead of repeated (RFC 7643 §2.4).
pub fn merge(attribute: &Attribute, mut items: Vec<Value>, added: Vec<Value>) -> Vec<Value> {
    // An index, so that long lists do not cost their product.
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        places.entry(identity(attribute, item)).or_default().push(at);
    }
    for new in added {
        let primary = coerce::is_primary(&new);
        let candidates = places.entry(identity(attribute, &new)).or_default();
        let same = |at: &usize| items.get(*at).is_some_and(|old| is_same(attribute, old, &new));
        let at = candidates.iter().copied().find(same).unwrap_or(items.len());
        match (items.get_mut(at), new) {
            (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
            (Some(old), new) => *old = new,
            (None, new) => {
                candidates.push(at);
                items.push(new);
            }
        }
        if primary {
            demote_others(&mut items, at);
        }
    }
    items
}

/// A key that is equal for equal elements; unequal ones may share it.
fn identity(attribute: &Attribute, item: &Value) -> String {
    let value = attribute.sub("value").and_then(|_| item.get("value")).and_then(Value::as_str);
    value.map_or_else(|| item.to_string(), fold)
}

/// A new primary value makes the others not primary (RFC 7644 §3.5.2).
fn demote_others(items: &mut [Value], keep: usize) {
    for (at, item) in items.iter_mut().enumerate() {
        if at != keep
            && coerce::is_primary(item)
            && let Some(object) = item.as_object_mut()
        {
            object.insert("primary".to_owned(), Value::Bool(false));
        }
    }
}

fn is_same(attribute: &Attribute, old: &Value, new: &Value) -> bool {
    let (Some(old_object), Some(new_object)) = (old.as_object(), new.as_object()) else {
        return old == new;
    };
    if attribute.sub("value").is_none() {
        return old == new;
    }
    let mut wanted = Vec::new();
    for name in ["value", "type"] {
        // A missing type is no different type.
        if let Some(value) = new_object.get(name)
            && (name == "value" || old_object.contains_key(name))
        {
            wanted.push((name.to_owned(), value.clone()));
        }
    }
    agrees(attribute, old, &wanted)
}

fn matching(items: &[Value], filter: &Filter) -> Vec<usize> {
    let found = items.iter().enumerate().filter(|(_, item)| filter.matches_element(item));
    found.map(|(at, _)| at).collect()
}

/// The element that a filter made of `eq` describes.
fn described(target: &Target<'_>, filter: &Filter, label: &str) -> Result<Option<Resource>, ScimError> {
    let mut element = Resource::new();
    let Some(equalities) = filter.equalities() else {
        return Ok(None);
    };
    for (path, value) in equalities {
        let sub = path.path.sub.as_deref().and_then(|name| target.attribute.sub(name));
        let Some(sub) = sub.filter(|sub| !sub.is_read_only()) else {
            return Ok(None);
        };
        set_sub(target.attribute, sub, label, &value.to_json(), &mut element)?;
    }
    Ok(Some(element).filter(|element| filter.matches_element(&Value::Object(element.clone()))))
}

/// Writes to the elements that match a filter.
///
/// When none does and the filter says only what equals what, the element is created: RFC 7644 §3.5.2.3 answers
/// `noTarget`, but Entra relies on creation for `replace` as for `add`.
pub fn write_matching(
    target: &Target<'_>,
    filter: &Filter,
    mode: Mode,
    value: &Value,
    items: Vec<Value>,
    edit: &mut Edit<'_>,
) -> Result<Option<Value>, ScimError> {
    let attribute = target.attribute;
    let label = target.path.to_string();
    let found = matching(&items, filter);
    if !attribute.is_complex() {
        return write_simple(attribute, filter, &label, mode, value, items, &found);
    }
    if holds_nothing(value) {
        return remove_found(attribute, target.sub, items, &found);
    }
    let mut items = items;
    let template = described(target, filter, &label)?;
    let mut places = found;
    if places.is_empty() {
        let new = template.clone().filter(|_| !edit.strict).ok_or_else(|| no_target(&label))?;
        places.push(items.len());
        items.push(Value::Object(new));
    }
    for &at in &places {
        let Some(Value::Object(element)) = items.get_mut(at) else {
            continue;
        };
        match target.sub {
            Some(sub) => set_sub(attribute, sub, &label, value, element)?,
            None => {
                if mode == Mode::Replace {
                    // The whole element is replaced, but stays the one that the path describes.
                    *element = template.clone().unwrap_or_default();
                }
                merge_object(attribute, &label, value, element, edit)?;
            }
        }
    }
    let primaries: Vec<usize> = places
        .iter()
        .copied()
        .filter(|&at| items.get(at).is_some_and(coerce::is_primary))
        .collect();
    match primaries.as_slice() {
        [] => {}
        [one] => demote_others(&mut items, *one),
        [_, _, ..] => {
            return Err(ScimError::invalid_value(format!(
                "{label}: more than one value would be primary."
            )));
        }
    }
    if target.sub.is_none() {
        // Unlike a path to a sub-attribute, which the next operation may complete, a whole element must say something.
        items.retain(|item| {
            item.as_object()
                .is_some_and(|element| coerce::has_content(attribute, element))
        });
    }
    Ok(rest(items))
}

fn write_simple(
    attribute: &Attribute,
    filter: &Filter,
    label: &str,
    mode: Mode,
    value: &Value,
    mut items: Vec<Value>,
    found: &[usize],
) -> Result<Option<Value>, ScimError> {
    let Some(value) = coerce::simple(attribute, label, value)? else {
        return remove_found(attribute, None, items, found);
    };
    if found.is_empty() && !filter.matches_element(&value) {
        return Err(no_target(label));
    }
    if mode == Mode::Replace {
        items = without(items, found);
    }
    Ok(rest(merge(attribute, items, vec![value])))
}

fn without(items: Vec<Value>, places: &[usize]) -> Vec<Value> {
    let kept = items.into_iter().enumerate().filter(|(at, _)| !places.contains(at));
    kept.map(|(_, item)| item).collect()
}

/// Removes elements, or a sub-attribute of them; an element left without content goes too.
fn remove_found(
    attribute: &Attribute,
    sub: Option<&Attribute>,
    mut items: Vec<Value>,
    places: &[usize],
) -> Result<Option<Value>, ScimError> {
    let Some(sub) = sub else {
        return Ok(rest(without(items, places)));
    };
    let mut emptied = Vec::new();
    for &at in places {
        if let Some(Value::Object(element)) = items.get_mut(at) {
            element.remove(sub.name.as_ref());
            if !coerce::has_content(attribute, element) {
                emptied.push(at);
            }
        }
    }
    Ok(rest(without(items, &emptied)))
}

/// Removes the elements that match a filter, or a sub-attribute of them. None matching is the wanted state already.
pub fn remove_matching(
    attribute: &Attribute,
    filter: &Filter,
    sub: Option<&Attribute>,
    label: &str,
    strict: bool,
    items: Vec<Value>,
) -> Result<Option<Value>, ScimError> {
    let found = matching(&items, filter);
    if found.is_empty() && strict {
        return Err(no_target(label));
    }
    remove_found(attribute, sub, items, &found)
}

/// Writes a sub-attribute without saying of which element: possible as long as there is at most one.
pub fn write_each(
    attribute: &Attribute,
    sub: &Attribute,
    label: &str,
    value: &Value,
    mut items: Vec<Value>,
) -> Result<Option<Value>, ScimError> {
    if holds_nothing(value) {
        return Ok(remove_each(attribute, sub, items));
    }
    if items.is_empty() {
        items.push(Value::Object(Resource::new()));
    }
    match items.as_mut_slice() {
        [Value::Object(element)] => set_sub(attribute, sub, label, value, element)?,
        _ => {
            let detail = format!(
                "{label}: there are several values; name one, as in {}[type eq \"work\"].",
                attribute.name
            );
            return Err(ScimError::invalid_path(detail));
        }
    }
    Ok(rest(items))
}

/// Removes a sub-attribute of every element.
pub fn remove_each(attribute: &Attribute, sub: &Attribute, items: Vec<Value>) -> Option<Value> {
    let stripped = items.into_iter().filter_map(|mut item| {
        let element = item.as_object_mut()?;
        element.remove(sub.name.as_ref());
        coerce::has_content(attribute, element).then_some(item)
    });
    rest(stripped.collect())
}

/// Removes the elements that the value of a `remove` operation lists; one that is not there is the wanted state already.
pub fn remove_listed(
    attribute: &Attribute,
    label: &str,
    value: &Value,
    mut items: Vec<Value>,
) -> Result<Option<Value>, ScimError> {
    if let ValueForm::CommaSet { .. } = attribute.form {
        let (coerce::SetInput::Whole(names) | coerce::SetInput::Items(names)) = coerce::comma_set(label, value)?;
        items.retain(|item| !item.as_str().is_some_and(|item| names.iter().any(|name| name == item)));
        return Ok(rest(items));
    }
    let listed: &[Value] = match value {
        Value::Array(listed) => listed,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => std::slice::from_ref(value),
    };
    if !attribute.is_complex() {
        let wanted: Result<HashSet<String>, ScimError> = listed
            .iter()
            .map(|item| Ok(coerce::simple(attribute, label, item)?.unwrap_or_default().to_string()))
            .collect();
        let wanted = wanted?;
        items.retain(|item| !wanted.contains(&item.to_string()));
        return Ok(rest(items));
    }
    let (mut by_value, mut others) = (HashMap::<String, Vec<Parts>>::new(), Vec::new());
    for item in listed {
        let mut parts = coerce::parts(attribute, label, item)?;
        // What identifies a value, without what only describes it.
        parts.retain(|(name, value)| {
            let descriptive = ["$ref", "display", "primary"]
                .iter()
                .any(|other| name.eq_ignore_ascii_case(other));
            !descriptive && !is_blank(value) && attribute.sub(name).is_some()
        });
        match parts.first() {
            None => {
                let detail = format!("{label}: a listed value does not say which one to remove.");
                return Err(ScimError::invalid_value(detail));
            }
            Some((name, Value::String(value))) if name.eq_ignore_ascii_case("value") => {
                by_value.entry(fold(value)).or_default().push(parts);
            }
            Some(_) => others.push(parts),
        }
    }
    if others.len() > MAX_VAGUE {
        let detail = format!("{label}: more than {MAX_VAGUE} listed values without their \"value\".");
        return Err(ScimError::too_large(detail));
    }
    items.retain(|item| {
        let named = by_value.get(&identity(attribute, item)).into_iter().flatten();
        !named.chain(&others).any(|parts| agrees(attribute, item, parts))
    });
    Ok(rest(items))
}
