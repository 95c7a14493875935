//! Comparing what the server shows with what was sent.
//!
//! Entra compares the answer with its own values in every cycle and patches every difference, so a value must come back
//! verbatim (Learn, "Develop and plan provisioning for a SCIM endpoint"). Absent, null, "" and [] are the same (RFC 7643
//! section 2.5). Members the server adds of its own are not looked at.

use serde_json::Value;

/// Whether a value counts as unassigned.
#[must_use]
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// All places where `actual` does not show what `expected` holds, as `path: expected …, found …`.
#[must_use]
pub fn differences(expected: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect("", expected, actual, &mut found);
    found
}

fn collect(path: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    match (expected, actual) {
        (expected, actual) if is_empty(expected) && is_empty(actual) => {}
        (Value::Object(wanted), actual) => {
            for (name, value) in wanted {
                let inner = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                collect(&inner, value, actual.get(name).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(wanted), Value::Array(shown)) => collect_list(path, wanted, shown, found),
        (expected, actual) if expected == actual => {}
        (expected, actual) => found.push(format!("{path}: expected {}, found {}", short(expected), short(actual))),
    }
}

/// Lists have no order: every expected element must have its own match, and none may be left over.
fn collect_list(path: &str, wanted: &[Value], shown: &[Value], found: &mut Vec<String>) {
    let mut rest: Vec<&Value> = shown.iter().collect();
    for value in wanted {
        match rest.iter().position(|candidate| differences(value, candidate).is_empty()) {
            Some(index) => {
                rest.remove(index);
            }
            None => found.push(format!(
                "{path}: {} is missing in {}",
                short(value),
                short(&Value::Array(shown.to_vec()))
            )),
        }
    }
    if wanted.len() < shown.len() {
        found.push(format!("{path}: {} elements expected, {} found", wanted.len(), shown.len()));
    }
}

/// A value as it fits into a report line.
#[must_use]
pub fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 160 {
        return text;
    }
    let mut cut: String = text.chars().take(157).collect();
    cut.push('…');
    cut
}

/// Something that must be true of a resource after a change.
#[derive(Debug, Clone)]
pub enum Want {
    /// A top-level attribute has this value; null means unassigned.
    Attr(&'static str, Value),
    /// A sub-attribute has this value.
    Sub(&'static str, &'static str, Value),
    /// An attribute of an extension has this value.
    Ext(String, String, Value),
    /// The one element of this type has this value in a sub-attribute.
    Typed {
        /// Multi-valued attribute.
        attribute: &'static str,
        /// `type` of the element; there must be exactly one.
        kind: &'static str,
        /// Sub-attribute to look at.
        sub: &'static str,
        /// Its value; null means that the element or its value is absent.
        value: Value,
    },
    /// These and no other `value`s, in any order.
    Values(&'static str, Vec<String>),
    /// The `value` of the only primary element; none if `None`.
    Primary(&'static str, Option<&'static str>),
}

impl Want {
    /// An attribute of the enterprise extension.
    #[must_use]
    pub fn enterprise(attribute: &str, value: Value) -> Self {
        Self::Ext(super::dialect::ENTERPRISE.to_owned(), attribute.to_owned(), value)
    }

    /// The work element of `emails`.
    #[must_use]
    pub fn work_mail(value: &str) -> Self {
        Self::Typed {
            attribute: "emails",
            kind: "work",
            sub: "value",
            value: value.into(),
        }
    }

    /// What is wrong, if anything.
    #[must_use]
    pub fn problem(&self, resource: &Value) -> Option<String> {
        match self {
            Self::Attr(name, value) => unequal(name, value, resource.get(name)),
            Self::Sub(name, sub, value) => unequal(
                &format!("{name}.{sub}"),
                value,
                resource.get(name).and_then(|inner| inner.get(sub)),
            ),
            Self::Ext(urn, name, value) => unequal(
                &format!("{urn}:{name}"),
                value,
                resource.get(urn).and_then(|extension| extension.get(name)),
            ),
            Self::Typed {
                attribute,
                kind,
                sub,
                value,
            } => {
                let elements: Vec<&Value> = elements(resource, attribute)
                    .iter()
                    .filter(|item| item.get("type").is_some_and(|shown| shown == kind))
                    .collect();
                let label = format!("{attribute}[type eq \"{kind}\"].{sub}");
                match elements.as_slice() {
                    [] => unequal(&label, value, None),
                    [one] => unequal(&label, value, one.get(sub)),
                    many => Some(format!("{attribute} holds {} elements of type \"{kind}\"", many.len())),
                }
            }
            Self::Values(attribute, wanted) => {
                let mut wanted = wanted.clone();
                let mut shown = values(resource, attribute);
                wanted.sort();
                shown.sort();
                (wanted != shown).then(|| format!("{attribute}: expected {wanted:?}, found {shown:?}"))
            }
            Self::Primary(attribute, wanted) => {
                let primary: Vec<&Value> = elements(resource, attribute)
                    .iter()
                    .filter(|item| item.get("primary") == Some(&Value::Bool(true)))
                    .collect();
                let shown: Vec<&str> = primary
                    .iter()
                    .filter_map(|item| item.get("value").and_then(Value::as_str))
                    .collect();
                let wanted: Vec<&str> = wanted.iter().copied().collect();
                (wanted != shown).then(|| format!("{attribute}: expected primary {wanted:?}, found {shown:?}"))
            }
        }
    }
}

/// The `value`s of a multi-valued attribute.
#[must_use]
pub fn values(resource: &Value, attribute: &str) -> Vec<String> {
    elements(resource, attribute)
        .iter()
        .filter_map(|item| item.get("value").and_then(Value::as_str))
        .map(str::to_owned)
        .collect()
}

fn elements<'v>(resource: &'v Value, attribute: &str) -> &'v [Value] {
    resource.get(attribute).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn unequal(label: &str, wanted: &Value, shown: Option<&Value>) -> Option<String> {
    let shown = shown.unwrap_or(&Value::Null);
    let mut found = Vec::new();
    collect(label, wanted, shown, &mut found);
    (!found.is_empty()).then(|| found.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn absent_null_and_empty_are_the_same() {
        let expected = json!({ "title": null, "roles": [], "name": { "formatted": "" } });
        assert!(differences(&expected, &json!({ "id": "1" })).is_empty());
    }

    #[test]
    fn lists_match_in_any_order_and_nothing_may_be_left_over() {
        let expected = json!({ "folders": ["A", "B"] });
        assert!(differences(&expected, &json!({ "folders": ["B", "A"] })).is_empty());
        assert_eq!(differences(&expected, &json!({ "folders": ["B"] })).len(), 1);
        assert_eq!(differences(&expected, &json!({ "folders": ["B", "A", "C"] })).len(), 1);
        assert_eq!(differences(&json!({ "folders": [] }), &json!({ "folders": ["C"] })).len(), 1);
    }

    #[test]
    fn a_reformatted_phone_number_is_a_difference() {
        let expected = json!({ "phoneNumbers": [{ "type": "work", "value": "+1 (425) 555-0100" }] });
        let shown = json!({ "phoneNumbers": [{ "type": "work", "value": "+14255550100", "primary": true }] });
        assert_eq!(differences(&expected, &shown).len(), 1);
    }

    #[test]
    fn a_typed_element_must_be_the_only_one_of_its_type() {
        let want = Want::work_mail("a@b.c");
        assert!(
            want.problem(&json!({ "emails": [{ "type": "work", "value": "a@b.c" }] }))
                .is_none()
        );
        assert!(
            want.problem(&json!({ "emails": [{ "type": "work", "value": "a@b.c" }, { "type": "work", "value": "x" }] }))
                .is_some()
        );
        assert!(want.problem(&json!({})).is_some());
    }
}
