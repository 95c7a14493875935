//! The rules behind the PATCH table: one transaction, in order, names without case, and what has no target.

use serde_json::{Value, json};

use super::super::compare::Want;
use super::super::dialect::{Dialect, ENTERPRISE, Op, USER};
use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::Stage;
use super::rows::{accepted, refused};
use super::subject::Subject;

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let Some(user) = Subject::user(stage, directory, "person").await? else {
        return Ok(());
    };
    booleans(stage, &user).await?;
    names_without_case(stage, &user).await?;
    order(stage, &user).await?;
    refusals(stage, &user).await?;
    no_change(stage, &user).await?;
    missing(stage).await
}

/// Every spelling of a boolean occurs, whatever the flag says: on-demand provisioning ignores it.
async fn booleans(stage: &Stage<'_>, user: &Subject) -> Result<(), EmulateError> {
    for (check, value, is_active) in [
        ("boolean \"False\"", json!("False"), false),
        ("boolean \"true\"", json!("true"), true),
        ("boolean false", json!(false), false),
        ("boolean \"True\"", json!("True"), true),
        ("boolean \"false\"", json!("false"), false),
        ("boolean true", json!(true), true),
    ] {
        let operations = vec![stage.dialect.at(Op::Replace, "active", value)];
        accepted(stage, user, check, operations, &[Want::Attr("active", json!(is_active))]).await?;
    }
    let operations = vec![stage.dialect.at(Op::Replace, "active", json!("maybe"))];
    refused(
        stage,
        user,
        "a word that is no boolean",
        operations,
        Some("invalidValue"),
        &[Want::Attr("active", json!(true))],
    )
    .await?;
    Ok(())
}

/// Attribute names and URNs are case-insensitive, and core attributes may carry their URN (RFC 7644 section 3.10).
async fn names_without_case(stage: &Stage<'_>, user: &Subject) -> Result<(), EmulateError> {
    let d = stage.dialect;
    let operations = vec![
        d.at(Op::Replace, "DISPLAYNAME", json!("Caseless")),
        d.at(Op::Replace, "Name.GivenName", json!("Casey")),
        d.at(
            Op::Replace,
            &format!("{}:Department", ENTERPRISE.to_uppercase()),
            json!("Cases"),
        ),
    ];
    let wants = [
        Want::Attr("displayName", json!("Caseless")),
        Want::Sub("name", "givenName", json!("Casey")),
        Want::enterprise("department", json!("Cases")),
    ];
    accepted(stage, user, "names and URNs in any case", operations, &wants).await?;
    let operations = vec![d.at(Op::Replace, &format!("{USER}:displayName"), json!("Qualified"))];
    accepted(
        stage,
        user,
        "core attribute with its URN",
        operations,
        &[Want::Attr("displayName", json!("Qualified"))],
    )
    .await?;
    if d == Dialect::Legacy {
        // Jobs from before December 2018 write a dot in front of the extension attribute.
        let operations = vec![d.at(Op::Replace, &format!("{ENTERPRISE}.department"), json!("Dotted"))];
        accepted(
            stage,
            user,
            "extension attribute behind a dot",
            operations,
            &[Want::enterprise("department", json!("Dotted"))],
        )
        .await?;
    }
    // RFC 7644 section 3.5.2 leaves unknown names to the server. One without URN is a mistake in the mapping and may be
    // refused; an extension is mapped for all servers alike, whether they have it or not.
    let unknown = "urn:ietf:params:scim:schemas:extension:emulator:2.0:User:shoeSize";
    let operations = vec![
        d.at(Op::Replace, unknown, json!("44")),
        d.at(Op::Replace, "displayName", json!("Known")),
    ];
    let check = "an extension attribute nobody knows fails nothing";
    accepted(stage, user, check, operations, &[Want::Attr("displayName", json!("Known"))]).await?;
    Ok(())
}

