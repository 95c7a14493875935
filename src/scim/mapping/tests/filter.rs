//! Filters.

use super::super::super::protocol::ResourceSchema;
use super::super::super::protocol::filter::Filter as ScimFilter;
use super::super::super::protocol::urn::{self, ENTERPRISE_USER as ENT, USER};
use super::super::{group_filter, user_filter};
use super::{FOLD, META, mapping};
use crate::domain::filter::{Filter, GroupAttribute, Operand, Operator, UserAttribute, ValuePart};

fn asked(text: &str) -> Result<Filter<UserAttribute>, String> {
    let schema = mapping().schema;
    let filter = ScimFilter::parse(text, &schema).unwrap_or_else(|error| panic!("{text}: {error}"));
    user_filter(&filter, &schema).map_err(|error| error.detail)
}

fn asked_of_groups(text: &str) -> Result<Filter<GroupAttribute>, String> {
    let filter = ScimFilter::parse(text, &ResourceSchema::group()).unwrap_or_else(|error| panic!("{text}: {error}"));
    group_filter(&filter).map_err(|error| error.detail)
}

fn is<A>(attribute: A, operator: Operator, text: &str) -> Filter<A> {
    Filter::Compare {
        attribute,
        operator,
        operand: Operand::Text(text.to_owned()),
    }
}

fn value(name: &str, condition: Filter<ValuePart>) -> Filter<UserAttribute> {
    Filter::Present(UserAttribute::Values {
        name: name.to_owned(),
        condition: Box::new(condition),
    })
}

fn folded(name: &str, text: &str) -> Filter<UserAttribute> {
    value(name, is(ValuePart::Value, Operator::Equal, text))
}

fn exact(name: &str, text: &str) -> Filter<UserAttribute> {
    value(name, is(ValuePart::ExactValue, Operator::Equal, text))
}

#[test]
fn filters_on_columns() {
    use UserAttribute as A;
    for (text, expected) in [
        ("userName eq \"Ada\"", is(A::UserName, Operator::Equal, "Ada")),
        ("USERNAME SW \"a\"", is(A::UserName, Operator::StartsWith, "a")),
        ("id eq \"x\"", is(A::Id, Operator::Equal, "x")),
        ("externalId eq jyoung", is(A::ExternalId, Operator::Equal, "jyoung")),
        ("name.familyName co \"L\"", is(A::FamilyName, Operator::Contains, "L")),
        ("userType ne \"Premium\"", is(A::UserType, Operator::NotEqual, "Premium")),
        ("displayName pr", Filter::Present(A::DisplayName)),
        (
            "externalId eq null",
            Filter::Compare {
                attribute: A::ExternalId,
                operator: Operator::Equal,
                operand: Operand::Null,
            },
        ),
        (
            "active eq \"True\"",
            Filter::Compare {
                attribute: A::IsActive,
                operator: Operator::Equal,
                operand: Operand::Bool(true),
            },
        ),
        ("groups eq \"g\"", is(A::Group, Operator::Equal, "g")),
        ("groups.value eq \"g\"", is(A::Group, Operator::Equal, "g")),
        ("groups[value eq \"g\"]", is(A::Group, Operator::Equal, "g")),
    ] {
        assert_eq!(asked(text), Ok(expected), "{text}");
    }
}

#[test]
fn filters_on_times_compare_time() {
    let at = chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let expected = Filter::Compare {
        attribute: UserAttribute::UpdatedAt,
        operator: Operator::Greater,
        operand: Operand::Time(at),
    };
    assert_eq!(asked("meta.lastModified gt \"2023-11-14T23:13:20+01:00\""), Ok(expected));
}

#[test]
fn filters_on_values() {
    for (text, expected) in [
        ("emails eq \"a@b\"", folded("emails", "a@b")),
        ("emails.value eq \"a@b\"", folded("emails", "a@b")),
        ("title eq \"T\"", folded("title", "T")),
        ("name.formatted eq \"T\"", folded("name.formatted", "T")),
        ("roles.value eq \"Admin\"", folded("roles", "Admin")),
        ("manager eq \"m\"", exact(&format!("{ENT}:manager"), "m")),
        (
            &format!("{ENT}:manager.value eq \"m\""),
            exact(&format!("{ENT}:manager"), "m"),
        ),
        (
            &format!("{ENT}:department eq \"D\""),
            folded(&format!("{ENT}:department"), "D"),
        ),
        (&format!("{FOLD}:folders eq \"F\""), exact(&format!("{FOLD}:folders"), "F")),
        (
            &format!("{META}:costcenter eq \"7\""),
            exact(&format!("{META}:CostCenter"), "7"),
        ),
        ("emails pr", value("emails", Filter::Present(ValuePart::Value))),
        (
            "emails.type eq \"work\"",
            value("emails", is(ValuePart::Kind, Operator::Equal, "work")),
        ),
        (
            "title eq null",
            Filter::Not(Box::new(value("title", Filter::Present(ValuePart::Value)))),
        ),
    ] {
        assert_eq!(asked(text), Ok(expected), "{text}");
    }
}

