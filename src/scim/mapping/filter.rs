//! SCIM filters as conditions of the domain (RFC 7644 §3.4.2.2). Names become variants, values stay values (security rule S28).
//!
//! An attribute that no index covers is refused in words instead of being answered with nothing: an empty list would tell the
//! client that there is no such resource. An attribute that no schema knows has no value (RFC 7644 §3.4.2.1).

use serde_json::{Value, json};

use super::super::protocol::filter::{AttrRef, CompareOp, CompareValue, Filter as ScimFilter, FilterPath};
use super::super::protocol::path::AttrPath;
use super::super::protocol::schema::{Attribute, Schema};
use super::super::protocol::{ResourceSchema, ScimError, urn};
use crate::domain::filter::{Filter, GroupAttribute, Operand, Operator, UserAttribute, ValuePart};

/// The most attributes of an extension of which "is it in use" can be asked.
const MAX_ALTERNATIVES: usize = 64;

/// A filter on users.
///
/// # Errors
/// 400 `invalidFilter` for what cannot be asked.
pub(in crate::scim) fn user_filter(filter: &ScimFilter, schema: &ResourceSchema) -> Result<Filter<UserAttribute>, ScimError> {
    translate(filter, &|leaf| user_leaf(leaf, schema))
}

/// A filter on groups.
///
/// # Errors
/// 400 `invalidFilter` for what cannot be asked.
pub(in crate::scim) fn group_filter(filter: &ScimFilter) -> Result<Filter<GroupAttribute>, ScimError> {
    translate(filter, &group_leaf)
}

/// What is asked of one attribute.
#[derive(Clone, Copy)]
enum Ask<'f> {
    Compare(CompareOp, &'f CompareValue),
    Present,
    /// One element meets the whole condition.
    Element(&'f ScimFilter),
}

struct Leaf<'f> {
    path: &'f AttrPath,
    reference: &'f AttrRef,
    ask: Ask<'f>,
    whole: &'f ScimFilter,
}

impl Leaf<'_> {
    fn refused(&self) -> ScimError {
        ScimError::invalid_filter(format!("Cannot filter by {} in this way.", self.path))
    }

    /// The answer for an attribute whose value is the same for every resource.
    fn constant<A>(&self, resource: &Value) -> Filter<A> {
        if self.whole.matches(resource) {
            Filter::everything()
        } else {
            Filter::nothing()
        }
    }

    /// The question about a column.
    fn column<A>(&self, attribute: A) -> Result<Filter<A>, ScimError> {
        match self.ask {
            Ask::Present => Ok(Filter::Present(attribute)),
            Ask::Compare(op, value) => Ok(Filter::Compare {
                attribute,
                operator: operator(op),
                operand: operand(value, self)?,
            }),
            Ask::Element(_) => Err(self.refused()),
        }
    }

    /// The question about an id, which is opaque: it is the same or it is not.
    fn id<A>(&self, attribute: A) -> Result<Filter<A>, ScimError> {
        match self.ask {
            Ask::Compare(CompareOp::Eq | CompareOp::Ne, _) | Ask::Present => self.column(attribute),
            Ask::Compare(..) | Ask::Element(_) => Err(self.refused()),
        }
    }

    /// The question about a list of references, as in Entra's reference check `members eq "…"`.
    fn references<A>(&self, attribute: A) -> Result<Filter<A>, ScimError> {
        match (self.ask, self.path.sub.as_deref()) {
            (Ask::Present, _) => Ok(Filter::Present(attribute)),
            (Ask::Compare(..), Some("value") | None) => self.id(attribute),
            (
                Ask::Element(ScimFilter::Compare {
                    path: FilterPath::Known(inner),
                    op: CompareOp::Eq,
                    value,
                }),
                _,
            ) if inner.path.sub.as_deref() == Some("value") => Ok(Filter::Compare {
                attribute,
                operator: Operator::Equal,
                operand: operand(value, self)?,
            }),
            (Ask::Compare(..) | Ask::Element(_), _) => Err(self.refused()),
        }
    }

    /// `meta`. Everything but the times is derived, and only the type can be told without looking.
    fn meta<A>(&self, resource_type: &str, created: A, changed: A) -> Result<Filter<A>, ScimError> {
        match (self.path.sub.as_deref(), self.ask) {
            (Some("created"), _) => self.column(created),
            (Some("lastModified"), _) => self.column(changed),
            (Some("resourceType"), _) => Ok(self.constant(&json!({ "meta": { "resourceType": resource_type } }))),
            (Some(_) | None, Ask::Present) => Ok(Filter::everything()),
            (Some(_) | None, Ask::Compare(..) | Ask::Element(_)) => Err(self.refused()),
        }
    }
}