/// RFC 7644 section 3.5.2: operations apply in order; `primary` moves.
async fn order(stage: &Stage<'_>, user: &Subject) -> Result<(), EmulateError> {
    let d = stage.dialect;
    let operations = vec![
        d.at(Op::Replace, "displayName", json!("First")),
        d.at(Op::Replace, "displayName", json!("Second")),
        d.at(Op::Add, "title", json!("Short")),
        d.remove("title"),
    ];
    let wants = [Want::Attr("displayName", json!("Second")), Want::Attr("title", Value::Null)];
    accepted(
        stage,
        user,
        "several operations on one attribute, in order",
        operations,
        &wants,
    )
    .await?;
    let operations = vec![d.at(Op::Add, "displayName", json!("Replaced by add"))];
    accepted(
        stage,
        user,
        "add on a single value replaces it",
        operations,
        &[Want::Attr("displayName", json!("Replaced by add"))],
    )
    .await?;
    let element = json!([{ "type": "home", "value": "home@example.org", "primary": d.boolean(true) }]);
    let wants = [Want::Primary("emails", Some("home@example.org")), Want::work_mail(&user.name)];
    accepted(
        stage,
        user,
        "a new primary takes the mark from the old one",
        vec![d.at(Op::Add, "emails", element)],
        &wants,
    )
    .await?;
    Ok(())
}

/// What must fail, and leave everything as it was.
async fn refusals(stage: &Stage<'_>, user: &Subject) -> Result<(), EmulateError> {
    let d = stage.dialect;
    let good = d.at(Op::Replace, "displayName", json!("Half done"));
    stage
        .patch(&user.path, vec![d.at(Op::Replace, "displayName", json!("Whole"))])
        .await?;
    let whole = [Want::Attr("displayName", json!("Whole"))];
    let remove_nothing = json!({ "op": d.spell(Op::Remove) });
    let unknown = json!({ "op": "Frobnicate", "path": "title", "value": "x" });
    for (check, operation, scim_type) in [
        ("remove without a path", remove_nothing, Some("noTarget")),
        (
            "a path that cannot be read",
            d.at(Op::Replace, "emails[type eq", json!("x")),
            Some("invalidPath"),
        ),
        ("an operation that does not exist", unknown, Some("invalidSyntax")),
        (
            "a value path with another operator and no match",
            d.at(Op::Replace, "emails[type sw \"zz\"].value", json!("x")),
            Some("noTarget"),
        ),
        ("userName cannot be removed", d.remove("userName"), None),
    ] {
        refused(stage, user, check, vec![good.clone(), operation], scim_type, &whole).await?;
    }
    Ok(())
}

/// RFC 7644 section 3.5.2.1: adding a value that is there is no change and does not move `lastModified`.
async fn no_change(stage: &Stage<'_>, user: &Subject) -> Result<(), EmulateError> {
    let d = stage.dialect;
    let operations = vec![d.at(Op::Add, "title", json!("Steady"))];
    stage.patch(&user.path, operations.clone()).await?;
    let before = stage.get(&user.path, &[]).await?;
    let again = stage.patch(&user.path, operations).await?;
    let after = stage.get(&user.path, &[]).await?;
    let stamp = |answer: &super::super::answer::Answer| answer.body.pointer("/meta/lastModified").cloned().unwrap_or_default();
    let (old, new) = (stamp(&before), stamp(&after));
    stage
        .expect("the same value again is no change", &again)
        .patched("User", &user.id)
        .also(&after)
        .status(200)
        .that(!old.is_null() && old == new, || {
            format!("meta.lastModified moved from {old} to {new}")
        })
        .done();
    Ok(())
}

async fn missing(stage: &Stage<'_>) -> Result<(), EmulateError> {
    let path = format!("/Users/{}", stage.job.random_guid());
    let answer = stage.patch(&path, stage.dialect.active(false)).await?;
    stage
        .expect("patch of a user who is not there", &answer)
        .error(404, None)
        .done();
    let path = format!("/Groups/{}", stage.job.random_guid());
    let answer = stage.patch(&path, stage.dialect.set(&[("displayName", json!("x"))])).await?;
    stage
        .expect("patch of a group that is not there", &answer)
        .error(404, None)
        .done();
    Ok(())
}
