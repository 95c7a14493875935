//! The initial cycle: every user in scope is looked up, created or joined, then managers, then groups and members.
//!
//! The same code serves a first run, a run after a crash and an incremental change: it looks at what the server shows
//! and sends only what differs, as Entra does (Learn, "How provisioning works").

use serde_json::Value;
use uuid::Uuid;

use super::answer::Answer;
use super::bodies::{create_group, create_user, expected_group, expected_user};
use super::compare::{Want, values};
use super::dialect::{Dialect, ENTERPRISE};
use super::directory::{Directory, SourceGroup, SourceUser};
use super::error::EmulateError;
use super::job::{Stage, quoted};
use super::plan::update_operations;

/// Members in one PATCH; Entra puts many into one request.
const MEMBER_BATCH: usize = 50;

/// The first cycle of a job over a whole directory.
pub struct InitialCycle<'d> {
    directory: &'d Directory,
    dialects: &'d [Dialect],
}

impl<'d> InitialCycle<'d> {
    /// Provisions this directory; with several dialects they alternate from object to object.
    #[must_use]
    pub fn new(directory: &'d Directory, dialects: &'d [Dialect]) -> Self {
        Self { directory, dialects }
    }

    /// Runs the cycle and checks every answer. Can be run again at any time and converges to the same state.
    ///
    /// # Errors
    /// If the server is gone for good or the state file cannot be written.
    pub async fn run(&self, stage: &Stage<'_>) -> Result<(), EmulateError> {
        let users: Vec<_> = self
            .users(stage)
            .map(|(stage, user)| async move { provision_user(&stage, user).await })
            .collect();
        stage.in_parallel(users).await?;
        // References come after all users, because the manager may be later in the list.
        let managers: Vec<_> = self
            .users(stage)
            .map(|(stage, user)| async move { provision_manager(&stage, user).await })
            .collect();
        stage.in_parallel(managers).await?;
        let groups: Vec<_> = self
            .directory
            .groups
            .iter()
            .enumerate()
            .map(|(index, group)| (self.in_turn(stage, index), group))
            .map(|(stage, group)| async move { provision_group(&stage, group).await })
            .collect();
        stage.in_parallel(groups).await?;
        Ok(())
    }

    fn users<'s>(&self, stage: &Stage<'s>) -> impl Iterator<Item = (Stage<'s>, &'d SourceUser)> {
        self.directory
            .users
            .iter()
            .enumerate()
            .map(|(index, user)| (self.in_turn(stage, index), user))
    }

    fn in_turn<'s>(&self, stage: &Stage<'s>, index: usize) -> Stage<'s> {
        let dialect = self
            .dialects
            .get(index % self.dialects.len().max(1))
            .copied()
            .unwrap_or(stage.dialect);
        stage.speaking(dialect)
    }
}

/// Makes one user on the server what it is in the directory. Returns its SCIM id, or none if the server refused it.
///
/// # Errors
/// If the server is gone for good or the state file cannot be written.
pub async fn provision_user(stage: &Stage<'_>, user: &SourceUser) -> Result<Option<String>, EmulateError> {
    let links = &stage.job.links;
    if let Some(id) = links.find(user.object_id) {
        let shown = stage.get(&format!("/Users/{id}"), &[]).await?;
        if shown.status != 404 {
            stage
                .expect("read linked user by id", &shown)
                .status(200)
                .resource("User", &id)
                .done();
            update_user(stage, user, &id, &shown.body).await?;
            return Ok(Some(id));
        }
        // Gone although nobody told Entra: it forgets the link and matches anew.
        stage
            .expect("a linked user that is gone answers 404", &shown)
            .error(404, None)
            .done();
        links.unlink(user.object_id)?;
    }
    let filter = format!("userName eq {}", quoted(&user.user_principal_name));
    let found = stage.query("/Users", &filter).await?;
    let hits = found.resources().len();
    stage
        .expect("look up by userName", &found)
        .list()
        .that(hits <= 1, || format!("{hits} users have one userName"))
        .done();
    if let (Some(id), Some(shown)) = (found.only_id(), found.resources().first()) {
        links.link(user.object_id, &id)?;
        update_user(stage, user, &id, shown).await?;
        return Ok(Some(id));
    }
    create(stage, user).await
}

