//! Every row of the PATCH table, each read back (Learn, "Known issues and resolutions with SCIM 2.0 protocol compliance").

use serde_json::{Value, json};

use super::super::compare::Want;
use super::super::dialect::{Dialect, ENTERPRISE, Op};
use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::Stage;
use super::rows::accepted;
use super::subject::Subject;

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let Some(user) = Subject::user(stage, directory, "person").await? else {
        return Ok(());
    };
    match stage.dialect {
        Dialect::Legacy => legacy(stage, &user).await?,
        Dialect::Flag => flag(stage, &user).await?,
    }
    typed_elements(stage, &user).await?;
    clearing(stage, &user).await?;
    let Some(manager) = Subject::user(stage, directory, "manager").await? else {
        return Ok(());
    };
    managers(stage, directory, &user, &manager).await
}

/// The value wrapper of older jobs.
fn wrapped(value: Value) -> Value {
    json!([{ "$ref": null, "value": value }])
}

async fn legacy(stage: &Stage<'_>, user: &Subject) -> Result<(), EmulateError> {
    let d = stage.dialect;
    let department = format!("{ENTERPRISE}:department");
    let operations = vec![
        d.at(Op::Replace, "displayName", json!("Ada L")),
        d.at(Op::Add, "title", json!("Countess")),
        d.at(Op::Replace, "name.givenName", json!("Ada")),
        d.at(Op::Add, &department, json!("R&D")),
    ];
    let wants = [
        Want::Attr("displayName", json!("Ada L")),
        Want::Attr("title", json!("Countess")),
        Want::Sub("name", "givenName", json!("Ada")),
        Want::Sub("name", "familyName", json!("Test")),
        Want::enterprise("department", json!("R&D")),
    ];
    accepted(stage, user, "simple attributes, one operation each", operations, &wants).await?;
    let operations = vec![
        d.at(Op::Add, "title", wrapped(json!("Wrapped"))),
        d.at(Op::Replace, "name.familyName", wrapped(json!("Wrap"))),
        d.at(Op::Replace, &department, wrapped(json!("Wrapping"))),
    ];
    let wants = [
        Want::Attr("title", json!("Wrapped")),
        Want::Sub("name", "familyName", json!("Wrap")),
        Want::enterprise("department", json!("Wrapping")),
    ];
    accepted(
        stage,
        user,
        "single values wrapped in [{\"$ref\":null,\"value\":…}]",
        operations,
        &wants,
    )
    .await?;
    for (check, value, is_active) in [
        ("active \"False\"", json!("False"), false),
        ("active \"True\"", json!("True"), true),
        ("active wrapped \"False\"", wrapped(json!("False")), false),
        ("active wrapped \"True\"", wrapped(json!("True")), true),
    ] {
        let operations = vec![d.at(Op::Replace, "active", value)];
        accepted(stage, user, check, operations, &[Want::Attr("active", json!(is_active))]).await?;
    }
    Ok(())
}

