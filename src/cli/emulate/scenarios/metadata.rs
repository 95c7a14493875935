//! The metadata extension: the last segment of the name is the key, in any case, with blanks and dots; the value is text.

use serde_json::{Value, json};

use super::super::compare::Want;
use super::super::dialect::{Dialect, METADATA, Op};
use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::Stage;
use super::rows::accepted;
use super::subject::Subject;

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let made = Subject::user_with(stage, directory, "person", |body| {
        if let Some(members) = body.as_object_mut() {
            members.insert(
                METADATA.to_owned(),
                json!({ "CostCenter": "4711", "Start Year": 2021, "Site.Badge": true }),
            );
        }
    })
    .await?;
    let Some(user) = made else { return Ok(()) };
    let shown = stage.get(&user.path, &[]).await?;
    let wants = [
        key("CostCenter", json!("4711")),
        key("Start Year", json!("2021")),
        key("Site.Badge", json!("true")),
    ];
    stage
        .expect("creation: text, number and boolean come back as text", &shown)
        .status(200)
        .resource("User", &user.id)
        .wants(&wants)
        .done();
    for (check, operation, wants) in rows(stage.dialect) {
        accepted(stage, &user, check, vec![operation], &wants).await?;
    }
    Ok(())
}

fn key(name: &str, value: Value) -> Want {
    Want::Ext(METADATA.to_owned(), name.to_owned(), value)
}

fn rows(d: Dialect) -> Vec<(&'static str, Value, Vec<Want>)> {
    let path = |name: &str| format!("{METADATA}:{name}");
    let mut rows = vec![
        (
            "replace a value, the others stay",
            d.at(Op::Replace, &path("CostCenter"), json!("4712")),
            vec![key("CostCenter", json!("4712")), key("Start Year", json!("2021"))],
        ),
        (
            "add a new key",
            d.at(Op::Add, &path("Badge"), json!("blue")),
            vec![key("Badge", json!("blue"))],
        ),
        (
            "key with a blank",
            d.at(Op::Replace, &path("Start Year"), json!("2022")),
            vec![key("Start Year", json!("2022"))],
        ),
        (
            "key with a dot",
            d.at(Op::Replace, &path("Site.Badge"), json!("no")),
            vec![key("Site.Badge", json!("no")), key("Site", Value::Null)],
        ),
        (
            "a number becomes text",
            d.at(Op::Replace, &path("CostCenter"), json!(12)),
            vec![key("CostCenter", json!("12"))],
        ),
        (
            "letters of all kinds",
            d.at(Op::Add, &path("Büro"), json!("Straße 1 – 東京")),
            vec![key("Büro", json!("Straße 1 – 東京"))],
        ),
        (
            "replace with \"\" clears",
            d.at(Op::Replace, &path("Badge"), json!("")),
            vec![key("Badge", Value::Null)],
        ),
        (
            "remove a key, the others stay",
            d.remove(&path("Start Year")),
            vec![key("Start Year", Value::Null), key("CostCenter", json!("12"))],
        ),
    ];
    match d {
        Dialect::Legacy => rows.push((
            "wrapped value",
            d.at(Op::Replace, &path("CostCenter"), json!([{ "$ref": null, "value": "4713" }])),
            vec![key("CostCenter", json!("4713"))],
        )),
        Dialect::Flag => {
            rows.push((
                "no path: whole name as key",
                json!({ "op": "replace", "value": { path("CostCenter"): "4714", path("Site.Badge"): false } }),
                vec![key("CostCenter", json!("4714")), key("Site.Badge", json!("false"))],
            ));
            rows.push((
                "no path: nested below the URN, the others stay",
                json!({ "op": "replace", "value": { METADATA: { "CostCenter": "4715" } } }),
                vec![key("CostCenter", json!("4715")), key("Site.Badge", json!("false"))],
            ));
        }
    }
    rows
}
