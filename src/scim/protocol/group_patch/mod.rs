//! PATCH of groups as a list of changes (RFC 7644 §3.5.2), without reading the members.
//!
//! A group may have very many members. A client names the ones it adds or removes, so a request translates into changes
//! that a store can carry out one by one in a transaction; adding a member who is there and removing one who is not are
//! no change (RFC 7644 §3.5.2.1, §3.5.2.2).

// A new variant is decided here, not let through (security rule S10).
#![deny(clippy::wildcard_enum_match_arm)]

#[cfg(test)]
mod tests;

use serde_json::Value;

use super::error::ScimError;
use super::filter::{CompareValue, Filter};
use super::patch::{PatchOp, PatchOperation, PatchRequest, in_operation};
use super::path::{PatchPath, Target, parse_patch_path};
use super::resource::assign::is_server_set;
use super::resource::{Ignored, IgnoredReason, Resource, coerce, is_blank};
use super::schema::{Attribute, ResourceSchema};
use super::text::shorten;

/// A member as a client names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MemberRef {
    /// Identifier of the user (or group).
    pub value: String,
    /// `User` or `Group`, if the client says so.
    pub ref_type: Option<String>,
}

/// One change to a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupChange {
    /// Renames the group.
    SetDisplayName(String),
    /// Sets or clears the client's identifier.
    SetExternalId(Option<String>),
    /// Adds members; present ones stay.
    AddMembers(Vec<MemberRef>),
    /// Removes members; absent ones are fine.
    RemoveMembers(Vec<MemberRef>),
    /// Makes these the members.
    ReplaceMembers(Vec<MemberRef>),
    /// Removes all members.
    ClearMembers,
}

/// A PATCH request for a group as changes, to be carried out in order and all or none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupPatch {
    /// The changes. Empty when the request asks for nothing.
    pub changes: Vec<GroupChange>,
    /// What has no effect, for the provisioning log.
    pub ignored: Vec<Ignored>,
}

impl GroupPatch {
    /// Translates a request.
    ///
    /// # Errors
    /// 400 with `invalidPath`, `invalidFilter`, `invalidValue`, `mutability` or `noTarget`; the detail says which operation.
    pub fn plan(request: &PatchRequest, schema: &ResourceSchema) -> Result<Self, ScimError> {
        let mut plan = Self::default();
        for (at, operation) in request.operations.iter().enumerate() {
            plan.operation(operation, schema).map_err(|error| in_operation(at, error))?;
        }
        Ok(plan)
    }

    fn operation(&mut self, operation: &PatchOperation, schema: &ResourceSchema) -> Result<(), ScimError> {
        let value = operation.value.as_ref();
        match &operation.path {
            None => self.whole(operation.op, value, schema),
            Some(path) => self.at_path(operation.op, path, value, schema, false),
        }
    }

    /// A path-less operation: every key of the value is a path of its own.
    fn whole(&mut self, op: PatchOp, value: Option<&Value>, schema: &ResourceSchema) -> Result<(), ScimError> {
        let object = match (op, value) {
            (PatchOp::Remove, _) => return Err(ScimError::no_target("remove needs a path.")),
            (PatchOp::Add | PatchOp::Replace, Some(Value::Object(object))) => object,
            (PatchOp::Add | PatchOp::Replace, Some(_) | None) => {
                return Err(ScimError::invalid_syntax(
                    "without path, value must be an object with attributes.",
                ));
            }
        };
        object
            .iter()
            .try_for_each(|(key, value)| self.at_path(op, key, Some(value), schema, true))
    }

    fn at_path(
        &mut self,
        op: PatchOp,
        path: &str,
        value: Option<&Value>,
        schema: &ResourceSchema,
        is_key: bool,
    ) -> Result<(), ScimError> {
        let parsed = match parse_patch_path(path, schema) {
            Err(_) if is_key && !path.contains('[') => PatchPath::Unknown { qualified: false },
            other => other?,
        };
        match parsed {
            PatchPath::Core => self.whole(op, value, schema),
            PatchPath::Extension(_) => self.unknown(path, true, is_key, value),
            PatchPath::Unknown { qualified } => self.unknown(path, qualified, is_key, value),
            PatchPath::Attribute(target) => self.attribute(op, &target, value, is_key),
            PatchPath::Elements { target, filter } => self.elements(op, &target, &filter, value),
        }
    }

