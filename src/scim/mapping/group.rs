//! Groups.

use serde_json::{Value, json};

use super::super::protocol::resource::Resource;
use super::super::protocol::{self, MemberRef, urn};
use super::meta;
use crate::domain::ids::{GroupId, UserId};
use crate::domain::record::GroupRecord;
use crate::service::provisioning::groups::GroupChange;

/// A member.
pub(in crate::scim) type Member = UserId;

/// Renders groups.
pub(in crate::scim) struct GroupMapping<'a> {
    base: &'a str,
}

impl<'a> GroupMapping<'a> {
    /// With the absolute base address.
    pub const fn new(base: &'a str) -> Self {
        Self { base }
    }

    /// The address of a group.
    pub fn location(&self, id: GroupId) -> String {
        format!("{}/Groups/{id}", self.base)
    }

    /// A group as it is served.
    pub fn resource(&self, group: &GroupRecord, members: &[Member]) -> Resource {
        let mut resource = Resource::new();
        let mut put = |key: &str, value: Value| resource.insert(key.to_owned(), value);
        put("schemas", json!([urn::GROUP]));
        put("id", group.id.to_string().into());
        if let Some(external_id) = &group.external_id {
            put("externalId", external_id.as_str().into());
        }
        put("displayName", group.name.as_str().into());
        if !members.is_empty() {
            put("members", members.iter().map(|member| self.member(member)).collect());
        }
        put(
            "meta",
            meta(
                "Group",
                group.created_at,
                group.updated_at,
                group.version,
                &self.location(group.id),
            ),
        );
        resource
    }

    /// As in RFC 7643 §8.7.1, which has no names in member lists: who wants one reads the user.
    fn member(&self, id: &Member) -> Value {
        json!({ "value": id.to_string(), "$ref": format!("{}/Users/{id}", self.base), "type": "User" })
    }
}

/// The changes of a PATCH as steps of the service layer. What the client believes of a member beyond the id is dropped.
pub(in crate::scim) fn group_steps(changes: Vec<protocol::GroupChange>) -> Vec<GroupChange> {
    let values = |members: Vec<MemberRef>| members.into_iter().map(|member| member.value).collect();
    let step = |change| match change {
        protocol::GroupChange::SetDisplayName(name) => GroupChange::SetDisplayName(name),
        protocol::GroupChange::SetExternalId(id) => GroupChange::SetExternalId(id),
        protocol::GroupChange::AddMembers(members) => GroupChange::AddMembers(values(members)),
        protocol::GroupChange::RemoveMembers(members) => GroupChange::RemoveMembers(values(members)),
        protocol::GroupChange::ReplaceMembers(members) => GroupChange::ReplaceMembers(values(members)),
        protocol::GroupChange::ClearMembers => GroupChange::ClearMembers,
    };
    changes.into_iter().map(step).collect()
}
