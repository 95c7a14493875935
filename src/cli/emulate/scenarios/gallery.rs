//! Probes of the app gallery's validator: pages, media types, addresses that name nothing.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::Stage;
use super::subject::{Subject, object_id, plain_user, user_name};

/// The validator wants at least so many users before it turns pages.
const PAGED_USERS: usize = 11;
const PAGE: usize = 5;

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    for index in 0..PAGED_USERS {
        if Subject::user(stage, directory, &format!("page{index:02}")).await?.is_none() {
            return Ok(());
        }
    }
    if Subject::group(stage, directory, "page").await?.is_none() {
        return Ok(());
    }
    for (check, path) in [("one user of many", "/Users"), ("one group of many", "/Groups")] {
        let answer = stage.get(path, &[("count", "1")]).await?;
        let shown = answer.resources().len();
        stage
            .expect(check, &answer)
            .list()
            .that(shown == 1, || format!("{shown} resources for count=1"))
            .done();
    }
    pages(stage).await?;
    media_types(stage, directory).await?;
    for (check, path) in [
        ("a user id that names nobody", "/Users"),
        ("a group id that names nothing", "/Groups"),
    ] {
        let answer = stage.get(&format!("{path}/{}", stage.job.random_guid()), &[]).await?;
        stage.expect(check, &answer).error(404, None).done();
    }
    let answer = stage.get("/Users/no-guid-at-all", &[]).await?;
    stage.expect("a user id of another form", &answer).error(404, None).done();
    Ok(())
}

/// `startIndex` is given back, pages hold what was asked for, and no user is on two of them (RFC 7644 section 3.4.2.4).
async fn pages(stage: &Stage<'_>) -> Result<(), EmulateError> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut shown = 0;
    for start in [1, 1 + PAGE, 1 + 2 * PAGE] {
        let answer = stage
            .get("/Users", &[("startIndex", &start.to_string()), ("count", &PAGE.to_string())])
            .await?;
        let wanted = if start > 2 * PAGE { 1..=PAGE } else { PAGE..=PAGE };
        let number = |name: &str| answer.body.get(name).and_then(Value::as_u64);
        let (echo, per_page, total) = (number("startIndex"), number("itemsPerPage"), number("totalResults"));
        let ids: Vec<String> = answer
            .resources()
            .iter()
            .filter_map(|user| user.get("id").and_then(Value::as_str))
            .map(str::to_owned)
            .collect();
        shown += ids.len();
        let page = ids.len();
        seen.extend(ids);
        stage
            .expect("pages of five: startIndex given back, nobody twice", &answer)
            .list()
            .that(wanted.contains(&page), || format!("{page} users on the page"))
            .that(echo == Some(start as u64), || {
                format!("startIndex is {echo:?} instead of {start}")
            })
            .that(per_page == Some(page as u64), || {
                format!("itemsPerPage is {per_page:?} instead of {page}")
            })
            .that(total.is_some_and(|total| total >= PAGED_USERS as u64), || {
                format!("totalResults is {total:?}")
            })
            .that(seen.len() == shown, || "a user is on two pages".to_owned())
            .done();
    }
    let answer = stage.get("/Users", &[("startIndex", "1000000"), ("count", "5")]).await?;
    let shown = answer.resources().len();
    stage
        .expect("a page behind the end is empty", &answer)
        .list()
        .that(shown == 0, || format!("{shown} resources"))
        .done();
    Ok(())
}

/// `application/json` is accepted for bodies, and answers stay `application/scim+json` (RFC 7644 section 3.8).
async fn media_types(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    for (label, check, media_type) in [
        ("json", "body as application/json", "application/json"),
        (
            "charset",
            "body as application/json with charset",
            "application/json; charset=utf-8",
        ),
        (
            "scim",
            "body as application/scim+json with charset",
            "application/scim+json; charset=utf-8",
        ),
    ] {
        let name = user_name(stage, directory, label);
        let mut call = stage.call(Method::POST, "/Users");
        call.body = Some(plain_user(&name, object_id(directory, &name)));
        call.media_type = Some(media_type);
        let mut answer = stage.send(call.clone()).await?;
        if answer.status == 409 {
            // Left over from an interrupted run.
            let found = stage
                .query("/Users", &format!("userName eq {}", super::super::job::quoted(&name)))
                .await?;
            stage
                .delete(&format!("/Users/{}", found.only_id().unwrap_or_default()))
                .await?;
            answer = stage.send(call).await?;
        }
        if answer.status == 201 {
            stage.job.remember_extra(format!("/Users/{}", answer.id()));
        }
        stage.expect(check, &answer).created("User").done();
    }
    let mut call = stage.call(Method::POST, "/Users");
    call.body = Some(json!(["not", "a", "user"]));
    let answer = stage.send(call).await?;
    stage.expect("a body that is no resource", &answer).error(400, None).done();
    let mut call = stage.call(Method::POST, "/Users");
    call.body = Some(json!({ "schemas": [super::super::dialect::USER], "displayName": "No Name" }));
    let answer = stage.send(call).await?;
    if answer.status == 201 {
        stage.job.remember_extra(format!("/Users/{}", answer.id()));
    }
    stage
        .expect("a user without userName", &answer)
        .error(400, Some("invalidValue"))
        .done();
    Ok(())
}