async fn create(stage: &Stage<'_>, user: &SourceUser) -> Result<Option<String>, EmulateError> {
    let mapping = &stage.job.mapping;
    let made = stage.post("/Users", create_user(user, mapping)).await?;
    if made.status == 409 {
        return find_after_conflict(stage, user, &made).await;
    }
    let expected = expected_user(user, mapping);
    stage
        .expect("create user, all values come back verbatim", &made)
        .created("User")
        .shows(&expected)
        .done();
    if made.status != 201 || made.id().is_empty() {
        return Ok(None);
    }
    let id = made.id().to_owned();
    stage.job.links.link(user.object_id, &id)?;
    let shown = stage.get(&format!("/Users/{id}"), &[]).await?;
    stage
        .expect("read user back by id, verbatim", &shown)
        .status(200)
        .resource("User", &id)
        .shows(&expected)
        .done();
    // 43 section 4.1.1: userName is not case-exact; a matching query in other case must find the same user.
    let odd: String = odd_case(&user.user_principal_name);
    let found = stage.query("/Users", &format!("userName eq {}", quoted(&odd))).await?;
    stage.expect("find user by userName in other case", &found).finds(&id).done();
    Ok(Some(id))
}

/// The query found nobody and the creation met a conflict: an earlier creation whose answer was lost has won. It is found by
/// query in the next cycle, which is now.
async fn find_after_conflict(stage: &Stage<'_>, user: &SourceUser, made: &Answer) -> Result<Option<String>, EmulateError> {
    let found = stage
        .query("/Users", &format!("userName eq {}", quoted(&user.user_principal_name)))
        .await?;
    let id = found.only_id();
    stage
        .expect("create user after a lost answer: conflict, and found by query", made)
        .error(409, Some("uniqueness"))
        .also(&found)
        .hits(1)
        .done();
    if let Some(id) = &id {
        stage.job.links.link(user.object_id, id)?;
    }
    Ok(id)
}

/// Sends what differs between the server's view and the directory, and reads the result back.
async fn update_user(stage: &Stage<'_>, user: &SourceUser, id: &str, shown: &Value) -> Result<(), EmulateError> {
    let expected = expected_user(user, &stage.job.mapping);
    let operations = update_operations(stage.dialect, &expected, shown);
    if operations.is_empty() {
        return Ok(());
    }
    let path = format!("/Users/{id}");
    let changed = stage.patch(&path, operations).await?;
    stage.expect("update what differs", &changed).patched("User", id).done();
    let shown = stage.get(&path, &[]).await?;
    stage
        .expect("update read back, verbatim", &shown)
        .status(200)
        .resource("User", id)
        .shows(&expected)
        .done();
    Ok(())
}

/// Sets the manager, if both people are on the server (Entra sends the reference only then).
async fn provision_manager(stage: &Stage<'_>, user: &SourceUser) -> Result<(), EmulateError> {
    let Some(manager) = user.manager.and_then(|manager| stage.job.links.find(manager)) else {
        return Ok(());
    };
    let Some(id) = stage.job.links.find(user.object_id) else {
        return Ok(());
    };
    let path = format!("/Users/{id}");
    let wanted = Want::enterprise("manager", serde_json::json!({ "value": manager }));
    let shown = stage.get(&path, &[]).await?;
    if wanted.problem(&shown.body).is_none() {
        return Ok(());
    }
    let set = stage.patch(&path, stage.dialect.manager(&manager)).await?;
    stage.expect("set manager", &set).patched("User", &id).done();
    let shown = stage.get(&path, &[]).await?;
    stage.expect("manager read back", &shown).status(200).wants(&[wanted]).done();
    // The reference check of older jobs; the value is not looked at, only whether there is a hit.
    let filter = format!("id eq {} and {ENTERPRISE}:manager eq {}", quoted(&id), quoted(&manager));
    let checked = stage.get("/Users", &[("filter", &filter), ("attributes", "id")]).await?;
    stage
        .expect("reference check of the manager by filter", &checked)
        .finds(&id)
        .done();
    Ok(())
}

