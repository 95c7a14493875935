//! Rename, duplicate, disable, restore, assign again (Learn, "How provisioning works").

use serde_json::json;

use super::super::compare::Want;
use super::super::cycle::odd_case;
use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::{Stage, quoted};
use super::rows::accepted;
use super::subject::{Subject, plain_user, user_name};

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let Some(user) = Subject::user(stage, directory, "person").await? else {
        return Ok(());
    };
    let Some(other) = Subject::user(stage, directory, "other").await? else {
        return Ok(());
    };
    let Some(group) = Subject::group(stage, directory, "group").await? else {
        return Ok(());
    };
    stage
        .patch(&group.path, stage.dialect.add_members(std::slice::from_ref(&user.id)))
        .await?;
    duplicate(stage, &user, "a second user with the same userName").await?;
    disable(stage, &user, &group).await?;
    duplicate(stage, &user, "an inactive user still holds the userName").await?;
    restore(stage, &user, &group).await?;
    assign_again(stage, &user).await?;
    rename(stage, directory, &user, &other).await
}

/// RFC 7644 section 3.3: a taken `userName` is 409 with `uniqueness`, in any case.
async fn duplicate(stage: &Stage<'_>, user: &Subject, check: &'static str) -> Result<(), EmulateError> {
    let body = plain_user(&odd_case(&user.name), stage.job.random_guid());
    let answer = stage.post("/Users", body).await?;
    if answer.status == 201 {
        stage.job.remember_extra(format!("/Users/{}", answer.id()));
    }
    let found = stage.query("/Users", &format!("userName eq {}", quoted(&user.name))).await?;
    stage
        .expect(check, &answer)
        .error(409, Some("uniqueness"))
        .also(&found)
        .finds(&user.id)
        .done();
    Ok(())
}

/// Disabled, unassigned and soft-deleted look the same: `active` is false, and the user is still there.
async fn disable(stage: &Stage<'_>, user: &Subject, group: &Subject) -> Result<(), EmulateError> {
    let inactive = [Want::Attr("active", json!(false))];
    accepted(stage, user, "disable", stage.dialect.active(false), &inactive).await?;
    let answer = stage.get(&user.path, &[]).await?;
    stage
        .expect("an inactive user can be read", &answer)
        .status(200)
        .resource("User", &user.id)
        .wants(&inactive)
        .done();
    for (check, filter) in [
        (
            "an inactive user is found by userName",
            format!("userName eq {}", quoted(&user.name)),
        ),
        (
            "an inactive user is found by externalId",
            format!("externalId eq {}", quoted(&user.external_id.to_string())),
        ),
    ] {
        let answer = stage.query("/Users", &filter).await?;
        let shown = answer.resources().first().and_then(|shown| shown.get("active")).cloned();
        stage
            .expect(check, &answer)
            .finds(&user.id)
            .that(shown == Some(json!(false)), || {
                format!("\"active\" is {}", shown.unwrap_or_default())
            })
            .done();
    }
    accepted(stage, user, "disable again: no error", stage.dialect.active(false), &inactive).await?;
    is_member(stage, user, group, "an inactive user stays a member").await
}

async fn restore(stage: &Stage<'_>, user: &Subject, group: &Subject) -> Result<(), EmulateError> {
    let wants = [
        Want::Attr("active", json!(true)),
        Want::Attr("displayName", json!("Grete Test")),
        Want::work_mail(&user.name),
    ];
    accepted(
        stage,
        user,
        "restore: active with all values",
        stage.dialect.active(true),
        &wants,
    )
    .await?;
    // Entra does not always send memberships again after a restore.
    is_member(stage, user, group, "a restored user is still a member").await
}

async fn is_member(stage: &Stage<'_>, user: &Subject, group: &Subject, check: &'static str) -> Result<(), EmulateError> {
    let answer = stage.get(&group.path, &[]).await?;
    stage
        .expect(check, &answer)
        .status(200)
        .wants(&[Want::Values("members", vec![user.id.clone()])])
        .done();
    Ok(())
}

/// Unassigned and assigned again: a query, then a PATCH of the same user.
async fn assign_again(stage: &Stage<'_>, user: &Subject) -> Result<(), EmulateError> {
    let operations = stage
        .dialect
        .set(&[("active", json!(false)), ("displayName", json!("Grete Away"))]);
    let wants = [
        Want::Attr("active", json!(false)),
        Want::Attr("displayName", json!("Grete Away")),
    ];
    accepted(stage, user, "unassign together with another change", operations, &wants).await?;
    let answer = stage.query("/Users", &format!("userName eq {}", quoted(&user.name))).await?;
    stage
        .expect("assign again: the query finds the user", &answer)
        .finds(&user.id)
        .done();
    let operations = stage
        .dialect
        .set(&[("active", json!(true)), ("displayName", json!("Grete Test"))]);
    let wants = [
        Want::Attr("active", json!(true)),
        Want::Attr("displayName", json!("Grete Test")),
    ];
    accepted(stage, user, "assign again: active", operations, &wants).await?;
    Ok(())
}

/// A new user principal name: same id, found by the new name only. A taken one is refused.
async fn rename(stage: &Stage<'_>, directory: &Directory, user: &Subject, other: &Subject) -> Result<(), EmulateError> {
    let name = user_name(stage, directory, "renamed");
    let wants = [Want::Attr("userName", json!(name))];
    accepted(
        stage,
        user,
        "new userName, same id",
        stage.dialect.set(&[("userName", json!(name))]),
        &wants,
    )
    .await?;
    let answer = stage.query("/Users", &format!("userName eq {}", quoted(&name))).await?;
    stage.expect("found by the new userName", &answer).finds(&user.id).done();
    let answer = stage.query("/Users", &format!("userName eq {}", quoted(&user.name))).await?;
    stage.expect("not found by the old userName", &answer).hits(0).done();
    let operations = stage.dialect.set(&[("userName", json!(odd_case(&other.name)))]);
    let answer = stage.patch(&user.path, operations).await?;
    let shown = stage.get(&user.path, &[]).await?;
    stage
        .expect("a userName that is taken", &answer)
        .error(409, Some("uniqueness"))
        .also(&shown)
        .status(200)
        .wants(&wants)
        .done();
    let own = odd_case(&name);
    let wants = [Want::Attr("userName", json!(own))];
    accepted(
        stage,
        user,
        "own userName in other case",
        stage.dialect.set(&[("userName", json!(own))]),
        &wants,
    )
    .await?;
    Ok(())
}
