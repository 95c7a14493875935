//! Roles, user type, folders and metadata.

use super::*;

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
