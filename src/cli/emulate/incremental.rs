//! Small changes after the initial cycle, as an administrator makes them: what "provision while you watch" shows.

use uuid::Uuid;

use super::cycle::{check_group_patch, provision_group, provision_user};
use super::dice::Dice;
use super::directory::{Directory, SourceGroup, SourceUser};
use super::error::EmulateError;
use super::job::Stage;
use super::names;

/// A change in the source directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A person has a new family name, and with it a new display name. The user name stays, as it usually does.
    RenameUser {
        /// Who.
        object_id: Uuid,
        /// New family name.
        surname: String,
    },
    /// A person moved to another department.
    MoveDepartment {
        /// Who.
        object_id: Uuid,
        /// New department.
        department: String,
    },
    /// Sign-in blocked, unassigned or soft-deleted: all of them are `active = false`.
    Disable {
        /// Who.
        object_id: Uuid,
    },
    /// Assigned again or restored.
    Restore {
        /// Who.
        object_id: Uuid,
    },
    /// A group has a new name.
    RenameGroup {
        /// Which.
        object_id: Uuid,
        /// New name.
        display_name: String,
    },
    /// Somebody joined a group.
    Join {
        /// Which group.
        group: Uuid,
        /// Who.
        member: Uuid,
    },
    /// Somebody left a group.
    Leave {
        /// Which group.
        group: Uuid,
        /// Who.
        member: Uuid,
    },
}

/// An endless stream of plausible changes.
#[derive(Debug, Clone)]
pub struct Drift {
    dice: Dice,
}

impl Drift {
    /// Changes that depend only on the seed and the directory.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            dice: Dice::for_item(seed, 3, 0),
        }
    }

    /// The next change; none if the directory has nobody in it. At most one person in ten is disabled at a time.
    pub fn next_change(&mut self, directory: &Directory) -> Option<Change> {
        let disabled: Vec<Uuid> = directory
            .users
            .iter()
            .filter(|user| !user.is_active)
            .map(|user| user.object_id)
            .collect();
        let kind = self.dice.below(10);
        if kind < 3 && disabled.len() > directory.users.len() / 10 || (kind == 0 && !disabled.is_empty()) {
            return disabled
                .get(self.dice.below(disabled.len()))
                .map(|&object_id| Change::Restore { object_id });
        }
        let user = directory.users.get(self.dice.below(directory.users.len()))?;
        match kind {
            0..=2 if user.is_active => Some(Change::Disable {
                object_id: user.object_id,
            }),
            0..=4 => Some(Change::RenameUser {
                object_id: user.object_id,
                surname: self.dice.pick(names::SURNAMES).to_owned(),
            }),
            5 => Some(Change::MoveDepartment {
                object_id: user.object_id,
                department: self.dice.pick(names::DEPARTMENTS).to_owned(),
            }),
            _ => self.group_change(directory, user),
        }
    }

    fn group_change(&mut self, directory: &Directory, user: &SourceUser) -> Option<Change> {
        let group = directory.groups.get(self.dice.below(directory.groups.len()))?;
        if self.dice.one_in(6) {
            let base = group.display_name.trim_end_matches(" (new)");
            let display_name = if base == group.display_name {
                format!("{base} (new)")
            } else {
                base.to_owned()
            };
            return Some(Change::RenameGroup {
                object_id: group.object_id,
                display_name,
            });
        }
        let (group, member) = (group.object_id, user.object_id);
        let is_member = directory
            .groups
            .iter()
            .any(|candidate| candidate.object_id == group && candidate.members.contains(&member));
        Some(if is_member {
            Change::Leave { group, member }
        } else {
            Change::Join { group, member }
        })
    }
}

/// Makes the change in the directory and sends what Entra would send. A change of an object that is not there is ignored.
///
/// # Errors
/// If the server is gone for good or the state file cannot be written.
pub async fn apply(stage: &Stage<'_>, directory: &mut Directory, change: &Change) -> Result<(), EmulateError> {
    match change {
        Change::RenameUser { object_id, surname } => {
            change_user(stage, directory, *object_id, |user| {
                user.surname.clone_from(surname);
                user.display_name = format!("{} {surname}", user.given_name);
            })
            .await
        }
        Change::MoveDepartment { object_id, department } => {
            change_user(stage, directory, *object_id, |user| {
                user.department = Some(department.clone())
            })
            .await
        }
        Change::Disable { object_id } => change_user(stage, directory, *object_id, |user| user.is_active = false).await,
        Change::Restore { object_id } => change_user(stage, directory, *object_id, |user| user.is_active = true).await,
        Change::RenameGroup { object_id, display_name } => {
            let Some(group) = find_group(directory, *object_id) else {
                return Ok(());
            };
            group.display_name.clone_from(display_name);
            rename_group(stage, group).await
        }
        Change::Join { group, member } => {
            let Some(group) = find_group(directory, *group) else {
                return Ok(());
            };
            if !group.members.contains(member) {
                group.members.push(*member);
            }
            send_member(stage, group, *member, true).await
        }
        Change::Leave { group, member } => {
            let Some(group) = find_group(directory, *group) else {
                return Ok(());
            };
            group.members.retain(|known| known != member);
            send_member(stage, group, *member, false).await
        }
    }
}

async fn change_user(
    stage: &Stage<'_>,
    directory: &mut Directory,
    object_id: Uuid,
    change: impl FnOnce(&mut SourceUser),
) -> Result<(), EmulateError> {
    let Some(user) = directory.users.iter_mut().find(|user| user.object_id == object_id) else {
        return Ok(());
    };
    change(user);
    provision_user(stage, user).await.map(drop)
}

fn find_group(directory: &mut Directory, object_id: Uuid) -> Option<&mut SourceGroup> {
    directory.groups.iter_mut().find(|group| group.object_id == object_id)
}

async fn rename_group(stage: &Stage<'_>, group: &SourceGroup) -> Result<(), EmulateError> {
    let Some(id) = stage.job.links.find(group.object_id) else {
        return provision_group(stage, group).await.map(drop);
    };
    let operations = stage.dialect.set(&[("displayName", serde_json::json!(group.display_name))]);
    let answer = stage.patch(&format!("/Groups/{id}"), operations).await?;
    check_group_patch(stage, "rename group", &answer, &id);
    Ok(())
}

async fn send_member(stage: &Stage<'_>, group: &SourceGroup, member: Uuid, joins: bool) -> Result<(), EmulateError> {
    let links = &stage.job.links;
    let (Some(id), Some(member)) = (links.find(group.object_id), links.find(member)) else {
        return Ok(());
    };
    let members = [member];
    let operations = if joins {
        stage.dialect.add_members(&members)
    } else {
        stage.dialect.remove_members(&members)
    };
    let answer = stage.patch(&format!("/Groups/{id}"), operations).await?;
    check_group_patch(stage, if joins { "add a member" } else { "remove a member" }, &answer, &id);
    Ok(())
}
