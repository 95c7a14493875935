//! Deletion, 30 days after the soft deletion or at once by purge (Learn, "How provisioning works"; RFC 7644 section 3.6).

use super::super::compare::Want;
use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::{Stage, quoted};
use super::subject::{Subject, plain_user};

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let Some(user) = Subject::user(stage, directory, "person").await? else {
        return Ok(());
    };
    let Some(group) = Subject::group(stage, directory, "group").await? else {
        return Ok(());
    };
    stage
        .patch(&group.path, stage.dialect.add_members(std::slice::from_ref(&user.id)))
        .await?;
    stage.patch(&user.path, stage.dialect.active(false)).await?;
    let answer = stage.delete(&user.path).await?;
    stage.expect("delete", &answer).status(204).empty().done();
    let answer = stage.delete(&user.path).await?;
    stage.expect("delete again", &answer).error(404, None).done();
    let answer = stage.get(&user.path, &[]).await?;
    stage.expect("a deleted user is gone", &answer).error(404, None).done();
    let answer = stage.patch(&user.path, stage.dialect.active(true)).await?;
    stage
        .expect("a deleted user cannot be changed", &answer)
        .error(404, None)
        .done();
    for (check, filter) in [
        ("not found by userName", format!("userName eq {}", quoted(&user.name))),
        (
            "not found by externalId",
            format!("externalId eq {}", quoted(&user.external_id.to_string())),
        ),
    ] {
        let answer = stage.query("/Users", &filter).await?;
        stage.expect(check, &answer).hits(0).done();
    }
    let answer = stage.get(&group.path, &[]).await?;
    stage
        .expect("no member any more", &answer)
        .status(200)
        .wants(&[Want::Values("members", Vec::new())])
        .done();

    let answer = stage.post("/Users", plain_user(&user.name, user.external_id)).await?;
    let id = answer.id().to_owned();
    if answer.status == 201 {
        stage.job.remember_extra(format!("/Users/{id}"));
    }
    stage
        .expect("the userName is free again, under a new id", &answer)
        .created("User")
        .that(id != user.id, || "the id of a deleted user was given away again".to_owned())
        .done();
    let answer = stage.query("/Users", &format!("userName eq {}", quoted(&user.name))).await?;
    stage.expect("the new user is found", &answer).finds(&id).done();
    let answer = stage.get(&user.path, &[]).await?;
    stage.expect("the old id stays gone", &answer).error(404, None).done();
    let answer = stage.get(&group.path, &[]).await?;
    stage
        .expect("the new user inherits no membership", &answer)
        .status(200)
        .wants(&[Want::Values("members", Vec::new())])
        .done();
    for (check, path) in [
        (
            "delete a user who was never there",
            format!("/Users/{}", stage.job.random_guid()),
        ),
        ("delete a user by something that is no id", "/Users/not-an-id".to_owned()),
    ] {
        let answer = stage.delete(&path).await?;
        stage.expect(check, &answer).error(404, None).done();
    }
    Ok(())
}
