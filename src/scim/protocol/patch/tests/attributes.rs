//! Names, addresses and the other attributes of a person.

use super::*;

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
