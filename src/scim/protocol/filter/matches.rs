//! Evaluation of a filter in memory (RFC 7644 §3.4.2.2).
//!
//! PATCH value paths are evaluated here, and a store's translation can be tested against this.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::super::path::AttrPath;
use super::super::text::fold;
use super::{AttrRef, CompareOp, CompareValue, Filter, FilterPath};

/// What paths are relative to.
#[derive(Clone, Copy)]
enum Scope<'v> {
    Resource(&'v Value),
    Element(&'v Value),
}

impl Filter {
    /// Whether a resource in canonical form satisfies the filter.
    ///
    /// A multi-valued attribute satisfies a comparison when any element does. An attribute without value satisfies
    /// `eq null` and `ne` anything but null, and no other comparison.
    pub fn matches(&self, resource: &Value) -> bool {
        self.evaluate(Scope::Resource(resource))
    }

    /// Whether one element of a multi-valued attribute satisfies the inside of a value path.
    pub fn matches_element(&self, element: &Value) -> bool {
        self.evaluate(Scope::Element(element))
    }

    fn evaluate(&self, scope: Scope<'_>) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.evaluate(scope)),
            Self::Or(parts) => parts.iter().any(|part| part.evaluate(scope)),
            Self::Not(inner) => !inner.evaluate(scope),
            Self::Compare { path, op, value } => match path {
                FilterPath::Known(attribute) => compare(&values(attribute, scope), *op, value, attribute.case_exact),
                FilterPath::Unknown(_) => compare(&[], *op, value, false),
            },
            Self::Present {
                path: FilterPath::Known(attribute),
            } => !values(attribute, scope).is_empty(),
            Self::ValuePath {
                path: FilterPath::Known(attribute),
                filter,
            } => values(attribute, scope)
                .into_iter()
                .any(|element| filter.evaluate(Scope::Element(element))),
            Self::Present {
                path: FilterPath::Unknown(_),
            }
            | Self::ValuePath {
                path: FilterPath::Unknown(_),
                ..
            } => false,
        }
    }
}

/// The non-empty values at a path; elements when the path names a list as a whole.
fn values<'v>(attribute: &AttrRef, scope: Scope<'v>) -> Vec<&'v Value> {
    let path = &attribute.path;
    let top = match scope {
        Scope::Resource(resource) => lookup(resource, path),
        Scope::Element(element) => Some(element),
    };
    let items: Vec<&Value> = match top {
        None => Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(single) => vec![single],
    };
    let leaves = items.into_iter().filter_map(|item| match &path.sub {
        Some(sub) => item.get(sub),
        None => Some(item),
    });
    leaves.filter(|value| !is_empty(value)).collect()
}

fn lookup<'v>(resource: &'v Value, path: &AttrPath) -> Option<&'v Value> {
    let Some(urn) = &path.extension else {
        return resource.get(&path.name);
    };
    let extension = resource.get(urn)?.as_object()?;
    // Dynamic keys keep the case in which they were first sent.
    extension.get(&path.name).or_else(|| {
        extension
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(&path.name))
            .map(|(_, value)| value)
    })
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn compare(values: &[&Value], op: CompareOp, value: &CompareValue, case_exact: bool) -> bool {
    match (op, value, values.is_empty()) {
        (CompareOp::Eq, CompareValue::Null, absent) => absent,
        (CompareOp::Ne, CompareValue::Null, absent) => !absent,
        (CompareOp::Ne, _, true) => true,
        (_, _, _) => values.iter().any(|stored| compare_one(stored, op, value, case_exact)),
    }
}

fn compare_one(stored: &Value, op: CompareOp, value: &CompareValue, case_exact: bool) -> bool {
    match value {
        CompareValue::Null => false,
        CompareValue::Bool(wanted) => stored.as_bool().is_some_and(|stored| ordered(&stored, op, wanted)),
        CompareValue::Number(wanted) => stored.as_f64().is_some_and(|stored| ordered(&stored, op, wanted)),
        CompareValue::DateTime(wanted) => time(stored).is_some_and(|stored| ordered(&stored, op, wanted)),
        CompareValue::Text(wanted) => stored.as_str().is_some_and(|stored| {
            if case_exact {
                text(stored, op, wanted)
            } else {
                text(&fold(stored), op, &fold(wanted))
            }
        }),
    }
}

fn time(stored: &Value) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(stored.as_str()?)
        .ok()
        .map(|time| time.with_timezone(&Utc))
}

fn text(stored: &str, op: CompareOp, wanted: &str) -> bool {
    match op {
        CompareOp::Co => stored.contains(wanted),
        CompareOp::Sw => stored.starts_with(wanted),
        CompareOp::Ew => stored.ends_with(wanted),
        CompareOp::Eq | CompareOp::Ne | CompareOp::Gt | CompareOp::Ge | CompareOp::Lt | CompareOp::Le => {
            ordered(stored, op, wanted)
        }
    }
}

fn ordered<T: PartialOrd + ?Sized>(stored: &T, op: CompareOp, wanted: &T) -> bool {
    match op {
        CompareOp::Eq => stored == wanted,
        CompareOp::Ne => stored != wanted,
        CompareOp::Gt => stored > wanted,
        CompareOp::Ge => stored >= wanted,
        CompareOp::Lt => stored < wanted,
        CompareOp::Le => stored <= wanted,
        // Text only; refused for other types when the filter was resolved.
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => false,
    }
}