async fn flag(stage: &Stage<'_>, user: &Subject) -> Result<(), EmulateError> {
    let d = stage.dialect;
    let department = format!("{ENTERPRISE}:department");
    let operations = d.set(&[
        ("displayName", json!("Ada L")),
        ("title", json!("Countess")),
        ("name.givenName", json!("Ada")),
        (&department, json!("R&D")),
    ]);
    let wants = [
        Want::Attr("displayName", json!("Ada L")),
        Want::Attr("title", json!("Countess")),
        Want::Sub("name", "givenName", json!("Ada")),
        Want::Sub("name", "familyName", json!("Test")),
        Want::enterprise("department", json!("R&D")),
    ];
    accepted(stage, user, "no path: dotted and URN keys in the value", operations, &wants).await?;
    let operations = d.set(&[
        ("name", json!({ "familyName": "Nested" })),
        (ENTERPRISE, json!({ "department": "Nested" })),
    ]);
    let wants = [
        Want::Sub("name", "familyName", json!("Nested")),
        Want::Sub("name", "givenName", json!("Ada")),
        Want::enterprise("department", json!("Nested")),
    ];
    accepted(stage, user, "no path: nested objects, merged", operations, &wants).await?;
    let operations = d.set(&[("emails[type eq \"work\"].value", json!("ada.path@example.org"))]);
    accepted(
        stage,
        user,
        "no path: value path as key",
        operations,
        &[Want::work_mail("ada.path@example.org")],
    )
    .await?;
    let operations = vec![json!({ "op": "add", "value": { "nickName": "Adi", "title": "Added" } })];
    let wants = [Want::Attr("nickName", json!("Adi")), Want::Attr("title", json!("Added"))];
    accepted(stage, user, "no path: add", operations, &wants).await?;
    for (check, operations, is_active) in [
        ("active false by path", d.active(false), false),
        ("active true by path", d.active(true), true),
        ("active false without path", d.set(&[("active", json!(false))]), false),
        ("active true without path", d.set(&[("active", json!(true))]), true),
    ] {
        accepted(stage, user, check, operations, &[Want::Attr("active", json!(is_active))]).await?;
    }
    Ok(())
}

/// Value paths: the element is made if it is missing, and never twice, whether Entra writes `Add` or `Replace`.
async fn typed_elements(stage: &Stage<'_>, user: &Subject) -> Result<(), EmulateError> {
    let d = stage.dialect;
    let typed = |attribute, kind, sub, value: &str| Want::Typed {
        attribute,
        kind,
        sub,
        value: json!(value),
    };
    for (check, op, path, value, want) in [
        (
            "add to a typed element that is not there",
            Op::Add,
            "phoneNumbers[type eq \"mobile\"].value",
            "+44 (0) 7700 900-123",
            typed("phoneNumbers", "mobile", "value", "+44 (0) 7700 900-123"),
        ),
        (
            "replace a typed element that is not there",
            Op::Replace,
            "phoneNumbers[type eq \"fax\"].value",
            "030/4711",
            typed("phoneNumbers", "fax", "value", "030/4711"),
        ),
        (
            "replace a typed element that is there",
            Op::Replace,
            "phoneNumbers[type eq \"mobile\"].value",
            "+44 7700 900 124",
            typed("phoneNumbers", "mobile", "value", "+44 7700 900 124"),
        ),
        (
            "add to a typed element that is there: no second one",
            Op::Add,
            "emails[type eq \"work\"].value",
            "ada.add@example.org",
            typed("emails", "work", "value", "ada.add@example.org"),
        ),
        (
            "sub-attribute with a capital (emails[type eq \"other\"].Value)",
            Op::Add,
            "emails[type eq \"other\"].Value",
            "proxy@example.org",
            typed("emails", "other", "value", "proxy@example.org"),
        ),
        (
            "address part that is not there",
            Op::Add,
            "addresses[type eq \"work\"].locality",
            "Zürich",
            typed("addresses", "work", "locality", "Zürich"),
        ),
        (
            "country as free text",
            Op::Add,
            "addresses[type eq \"work\"].country",
            "United States",
            typed("addresses", "work", "country", "United States"),
        ),
        (
            "formatted address with a capital",
            Op::Add,
            "addresses[type eq \"other\"].Formatted",
            "Building 7, room 12",
            typed("addresses", "other", "formatted", "Building 7, room 12"),
        ),
    ] {
        accepted(stage, user, check, vec![d.at(op, path, json!(value))], &[want]).await?;
    }
    let wants = [
        Want::Primary("emails", Some("proxy@example.org")),
        Want::work_mail("ada.add@example.org"),
    ];
    let operations = vec![d.at(Op::Replace, "emails[type eq \"other\"].primary", d.boolean(true))];
    accepted(stage, user, "primary moves to another element", operations, &wants).await?;
    let operations = vec![
        d.at(Op::Replace, "emails[type eq \"work\"].primary", d.boolean(true)),
        d.at(Op::Replace, "emails[type eq \"work\"].value", json!("back@example.org")),
        d.at(Op::Add, "phoneNumbers[type eq \"work\"].value", json!("+1 (425) 555-0100")),
    ];
    let wants = [
        Want::Primary("emails", Some("back@example.org")),
        Want::Typed {
            attribute: "phoneNumbers",
            kind: "work",
            sub: "value",
            value: json!("+1 (425) 555-0100"),
        },
    ];
    accepted(stage, user, "several typed elements in one request", operations, &wants).await?;
    let operations = vec![d.remove("phoneNumbers[type eq \"fax\"]")];
    let want = Want::Typed {
        attribute: "phoneNumbers",
        kind: "fax",
        sub: "value",
        value: Value::Null,
    };
    accepted(stage, user, "remove a typed element", operations, &[want]).await?;
    Ok(())
}

