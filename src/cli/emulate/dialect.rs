//! Request bodies in both of Entra's dialects.
//!
//! Learn, "Known issues and resolutions with SCIM 2.0 protocol compliance", lists the differences: without the flag
//! Entra writes `Add`, strings for booleans and one operation per attribute; with `?aadOptscim062020` it writes what RFC
//! 7644 section 3.5.2 asks for. On-demand provisioning ignores the flag, so a server meets both from one tenant.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// The User schema (RFC 7643 section 4.1).
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The Group schema (RFC 7643 section 4.2).
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The enterprise extension (RFC 7643 section 4.3).
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// The metadata extension: one attribute per key.
pub const METADATA: &str = "urn:ietf:params:scim:schemas:extension:2.0:Metadata";
/// Envelope of a PATCH (RFC 7644 section 3.5.2).
pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// Extra schema that Entra lists on groups (Learn, "Develop and plan provisioning for a SCIM endpoint").
pub const ADSCIM_GROUP: &str = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

/// The URN of the folders extension with this name.
#[must_use]
pub fn folders_urn(name: &str) -> String {
    format!("urn:ietf:params:scim:schemas:extension:2.0:{name}")
}

/// What a PATCH operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Entra chooses it where it saw no value.
    Add,
    /// Entra chooses it where it saw a value.
    Replace,
    /// Takes a value away.
    Remove,
}

/// How Entra writes PATCH requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Without a flag on the Tenant URL.
    Legacy,
    /// With `?aadOptscim062020`.
    Flag,
}

impl Dialect {
    /// Name as on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Flag => "flag",
        }
    }

    /// Media type of request bodies; both spellings occur (RFC 7644 section 3.1).
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Legacy => "application/scim+json; charset=utf-8",
            Self::Flag => "application/scim+json",
        }
    }

    /// The spelling of an operation.
    #[must_use]
    pub fn spell(self, op: Op) -> &'static str {
        match (self, op) {
            (Self::Legacy, Op::Add) => "Add",
            (Self::Legacy, Op::Replace) => "Replace",
            (Self::Legacy, Op::Remove) => "Remove",
            (Self::Flag, Op::Add) => "add",
            (Self::Flag, Op::Replace) => "replace",
            (Self::Flag, Op::Remove) => "remove",
        }
    }

    /// A boolean: text without the flag.
    #[must_use]
    pub fn boolean(self, value: bool) -> Value {
        match self {
            Self::Legacy => json!(if value { "True" } else { "False" }),
            Self::Flag => json!(value),
        }
    }

    /// One operation with a path.
    #[must_use]
    pub fn at(self, op: Op, path: &str, value: Value) -> Value {
        json!({ "op": self.spell(op), "path": path, "value": value })
    }

    /// One `remove` without a value.
    #[must_use]
    pub fn remove(self, path: &str) -> Value {
        json!({ "op": self.spell(Op::Remove), "path": path })
    }

    /// Sets simple attributes the way this dialect does: one operation each, or one operation without a path.
    #[must_use]
    pub fn set(self, pairs: &[(&str, Value)]) -> Vec<Value> {
        match self {
            Self::Legacy => pairs
                .iter()
                .map(|(path, value)| self.at(Op::Replace, path, self.spelled(value)))
                .collect(),
            Self::Flag => {
                let members: Map<String, Value> = pairs
                    .iter()
                    .map(|(path, value)| ((*path).to_owned(), value.clone()))
                    .collect();
                vec![json!({ "op": self.spell(Op::Replace), "value": members })]
            }
        }
    }

    /// `active`, the call that disables and restores.
    #[must_use]
    pub fn active(self, is_active: bool) -> Vec<Value> {
        vec![self.at(Op::Replace, "active", self.boolean(is_active))]
    }

    /// Sets the manager to the user with this SCIM id.
    #[must_use]
    pub fn manager(self, id: &str) -> Vec<Value> {
        let op = match self {
            Self::Legacy => Op::Add,
            Self::Flag => Op::Replace,
        };
        vec![self.at(op, &format!("{ENTERPRISE}:manager"), json!(id))]
    }

    /// Adds members to a group, many in one operation.
    #[must_use]
    pub fn add_members(self, ids: &[String]) -> Vec<Value> {
        vec![self.at(Op::Add, "members", references(ids))]
    }

    /// Removes members: a value list without the flag, a value path each with it.
    #[must_use]
    pub fn remove_members(self, ids: &[String]) -> Vec<Value> {
        match self {
            Self::Legacy => vec![self.at(Op::Remove, "members", references(ids))],
            Self::Flag => ids
                .iter()
                .map(|id| self.remove(&format!("members[value eq \"{id}\"]")))
                .collect(),
        }
    }

    /// The whole PATCH body.
    #[must_use]
    pub fn patch(self, operations: Vec<Value>) -> Value {
        json!({ "schemas": [PATCH_OP], "Operations": operations })
    }

    fn spelled(self, value: &Value) -> Value {
        value.as_bool().map_or_else(|| value.clone(), |value| self.boolean(value))
    }
}

/// Member references as Entra writes them, with a null `$ref`.
fn references(ids: &[String]) -> Value {
    ids.iter().map(|id| json!({ "$ref": null, "value": id })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_removed_by_list_without_the_flag_and_by_path_with_it() {
        let ids = ["a".to_owned()];
        assert_eq!(
            Dialect::Legacy.remove_members(&ids),
            vec![json!({ "op": "Remove", "path": "members", "value": [{ "$ref": null, "value": "a" }] })]
        );
        assert_eq!(
            Dialect::Flag.remove_members(&ids),
            vec![json!({ "op": "remove", "path": "members[value eq \"a\"]" })]
        );
    }

    #[test]
    fn simple_attributes_have_a_path_each_without_the_flag_and_none_with_it() {
        let pairs = [("active", json!(false)), ("name.givenName", json!("Ada"))];
        assert_eq!(
            Dialect::Legacy.set(&pairs),
            vec![
                json!({ "op": "Replace", "path": "active", "value": "False" }),
                json!({ "op": "Replace", "path": "name.givenName", "value": "Ada" }),
            ]
        );
        assert_eq!(
            Dialect::Flag.set(&pairs),
            vec![json!({ "op": "replace", "value": { "active": false, "name.givenName": "Ada" } })]
        );
    }
}
