//! The initial cycle over the sample tenant, and its repetition.

use std::collections::BTreeSet;

use super::super::cycle::InitialCycle;
use super::super::dialect::Dialect;
use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::{Stage, quoted};

pub async fn play(stage: &Stage<'_>, directory: &Directory, dialects: &[Dialect]) -> Result<(), EmulateError> {
    InitialCycle::new(directory, dialects).run(stage).await?;
    let ids = stage.job.links.ids();
    let different: BTreeSet<&String> = ids.iter().collect();
    let answer = stage.get("/Users", &[("count", "1")]).await?;
    stage
        .expect("ids are unique over users and groups", &answer)
        .list()
        .that(different.len() == ids.len(), || {
            format!("{} objects share {} ids", ids.len(), different.len())
        })
        .done();
    // Restarting the job in the portal forgets the watermarks but keeps the links: everything is looked at again and
    // nothing differs, so the server must not have been changed by being read.
    if let Some(user) = directory.users.last() {
        let found = stage
            .query("/Users", &format!("externalId eq {}", quoted(&user.object_id.to_string())))
            .await?;
        let id = stage.job.links.find(user.object_id).unwrap_or_default();
        stage
            .expect("find a user of the cycle by externalId", &found)
            .finds(&id)
            .done();
    }
    Ok(())
}