    fn unknown(&mut self, path: &str, qualified: bool, is_key: bool, value: Option<&Value>) -> Result<(), ScimError> {
        if !qualified && !is_key {
            return Err(ScimError::invalid_path(format!(
                "{:?} is not a known attribute.",
                shorten(path)
            )));
        }
        if !value.is_some_and(is_blank) {
            self.ignored.push(Ignored {
                path: path.to_owned(),
                reason: IgnoredReason::Unknown,
            });
        }
        Ok(())
    }

    fn attribute(&mut self, op: PatchOp, target: &Target<'_>, value: Option<&Value>, is_key: bool) -> Result<(), ScimError> {
        let attribute = target.attribute;
        if attribute.is_read_only() {
            // Okta sends the group's `id` along with its new name.
            if is_key || (attribute.name == "schemas" && op != PatchOp::Remove) {
                if !is_server_set(&attribute.name) {
                    self.ignored.push(Ignored {
                        path: target.path.to_string(),
                        reason: IgnoredReason::ReadOnly,
                    });
                }
                return Ok(());
            }
            return Err(ScimError::mutability(format!("{} is read-only.", target.path)));
        }
        match (attribute.name.as_ref(), target.sub) {
            ("displayName", None) => self.display_name(op, attribute, value),
            ("externalId", None) => self.external_id(op, attribute, value),
            ("members", None) => self.members(op, attribute, value),
            (_, Some(_)) => Err(ScimError::invalid_path(format!(
                "{}: name the member, as in members[value eq \"id\"].",
                target.path
            ))),
            (_, None) => Err(ScimError::invalid_path(format!("{} cannot be changed.", target.path))),
        }
    }

    fn display_name(&mut self, op: PatchOp, attribute: &Attribute, value: Option<&Value>) -> Result<(), ScimError> {
        match op {
            PatchOp::Remove => Err(ScimError::mutability("displayName is required and cannot be removed.")),
            PatchOp::Add | PatchOp::Replace => match text(attribute, value)? {
                Some(name) => {
                    self.changes.push(GroupChange::SetDisplayName(name));
                    Ok(())
                }
                None => Err(ScimError::invalid_value("displayName is required and cannot be emptied.")),
            },
        }
    }

    fn external_id(&mut self, op: PatchOp, attribute: &Attribute, value: Option<&Value>) -> Result<(), ScimError> {
        let id = match op {
            PatchOp::Remove => None,
            PatchOp::Add | PatchOp::Replace => text(attribute, value)?,
        };
        self.changes.push(GroupChange::SetExternalId(id));
        Ok(())
    }

    fn members(&mut self, op: PatchOp, attribute: &Attribute, value: Option<&Value>) -> Result<(), ScimError> {
        let value = value.filter(|value| !value.is_null());
        let listed = value.map(|value| members(attribute, value)).transpose()?;
        match (op, listed) {
            // `remove members` with a value means these (Entra, JumpCloud); without any it means all (RFC 7644 §3.5.2.2).
            (PatchOp::Remove, None) => self.changes.push(GroupChange::ClearMembers),
            (PatchOp::Remove, Some(listed)) if !listed.is_empty() => {
                self.changes.push(GroupChange::RemoveMembers(listed));
            }
            (PatchOp::Add, Some(listed)) if !listed.is_empty() => self.changes.push(GroupChange::AddMembers(listed)),
            (PatchOp::Replace, Some(listed)) if !listed.is_empty() => {
                self.changes.push(GroupChange::ReplaceMembers(listed));
            }
            (PatchOp::Replace, Some(_) | None) => self.changes.push(GroupChange::ClearMembers),
            // An empty list adds and removes nobody.
            (PatchOp::Add, Some(_) | None) | (PatchOp::Remove, Some(_)) => {}
        }
        Ok(())
    }

