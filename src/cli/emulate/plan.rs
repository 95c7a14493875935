//! From the difference between two views of a user to PATCH operations. Pure.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::compare::{differences, is_empty};
use super::dialect::{Dialect, METADATA, Op};

/// The operations that bring what the server shows to what is expected; none if nothing differs.
///
/// Entra writes `Add` where the server shows no value and `Replace` where it shows one. A source without a value is
/// skipped: Entra sends no `Remove` for nulls (Learn, "Customize attribute mappings").
#[must_use]
pub fn update_operations(dialect: Dialect, expected: &Value, shown: &Value) -> Vec<Value> {
    let wanted = leaves(expected);
    let found = leaves(shown);
    let mut operations = Vec::new();
    let mut members = Map::new();
    for (path, value) in wanted {
        let current = found.get(&path).cloned().unwrap_or(Value::Null);
        if is_empty(&value) || differences(&value, &current).is_empty() {
            continue;
        }
        // Lists and typed elements keep a path of their own in both dialects; everything else shares one object.
        let has_own_path = value.is_array() || path.contains('[') || path.starts_with(METADATA);
        if dialect == Dialect::Flag && !has_own_path {
            members.insert(path, value);
            continue;
        }
        // A list is sent as the full set, which only `Replace` means.
        let op = if is_empty(&current) && !value.is_array() {
            Op::Add
        } else {
            Op::Replace
        };
        let value = value.as_bool().map_or(value, |value| dialect.boolean(value));
        operations.push(dialect.at(op, &path, value));
    }
    if !members.is_empty() {
        operations.push(json!({ "op": dialect.spell(Op::Replace), "value": members }));
    }
    operations
}

/// A resource as PATCH path → value: sub-attributes dotted, typed elements by value path, extension attributes by URN.
fn leaves(resource: &Value) -> BTreeMap<String, Value> {
    let mut leaves = BTreeMap::new();
    for (name, value) in resource.as_object().into_iter().flatten() {
        match value {
            Value::Object(members) => {
                let separator = if name.starts_with("urn:") { ':' } else { '.' };
                for (inner, value) in members {
                    leaves.insert(format!("{name}{separator}{inner}"), value.clone());
                }
            }
            Value::Array(elements) if matches!(name.as_str(), "emails" | "phoneNumbers" | "addresses") => {
                for element in elements {
                    typed_leaves(name, element, &mut leaves);
                }
            }
            other => drop(leaves.insert(name.clone(), other.clone())),
        }
    }
    leaves
}

fn typed_leaves(name: &str, element: &Value, leaves: &mut BTreeMap<String, Value>) {
    let kind = element.get("type").and_then(Value::as_str).unwrap_or_default();
    for (sub, value) in element.as_object().into_iter().flatten() {
        if !matches!(sub.as_str(), "type" | "primary") {
            leaves.insert(format!("{name}[type eq \"{kind}\"].{sub}"), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_when_nothing_differs() {
        let user = json!({ "displayName": "A", "emails": [{ "type": "work", "value": "a@b.c" }], "title": null });
        assert!(update_operations(Dialect::Legacy, &user, &user).is_empty());
    }

    #[test]
    fn legacy_adds_what_is_missing_and_replaces_what_is_there() {
        let expected = json!({ "displayName": "B", "title": "T", "active": false });
        let shown = json!({ "displayName": "A", "active": true });
        let operations = update_operations(Dialect::Legacy, &expected, &shown);
        assert_eq!(
            operations,
            vec![
                json!({ "op": "Replace", "path": "active", "value": "False" }),
                json!({ "op": "Replace", "path": "displayName", "value": "B" }),
                json!({ "op": "Add", "path": "title", "value": "T" }),
            ]
        );
    }

    #[test]
    fn flag_puts_simple_attributes_into_one_operation() {
        let expected = json!({ "displayName": "B", "name": { "givenName": "G" }, "emails": [{ "type": "work", "value": "x" }] });
        let operations = update_operations(Dialect::Flag, &expected, &json!({}));
        assert_eq!(
            operations,
            vec![
                json!({ "op": "add", "path": "emails[type eq \"work\"].value", "value": "x" }),
                json!({ "op": "replace", "value": { "displayName": "B", "name.givenName": "G" } }),
            ]
        );
    }
}
