use std::time::Instant;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::error::ScimType;
use super::super::fixtures::{ENT, FOLD, META, ada, user_schema};
use super::*;

fn person() -> Value {
    let mut user = ada();
    user.insert(FOLD.to_owned(), json!({"folders": ["F1", "F2"]}));
    user.insert(META.to_owned(), json!({"Cost.Center 2": "42"}));
    Value::Object(user)
}

fn matches(text: &str) -> bool {
    Filter::parse(text, &user_schema())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .matches(&person())
}

#[test]
fn filters_that_hold() {
    let manager = format!("{ENT}:manager");
    for text in [
        r#"userName eq "ada@example.org""#,
        r#"USERNAME EQ "ADA@EXAMPLE.ORG""#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ada""#,
        r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User""#,
        "externalId eq ada",
        r#"id eq "2819c223" and manager eq "m1""#,
        &format!(r#"{manager} eq "m1""#),
        &format!(r#"{manager}.value eq "m1""#),
        &format!(r#"{ENT}.department eq "r&d""#),
        &format!(r#"{FOLD}:folders eq "F2""#),
        &format!(r#"{FOLD}:folders[value eq "F1"]"#),
        &format!(r#"{META}:Cost.Center 2 eq 42"#),
        &format!(r#"({META}:cost.center 2 pr)"#),
        r#"emails[type eq "work"].value eq "ada@example.org""#,
        r#"emails[type eq "work" and value co "@example.org"]"#,
        r#"emails[type eq "home" or type eq "x"].value ew "home.example""#,
        "emails[type eq work].value pr",
        r#"emails co "home""#,
        r#"emails.type eq "HOME""#,
        "emails[primary eq \"True\"]",
        "active eq true",
        r#"active eq "True""#,
        "active ne false",
        r#"meta.lastModified gt "2026-01-02T03:04:04+00:00""#,
        r#"meta.created eq "2026-01-02T04:04:05+01:00""#,
        r#"meta.resourceType eq "User""#,
        "title pr and not (nickName pr)",
        "not(nickName pr)",
        "nickName eq null",
        "title ne null",
        r#"nickName ne "x""#,
        r#"nope ne "x""#,
        r#"title eq "x" or title eq "engineer" and active eq true"#,
        r#"(title eq "x" or title eq "engineer")and active eq true"#,
        r#"emails ne "ada@example.org""#,
        r#"displayName eq "Ada \u004c""#,
        "  title   pr  ",
    ] {
        assert!(matches(text), "{text}");
    }
}

#[test]
fn group_filters() {
    let schema = ResourceSchema::group();
    let group = json!({"displayName": "Sales", "externalId": "o1", "members": [{"value": "a"}, {"value": "b"}]});
    for text in [
        r#"displayName eq "SALES""#,
        r#"members eq "b""#,
        r#"members[value eq "a"]"#,
        r#"id ne "x" and members eq "a""#,
    ] {
        assert!(Filter::parse(text, &schema).unwrap().matches(&group), "{text}");
    }
    assert!(!Filter::parse(r#"members eq "A""#, &schema).unwrap().matches(&group));
}

#[test]
fn filters_that_do_not_hold() {
    for text in [
        r#"externalId eq "ADA""#,
        r#"userName eq "bob""#,
        r#"nope eq "x""#,
        "nope pr",
        "urn:x:y:z pr",
        r#"nope[type eq "x"]"#,
        r#"emails[type eq "work" and value co "home"]"#,
        r#"emails[type eq "work"].value eq "ada@home.example""#,
        r#"emails[nope eq "work"]"#,
        "nickName pr",
        "nickName ne null",
        r#"nickName gt "a""#,
        "not (title pr)",
        r#"title eq "x" or title eq "y" and active eq true"#,
        r#"(title eq "engineer" or active eq true) and active eq false"#,
        r#"meta.lastModified lt "2026-01-02T03:04:05Z""#,
    ] {
        assert!(!matches(text), "{text}");
    }
}

#[test]
fn malformed_and_unsupported_filters_are_invalid_filter() {
    for text in [
        "",
        " ",
        "userName",
        "userName eq",
        "userName xx \"a\"",
        "userName eq \"a",
        "userName eq \"a\" and",
        "userName eq \"a\" nor title pr",
        "(userName pr",
        "userName pr)",
        "emails[type eq \"work\"",
        "emails[type eq \"work\")",
        "not userName pr",
        "active gt true",
        "active eq \"maybe\"",
        "active co true",
        "meta.created gt \"yesterday\"",
        "meta.created co \"2026\"",
        "name eq \"Ada\"",
        "title gt null",
        "x509Certificates.value ge \"a\"",
        "emails.value[type eq \"x\"]",
        "emails[emails[type pr]]",
        r#"userName eq "\x""#,
    ] {
        let error = Filter::parse(text, &user_schema())
            .map(|filter| format!("{filter:?}"))
            .unwrap_err();
        assert_eq!(
            (error.status, error.scim_type),
            (400, Some(ScimType::InvalidFilter)),
            "{text}"
        );
    }
}

#[test]
fn s27_limits_on_length_nesting_and_terms() {
    let schema = user_schema();
    let nested = |n: usize| format!("{}title pr{}", "(".repeat(n), ")".repeat(n));
    let nots = |n: usize| format!("{}title pr{}", "not (".repeat(n), ")".repeat(n));
    let chain = |n: usize| vec!["id eq 1"; n].join(" or ");
    assert!(Filter::parse(&nested(MAX_DEPTH), &schema).is_ok());
    assert!(Filter::parse(&nots(MAX_DEPTH), &schema).is_ok());
    assert!(Filter::parse(&chain(MAX_TERMS), &schema).is_ok());
    let long = format!("title eq \"{}\"", "x".repeat(MAX_LENGTH));
    for text in [
        nested(MAX_DEPTH + 1),
        nots(MAX_DEPTH + 1),
        chain(MAX_TERMS + 1),
        nested(10_000),
        "(".repeat(4000),
        long,
    ] {
        let start = Instant::now();
        assert_eq!(Filter::parse(&text, &schema).unwrap_err().status, 400);
        assert!(start.elapsed().as_millis() < 10);
    }
}

#[test]
fn s28_values_stay_values() {
    for text in [
        r#"x" or userName pr or "a"#,
        "'; drop table users --",
        "%_\\",
        "\u{0}",
        "] or id pr",
    ] {
        let filter = format!("userName eq {}", Value::from(text));
        let parsed = Filter::parse(&filter, &user_schema()).unwrap();
        let Filter::Compare {
            value: CompareValue::Text(value),
            ..
        } = parsed
        else {
            panic!("{parsed:?}")
        };
        assert_eq!(value, text);
    }
}

#[test]
fn paths_are_canonical_and_typed() {
    let parsed = Filter::parse(r#"EMAILS[Type eq "work"].VALUE eq "x""#, &user_schema()).unwrap();
    let Filter::ValuePath {
        path: FilterPath::Known(path),
        filter,
    } = parsed
    else {
        panic!("{parsed:?}")
    };
    assert!(path.multi_valued && path.path.to_string() == "emails");
    let parts = filter.equalities().unwrap();
    let names: Vec<String> = parts.iter().map(|(path, _)| path.path.to_string()).collect();
    assert_eq!(names, ["emails.type", "emails.value"]);
}

fn any_filter() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "userName",
        "emails.value",
        "ACTIVE",
        "meta.created",
        "nope",
        "roles",
        "name.x",
    ]);
    let op = prop::sample::select(vec!["eq", "NE", "co", "sw", "ew", "gt", "ge", "lt", "le"]);
    let value = prop::sample::select(vec!["\"a\"", "true", "null", "5", "bare", "\"2026-01-01T00:00:00Z\""]);
    let leaf = prop_oneof![
        (name.clone(), op, value).prop_map(|(name, op, value)| format!("{name} {op} {value}")),
        name.prop_map(|name| format!("{name} pr")),
        Just("emails[type eq \"work\"]".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("{l} and {r}")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l} or {r})")),
            inner.prop_map(|inner| format!("not ({inner})")),
        ]
    })
}

proptest! {
    #[test]
    fn s27_parser_never_panics(text in r#"(\PC{0,60}|[a-u:.()\[\]" \\]{0,80})"#) {
        let _ = Filter::parse(&text, &user_schema());
    }

    #[test]
    fn negation_negates(text in any_filter()) {
        let schema = user_schema();
        if let Ok(filter) = Filter::parse(&text, &schema) {
            let negated = Filter::parse(&format!("not ({text})"), &schema);
            if let Ok(negated) = negated {
                prop_assert_eq!(filter.matches(&person()), !negated.matches(&person()));
            }
        }
    }
}
