//! Lost answers. A slow or broken answer is sent again and then meets its own result (Learn, app gallery requirements).

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::super::answer::Answer;
use super::super::compare::Want;
use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::{Stage, quoted};
use super::subject::{Subject, object_id, plain_user, user_name};

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let Some(user) = Subject::user(stage, directory, "person").await? else {
        return Ok(());
    };
    // The creation again, exactly as it was: 409, and a query finds what the lost answer told.
    let again = stage.post("/Users", plain_user(&user.name, user.external_id)).await?;
    let found = stage.query("/Users", &format!("userName eq {}", quoted(&user.name))).await?;
    stage
        .expect("creation sent again: conflict, and found by query", &again)
        .error(409, Some("uniqueness"))
        .also(&found)
        .finds(&user.id)
        .done();
    repeated_members(stage, directory, &user).await?;
    let operations = stage.dialect.set(&[("displayName", json!("Once"))]);
    stage.patch(&user.path, operations.clone()).await?;
    let again = stage.patch(&user.path, operations).await?;
    let shown = stage.get(&user.path, &[]).await?;
    stage
        .expect("change sent again", &again)
        .patched("User", &user.id)
        .also(&shown)
        .wants(&[Want::Attr("displayName", json!("Once"))])
        .done();
    stage.delete(&user.path).await?;
    let again = stage.delete(&user.path).await?;
    stage.expect("deletion sent again: gone", &again).error(404, None).done();
    cut_off(stage, directory).await?;
    simultaneous(stage, directory).await
}

async fn repeated_members(stage: &Stage<'_>, directory: &Directory, user: &Subject) -> Result<(), EmulateError> {
    let Some(group) = Subject::group(stage, directory, "group").await? else {
        return Ok(());
    };
    let member = std::slice::from_ref(&user.id);
    for (check, operations, left) in [
        (
            "addition of a member sent again",
            stage.dialect.add_members(member),
            vec![user.id.clone()],
        ),
        (
            "removal of a member sent again",
            stage.dialect.remove_members(member),
            Vec::new(),
        ),
    ] {
        stage.patch(&group.path, operations.clone()).await?;
        let again = stage.patch(&group.path, operations).await?;
        let shown = stage.get(&group.path, &[]).await?;
        stage
            .expect(check, &again)
            .patched("Group", &group.id)
            .also(&shown)
            .status(200)
            .wants(&[Want::Values("members", left)])
            .done();
    }
    Ok(())
}

/// The connection breaks in the middle of a creation: afterwards there is one user or none, and sending again leads to one.
async fn cut_off(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    for millis in [1, 2, 4, 8, 16] {
        let name = user_name(stage, directory, &format!("cut{millis}"));
        let body = plain_user(&name, object_id(directory, &name));
        let mut call = stage.call(Method::POST, "/Users");
        call.body = Some(body.clone());
        stage.job.client.send_and_hang_up(&call, Duration::from_millis(millis)).await;
        let again = stage.post("/Users", body).await?;
        let found = stage.query("/Users", &format!("userName eq {}", quoted(&name))).await?;
        if let Some(id) = found.only_id() {
            stage.job.remember_extra(format!("/Users/{id}"));
        }
        stage
            .expect("creation cut off and sent again: exactly one user", &again)
            .one_of(&[201, 409])
            .also(&found)
            .hits(1)
            .done();
    }
    Ok(())
}

/// Two workers create the same user at once: one wins, the others meet a conflict, nobody is there twice.
async fn simultaneous(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let name = &user_name(stage, directory, "twins");
    let external_id = object_id(directory, name);
    let creations: Vec<_> = (0..4)
        .map(|_| async move { stage.post("/Users", plain_user(name, external_id)).await })
        .collect();
    let answers = stage.in_parallel(creations).await?;
    let made: Vec<&str> = answers.iter().filter(|answer| answer.status == 201).map(Answer::id).collect();
    for id in &made {
        stage.job.remember_extra(format!("/Users/{id}"));
    }
    let odd: Vec<u16> = answers
        .iter()
        .map(|answer| answer.status)
        .filter(|status| !matches!(status, 201 | 409))
        .collect();
    let found = stage.query("/Users", &format!("userName eq {}", quoted(name))).await?;
    stage
        .expect("simultaneous creations: one wins", &found)
        .hits(1)
        .that(made.len() <= 1, || {
            format!("{} creations of one userName succeeded", made.len())
        })
        .that(odd.is_empty(), || format!("statuses {odd:?} instead of 201 or 409"))
        .done();
    Ok(())
}
