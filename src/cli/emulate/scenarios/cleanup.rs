//! Deletes everything that was made, as Entra deletes what has left the tenant.

use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::Stage;

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    // Extras may be gone already, because deleting them was part of a scenario.
    let extras: Vec<_> = stage
        .job
        .take_extras()
        .into_iter()
        .map(|path| async move { delete(stage, &path, "delete test objects").await })
        .collect();
    stage.in_parallel(extras).await?;
    let links = &stage.job.links;
    let groups = directory
        .groups
        .iter()
        .map(|group| (group.object_id, "/Groups", "delete the groups of the tenant"));
    let users = directory
        .users
        .iter()
        .map(|user| (user.object_id, "/Users", "delete the users of the tenant"));
    let tenant: Vec<_> = groups
        .chain(users)
        .filter_map(|(object, collection, check)| links.find(object).map(|id| (object, format!("{collection}/{id}"), check)))
        .map(|(object, path, check)| async move {
            delete(stage, &path, check).await?;
            links.unlink(object)
        })
        .collect();
    stage.in_parallel(tenant).await?;
    Ok(())
}

async fn delete(stage: &Stage<'_>, path: &str, check: &'static str) -> Result<(), EmulateError> {
    let answer = stage.delete(path).await?;
    let gone = stage.get(path, &[]).await?;
    let first = stage.expect(check, &answer);
    let first = if answer.status == 404 {
        first.error(404, None)
    } else {
        first.status(204).empty()
    };
    first.also(&gone).error(404, None).done();
    Ok(())
}
