use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::error::ScimType;
use super::super::fixtures::{ENT, FOLD, META, ada, object, user_schema, user_schema_with};
use super::super::resource::{IgnoredReason, Resource};
use super::super::schema::ResourceSchema;
use super::*;

fn request(operations: Value) -> PatchRequest {
    PatchRequest::parse(&json!({"schemas": [urn::PATCH_OP], "Operations": operations})).unwrap()
}

fn try_patch(schema: &ResourceSchema, operations: Value, options: &PatchOptions) -> Result<(Resource, PatchOutcome), ScimError> {
    let mut user = ada();
    let result = apply(&request(operations.clone()), &mut user, schema, options);
    if result.is_err() {
        assert_eq!(user, ada(), "a failed request must change nothing: {operations}");
    }
    result.map(|outcome| (user, outcome))
}

fn patched(operations: Value) -> Resource {
    let result = try_patch(&user_schema(), operations.clone(), &PatchOptions::default());
    result.unwrap_or_else(|error| panic!("{operations}: {error}")).0
}

fn one(op: &str, path: &str, value: Value) -> Value {
    json!([{"op": op, "path": path, "value": value}])
}

fn failure(operations: Value) -> ScimError {
    try_patch(&user_schema(), operations.clone(), &PatchOptions::default())
        .map(|_| panic!("{operations}"))
        .unwrap_err()
}

/// Each case of the two dialects: operations, pointer, expected value.
fn check(table: Vec<(Value, String, Value)>) {
    for (operations, pointer, expected) in table {
        let user = Value::Object(patched(operations.clone()));
        assert_eq!(user.pointer(&pointer).cloned().unwrap_or_default(), expected, "{operations}");
    }
}

fn pointer(urn: &str, rest: &str) -> String {
    format!("/{urn}/{rest}")
}

#[test]
fn s29_simple_attributes_in_both_dialects() {
    let department = format!("{ENT}:department");
    let old_department = format!("{ENT}.department");
    let pathless =
        json!([{"op": "replace", "value": {"displayName": "A", "name.givenName": "Grace", department.clone(): "Sales"}}]);
    check(vec![
        (one("Replace", "displayName", json!("A")), "/displayName".into(), json!("A")),
        (one("Add", "DISPLAYNAME", json!("A")), "/displayName".into(), json!("A")),
        (
            one("REPLACE", "name.givenName", json!("Grace")),
            "/name".into(),
            json!({"givenName": "Grace", "familyName": "L"}),
        ),
        (
            one("Add", &department, json!("Sales")),
            pointer(ENT, "department"),
            json!("Sales"),
        ),
        (
            one("Add", &old_department, json!("Sales")),
            pointer(ENT, "department"),
            json!("Sales"),
        ),
        (pathless.clone(), "/displayName".into(), json!("A")),
        (
            pathless.clone(),
            "/name".into(),
            json!({"givenName": "Grace", "familyName": "L"}),
        ),
        (pathless, pointer(ENT, "department"), json!("Sales")),
        (
            json!([{"op": "add", "value": {ENT: {"costCenter": "7"}}}]),
            pointer(ENT, "costCenter"),
            json!("7"),
        ),
        (
            json!([{"op": "add", "path": ENT, "value": {"costCenter": "7"}}]),
            pointer(ENT, "costCenter"),
            json!("7"),
        ),
        (
            json!([{"op": "replace", "value": {"name": {"familyName": "H"}}}]),
            "/name".into(),
            json!({"givenName": "Ada", "familyName": "H"}),
        ),
        (
            json!([{"op": "replace", "path": null, "value": {"title": "T"}}]),
            "/title".into(),
            json!("T"),
        ),
        (
            one("replace", "urn:ietf:params:scim:schemas:core:2.0:User:title", json!("T")),
            "/title".into(),
            json!("T"),
        ),
        (
            one("add", "urn:ietf:params:scim:schemas:core:2.0:User", json!({"title": "T"})),
            "/title".into(),
            json!("T"),
        ),
    ]);
}

