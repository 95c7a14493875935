//! What holds for every operation.

use super::*;

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
    use super::super::super::resource::tests::{any_key, any_value};
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
    fn s27_request_parser_never_panics(body in super::super::super::resource::tests::any_value()) {
        let _ = PatchRequest::parse(&json!({"schemas": [urn::PATCH_OP], "Operations": body.clone()}));
        let _ = PatchRequest::parse(&body);
    }
}
