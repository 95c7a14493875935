//! The folders extension in every shape.
//!
//! A plain text is the whole set, split at commas, whatever the operation; a list follows RFC 7644: add appends, replace
//! replaces, remove removes what is listed, or everything. Values come back as texts, trimmed, resolved or not.

use serde_json::{Value, json};

use super::super::compare::Want;
use super::super::dialect::{Dialect, Op};
use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::Stage;
use super::rows::accepted;
use super::subject::Subject;

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    creation(stage, directory).await?;
    let Some(user) = Subject::user(stage, directory, "person").await? else {
        return Ok(());
    };
    let urn = stage.job.mapping.folders_urn.clone();
    let rows = match stage.dialect {
        Dialect::Legacy => [
            texts(stage.dialect, &urn),
            lists(stage.dialect, &urn),
            wrapped(stage.dialect, &urn),
        ]
        .concat(),
        Dialect::Flag => [
            texts(stage.dialect, &urn),
            lists(stage.dialect, &urn),
            without_path(stage.dialect, &urn),
        ]
        .concat(),
    };
    for (check, operation, folders) in rows {
        accepted(stage, &user, check, vec![operation], &[shows(&urn, &folders)]).await?;
    }
    // The name pattern of Microsoft's documentation puts the extension's name elsewhere; it must not fail the user.
    let documented = "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User:CustomAttribute";
    let operations = vec![
        stage.dialect.at(Op::Add, documented, json!("x")),
        stage.dialect.at(Op::Replace, "title", json!("Known")),
    ];
    accepted(
        stage,
        &user,
        "an attribute of another extension fails nothing",
        operations,
        &[Want::Attr("title", json!("Known"))],
    )
    .await?;
    Ok(())
}

type Row = (&'static str, Value, Vec<&'static str>);

fn shows(urn: &str, folders: &[&str]) -> Want {
    Want::Ext(urn.to_owned(), "folders".to_owned(), json!(folders))
}

async fn creation(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let urn = stage.job.mapping.folders_urn.clone();
    let guid = "6b1f1b2e-4d39-4c0f-9a51-0d9f0c5ae001";
    for (label, check, value, folders) in [
        (
            "objects",
            "creation with a list of objects",
            json!([{ "value": "Contracts" }, { "value": guid }]),
            vec!["Contracts", guid],
        ),
        (
            "texts",
            "creation with a list of texts",
            json!(["EXT-1", " Board & Owners"]),
            vec!["EXT-1", "Board & Owners"],
        ),
        (
            "comma",
            "creation with one text: split, trimmed, no empties, no doubles",
            json!("F1, F2,, F1 ,"),
            vec!["F1", "F2"],
        ),
        ("none", "creation with an empty list", json!([]), vec![]),
    ] {
        let made = Subject::user_with(stage, directory, label, |body| {
            if let Some(members) = body.as_object_mut() {
                members.insert(urn.clone(), json!({ "folders": value }));
            }
        })
        .await?;
        let Some(user) = made else { continue };
        let shown = stage.get(&user.path, &[]).await?;
        stage
            .expect(check, &shown)
            .status(200)
            .resource("User", &user.id)
            .wants(&[shows(&urn, &folders)])
            .done();
    }
    Ok(())
}

/// One text, as a single-valued mapping sends it.
fn texts(d: Dialect, urn: &str) -> Vec<Row> {
    let path = format!("{urn}:folders");
    vec![
        ("text, add to nothing", d.at(Op::Add, &path, json!("A, B")), vec!["A", "B"]),
        (
            "text, replace: the whole set",
            d.at(Op::Replace, &path, json!("B,C , ,C")),
            vec!["B", "C"],
        ),
        ("text, add: still the whole set", d.at(Op::Add, &path, json!("D")), vec!["D"]),
        (
            "text, replace with a name with blanks",
            d.at(Op::Replace, &path, json!("Site Plans, Board & Owners")),
            vec!["Site Plans", "Board & Owners"],
        ),
        (
            "text, remove: those named",
            d.at(Op::Remove, &path, json!("Site Plans")),
            vec!["Board & Owners"],
        ),
        ("text, replace with \"\" clears", d.at(Op::Replace, &path, json!("")), vec![]),
    ]
}

/// Lists of `{value}` objects and of texts, as a multi-valued mapping sends them.
fn lists(d: Dialect, urn: &str) -> Vec<Row> {
    let path = format!("{urn}:folders");
    let objects = |names: &[&str]| names.iter().map(|name| json!({ "value": name })).collect::<Value>();
    vec![
        ("list, add to nothing", d.at(Op::Add, &path, objects(&["F1"])), vec!["F1"]),
        (
            "list, add appends",
            d.at(Op::Add, &path, objects(&["F2", " F3"])),
            vec!["F1", "F2", "F3"],
        ),
        (
            "list, add again: no doubles",
            d.at(Op::Add, &path, objects(&["F3"])),
            vec!["F1", "F2", "F3"],
        ),
        (
            "list of texts, add appends",
            d.at(Op::Add, &path, json!(["F4"])),
            vec!["F1", "F2", "F3", "F4"],
        ),
        (
            "list, remove: those listed",
            d.at(Op::Remove, &path, objects(&["F1", "F4"])),
            vec!["F2", "F3"],
        ),
        (
            "list of texts, remove: those listed",
            d.at(Op::Remove, &path, json!(["F2", "nobody"])),
            vec!["F3"],
        ),
        (
            "list, replace: the whole set",
            d.at(Op::Replace, &path, objects(&["F5", "F6"])),
            vec!["F5", "F6"],
        ),
        (
            "list of texts, replace: the whole set",
            d.at(Op::Replace, &path, json!(["F7"])),
            vec!["F7"],
        ),
        ("remove without a value clears", d.remove(&path), vec![]),
    ]
}

/// The single-value wrapper around one text is that text: the whole set.
fn wrapped(d: Dialect, urn: &str) -> Vec<Row> {
    let path = format!("{urn}:folders");
    vec![
        (
            "wrapped value, add",
            d.at(Op::Add, &path, json!([{ "$ref": null, "value": "W1" }])),
            vec!["W1"],
        ),
        (
            "wrapped value, replace",
            d.at(Op::Replace, &path, json!([{ "$ref": null, "value": "W2" }])),
            vec!["W2"],
        ),
    ]
}

/// The same values in an operation without a path: the whole name as key, or nested below the URN.
fn without_path(d: Dialect, urn: &str) -> Vec<Row> {
    let path = format!("{urn}:folders");
    let bare = |op: Op, value: Value| json!({ "op": d.spell(op), "value": value });
    vec![
        (
            "no path: whole name as key",
            bare(Op::Replace, json!({ path.as_str(): "K1, K2" })),
            vec!["K1", "K2"],
        ),
        (
            "no path: nested below the URN",
            bare(Op::Replace, json!({ urn: { "folders": [{ "value": "N1" }] } })),
            vec!["N1"],
        ),
        (
            "no path: add appends a list",
            bare(Op::Add, json!({ path.as_str(): [{ "value": "N2" }] })),
            vec!["N1", "N2"],
        ),
    ]
}