fn translate<A>(filter: &ScimFilter, leaf: &dyn Fn(&Leaf<'_>) -> Result<Filter<A>, ScimError>) -> Result<Filter<A>, ScimError> {
    let parts = |parts: &[ScimFilter]| parts.iter().map(|part| translate(part, leaf)).collect::<Result<Vec<_>, _>>();
    let (path, ask) = match filter {
        ScimFilter::And(all) => return Ok(Filter::All(parts(all)?)),
        ScimFilter::Or(any) => return Ok(Filter::Any(parts(any)?)),
        ScimFilter::Not(inner) => return Ok(Filter::Not(Box::new(translate(inner, leaf)?))),
        ScimFilter::Compare { path, op, value } => (path, Ask::Compare(*op, value)),
        ScimFilter::Present { path } => (path, Ask::Present),
        ScimFilter::ValuePath { path, filter } => (path, Ask::Element(filter)),
    };
    match path {
        FilterPath::Known(reference) => leaf(&Leaf {
            path: &reference.path,
            reference,
            ask,
            whole: filter,
        }),
        // No resource has a value, which decides the comparison.
        FilterPath::Unknown(_) if filter.matches(&json!({})) => Ok(Filter::everything()),
        FilterPath::Unknown(_) => Ok(Filter::nothing()),
    }
}

fn user_leaf(leaf: &Leaf<'_>, schema: &ResourceSchema) -> Result<Filter<UserAttribute>, ScimError> {
    if leaf.path.extension.is_some() {
        return values(leaf, schema);
    }
    match (leaf.path.name.as_str(), leaf.path.sub.as_deref()) {
        ("id", _) => leaf.id(UserAttribute::Id),
        ("externalId", _) => leaf.column(UserAttribute::ExternalId),
        ("userName", _) => leaf.column(UserAttribute::UserName),
        ("displayName", _) => leaf.column(UserAttribute::DisplayName),
        ("name", Some("givenName")) => leaf.column(UserAttribute::GivenName),
        ("name", Some("familyName")) => leaf.column(UserAttribute::FamilyName),
        ("active", _) => leaf.column(UserAttribute::IsActive),
        ("userType", _) => leaf.column(UserAttribute::UserType),
        ("groups", _) => leaf.references(UserAttribute::Group),
        ("meta", _) => leaf.meta("User", UserAttribute::CreatedAt, UserAttribute::UpdatedAt),
        ("schemas", _) => schemas(leaf, schema),
        _ => values(leaf, schema),
    }
}

fn group_leaf(leaf: &Leaf<'_>) -> Result<Filter<GroupAttribute>, ScimError> {
    match leaf.path.name.as_str() {
        "id" => leaf.id(GroupAttribute::Id),
        "externalId" => leaf.column(GroupAttribute::ExternalId),
        "displayName" => leaf.column(GroupAttribute::DisplayName),
        "members" => leaf.references(GroupAttribute::Member),
        "meta" => leaf.meta("Group", GroupAttribute::CreatedAt, GroupAttribute::UpdatedAt),
        "schemas" => Ok(leaf.constant(&json!({ "schemas": [urn::GROUP] }))),
        _ => Err(leaf.refused()),
    }
}

/// `schemas`: the core schema is in use always, an extension where one of its attributes has a value.
fn schemas(leaf: &Leaf<'_>, schema: &ResourceSchema) -> Result<Filter<UserAttribute>, ScimError> {
    let holds_for = |id: &str| leaf.whole.matches(&json!({ "schemas": [id] }));
    if holds_for(&schema.core.id) {
        return Ok(Filter::everything());
    }
    let mut any = Vec::new();
    for extension in schema.extensions.iter().filter(|extension| holds_for(&extension.id)) {
        if extension.attributes.len() > MAX_ALTERNATIVES {
            return Err(leaf.refused());
        }
        any.extend(extension.attributes.iter().map(|attribute| has_value(extension, attribute)));
    }
    Ok(Filter::Any(any))
}

fn has_value(extension: &Schema, attribute: &Attribute) -> Filter<UserAttribute> {
    present(format!("{}:{}", extension.id, attribute.name), Filter::everything())
}

fn present(name: String, condition: Filter<ValuePart>) -> Filter<UserAttribute> {
    Filter::Present(UserAttribute::Values {
        name,
        condition: Box::new(condition),
    })
}

/// An attribute that is kept as values: by its value, and within a list by `type` and `primary` as well.
fn values(leaf: &Leaf<'_>, schema: &ResourceSchema) -> Result<Filter<UserAttribute>, ScimError> {
    let path = leaf.path;
    let Some(attribute) = find(path, schema) else {
        return Err(leaf.refused());
    };
    let name = stored_name(path, attribute);
    if attribute.is_complex() && attribute.sub("value").is_none() && attribute.multi_valued {
        // Postal addresses: nothing of them is kept for finding.
        return Err(leaf.refused());
    }
    match leaf.ask {
        Ask::Present if path.sub.is_none() && attribute.is_complex() && attribute.sub("value").is_none() => {
            Ok(any_part(path, attribute))
        }
        Ask::Present => Ok(present(name, value_present(leaf.reference, attribute, leaf)?)),
        Ask::Element(filter) => {
            let element = |inner: &Leaf<'_>| inner.column(value_part(inner.reference, attribute, inner)?);
            Ok(present(name, translate(filter, &element)?))
        }
        Ask::Compare(op, value) => {
            let part = value_part(leaf.reference, attribute, leaf)?;
            let holds = |condition| present(name.clone(), condition);
            let differs = |operator| {
                Ok(Filter::Compare {
                    attribute: part,
                    operator,
                    operand: operand(value, leaf)?,
                })
            };
            Ok(match (op, value) {
                (CompareOp::Eq, CompareValue::Null) => Filter::Not(Box::new(holds(Filter::Present(part)))),
                (CompareOp::Ne, CompareValue::Null) => holds(Filter::Present(part)),
                // What has no value is unlike every value.
                (CompareOp::Ne, _) => Filter::Any(vec![
                    Filter::Not(Box::new(holds(Filter::Present(part)))),
                    holds(differs(Operator::NotEqual)?),
                ]),
                (_, _) => holds(differs(operator(op))?),
            })
        }
    }
}

fn find<'s>(path: &AttrPath, schema: &'s ResourceSchema) -> Option<&'s Attribute> {
    match &path.extension {
        None => schema.find(&path.name),
        Some(id) => {
            let extension = schema.extension(id)?;
            extension.find(&path.name).or(extension.any_key.as_deref())
        }
    }
}

