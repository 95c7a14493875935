use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::error::ScimType;
use super::super::fixtures::{ENT, FOLD, META, ada, object, user_schema};
use super::*;

fn canonical(input: Value) -> Resource {
    canonicalise(&input, &user_schema())
        .unwrap_or_else(|error| panic!("{input}: {error}"))
        .0
}

/// Canonical form of an attribute of an otherwise minimal user.
fn value_of(key: &str, value: Value, canonical_key: &str) -> Value {
    let mut input = object(json!({"userName": "u"}));
    input.insert(key.to_owned(), value);
    canonical(Value::Object(input)).remove(canonical_key).unwrap_or_default()
}

#[test]
fn entra_create_body() {
    let input = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENT],
        "externalId": "ada", "userName": "ada@example.org", "active": true, "displayName": "Ada L",
        "emails": [{"primary": true, "type": "work", "value": "ada@example.org"}],
        "name": {"formatted": "Ada L", "familyName": "L", "givenName": "Ada"},
        "roles": [], "title": null, "nickName": "", "id": "mine", "groups": [], "meta": {"resourceType": "User"},
        FOLD: {"folders": ["F1"]},
    });
    let (mut resource, ignored) = canonicalise(&input, &user_schema()).unwrap();
    assert_eq!(ignored, []);
    finish(&mut resource, &user_schema());
    let expected = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", FOLD],
        "externalId": "ada", "userName": "ada@example.org", "active": true, "displayName": "Ada L",
        "emails": [{"primary": true, "type": "work", "value": "ada@example.org"}],
        "name": {"formatted": "Ada L", "familyName": "L", "givenName": "Ada"},
        FOLD: {"folders": ["F1"]},
    });
    assert_eq!(Value::Object(resource), expected);
}

#[test]
fn shapes_of_values() {
    let manager = json!({"manager": {"value": "m2"}});
    let admin = json!([{"value": "Admin", "display": "Administrator"}]);
    let table = [
        ("ACTIVE", json!("False"), "active", json!(false)),
        ("active", json!([{"$ref": null, "value": "True"}]), "active", json!(true)),
        ("active", Value::Null, "active", json!(true)),
        (
            "displayname",
            json!([{"$ref": null, "value": "A"}]),
            "displayName",
            json!("A"),
        ),
        ("title", json!({"value": "T"}), "title", json!("T")),
        // OneLogin: one object, no primary.
        ("emails", json!({"value": "a@b.c"}), "emails", json!([{"value": "a@b.c"}])),
        ("emails", json!(["a@b.c"]), "emails", json!([{"value": "a@b.c"}])),
        (
            "emails",
            json!([{"VALUE": "a@b.c", "Primary": "True"}]),
            "emails",
            json!([{"value": "a@b.c", "primary": true}]),
        ),
        (
            "emails",
            json!([{"type": "work", "value": null}, {"value": "x"}, {"value": "x"}]),
            "emails",
            json!([{"value": "x"}]),
        ),
        ("name.givenName", json!("Ada"), "name", json!({"givenName": "Ada"})),
        (
            r#"emails[type eq "work"].value"#,
            json!("w"),
            "emails",
            json!([{"type": "work", "value": "w"}]),
        ),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:title",
            json!("T"),
            "title",
            json!("T"),
        ),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User",
            json!({"title": "T"}),
            "title",
            json!("T"),
        ),
        (
            "roles",
            json!([{"value": "{\"id\":\"1\",\"value\":\"Admin\",\"displayName\":\"Administrator\"}"}]),
            "roles",
            admin.clone(),
        ),
        (
            "roles",
            json!([{"value": "admin", "displayName": "Administrator"}]),
            "roles",
            admin,
        ),
        ("roles", json!(["readonly"]), "roles", json!([{"value": "ReadOnly"}])),
        ("userType", json!("Premium"), "userType", json!("Premium")),
        (
            "phoneNumbers",
            json!([{"type": "work", "value": "+49 (0) 30-1"}]),
            "phoneNumbers",
            json!([{"type": "work", "value": "+49 (0) 30-1"}]),
        ),
    ];
    for (key, value, canonical_key, expected) in table {
        assert_eq!(value_of(key, value.clone(), canonical_key), expected, "{key} {value}");
    }
    for value in [
        json!("m2"),
        json!({"value": "m2"}),
        json!([{"$ref": null, "value": "m2"}]),
        json!({"Value": "m2", "$ref": null}),
    ] {
        assert_eq!(value_of(ENT, json!({"manager": value}), ENT), manager);
        assert_eq!(value_of(&format!("{ENT}:manager"), value.clone(), ENT), manager);
        assert_eq!(value_of(&format!("{ENT}.Manager"), value, ENT), manager);
    }
}