    /// `members[value eq "a" or value eq "b"]`.
    fn elements(&mut self, op: PatchOp, target: &Target<'_>, filter: &Filter, value: Option<&Value>) -> Result<(), ScimError> {
        let not_understood =
            || ScimError::invalid_filter("members can only be selected by their value, as in members[value eq \"id\"].");
        let listed = selected(filter)
            .filter(|listed| !listed.is_empty())
            .ok_or_else(not_understood)?;
        match op {
            PatchOp::Remove if target.sub.is_none() => self.changes.push(GroupChange::RemoveMembers(listed)),
            // The path names who is to be a member; the value may repeat it, but change nothing (RFC 7643 §4.2).
            PatchOp::Add if target.sub.is_none() => {
                let value = value
                    .map(|value| members(target.attribute, value))
                    .transpose()?
                    .unwrap_or_default();
                if value
                    .iter()
                    .any(|member| !listed.iter().any(|named| named.value == member.value))
                {
                    return Err(ScimError::invalid_value("the value names another member than the path."));
                }
                self.changes.push(GroupChange::AddMembers(listed));
            }
            PatchOp::Add | PatchOp::Replace | PatchOp::Remove => {
                return Err(ScimError::mutability("a member cannot be changed, only added or removed."));
            }
        }
        Ok(())
    }
}

fn text(attribute: &Attribute, value: Option<&Value>) -> Result<Option<String>, ScimError> {
    let value = coerce::simple(attribute, &attribute.name, value.unwrap_or(&Value::Null))?;
    Ok(value.and_then(|value| value.as_str().map(str::to_owned)))
}

/// The members that a value lists; each must say who.
fn members(attribute: &Attribute, value: &Value) -> Result<Vec<MemberRef>, ScimError> {
    let items: &[Value] = match value {
        Value::Array(items) => items,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => std::slice::from_ref(value),
    };
    let mut listed: Vec<MemberRef> = Vec::with_capacity(items.len());
    let mut seen = std::collections::HashSet::new();
    for item in items.iter().filter(|item| !is_blank(item)) {
        let element = coerce::element(attribute, "members", item, &mut Vec::new())?;
        let member = element.as_ref().and_then(member_ref);
        let member = member.ok_or_else(|| ScimError::invalid_value("members: a member has no value."))?;
        if seen.insert(member.value.clone()) {
            listed.push(member);
        }
    }
    Ok(listed)
}

/// The members of a group in canonical form, as POST and PUT bring them.
pub fn members_of(group: &Resource) -> Vec<MemberRef> {
    let members = group.get("members").and_then(Value::as_array).into_iter().flatten();
    members.filter_map(|member| member_ref(member.as_object()?)).collect()
}

fn member_ref(element: &Resource) -> Option<MemberRef> {
    let get = |name: &str| element.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(MemberRef {
        value: get("value")?,
        ref_type: get("type"),
    })
}

/// Who satisfies a filter that says nothing but who: `value eq "a"`, alternatives of that, and a type beside it.
fn selected(filter: &Filter) -> Option<Vec<MemberRef>> {
    match filter {
        Filter::Or(parts) => {
            let lists: Option<Vec<Vec<MemberRef>>> = parts.iter().map(selected).collect();
            lists.map(|lists| lists.into_iter().flatten().collect())
        }
        Filter::Compare { .. } | Filter::And(_) => {
            let mut member = MemberRef {
                value: String::new(),
                ref_type: None,
            };
            for (path, value) in filter.equalities()? {
                let CompareValue::Text(text) = value else { return None };
                match path.path.sub.as_deref() {
                    Some("value") if member.value.is_empty() => member.value.clone_from(text),
                    Some("type") if member.ref_type.is_none() => member.ref_type = Some(text.clone()),
                    Some(_) | None => return None,
                }
            }
            (!member.value.is_empty()).then(|| vec![member])
        }
        Filter::Not(_) | Filter::Present { .. } | Filter::ValuePath { .. } => None,
    }
}