/// The name under which the values are kept. A single object such as `name` is kept part by part; one that has a `value`
/// such as `manager`, and every list, under its own name.
fn stored_name(path: &AttrPath, attribute: &Attribute) -> String {
    let own = AttrPath {
        sub: None,
        ..path.clone()
    };
    match &path.sub {
        Some(sub) if !attribute.multi_valued && attribute.sub("value").is_none() => format!("{own}.{sub}"),
        Some(_) | None => own.to_string(),
    }
}

/// `name pr`: one of its parts has a value.
fn any_part(path: &AttrPath, attribute: &Attribute) -> Filter<UserAttribute> {
    let part = |sub: &Attribute| match (path.name.as_str(), sub.name.as_ref()) {
        ("name", "givenName") => Filter::Present(UserAttribute::GivenName),
        ("name", "familyName") => Filter::Present(UserAttribute::FamilyName),
        (name, sub) => present(format!("{name}.{sub}"), Filter::everything()),
    };
    Filter::Any(attribute.sub_attributes.iter().map(part).collect())
}

fn value_present(reference: &AttrRef, attribute: &Attribute, leaf: &Leaf<'_>) -> Result<Filter<ValuePart>, ScimError> {
    Ok(Filter::Present(value_part(reference, attribute, leaf)?))
}

/// The part of a kept value that a path means.
fn value_part(reference: &AttrRef, attribute: &Attribute, leaf: &Leaf<'_>) -> Result<ValuePart, ScimError> {
    let is_exact = match reference.path.sub.as_deref().and_then(|sub| attribute.sub(sub)) {
        Some(sub) => sub.case_exact,
        None => attribute.sub("value").unwrap_or(attribute).case_exact,
    };
    let value = if is_exact { ValuePart::ExactValue } else { ValuePart::Value };
    match reference.path.sub.as_deref() {
        None | Some("value") => Ok(value),
        Some("type") if attribute.multi_valued => Ok(ValuePart::Kind),
        Some("primary") if attribute.multi_valued => Ok(ValuePart::IsPrimary),
        Some(_) if !attribute.multi_valued && attribute.sub("value").is_none() => Ok(value),
        Some(_) => Err(leaf.refused()),
    }
}

const fn operator(op: CompareOp) -> Operator {
    match op {
        CompareOp::Eq => Operator::Equal,
        CompareOp::Ne => Operator::NotEqual,
        CompareOp::Co => Operator::Contains,
        CompareOp::Sw => Operator::StartsWith,
        CompareOp::Ew => Operator::EndsWith,
        CompareOp::Gt => Operator::Greater,
        CompareOp::Ge => Operator::GreaterOrEqual,
        CompareOp::Lt => Operator::Less,
        CompareOp::Le => Operator::LessOrEqual,
    }
}

fn operand(value: &CompareValue, leaf: &Leaf<'_>) -> Result<Operand, ScimError> {
    Ok(match value {
        CompareValue::Null => Operand::Null,
        CompareValue::Bool(flag) => Operand::Bool(*flag),
        CompareValue::DateTime(time) => Operand::Time(*time),
        CompareValue::Text(text) => Operand::Text(text.clone()),
        // No attribute of users or groups is a number.
        CompareValue::Number(_) => return Err(leaf.refused()),
    })
}