#[test]
fn folders_in_every_shape() {
    for (value, expected) in [
        (json!(["F1", " F2", "", "F1"]), json!(["F1", "F2"])),
        (json!([{"value": "F1"}, {"value": " F2 "}]), json!(["F1", "F2"])),
        (json!("F1, F2,,F1"), json!(["F1", "F2"])),
        (json!({"value": "F1"}), json!(["F1"])),
        (json!([{"$ref": null, "value": "F1, F2"}]), json!(["F1", "F2"])),
        // A comma inside an array element belongs to the name.
        (json!([{"value": "Acme, Inc"}]), json!(["Acme, Inc"])),
    ] {
        assert_eq!(
            value_of(FOLD, json!({"folders": value}), FOLD),
            json!({"folders": expected}),
            "{value}"
        );
    }
    assert_eq!(value_of(FOLD, json!({"folders": " , "}), FOLD), Value::Null);
}

#[test]
fn metadata_is_text_under_any_key() {
    let value = json!({"Cost.Center 2": 42, "flag": true, "KNOWNKEY": "x", "none": null, "w": [{"$ref": null, "value": "y"}]});
    assert_eq!(
        value_of(META, value, META),
        json!({"Cost.Center 2": "42", "flag": "true", "knownKey": "x", "w": "y"})
    );
    assert_eq!(value_of(&format!("{META}:A.b c"), json!(1.5), META), json!({"A.b c": "1.5"}));
}

#[test]
fn s29_unknown_and_read_only_attributes_are_listed() {
    let input = json!({
        "userName": "u", "password": "secret", "nope": 1, "nothing": null, "groups": [{"value": "g"}],
        "urn:x:y:z": {"a": 1}, "name": {"givenName": "A", "shoeSize": 3}, ENT: {"hair": "red", "manager": {"value": "m", "displayName": "M"}},
    });
    let (resource, ignored) = canonicalise(&input, &user_schema()).unwrap();
    let mut listed: Vec<(&str, IgnoredReason)> = ignored.iter().map(|entry| (entry.path.as_str(), entry.reason)).collect();
    listed.sort_by_key(|(path, _)| path.to_owned());
    let (hair, boss) = (format!("{ENT}:hair"), format!("{ENT}:manager.displayName"));
    assert_eq!(
        listed,
        [
            ("groups", IgnoredReason::ReadOnly),
            ("name.shoeSize", IgnoredReason::Unknown),
            ("nope", IgnoredReason::Unknown),
            ("password", IgnoredReason::Unknown),
            (hair.as_str(), IgnoredReason::Unknown),
            (boss.as_str(), IgnoredReason::ReadOnly),
            ("urn:x:y:z", IgnoredReason::Unknown),
        ]
    );
    assert!(!Value::Object(resource).to_string().contains("secret"));
}

#[test]
fn unsuitable_values_name_the_attribute() {
    for (input, named) in [
        (json!({}), "userName"),
        (json!({"userName": ""}), "userName"),
        (json!({"userName": 5}), "userName"),
        (json!({"userName": ["a", "b"]}), "userName"),
        (json!({"userName": "u", "active": "maybe"}), "active"),
        (json!({"userName": "u", "name": "Ada"}), "name"),
        (json!({"userName": "u", "name": {"givenName": 1}}), "name.givenName"),
        (json!({"userName": "u", "emails": 5}), "emails"),
        (
            json!({"userName": "u", "emails": [{"value": "a", "primary": true}, {"value": "b", "primary": "True"}]}),
            "emails",
        ),
        (json!({"userName": "u", "userType": "premium"}), "Premium"),
        (json!({"userName": "u", "roles": ["Root"]}), "roles.value"),
        (json!({"userName": "u", FOLD: {"folders": [5]}}), "folders"),
        (json!({"userName": "u", ENT: "x"}), ENT),
    ] {
        let error = canonicalise(&input, &user_schema()).map(|_| ()).unwrap_err();
        assert_eq!(
            (error.status, error.scim_type),
            (400, Some(ScimType::InvalidValue)),
            "{input}"
        );
        assert!(error.detail.contains(named), "{input}: {}", error.detail);
    }
    assert_eq!(
        canonicalise(&json!([]), &user_schema()).unwrap_err().scim_type,
        Some(ScimType::InvalidSyntax)
    );
}