/// Makes one group and its direct members on the server what they are in the directory.
///
/// # Errors
/// If the server is gone for good or the state file cannot be written.
pub async fn provision_group(stage: &Stage<'_>, group: &SourceGroup) -> Result<Option<String>, EmulateError> {
    let Some(id) = linked_group(stage, group).await? else {
        return Ok(None);
    };
    let path = format!("/Groups/{id}");
    let members: Vec<String> = group
        .members
        .iter()
        .filter_map(|member: &Uuid| stage.job.links.find(*member))
        .collect();
    for batch in members.chunks(MEMBER_BATCH) {
        let added = stage.patch(&path, stage.dialect.add_members(batch)).await?;
        check_group_patch(stage, "add members, many in one request", &added, &id);
    }
    let shown = stage.get(&path, &[("excludedAttributes", "members")]).await?;
    let expected = expected_group(group);
    stage
        .expect("read group without members", &shown)
        .status(200)
        .resource("Group", &id)
        .shows(&expected)
        .without("members")
        .done();
    let shown = remove_surplus(stage, &path, &id, &members).await?;
    let wants = [Want::Values("members", members)];
    stage
        .expect("all members read back", &shown)
        .status(200)
        .resource("Group", &id)
        .wants(&wants)
        .done();
    Ok(Some(id))
}

/// The group as it is linked, with its present name; else found by name or made.
async fn linked_group(stage: &Stage<'_>, group: &SourceGroup) -> Result<Option<String>, EmulateError> {
    let Some(id) = stage.job.links.find(group.object_id) else {
        return find_or_create_group(stage, group).await;
    };
    let path = format!("/Groups/{id}");
    let shown = stage.get(&path, &[("excludedAttributes", "members")]).await?;
    if shown.status == 404 {
        stage
            .expect("a linked group that is gone answers 404", &shown)
            .error(404, None)
            .done();
        stage.job.links.unlink(group.object_id)?;
        return find_or_create_group(stage, group).await;
    }
    stage
        .expect("read linked group by id", &shown)
        .status(200)
        .resource("Group", &id)
        .done();
    if shown.body.get("displayName").is_some_and(|name| *name != group.display_name) {
        let operations = stage.dialect.set(&[("displayName", serde_json::json!(group.display_name))]);
        let renamed = stage.patch(&path, operations).await?;
        check_group_patch(stage, "rename group", &renamed, &id);
    }
    Ok(Some(id))
}

/// Members that a stopped run has left behind are taken out, so that the same directory always leads to the same state.
async fn remove_surplus(stage: &Stage<'_>, path: &str, id: &str, members: &[String]) -> Result<Answer, EmulateError> {
    let shown = stage.get(path, &[]).await?;
    let surplus: Vec<String> = values(&shown.body, "members")
        .into_iter()
        .filter(|member| !members.contains(member))
        .collect();
    if surplus.is_empty() {
        return Ok(shown);
    }
    let removed = stage.patch(path, stage.dialect.remove_members(&surplus)).await?;
    check_group_patch(stage, "remove members who left", &removed, id);
    stage.get(path, &[]).await
}

async fn find_or_create_group(stage: &Stage<'_>, group: &SourceGroup) -> Result<Option<String>, EmulateError> {
    let filter = format!("displayName eq {}", quoted(&group.display_name));
    let found = stage
        .get("/Groups", &[("excludedAttributes", "members"), ("filter", &filter)])
        .await?;
    let hits = found.resources().len();
    let shows_members = found.resources().iter().any(|shown| shown.get("members").is_some());
    stage
        .expect("look up group by displayName without members", &found)
        .list()
        .that(hits <= 1, || format!("{hits} groups have one displayName"))
        .that(!shows_members, || "\"members\" is shown although excluded".to_owned())
        .done();
    if let Some(id) = found.only_id() {
        stage.job.links.link(group.object_id, &id)?;
        return Ok(Some(id));
    }
    let made = stage.post("/Groups", create_group(group)).await?;
    stage
        .expect("create group without members", &made)
        .created("Group")
        .shows(&expected_group(group))
        .done();
    if made.status != 201 || made.id().is_empty() {
        return Ok(None);
    }
    stage.job.links.link(group.object_id, made.id())?;
    Ok(Some(made.id().to_owned()))
}

/// A group PATCH answers 204, or 200 without ever listing the members (Learn, "Develop and plan provisioning for a SCIM
/// endpoint").
pub fn check_group_patch(stage: &Stage<'_>, check: &'static str, answer: &Answer, id: &str) -> bool {
    stage.expect(check, answer).patched("Group", id).without("members").done()
}

/// The same text with every second letter in the other case.
#[must_use]
pub fn odd_case(text: &str) -> String {
    text.chars()
        .enumerate()
        .map(|(index, letter)| {
            if index % 2 == 0 {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            }
        })
        .collect()
}
