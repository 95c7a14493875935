//! Access roles in every shape of Entra's role functions, and the user type.
//!
//! Learn, "Customize attribute mappings": `SingleAppRoleAssignment`, `AppRoleAssignmentsComplex`,
//! `AssertiveAppRoleAssignmentsComplex`. Values are compared without case and shown in their own spelling; an unknown one
//! is refused, because the detail is what the administrator reads in Entra's provisioning log.

use serde_json::{Value, json};

use super::super::compare::Want;
use super::super::dialect::{Dialect, Op};
use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::{Stage, quoted};
use super::rows::{accepted, refused};
use super::subject::{Subject, object_id, plain_user, user_name};

/// The type Entra writes into role elements.
const KIND: &str = "WindowsAzureActiveDirectoryRole";

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    creation(stage, directory).await?;
    let Some(user) = Subject::user(stage, directory, "person").await? else {
        return Ok(());
    };
    let d = stage.dialect;
    for (check, operation, values, primary) in rows(d) {
        let values = values.into_iter().map(str::to_owned).collect();
        let mut wants = vec![Want::Values("roles", values)];
        wants.extend(primary.map(|primary| Want::Primary("roles", Some(primary))));
        accepted(stage, &user, check, vec![operation], &wants).await?;
    }
    let before = [Want::Values("roles", vec!["User".to_owned()])];
    stage
        .patch(&user.path, vec![d.at(Op::Replace, "roles", json!([{ "value": "User" }]))])
        .await?;
    let unknown = vec![d.at(Op::Replace, "roles[primary eq \"True\"].value", json!("Superhero"))];
    refused(
        stage,
        &user,
        "unknown role by value path",
        unknown,
        Some("invalidValue"),
        &before,
    )
    .await?;
    let unknown = vec![d.at(Op::Replace, "roles", json!([{ "value": "Admin" }, { "value": "Superhero" }]))];
    refused(stage, &user, "unknown role in a list", unknown, Some("invalidValue"), &before).await?;
    accepted(
        stage,
        &user,
        "all roles removed",
        vec![d.remove("roles")],
        &[Want::Values("roles", Vec::new())],
    )
    .await?;
    let name = user_name(stage, directory, "superhero");
    let mut body = plain_user(&name, object_id(directory, &name));
    insert(
        &mut body,
        "roles",
        json!([{ "primary": true, "type": KIND, "value": "Superhero" }]),
    );
    refused_creation(stage, "creation with an unknown role", body, &name).await
}