#[test]
fn s29_legacy_wrapper_is_unwrapped_everywhere() {
    let wrap = |value: Value| json!([{"$ref": null, "value": value}]);
    check(vec![
        (
            one("Replace", "displayName", wrap(json!("A"))),
            "/displayName".into(),
            json!("A"),
        ),
        (one("Replace", "active", wrap(json!("False"))), "/active".into(), json!(false)),
        (
            one("Add", &format!("{ENT}:costCenter"), wrap(json!("7"))),
            pointer(ENT, "costCenter"),
            json!("7"),
        ),
        (
            one("Add", &format!("{META}:K.v 2"), wrap(json!("7"))),
            pointer(META, "K.v 2"),
            json!("7"),
        ),
        (
            one("Replace", "name.givenName", wrap(json!("G"))),
            "/name/givenName".into(),
            json!("G"),
        ),
        (
            one("Replace", r#"emails[type eq "work"].value"#, wrap(json!("w"))),
            "/emails/0/value".into(),
            json!("w"),
        ),
    ]);
}

#[test]
fn s29_booleans_and_disable() {
    check(vec![
        (one("Replace", "active", json!("False")), "/active".into(), json!(false)),
        (one("replace", "active", json!(false)), "/active".into(), json!(false)),
        (
            json!([{"op": "replace", "value": {"active": false}}]),
            "/active".into(),
            json!(false),
        ),
        (
            json!([{"op": "Replace", "value": {"Active": "false"}}]),
            "/active".into(),
            json!(false),
        ),
        (
            one("Replace", r#"emails[type eq "home"].primary"#, json!("True")),
            "/emails/1/primary".into(),
            json!(true),
        ),
        // A new primary value demotes the others.
        (
            one("replace", r#"emails[type eq "home"].primary"#, json!(true)),
            "/emails/0/primary".into(),
            json!(false),
        ),
        (
            one("add", "emails", json!([{"value": "n", "primary": true}])),
            "/emails/0/primary".into(),
            json!(false),
        ),
    ]);
    assert_eq!(
        failure(one("replace", "active", json!("perhaps"))).scim_type,
        Some(ScimType::InvalidValue)
    );
}

#[test]
fn s29_typed_elements_are_created_or_set_never_doubled() {
    let emails = |user: &Resource| user["emails"].as_array().unwrap().len();
    for op in ["Add", "Replace", "add", "replace"] {
        let user = patched(one(op, r#"emails[type eq "work"].value"#, json!("new@x")));
        assert_eq!((&user["emails"][0]["value"], emails(&user)), (&json!("new@x"), 2));
        let user = patched(one(op, r#"emails[type eq "other"].Value"#, json!("new@x")));
        assert_eq!(
            (&user["emails"][2], emails(&user)),
            (&json!({"type": "other", "value": "new@x"}), 3)
        );
        let key = r#"emails[type eq "other"].value"#;
        let user = patched(json!([{"op": op, "value": {key: "new@x"}}]));
        assert_eq!(user["emails"][2], json!({"type": "other", "value": "new@x"}));
        let user = patched(one(op, r#"addresses[type eq "work"].Formatted"#, json!("Here 1")));
        assert_eq!(user["addresses"], json!([{"type": "work", "formatted": "Here 1"}]));
        let user = patched(one(
            op,
            r#"phoneNumbers[type eq "mobile" and primary eq true].value"#,
            json!("1"),
        ));
        assert_eq!(
            user["phoneNumbers"],
            json!([{"type": "mobile", "primary": true, "value": "1"}])
        );
    }
    // Anything but equality says nothing of what to create.
    for filter in [
        r#"type sw "o""#,
        r#"type eq "a" or type eq "b""#,
        r#"not (type eq "work") and value eq "q""#,
        r#"nope eq "x""#,
    ] {
        let error = failure(one("replace", &format!("emails[{filter}].display"), json!("n")));
        assert_eq!(error.scim_type, Some(ScimType::NoTarget), "{filter}");
    }
    let strict = PatchOptions { strict: true };
    let error = try_patch(
        &user_schema(),
        one("replace", r#"emails[type eq "other"].value"#, json!("n")),
        &strict,
    )
    .unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::NoTarget));
}

#[test]
fn whole_elements_by_value_path() {
    check(vec![
        (
            one("replace", r#"emails[type eq "work"]"#, json!({"value": "n"})),
            "/emails/0".into(),
            json!({"type": "work", "value": "n"}),
        ),
        (
            one("add", r#"emails[type eq "work"]"#, json!({"display": "d"})),
            "/emails/0/display".into(),
            json!("d"),
        ),
        (
            one("add", r#"emails[type eq "other"]"#, json!("n")),
            "/emails/2".into(),
            json!({"type": "other", "value": "n"}),
        ),
        (
            json!([{"op": "remove", "path": r#"emails[type eq "work"]"#}]),
            "/emails".into(),
            json!([{"type": "home", "value": "ada@home.example"}]),
        ),
        (
            json!([{"op": "remove", "path": "emails[type pr]"}]),
            "/emails".into(),
            Value::Null,
        ),
        (
            json!([{"op": "remove", "path": r#"emails[type eq "home"].value"#}]),
            "/emails/1".into(),
            Value::Null,
        ),
    ]);
}

#[test]
fn manager_is_set_and_cleared_in_every_form() {
    let path = format!("{ENT}:manager");
    let at = pointer(ENT, "manager");
    let set = json!({"value": "m2"});
    let mut table = Vec::new();
    for op in ["Add", "replace"] {
        for value in [
            json!("m2"),
            json!({"value": "m2"}),
            json!([{"$ref": null, "value": "m2"}]),
            json!({"value": "m2", "displayName": "x"}),
        ] {
            table.push((one(op, &path, value.clone()), at.clone(), set.clone()));
            table.push((json!([{"op": op, "value": {path.clone(): value}}]), at.clone(), set.clone()));
            table.push((
                json!([{"op": op, "value": {ENT: {"manager": value}}}]),
                at.clone(),
                set.clone(),
            ));
        }
        table.push((one(op, &format!("{path}.value"), json!("m2")), at.clone(), set.clone()));
        for empty in [
            json!(""),
            Value::Null,
            json!([]),
            json!({}),
            json!({"value": ""}),
            json!([{"$ref": null, "value": ""}]),
        ] {
            table.push((one(op, &path, empty), pointer(ENT, "manager/value"), Value::Null));
        }
    }
    table.push((json!([{"op": "Remove", "path": path}]), at.clone(), Value::Null));
    table.push((one("Remove", &path, json!([{"$ref": null, "value": "m1"}])), at, Value::Null));
    check(table);
    assert_eq!(
        failure(one("replace", &format!("{path}.displayName"), json!("x"))).scim_type,
        Some(ScimType::Mutability)
    );
}

#[test]
fn empty_value_clears() {
    for op in ["Add", "Replace", "replace"] {
        for empty in [json!(""), Value::Null] {
            check(vec![
                (one(op, "title", empty.clone()), "/title".into(), Value::Null),
                (one(op, "emails", empty.clone()), "/emails".into(), Value::Null),
                (
                    one(op, "name.givenName", empty.clone()),
                    "/name".into(),
                    json!({"familyName": "L"}),
                ),
                (
                    one(op, "name", json!({"givenName": empty})),
                    "/name".into(),
                    json!({"familyName": "L"}),
                ),
                (
                    one(op, r#"emails[type eq "home"].value"#, empty.clone()),
                    "/emails/1".into(),
                    Value::Null,
                ),
                (
                    one(op, r#"emails[type eq "none"].value"#, empty.clone()),
                    "/emails/2".into(),
                    Value::Null,
                ),
                (json!([{"op": op, "value": {"title": empty}}]), "/title".into(), Value::Null),
            ]);
        }
    }
    assert_eq!(
        failure(one("replace", "userName", json!(""))).scim_type,
        Some(ScimType::InvalidValue)
    );
}

#[test]
fn roles_in_every_shape() {
    let roles = |operations: Value| patched(operations).get("roles").cloned().unwrap_or_default();
    let text = r#"{"id":"1","value":"Admin","displayName":"Administrator"}"#;
    for op in ["Add", "Replace", "replace"] {
        // The quoted "True" hits the boolean, and the primary role is replaced, not doubled.
        assert_eq!(
            roles(one(op, r#"roles[primary eq "True"].value"#, json!("admin"))),
            json!([{"value": "Admin", "primary": true}])
        );
        assert_eq!(
            roles(one(op, r#"roles[primary eq "True"].value"#, json!(text))),
            json!([{"value": "Admin", "primary": true, "display": "Administrator"}])
        );
    }
    assert_eq!(
        roles(
            json!([{"op": "remove", "path": "roles"}, {"op": "Add", "path": r#"roles[primary eq "True"].value"#, "value": "Admin"}])
        ),
        json!([{"value": "Admin", "primary": true}])
    );
    assert_eq!(
        roles(one("Add", "roles", json!([{"value": text}]))),
        json!([{"value": "User", "primary": true}, {"value": "Admin", "display": "Administrator"}])
    );
    assert_eq!(
        roles(one(
            "Replace",
            "roles",
            json!([{"value": "ADMIN", "primary": "False"}, {"value": "readonly", "display": "r"}])
        )),
        json!([{"value": "Admin", "primary": false}, {"value": "ReadOnly", "display": "r"}])
    );
    assert_eq!(
        roles(one("add", "roles", json!([{"value": "Admin", "primary": true}]))),
        json!([{"value": "User", "primary": false}, {"value": "Admin", "primary": true}])
    );
    assert_eq!(
        roles(one("Remove", "roles", json!([{"value": "Ghost"}, {"value": "USER"}]))),
        Value::Null
    );
    let error = failure(one("Add", r#"roles[primary eq "True"].value"#, json!("Root")));
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
    assert!(
        error.detail.contains("\"Root\"") && error.detail.contains("\"EnterpriseAdmin\""),
        "{}",
        error.detail
    );
    let error = failure(one(
        "replace",
        "roles",
        json!([{"value": "User", "primary": true}, {"value": "Admin", "primary": true}]),
    ));
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
}

#[test]
fn user_type_is_exact() {
    check(vec![(
        one("Replace", "userType", json!("Premium")),
        "/userType".into(),
        json!("Premium"),
    )]);
    let error = failure(one("Replace", "userType", json!("premium")));
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
    assert!(error.detail.contains("\"Premium\" or \"Standard\""), "{}", error.detail);
}

/// Applies operations on `folders` to a user who has F1 and F2.
fn folders(add_replaces: bool, op: &str, value: Option<Value>) -> Value {
    let mut user = ada();
    user.insert(FOLD.to_owned(), json!({"folders": ["F1", "F2"]}));
    let mut operation = object(json!({"op": op, "path": format!("{FOLD}:folders")}));
    operation.extend(value.map(|value| ("value".to_owned(), value)));
    let schema = user_schema_with(add_replaces);
    apply(&request(json!([operation])), &mut user, &schema, &PatchOptions::default()).unwrap();
    user.get(FOLD)
        .map(|extension| extension["folders"].clone())
        .unwrap_or_default()
}

#[test]
fn folders_follow_the_shape_of_the_value() {
    let objects = json!([{"value": "F3"}, {"value": " F2"}]);
    for (op, value, expected) in [
        // A plain string is the whole set, whatever the operation.
        ("Add", json!("F3, F2,, F3 "), json!(["F3", "F2"])),
        ("Replace", json!("F3"), json!(["F3"])),
        ("add", json!([{"$ref": null, "value": "F3, F4"}]), json!(["F3", "F4"])),
        ("Add", json!([{"$ref": null, "value": "F3"}]), json!(["F3"])),
        ("Add", json!({"$ref": null, "value": "F3"}), json!(["F3"])),
        ("Add", json!(""), Value::Null),
        // An array follows the RFC.
        ("Add", objects.clone(), json!(["F1", "F2", "F3"])),
        ("add", json!(["F3", "", "F1"]), json!(["F1", "F2", "F3"])),
        ("Add", json!([{"value": "F3"}]), json!(["F1", "F2", "F3"])),
        (
            "Add",
            json!([{"$ref": null, "value": "F3"}, {"$ref": null, "value": "F4"}]),
            json!(["F1", "F2", "F3", "F4"]),
        ),
        ("add", json!([]), json!(["F1", "F2"])),
        ("Replace", objects.clone(), json!(["F3", "F2"])),
        ("replace", json!([]), Value::Null),
        ("Remove", json!(["F1"]), json!(["F2"])),
        ("Remove", json!([{"$ref": null, "value": "F2"}]), json!(["F1"])),
        // With remove a string names those to remove.
        ("remove", json!("F2, F9"), json!(["F1"])),
        ("remove", json!("F1,F2"), Value::Null),
    ] {
        assert_eq!(folders(false, op, Some(value.clone())), expected, "{op} {value}");
    }
    assert_eq!(folders(false, "remove", None), Value::Null);
    assert_eq!(folders(true, "Add", Some(objects)), json!(["F3", "F2"]));
    assert_eq!(folders(true, "Remove", Some(json!(["F1"]))), json!(["F2"]));
}

#[test]
fn folders_by_value_path_and_pathless() {
    let path = format!("{FOLD}:folders");
    let filtered = format!("{path}[value eq \"F1\"]");
    check(vec![
        (
            json!([{"op": "add", "value": {path.clone(): ["F1"]}}]),
            pointer(FOLD, "folders"),
            json!(["F1"]),
        ),
        (
            json!([{"op": "add", "value": {FOLD: {"folders": "F1,F2"}}}]),
            pointer(FOLD, "folders"),
            json!(["F1", "F2"]),
        ),
        (
            json!([{"op": "add", "path": FOLD, "value": {"folders": ["F1"]}}]),
            pointer(FOLD, "folders"),
            json!(["F1"]),
        ),
        (
            json!([{"op": "add", "path": path, "value": ["F1", "F2"]}, {"op": "remove", "path": filtered}]),
            pointer(FOLD, "folders"),
            json!(["F2"]),
        ),
    ]);
    let user = patched(one("add", &path, json!(["F1"])));
    assert!(
        user["schemas"].as_array().unwrap().contains(&json!(FOLD)),
        "the extension's URN joins schemas"
    );
}

#[test]
fn metadata_keys_keep_their_case() {
    let path = format!("{META}:Cost.Center v2");
    check(vec![
        (one("Add", &path, json!(42)), pointer(META, "Cost.Center v2"), json!("42")),
        (
            json!([{"op": "replace", "value": {path.clone(): true}}]),
            pointer(META, "Cost.Center v2"),
            json!("true"),
        ),
        (
            json!([{"op": "replace", "value": {META: {"x": "1"}}}]),
            pointer(META, "x"),
            json!("1"),
        ),
        (
            json!([{"op": "add", "path": path, "value": "a"}, {"op": "add", "path": format!("{META}:COST.center V2"), "value": "b"}]),
            format!("/{META}"),
            json!({"Cost.Center v2": "b"}),
        ),
        (
            json!([{"op": "add", "path": path, "value": "a"}, {"op": "Remove", "path": path}]),
            format!("/{META}"),
            Value::Null,
        ),
    ]);
}

#[test]
fn multi_valued_attributes_follow_rfc_7644() {
    let both = json!([{"type": "home", "value": "ada@home.example", "display": "H"}, {"value": "third@x"}]);
    check(vec![
        (
            one("add", "emails", both.clone()),
            "/emails/2".into(),
            json!({"value": "third@x"}),
        ),
        (one("add", "emails", both.clone()), "/emails/1/display".into(), json!("H")),
        (one("replace", "emails", both.clone()), "/emails".into(), both),
        // OneLogin: one object.
        (
            one("replace", "emails", json!({"value": "o"})),
            "/emails".into(),
            json!([{"value": "o"}]),
        ),
        (
            one("remove", "emails", json!([{"type": "WORK"}])),
            "/emails/0/type".into(),
            json!("home"),
        ),
        (
            one("remove", "emails", json!([{"value": "ADA@example.org"}])),
            "/emails/0/type".into(),
            json!("home"),
        ),
        (json!([{"op": "remove", "path": "emails"}]), "/emails".into(), Value::Null),
        (
            json!([{"op": "remove", "path": "emails.primary"}]),
            "/emails/0/primary".into(),
            Value::Null,
        ),
        (
            json!([{"op": "remove", "path": "name.familyName"}]),
            "/name".into(),
            json!({"givenName": "Ada"}),
        ),
        (
            one("add", "phoneNumbers.value", json!("1")),
            "/phoneNumbers".into(),
            json!([{"value": "1"}]),
        ),
    ]);
    assert_eq!(
        failure(one("replace", "emails.value", json!("x"))).scim_type,
        Some(ScimType::InvalidPath)
    );
}

#[test]
fn adding_what_is_there_is_no_change() {
    for operations in [
        one("add", "title", json!("Engineer")),
        one(
            "Add",
            "emails",
            json!([{"type": "work", "value": "ADA@example.org".to_lowercase()}]),
        ),
        one("Add", r#"emails[type eq "work"].value"#, json!("ada@example.org")),
        one("Add", "active", json!("True")),
        one("Add", &format!("{ENT}:manager"), json!("m1")),
        json!([{"op": "remove", "path": "nickName"}]),
        json!([{"op": "remove", "path": r#"emails[type eq "none"]"#}]),
        one("add", "schemas", json!([ENT])),
        json!([{"op": "replace", "value": {"id": "other", "meta": {}, "schemas": []}}]),
    ] {
        let (user, outcome) = try_patch(&user_schema(), operations.clone(), &PatchOptions::default()).unwrap();
        assert!(!outcome.changed && user == ada(), "{operations}");
    }
}

#[test]
fn s29_all_or_nothing() {
    let error = failure(json!([
        {"op": "replace", "path": "title", "value": "T"},
        {"op": "add", "path": "nickName", "value": "N"},
        {"op": "replace", "path": "userType", "value": "Gold"},
    ]));
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
    assert!(error.detail.starts_with("Operation 3: "), "{}", error.detail);
}

#[test]
fn s29_operations_not_understood_are_refused() {
    for (operations, scim_type) in [
        (one("replace", "nope", json!("x")), ScimType::InvalidPath),
        (one("replace", "name.nope", json!("x")), ScimType::InvalidPath),
        (
            one("replace", r#"emails[type eq "work"].nope"#, json!("x")),
            ScimType::InvalidPath,
        ),
        (one("replace", "emails[type eq \"work\"", json!("x")), ScimType::InvalidPath),
        (one("replace", "", json!("x")), ScimType::InvalidPath),
        (
            one("replace", "emails[type zz \"work\"].value", json!("x")),
            ScimType::InvalidFilter,
        ),
        (one("replace", "groups", json!([{"value": "g"}])), ScimType::Mutability),
        (one("replace", "id", json!("x")), ScimType::Mutability),
        (one("add", "meta.version", json!("x")), ScimType::Mutability),
        (json!([{"op": "remove", "path": "userName"}]), ScimType::Mutability),
        (json!([{"op": "remove", "path": "active"}]), ScimType::Mutability),
        (one("replace", "title", json!({"x": 1})), ScimType::InvalidValue),
        (one("replace", "title", json!(["a", "b"])), ScimType::InvalidValue),
        (one("replace", ENT, json!("x")), ScimType::InvalidSyntax),
        (json!([{"op": "replace", "value": "x"}]), ScimType::InvalidSyntax),
        (one("remove", "emails", json!([{"display": "x"}])), ScimType::InvalidValue),
    ] {
        assert_eq!(failure(operations.clone()).scim_type, Some(scim_type), "{operations}");
    }
}

#[test]
fn s29_unknown_extension_attributes_are_ignored_and_listed() {
    let hair = format!("{ENT}:hair");
    for (operations, listed) in [
        (
            one("Add", "urn:example:ext:2.0:User:shoe", json!(1)),
            "urn:example:ext:2.0:User:shoe",
        ),
        (one("Add", &hair, json!("red")), hair.as_str()),
        (json!([{"op": "Remove", "path": hair}]), hair.as_str()),
        (json!([{"op": "add", "value": {hair.clone(): "red"}}]), hair.as_str()),
        (json!([{"op": "add", "value": {"shoeSize": 1}}]), "shoeSize"),
        (one("replace", "password", json!("secret")), "password"),
        (json!([{"op": "replace", "value": {"password": "secret"}}]), "password"),
    ] {
        let (_, outcome) = try_patch(&user_schema(), operations.clone(), &PatchOptions::default()).unwrap();
        assert!(!outcome.changed, "{operations}");
        assert_eq!(
            outcome.ignored,
            [Ignored {
                path: listed.to_owned(),
                reason: IgnoredReason::Unknown
            }]
        );
        assert!(try_patch(&user_schema(), operations, &PatchOptions { strict: true }).is_err());
    }
}

#[test]
fn an_extension_as_the_target_is_set() {
    let folders = format!("{FOLD}:folders");
    let mut operations = vec![json!({"op": "remove", "path": FOLD})];
    for (operation, expected) in [
        (
            json!({"op": "add", "path": folders, "value": ["F1"]}),
            json!({"folders": ["F1"]}),
        ),
        (
            json!({"op": "add", "path": FOLD, "value": {"schemas": [FOLD], "folders": ["F2"]}}),
            json!({"folders": ["F2"]}),
        ),
        (
            json!({"op": "add", "path": folders, "value": ["F3"]}),
            json!({"folders": ["F2", "F3"]}),
        ),
        // The list is required within the extension: without it the extension goes.
        (json!({"op": "remove", "path": folders}), Value::Null),
    ] {
        operations.push(operation);
        let user = Value::Object(patched(json!(operations)));
        assert_eq!(user.get(FOLD).cloned().unwrap_or_default(), expected, "{operations:?}");
    }
}

#[test]
fn a_bare_extension_is_kept_until_it_is_removed() {
    let (clear, set) = (
        json!({"op": "remove", "path": META}),
        json!({"op": "add", "path": META, "value": {"schemas": [META]}}),
    );
    assert_eq!(patched(json!([clear, set]))[META], json!({}));
    assert!(!patched(json!([set, clear])).contains_key(META));
    // Clearing an attribute that is not there sets nothing.
    let blank = json!({"op": "add", "path": ENT, "value": {"department": ""}});
    assert!(!patched(json!([{"op": "remove", "path": ENT}, blank])).contains_key(ENT));
}

#[test]
fn request_structure() {
    let parse = |body: Value| PatchRequest::parse(&body).map_err(|error| (error.status, error.scim_type));
    let syntax = Err((400, Some(ScimType::InvalidSyntax)));
    let operation = json!([{"op": "add", "path": "title", "value": "x"}]);
    assert!(
        parse(json!({"SCHEMAS": [urn::PATCH_OP.to_uppercase()], "operations": [{"OP": "ADD", "Path": "title", "VALUE": 1}]}))
            .is_ok()
    );
    assert_eq!(parse(json!({"Operations": operation})), syntax);
    assert_eq!(parse(json!({"schemas": ["urn:x"], "Operations": operation})), syntax);
    assert_eq!(parse(json!([])), syntax);
    for operations in [
        json!(null),
        json!({}),
        json!([]),
        json!(["x"]),
        json!([{"op": "move", "path": "a"}]),
        json!([{"path": "a"}]),
        json!([{"op": "add", "path": "title"}]),
    ] {
        assert_eq!(
            parse(json!({"schemas": [urn::PATCH_OP], "Operations": operations})),
            syntax,
            "{operations}"
        );
    }
    let remove = json!({"schemas": [urn::PATCH_OP], "Operations": [{"op": "remove", "value": {"title": 1}}]});
    assert_eq!(parse(remove), Err((400, Some(ScimType::NoTarget))));
}

#[test]
fn s27_limits_on_operations_and_values() {
    let body = |operations: Vec<Value>| PatchRequest::parse(&json!({"schemas": [urn::PATCH_OP], "Operations": operations}));
    let many = |n: usize| vec![json!({"op": "add", "path": "title", "value": "x"}); n];
    assert!(body(many(MAX_OPERATIONS)).is_ok());
    assert_eq!(body(many(MAX_OPERATIONS + 1)).unwrap_err().status, 413);
    let values = |n: usize| vec![json!({"value": "x"}); n];
    for op in ["add", "Remove"] {
        assert!(body(vec![json!({"op": op, "path": "members", "value": values(MAX_VALUES)})]).is_ok());
        assert_eq!(
            body(vec![json!({"op": op, "path": "members", "value": values(MAX_VALUES + 1)})])
                .unwrap_err()
                .status,
            413
        );
    }
    assert_eq!(
        body(vec![json!({"op": "add", "value": {"members": values(MAX_VALUES + 1)}})])
            .unwrap_err()
            .status,
        413
    );
    assert!(
        body(vec![
            json!({"op": "replace", "path": "members", "value": values(MAX_VALUES + 1)})
        ])
        .is_ok()
    );
}

#[test]
fn s27_long_lists_and_many_keys_stay_fast() {
    let start = std::time::Instant::now();
    let mut user = ada();
    let emails: Vec<Value> = (0..20_000).map(|n| json!({"value": format!("{n}@x")})).collect();
    user.insert("emails".to_owned(), Value::Array(emails));
    let listed: Vec<Value> = (19_500..20_500).map(|n| json!({"value": format!("{n}@X")})).collect();
    let operations =
        json!([{"op": "add", "path": "emails", "value": listed}, {"op": "remove", "path": "emails", "value": listed}]);
    apply(&request(operations), &mut user, &user_schema(), &PatchOptions::default()).unwrap();
    assert_eq!(user["emails"].as_array().unwrap().len(), 19_500);
    let keys: Resource = (0..20_000).map(|n| (format!("k{n}"), json!("v"))).collect();
    assert_eq!(failure(json!([{"op": "add", "value": {META: keys}}])).status, 413);
    assert!(start.elapsed().as_secs() < 5);
}

#[test]
fn strict_dialect_refuses_pathless_and_replaces_whole() {
    let strict = PatchOptions { strict: true };
    let pathless = try_patch(&user_schema(), json!([{"op": "replace", "value": {"title": "T"}}]), &strict);
    assert_eq!(pathless.unwrap_err().scim_type, Some(ScimType::InvalidSyntax));
    let (user, _) = try_patch(&user_schema(), one("replace", "name", json!({"familyName": "H"})), &strict).unwrap();
    assert_eq!(user["name"], json!({"familyName": "H"}));
}

fn any_operation() -> impl Strategy<Value = Value> {
    use super::super::resource::tests::{any_key, any_value};
    let op = prop::sample::select(vec!["add", "Replace", "remove"]);
    (op, prop::option::of(any_key()), any_value()).prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}))
}

proptest! {
    #[test]
    fn s29_apply_is_all_or_nothing(operations in prop::collection::vec(any_operation(), 1..5)) {
        let body = json!({"schemas": [urn::PATCH_OP], "Operations": operations});
        if let Ok(request) = PatchRequest::parse(&body) {
            let mut user = ada();
            match apply(&request, &mut user, &user_schema(), &PatchOptions::default()) {
                Ok(outcome) => {
                    prop_assert_eq!(outcome.changed, user != ada());
                    prop_assert!(user.contains_key("userName") && user["active"].is_boolean());
                    prop_assert_eq!(&user["id"], "2819c223");
                }
                Err(error) => {
                    prop_assert_eq!(error.status, 400);
                    prop_assert_eq!(user, ada());
                }
            }
        }
    }

    #[test]
    fn s27_request_parser_never_panics(body in super::super::resource::tests::any_value()) {
        let _ = PatchRequest::parse(&json!({"schemas": [urn::PATCH_OP], "Operations": body.clone()}));
        let _ = PatchRequest::parse(&body);
    }
}