/// The validator patches to "" and to null; both leave the attribute without a value.
async fn clearing(stage: &Stage<'_>, user: &Subject) -> Result<(), EmulateError> {
    let d = stage.dialect;
    for (check, value) in [
        ("replace with \"\" clears", json!("")),
        ("replace with null clears", Value::Null),
    ] {
        let department = format!("{ENTERPRISE}:department");
        let filled = vec![
            d.at(Op::Add, "title", json!("Full")),
            d.at(Op::Add, &department, json!("Full")),
        ];
        stage.patch(&user.path, filled).await?;
        let operations = vec![
            d.at(Op::Replace, "title", value.clone()),
            d.at(Op::Replace, &department, value),
        ];
        let wants = [Want::Attr("title", Value::Null), Want::enterprise("department", Value::Null)];
        accepted(stage, user, check, operations, &wants).await?;
    }
    let operations = vec![d.at(Op::Add, "title", json!("Again"))];
    accepted(
        stage,
        user,
        "add after clearing",
        operations,
        &[Want::Attr("title", json!("Again"))],
    )
    .await?;
    accepted(
        stage,
        user,
        "remove by path",
        vec![d.remove("title")],
        &[Want::Attr("title", Value::Null)],
    )
    .await?;
    Ok(())
}

/// The manager as text, as an object, as a reference list, in a creation; cleared in both ways.
async fn managers(stage: &Stage<'_>, directory: &Directory, user: &Subject, manager: &Subject) -> Result<(), EmulateError> {
    let d = stage.dialect;
    let path = format!("{ENTERPRISE}:manager");
    let set = [Want::enterprise("manager", json!({ "value": manager.id }))];
    let cleared = [Want::enterprise("manager", Value::Null)];
    accepted(stage, user, "manager as text", d.manager(&manager.id), &set).await?;
    accepted(stage, user, "manager removed", vec![d.remove(&path)], &cleared).await?;
    let reference = json!([{ "$ref": null, "value": manager.id }]);
    accepted(
        stage,
        user,
        "manager as a reference list",
        vec![d.at(Op::Add, &path, reference)],
        &set,
    )
    .await?;
    accepted(
        stage,
        user,
        "manager replaced with \"\"",
        vec![d.at(Op::Replace, &path, json!(""))],
        &cleared,
    )
    .await?;
    let object = json!({ "value": manager.id });
    accepted(
        stage,
        user,
        "manager as an object",
        vec![d.at(Op::Replace, &path, object)],
        &set,
    )
    .await?;
    let made = Subject::user_with(stage, directory, "report", |body| {
        if let Some(members) = body.as_object_mut() {
            members.insert(ENTERPRISE.to_owned(), json!({ "manager": manager.id }));
        }
    })
    .await?;
    if let Some(report) = made {
        let shown = stage.get(&report.path, &[]).await?;
        stage
            .expect("manager as bare text in a creation", &shown)
            .status(200)
            .resource("User", &report.id)
            .wants(&set)
            .done();
    }
    Ok(())
}