#[test]
fn a_value_path_asks_of_one_element() {
    let work = is(ValuePart::Kind, Operator::Equal, "work");
    let ends = is(ValuePart::Value, Operator::EndsWith, "@x");
    let primary = Filter::Compare {
        attribute: ValuePart::IsPrimary,
        operator: Operator::Equal,
        operand: Operand::Bool(true),
    };
    let both = value("emails", Filter::All(vec![work.clone(), ends.clone()]));
    assert_eq!(asked("emails[type eq \"work\" and value ew \"@x\"]"), Ok(both.clone()));
    assert_eq!(asked("emails[type eq \"work\"].value ew \"@x\""), Ok(both));
    let not = value("emails", Filter::Any(vec![Filter::Not(Box::new(work)), primary]));
    assert_eq!(asked("emails[not (type eq \"work\") or primary eq \"True\"]"), Ok(not));
}

#[test]
fn constants_are_decided_without_looking() {
    for (text, holds) in [
        ("nope eq \"x\"", false),
        ("nope ne \"x\"", true),
        ("nope eq null", true),
        ("nope pr", false),
        ("meta.resourceType eq \"User\"", true),
        ("meta.resourceType eq \"Group\"", false),
        ("meta.version pr", true),
        ("schemas pr", true),
        (&format!("schemas eq \"{}\"", USER.to_uppercase()), true),
    ] {
        let expected = if holds { Filter::everything() } else { Filter::nothing() };
        assert_eq!(asked(text), Ok(expected), "{text}");
    }
    assert_eq!(
        asked(&format!("schemas eq \"{FOLD}\"")),
        Ok(Filter::Any(vec![value(&format!("{FOLD}:folders"), Filter::everything())]))
    );
    assert!(matches!(asked(&format!("schemas eq \"{ENT}\"")), Ok(Filter::Any(parts)) if parts.len() == 6));
    assert_eq!(asked("schemas eq \"urn:other\""), Ok(Filter::nothing()));
}

#[test]
fn what_no_index_covers_is_said() {
    for text in [
        "addresses.locality eq \"x\"",
        "addresses[type eq \"work\"]",
        "addresses pr",
        "emails.display eq \"x\"",
        "emails[display eq \"x\"]",
        "id co \"x\"",
        "id gt \"x\"",
        "meta.location eq \"x\"",
        "meta.version eq \"x\"",
        "groups.display eq \"x\"",
        "groups co \"x\"",
        "manager.displayName eq \"x\"",
    ] {
        let detail = asked(text).unwrap_err();
        assert!(detail.starts_with("Cannot filter by "), "{text}: {detail}");
    }
}

#[test]
fn filters_on_groups() {
    use GroupAttribute as A;
    for (text, expected) in [
        ("displayName eq \"G\"", is(A::DisplayName, Operator::Equal, "G")),
        ("members eq \"u\"", is(A::Member, Operator::Equal, "u")),
        ("members[value eq \"u\"]", is(A::Member, Operator::Equal, "u")),
        ("members pr", Filter::Present(A::Member)),
        ("externalId eq \"e\"", is(A::ExternalId, Operator::Equal, "e")),
        (
            "id eq \"i\" and members eq \"u\"",
            Filter::All(vec![is(A::Id, Operator::Equal, "i"), is(A::Member, Operator::Equal, "u")]),
        ),
        (&format!("schemas eq \"{}\"", urn::GROUP), Filter::everything()),
        ("userName eq \"x\"", Filter::nothing()),
        ("members.display eq \"x\"", Filter::nothing()),
    ] {
        assert_eq!(asked_of_groups(text), Ok(expected), "{text}");
    }
    for text in [
        "members co \"x\"",
        "members[type eq \"User\"]",
        "members[value eq \"a\" and value eq \"b\"]",
    ] {
        assert!(asked_of_groups(text).is_err(), "{text}");
    }
}