fn insert(body: &mut Value, name: &str, value: Value) {
    if let Some(members) = body.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

async fn refused_creation(stage: &Stage<'_>, check: &'static str, body: Value, name: &str) -> Result<(), EmulateError> {
    let answer = stage.post("/Users", body).await?;
    if answer.status == 201 {
        stage.job.remember_extra(format!("/Users/{}", answer.id()));
    }
    let found = stage.query("/Users", &format!("userName eq {}", quoted(name))).await?;
    stage
        .expect(check, &answer)
        .error(400, Some("invalidValue"))
        .also(&found)
        .hits(0)
        .done();
    Ok(())
}

async fn creation(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let complex = |value: &str, label: &str| json!({ "primary": false, "type": KIND, "value": value, label: value });
    for (label, check, roles, values, primary) in [
        (
            "single",
            "creation: single role",
            json!([{ "primary": true, "type": KIND, "value": "Admin" }]),
            vec!["Admin"],
            Some("Admin"),
        ),
        (
            "text",
            "creation: primary as text",
            json!([{ "primary": "True", "type": KIND, "value": "User" }]),
            vec!["User"],
            Some("User"),
        ),
        (
            "complex",
            "creation: several, label in displayName",
            json!([complex("User", "displayName"), complex("ReadOnly", "displayName")]),
            vec!["User", "ReadOnly"],
            None,
        ),
        (
            "assertive",
            "creation: several, label in display",
            json!([complex("EnterpriseAdmin", "display"), complex("User", "display")]),
            vec!["EnterpriseAdmin", "User"],
            None,
        ),
        (
            "case",
            "creation: other case, shown in its own spelling",
            json!([{ "primary": true, "value": "readonly" }]),
            vec!["ReadOnly"],
            Some("ReadOnly"),
        ),
        (
            "json",
            "creation: JSON text inside the value",
            json!([{ "value": json_text("Admin") }]),
            vec!["Admin"],
            None,
        ),
    ] {
        let Some(user) = Subject::user_with(stage, directory, label, |body| insert(body, "roles", roles)).await? else {
            continue;
        };
        let shown = stage.get(&user.path, &[]).await?;
        let mut wants = vec![Want::Values("roles", values.into_iter().map(str::to_owned).collect())];
        wants.extend(primary.map(|primary| Want::Primary("roles", Some(primary))));
        stage
            .expect(check, &shown)
            .status(200)
            .resource("User", &user.id)
            .wants(&wants)
            .done();
    }
    Ok(())
}

/// What `SingleAppRoleAssignment` sends when it is mapped to `roles` itself.
fn json_text(role: &str) -> String {
    json!({ "id": "3f1cbcb7-8d1a-4a52-9f0e-0c4a5f0f7a11", "value": role, "displayName": role }).to_string()
}

type Row = (&'static str, Value, Vec<&'static str>, Option<&'static str>);

fn rows(d: Dialect) -> Vec<Row> {
    // The quotes around True are Entra's, in both dialects.
    let primary = "roles[primary eq \"True\"].value";
    vec![
        ("primary role where there is none", d.at(Op::Add, primary, json!("User")), vec!["User"], Some("User")),
        ("primary role replaced, not appended", d.at(Op::Replace, primary, json!("Admin")), vec!["Admin"], Some("Admin")),
        ("primary role by add: still one", d.at(Op::Add, primary, json!("ReadOnly")), vec!["ReadOnly"], Some("ReadOnly")),
        ("primary role in other case", d.at(Op::Replace, primary, json!("ENTERPRISEADMIN")), vec!["EnterpriseAdmin"], Some("EnterpriseAdmin")),
        ("full set", d.at(Op::Replace, "roles", json!([{ "primary": false, "type": KIND, "value": "User", "display": "User" }])), vec!["User"], None),
        ("add a role as JSON text", d.at(Op::Add, "roles", json!([{ "value": json_text("Admin") }])), vec!["User", "Admin"], None),
        ("add a role twice: no double", d.at(Op::Add, "roles", json!([{ "value": "Admin" }])), vec!["User", "Admin"], None),
        (
            "add several, all not primary",
            d.at(Op::Add, "roles", json!([
                { "primary": false, "type": KIND, "value": "ReadOnly", "displayName": "Read only" },
                { "primary": false, "type": KIND, "value": "EnterpriseAdmin", "displayName": "Enterprise admin" },
            ])),
            vec!["User", "Admin", "ReadOnly", "EnterpriseAdmin"],
            None,
        ),
        ("remove one by value path", d.remove("roles[value eq \"Admin\"]"), vec!["User", "ReadOnly", "EnterpriseAdmin"], None),
        (
            "full set of several",
            d.at(Op::Replace, "roles", json!([{ "type": KIND, "value": "Admin", "display": "Admin" }, { "type": KIND, "value": "User", "display": "User" }])),
            vec!["Admin", "User"],
            None,
        ),
    ]
}

/// `userType` is exactly `Premium` or `Standard`; absent is fine.
pub async fn user_type(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let d = stage.dialect;
    let Some(user) = Subject::user_with(stage, directory, "person", |body| insert(body, "userType", json!("Premium"))).await?
    else {
        return Ok(());
    };
    let is = |value: Value| [Want::Attr("userType", value)];
    let shown = stage.get(&user.path, &[]).await?;
    stage
        .expect("creation with Premium", &shown)
        .status(200)
        .resource("User", &user.id)
        .wants(&is(json!("Premium")))
        .done();
    accepted(
        stage,
        &user,
        "change to Standard",
        d.set(&[("userType", json!("Standard"))]),
        &is(json!("Standard")),
    )
    .await?;
    for (check, value) in [
        ("an unknown type", "Gold"),
        ("other case", "premium"),
        ("blanks around it", " Premium "),
    ] {
        let operations = d.set(&[("displayName", json!("Half done")), ("userType", json!(value))]);
        let wants = [
            Want::Attr("userType", json!("Standard")),
            Want::Attr("displayName", json!("Grete Test")),
        ];
        refused(stage, &user, check, operations, Some("invalidValue"), &wants).await?;
    }
    accepted(stage, &user, "remove", vec![d.remove("userType")], &is(Value::Null)).await?;
    let Some(bare) = Subject::user(stage, directory, "bare").await? else {
        return Ok(());
    };
    let shown = stage.get(&bare.path, &[]).await?;
    stage
        .expect("creation without a type: none is shown", &shown)
        .status(200)
        .wants(&is(Value::Null))
        .done();
    let name = user_name(stage, directory, "gold");
    let mut body = plain_user(&name, object_id(directory, &name));
    insert(&mut body, "userType", json!("Gold"));
    refused_creation(stage, "creation with an unknown type", body, &name).await
}
