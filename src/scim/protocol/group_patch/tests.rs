use serde_json::{Value, json};

use super::super::error::ScimType;
use super::super::urn;
use super::*;

fn plan(operations: Value) -> Result<GroupPatch, ScimError> {
    let request = PatchRequest::parse(&json!({"schemas": [urn::PATCH_OP], "Operations": operations})).unwrap();
    GroupPatch::plan(&request, &ResourceSchema::group())
}

fn changes(operations: Value) -> Vec<GroupChange> {
    plan(operations.clone())
        .unwrap_or_else(|error| panic!("{operations}: {error}"))
        .changes
}

fn refs(values: &[&str]) -> Vec<MemberRef> {
    values
        .iter()
        .map(|value| MemberRef {
            value: (*value).to_owned(),
            ref_type: None,
        })
        .collect()
}

#[test]
fn members_in_every_clients_shape() {
    use GroupChange::{AddMembers, ClearMembers, RemoveMembers, ReplaceMembers};
    let table = [
        // Entra without the compliance flag, with it, JumpCloud, and bare forms.
        (
            json!({"op": "Add", "path": "members", "value": [{"$ref": null, "value": "a"}, {"$ref": null, "value": "b"}]}),
            AddMembers(refs(&["a", "b"])),
        ),
        (
            json!({"op": "add", "path": "members", "value": [{"value": "a"}]}),
            AddMembers(refs(&["a"])),
        ),
        (
            json!({"op": "add", "path": "Members", "value": {"value": "a"}}),
            AddMembers(refs(&["a"])),
        ),
        (
            json!({"op": "add", "path": "members", "value": ["a", "a"]}),
            AddMembers(refs(&["a"])),
        ),
        (
            json!({"op": "add", "value": {"members": [{"value": "a"}]}}),
            AddMembers(refs(&["a"])),
        ),
        (
            json!({"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:Group:members", "value": [{"value": "a"}]}),
            AddMembers(refs(&["a"])),
        ),
        (
            json!({"op": "add", "path": "members[value eq \"a\"]", "value": {"value": "a"}}),
            AddMembers(refs(&["a"])),
        ),
        (
            json!({"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "a"}]}),
            RemoveMembers(refs(&["a"])),
        ),
        (
            json!({"op": "remove", "path": "members[value eq \"a\"]"}),
            RemoveMembers(refs(&["a"])),
        ),
        (
            json!({"op": "remove", "path": "members[value eq \"a\" or value eq \"b\"]"}),
            RemoveMembers(refs(&["a", "b"])),
        ),
        (
            json!({"op": "remove", "path": "MEMBERS[Value EQ a]"}),
            RemoveMembers(refs(&["a"])),
        ),
        (json!({"op": "remove", "path": "members"}), ClearMembers),
        (
            json!({"op": "replace", "path": "members", "value": [{"value": "a"}]}),
            ReplaceMembers(refs(&["a"])),
        ),
        (
            json!({"op": "replace", "value": {"members": [{"value": "a"}]}}),
            ReplaceMembers(refs(&["a"])),
        ),
        (json!({"op": "replace", "path": "members", "value": []}), ClearMembers),
    ];
    for (operation, expected) in table {
        assert_eq!(changes(json!([operation])), [expected], "{operation}");
    }
}

#[test]
fn rename_in_every_clients_shape() {
    let renamed = GroupChange::SetDisplayName("N".to_owned());
    for operation in [
        json!({"op": "Replace", "path": "displayName", "value": "N"}),
        json!({"op": "Replace", "path": "displayName", "value": [{"$ref": null, "value": "N"}]}),
        json!({"op": "replace", "value": {"displayName": "N"}}),
        json!({"op": "add", "value": {"urn:ietf:params:scim:schemas:core:2.0:Group": {"displayname": "N"}}}),
        // Okta sends the id along.
        json!({"op": "replace", "value": {"id": "g1", "displayName": "N"}}),
    ] {
        let plan = plan(json!([operation])).unwrap();
        assert_eq!((plan.changes, plan.ignored), (vec![renamed.clone()], vec![]), "{operation}");
    }
}

#[test]
fn external_id_and_order_of_changes() {
    assert_eq!(
        changes(json!([
            {"op": "Add", "path": "externalId", "value": "x"},
            {"op": "remove", "path": "members"},
            {"op": "add", "path": "members", "value": [{"value": "a", "display": "A", "type": "User"}]},
            {"op": "Replace", "path": "externalId", "value": ""},
            {"op": "Remove", "path": "externalId"},
        ])),
        [
            GroupChange::SetExternalId(Some("x".to_owned())),
            GroupChange::ClearMembers,
            GroupChange::AddMembers(vec![MemberRef {
                value: "a".to_owned(),
                ref_type: Some("User".to_owned())
            }]),
            GroupChange::SetExternalId(None),
            GroupChange::SetExternalId(None),
        ]
    );
}

#[test]
fn empty_lists_add_and_remove_nobody() {
    for op in ["add", "remove"] {
        assert_eq!(changes(json!([{"op": op, "path": "members", "value": []}])), []);
    }
}

#[test]
fn s29_what_is_not_understood_is_refused() {
    for (operation, scim_type) in [
        (json!({"op": "remove", "path": "displayName"}), ScimType::Mutability),
        (
            json!({"op": "replace", "path": "displayName", "value": ""}),
            ScimType::InvalidValue,
        ),
        (json!({"op": "replace", "path": "id", "value": "x"}), ScimType::Mutability),
        (json!({"op": "replace", "path": "nope", "value": "x"}), ScimType::InvalidPath),
        (
            json!({"op": "add", "path": "members.value", "value": "x"}),
            ScimType::InvalidPath,
        ),
        (
            json!({"op": "add", "path": "members", "value": [{"display": "x"}]}),
            ScimType::InvalidValue,
        ),
        (json!({"op": "add", "path": "members", "value": [5]}), ScimType::InvalidValue),
        (
            json!({"op": "add", "path": "members[value eq \"a\"]", "value": {"value": "b"}}),
            ScimType::InvalidValue,
        ),
        (
            json!({"op": "remove", "path": "members[display eq \"x\"]"}),
            ScimType::InvalidFilter,
        ),
        (
            json!({"op": "remove", "path": "members[value sw \"x\"]"}),
            ScimType::InvalidFilter,
        ),
        (
            json!({"op": "remove", "path": "members[not (value eq \"x\")]"}),
            ScimType::InvalidFilter,
        ),
        (
            json!({"op": "remove", "path": "members[value eq \"x\" and value eq \"y\"]"}),
            ScimType::InvalidFilter,
        ),
        (
            json!({"op": "remove", "path": "members[value eq \"x\"].type"}),
            ScimType::Mutability,
        ),
        (
            json!({"op": "replace", "path": "members[value eq \"x\"].type", "value": "y"}),
            ScimType::Mutability,
        ),
        (json!({"op": "replace", "value": "x"}), ScimType::InvalidSyntax),
    ] {
        assert_eq!(
            plan(json!([operation])).unwrap_err().scim_type,
            Some(scim_type),
            "{operation}"
        );
    }
}

#[test]
fn s29_unknown_attributes_are_listed() {
    let plan = plan(json!([
        {"op": "add", "path": "urn:x:y:z", "value": 1},
        {"op": "replace", "value": {"nope": 1, "schemas": ["http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"]}},
    ]))
    .unwrap();
    assert_eq!(plan.changes, []);
    let listed: Vec<&str> = plan.ignored.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(listed, ["urn:x:y:z", "nope"]);
}

#[test]
fn members_of_a_created_group() {
    let body = json!({"displayName": "G", "members": [{"value": "a", "$ref": null}, "b", {"display": "nobody"}]});
    let (group, _) = super::super::resource::canonicalise(&body, &ResourceSchema::group()).unwrap();
    assert_eq!(members_of(&group), refs(&["a", "b"]));
}