#[test]
fn put_accepts_what_get_served() {
    // Okta reads, merges and sends everything back.
    let mut expected = ada();
    for key in ["id", "meta", "schemas"] {
        expected.remove(key);
    }
    let manager = expected
        .get_mut(ENT)
        .and_then(|enterprise| enterprise.get_mut("manager"))
        .unwrap();
    manager.as_object_mut().unwrap().remove("displayName");
    assert_eq!(canonical(Value::Object(ada())), expected);
}

fn projected(attributes: &[&str], excluded: &[&str]) -> Value {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    Value::Object(project(&ada(), &owned(attributes), &owned(excluded), &user_schema()).unwrap())
}

#[test]
fn projection_follows_rfc_7644_3_9() {
    let base = |extra: Value| {
        let mut all = object(json!({"schemas": ada()["schemas"], "id": "2819c223"}));
        all.extend(object(extra));
        Value::Object(all)
    };
    let department = format!("{ENT}:department");
    for (attributes, expected) in [
        (vec!["USERNAME"], json!({"userName": "ada@example.org"})),
        (
            vec!["name.GivenName", "title"],
            json!({"name": {"givenName": "Ada"}, "title": "Engineer"}),
        ),
        (vec!["emails.type"], json!({"emails": [{"type": "work"}, {"type": "home"}]})),
        (vec![department.as_str()], json!({ENT: {"department": "R&D"}})),
        (vec![ENT], json!({ENT: ada()[ENT]})),
        (
            vec!["urn:ietf:params:scim:schemas:core:2.0:User:title"],
            json!({"title": "Engineer"}),
        ),
        (vec!["nope"], json!({})),
        (vec!["id"], json!({})),
    ] {
        assert_eq!(projected(&attributes, &[]), base(expected), "{attributes:?}");
    }
    let shown = projected(
        &[],
        &["id", "schemas", "meta", "emails", "NAME.familyName", department.as_str()],
    );
    assert_eq!((&shown["id"], &shown["schemas"]), (&json!("2819c223"), &ada()["schemas"]));
    assert!(shown.get("emails").is_none() && shown.get("meta").is_none());
    assert_eq!(shown["name"], json!({"givenName": "Ada"}));
    assert!(shown[ENT].get("department").is_none() && shown[ENT].get("manager").is_some());
    assert_eq!(projected(&[], &[]), Value::Object(ada()));
    let both = project(&ada(), &["id".to_owned()], &["name".to_owned()], &user_schema());
    assert_eq!(both.unwrap_err().status, 400);
}

/// Values as clients might send them, right and wrong.
pub fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "True",
            "work",
            "User",
            "Premium",
            "a, b",
            " x ",
            "{\"value\":\"Admin\"}"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let key = prop::sample::select(vec![
            "value",
            "Type",
            "primary",
            "$ref",
            "givenName",
            "nope",
            "folders",
            "manager",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map(key, inner, 0..3)
                .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

/// Attribute names as clients might spell them.
pub fn any_key() -> impl Strategy<Value = String> {
    let full = [
        format!("{ENT}:department"),
        format!("{ENT}.manager"),
        format!("{META}:a.b c"),
        format!("{FOLD}:folders"),
    ];
    let plain = [
        "userName",
        "ACTIVE",
        "name",
        "name.givenName",
        "emails",
        r#"emails[type eq "work"].value"#,
        "roles",
        r#"roles[primary eq "True"].value"#,
        "userType",
        "nope",
        "id",
        "groups",
        ENT,
        META,
        FOLD,
        "[",
        "emails[",
    ];
    prop::sample::select(full.into_iter().chain(plain.map(str::to_owned)).collect::<Vec<String>>())
}

proptest! {
    #[test]
    fn canonicalise_is_idempotent(body in prop::collection::btree_map(any_key(), any_value(), 0..6)) {
        let mut input: Resource = body.into_iter().collect();
        input.insert("userName".to_owned(), "u".into());
        if let Ok((once, _)) = canonicalise(&Value::Object(input), &user_schema()) {
            let (twice, ignored) = canonicalise(&Value::Object(once.clone()), &user_schema()).unwrap();
            prop_assert_eq!(once, twice);
            prop_assert_eq!(ignored, vec![]);
        }
    }
}

#[test]
fn extensions_that_name_their_own_schema_are_understood() {
    let body = json!({"userName": "a", META: {"schemas": [META], "k": "v"}, ENT: {"Schemas": [ENT], "department": "D"}});
    let (user, ignored) = canonicalise(&body, &user_schema()).unwrap();
    assert_eq!((&user[META], &user[ENT]), (&json!({"k": "v"}), &json!({"department": "D"})));
    assert_eq!(ignored, []);
}
