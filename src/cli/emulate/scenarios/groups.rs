//! Groups: created empty, found by name, renamed, deleted (Learn, "How provisioning works").

use serde_json::json;

use super::super::bodies::create_group;
use super::super::compare::Want;
use super::super::cycle::check_group_patch;
use super::super::directory::{Directory, SourceGroup};
use super::super::error::EmulateError;
use super::super::job::{Stage, quoted};
use super::subject::Subject;

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let Some(group) = Subject::group(stage, directory, "group").await? else {
        return Ok(());
    };
    let Some(member) = Subject::user(stage, directory, "member").await? else {
        return Ok(());
    };
    stage
        .patch(&group.path, stage.dialect.add_members(std::slice::from_ref(&member.id)))
        .await?;
    duplicate(stage, &group).await?;
    let answer = stage.get(&group.path, &[("excludedAttributes", "members")]).await?;
    stage
        .expect("read by id without members", &answer)
        .status(200)
        .resource("Group", &group.id)
        .without("members")
        .done();
    let answer = stage
        .get(
            &format!("/Groups/{}", stage.job.random_guid()),
            &[("excludedAttributes", "members")],
        )
        .await?;
    stage.expect("a group that is not there", &answer).error(404, None).done();
    rename(stage, directory, &group, &member).await?;
    delete(stage, &group, &member).await
}

/// The display name is the matching attribute, so two groups of one connector cannot share it.
async fn duplicate(stage: &Stage<'_>, group: &Subject) -> Result<(), EmulateError> {
    let copy = SourceGroup {
        object_id: stage.job.random_guid(),
        display_name: group.name.clone(),
        members: Vec::new(),
    };
    let answer = stage.post("/Groups", create_group(&copy)).await?;
    if answer.status == 201 {
        stage.job.remember_extra(format!("/Groups/{}", answer.id()));
    }
    stage
        .expect("a second group with the same name", &answer)
        .error(409, Some("uniqueness"))
        .done();
    Ok(())
}

async fn rename(stage: &Stage<'_>, directory: &Directory, group: &Subject, member: &Subject) -> Result<(), EmulateError> {
    let name = format!("Renamed {} {} & Söhne", stage.dialect.name(), directory.tag);
    let answer = stage
        .patch(&group.path, stage.dialect.set(&[("displayName", json!(name))]))
        .await?;
    check_group_patch(stage, "rename", &answer, &group.id);
    let shown = stage.get(&group.path, &[]).await?;
    let wants = [
        Want::Attr("displayName", json!(name)),
        Want::Values("members", vec![member.id.clone()]),
    ];
    stage
        .expect("renamed group keeps id and members", &shown)
        .status(200)
        .resource("Group", &group.id)
        .wants(&wants)
        .done();
    let answer = stage.query("/Groups", &format!("displayName eq {}", quoted(&name))).await?;
    stage.expect("found by the new name", &answer).finds(&group.id).done();
    let answer = stage
        .query("/Groups", &format!("displayName eq {}", quoted(&group.name)))
        .await?;
    stage.expect("not found by the old name", &answer).hits(0).done();
    // Clients that send the id along with a rename must not be refused.
    let answer = stage
        .patch(
            &group.path,
            vec![json!({ "op": "replace", "value": { "id": group.id, "displayName": group.name } })],
        )
        .await?;
    check_group_patch(stage, "rename with the id in the value", &answer, &group.id);
    let answer = stage
        .query("/Groups", &format!("displayName eq {}", quoted(&group.name)))
        .await?;
    stage.expect("found by the old name again", &answer).finds(&group.id).done();
    Ok(())
}

/// A group that leaves the scope is deleted; its members stay.
async fn delete(stage: &Stage<'_>, group: &Subject, member: &Subject) -> Result<(), EmulateError> {
    let answer = stage.delete(&group.path).await?;
    stage.expect("delete", &answer).status(204).empty().done();
    let answer = stage.delete(&group.path).await?;
    stage.expect("delete again", &answer).error(404, None).done();
    let answer = stage.get(&group.path, &[]).await?;
    stage.expect("a deleted group is gone", &answer).error(404, None).done();
    let answer = stage
        .query("/Groups", &format!("displayName eq {}", quoted(&group.name)))
        .await?;
    stage.expect("a deleted group is not found", &answer).hits(0).done();
    let answer = stage.get(&member.path, &[]).await?;
    stage
        .expect("its member is still there", &answer)
        .status(200)
        .resource("User", &member.id)
        .wants(&[Want::Attr("active", json!(true))])
        .done();
    Ok(())
}
