//! Groups as a directory creates, changes and removes them. Members are added and removed one row each; the list is never read
//! to be written back (reliability rule R3).

use super::Listing;
use crate::domain::error::{FieldError, Problem};
use crate::domain::filter::{Filter, GroupAttribute};
use crate::domain::ids::{ConnectorId, GroupId, UserId};
use crate::domain::provisioning::FieldChange;
use crate::domain::record::GroupRecord;
use crate::domain::text::{bounded, fold};
use crate::service::audit::{self, Event, Target};
use crate::service::{Context, Error, Result, provisioning_log};
use crate::store::{OrgScope, Tx, groups, users};

/// A group as a directory describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentGroup {
    /// Its name.
    pub display_name: String,
    /// The directory's id.
    pub external_id: Option<String>,
    /// Ids of its members, as sent.
    pub members: Vec<String>,
}

/// One step of a change, in the order sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupChange {
    /// A new name.
    SetDisplayName(String),
    /// A new external id, or none.
    SetExternalId(Option<String>),
    /// These become members; who is one already stays.
    AddMembers(Vec<String>),
    /// These are members no more; who is none is passed over.
    RemoveMembers(Vec<String>),
    /// Exactly these are members.
    ReplaceMembers(Vec<String>),
    /// Nobody is a member.
    ClearMembers,
}

/// Makes a group, with members if some were sent.
///
/// # Errors
/// [`Error::Conflict`] for a name that another group of the connector has, [`Error::Invalid`] for a member that is no user of
/// the connector.
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn create(cx: &Context, sent: SentGroup) -> Result<GroupRecord> {
    let (scope, connector) = cx.connector()?;
    let now = cx.now();
    let record = GroupRecord {
        id: GroupId::from_uuid(cx.new_uuid()),
        connector: Some(connector),
        name: checked("name", &sent.display_name)?,
        external_id: sent.external_id.as_deref().map(|id| checked("external_id", id)).transpose()?,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    provisioning_log::note_target(cx, "group", String::new(), &record.name);
    let tx = cx.store().begin().await?;
    groups::create(&tx, &scope, &record)
        .await
        .map_err(|error| taken(error.into(), &record.name))?;
    let mut changes = changes_between(None, &record);
    let members = members(&tx, &scope, connector, &sent.members).await?;
    let added = groups::add_members(&tx, &scope, record.id, &members, now).await?;
    changes.extend(membership_change(&tx, &scope, "members", &added, true).await?);
    finish(&tx, cx, &scope, "group.create", &record, changes).await?;
    tx.commit().await?;
    Ok(record)
}

/// Changes a group step by step, all or nothing. Steps that say nothing new change nothing.
///
/// # Errors
/// [`Error::NotFound`]; those of [`create`].
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn update(cx: &Context, id: GroupId, steps: Vec<GroupChange>) -> Result<GroupRecord> {
    let (scope, connector) = cx.connector()?;
    let now = cx.now();
    let tx = cx.store().begin().await?;
    let before = groups::find_managed_for_update(&tx, &scope, connector, id)
        .await?
        .ok_or(Error::NotFound)?;
    provisioning_log::note_target(cx, "group", id.to_string(), &before.name);
    let mut record = before.clone();
    let (mut added, mut removed): (Vec<UserId>, Vec<UserId>) = (Vec::new(), Vec::new());
    for step in steps {
        match step {
            GroupChange::SetDisplayName(name) => record.name = checked("name", &name)?,
            GroupChange::SetExternalId(external_id) => {
                record.external_id = external_id.as_deref().map(|id| checked("external_id", id)).transpose()?;
            }
            GroupChange::AddMembers(ids) => {
                let ids = members(&tx, &scope, connector, &ids).await?;
                added.extend(groups::add_members(&tx, &scope, id, &ids, now).await?);
            }
            // Removing somebody who does not exist leaves the group as asked for.
            GroupChange::RemoveMembers(ids) => removed.extend(groups::remove_members(&tx, &scope, id, &well_formed(&ids)).await?),
            GroupChange::ReplaceMembers(ids) => {
                let wanted = members(&tx, &scope, connector, &ids).await?;
                let wanted_set: std::collections::HashSet<UserId> = wanted.iter().copied().collect();
                let present = groups::member_ids(&tx, &scope, id).await?;
                let gone: Vec<UserId> = present.into_iter().filter(|user| !wanted_set.contains(user)).collect();
                removed.extend(groups::remove_members(&tx, &scope, id, &gone).await?);
                added.extend(groups::add_members(&tx, &scope, id, &wanted, now).await?);
            }
            GroupChange::ClearMembers => {
                let present = groups::member_ids(&tx, &scope, id).await?;
                removed.extend(groups::remove_members(&tx, &scope, id, &present).await?);
            }
        }
    }
    if record == before && added.is_empty() && removed.is_empty() {
        return Ok(before);
    }
    record.version += 1;
    record.updated_at = now.max(before.updated_at);
    groups::update(&tx, &scope, &record)
        .await
        .map_err(|error| taken(error.into(), &record.name))?;
    let mut changes = changes_between(Some(&before), &record);
    changes.extend(membership_change(&tx, &scope, "members", &removed, false).await?);
    changes.extend(membership_change(&tx, &scope, "members", &added, true).await?);
    finish(&tx, cx, &scope, "group.update", &record, changes).await?;
    tx.commit().await?;
    Ok(record)
}

/// Takes a group away. Its members stay users.
///
/// # Errors
/// [`Error::NotFound`].
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn delete(cx: &Context, id: GroupId) -> Result<()> {
    let (scope, connector) = cx.connector()?;
    let tx = cx.store().begin().await?;
    let record = groups::find_managed_for_update(&tx, &scope, connector, id)
        .await?
        .ok_or(Error::NotFound)?;
    groups::delete(&tx, &scope, &record, cx.now()).await?;
    finish(&tx, cx, &scope, "group.delete", &record, Vec::new()).await?;
    Ok(tx.commit().await?)
}

/// One group.
///
/// # Errors
/// [`Error::NotFound`].
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn get(cx: &Context, id: GroupId) -> Result<GroupRecord> {
    let (scope, connector) = cx.connector()?;
    let record = groups::find_managed(cx.store(), &scope, connector, id)
        .await?
        .ok_or(Error::NotFound)?;
    provisioning_log::note_target(cx, "group", id.to_string(), &record.name);
    Ok(record)
}

/// Groups that meet a condition, in the order of their creation; `start` counts from 0.
///
/// # Errors
/// Any database error.
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn list(cx: &Context, filter: &Filter<GroupAttribute>, start: u64, count: u64) -> Result<Listing<GroupRecord>> {
    let (scope, connector) = cx.connector()?;
    let page = groups::list_managed(cx.store(), &scope, connector, filter, start, count).await?;
    Ok(Listing {
        items: page.rows,
        total: page.total,
    })
}

/// Members of a group.
///
/// # Errors
/// [`Error::NotFound`].
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn members_of(cx: &Context, id: GroupId) -> Result<Vec<UserId>> {
    let (scope, connector) = cx.connector()?;
    groups::find_managed(cx.store(), &scope, connector, id)
        .await?
        .ok_or(Error::NotFound)?;
    let ids = groups::member_ids(cx.store(), &scope, id).await?;
    // People whom an administrator added by hand to a group that was directory-managed later are not the directory's to see.
    let managed = users::managed_ids(cx.store(), &scope, connector, &ids).await?;
    Ok(ids.into_iter().filter(|user| managed.contains(user)).collect())
}

/// The ids as users of the connector, in the order sent and without doubles.
async fn members(tx: &Tx, scope: &OrgScope, connector: ConnectorId, sent: &[String]) -> Result<Vec<UserId>> {
    let ids = well_formed(sent);
    let known = users::managed_ids(tx, scope, connector, &ids).await?;
    let unknown = sent
        .iter()
        .find(|text| UserId::parse(text).map_or(true, |id| !known.contains(&id)));
    if unknown.is_some() {
        // The same answer for ids of nobody, of another organisation and of accounts that are not managed here.
        return Err(Error::Invalid(vec![FieldError::new("members", Problem::Unknown)]));
    }
    Ok(ids)
}

fn well_formed(sent: &[String]) -> Vec<UserId> {
    let mut seen = std::collections::HashSet::new();
    sent.iter()
        .filter_map(|text| UserId::parse(text).ok())
        .filter(|id| seen.insert(*id))
        .collect()
}

fn checked(field: &str, text: &str) -> Result<String> {
    if fold(text).is_empty() {
        return Err(Error::invalid(field, Problem::Required));
    }
    bounded(text).map_err(|problem| Error::invalid(field, problem))?;
    Ok(text.to_owned())
}

fn taken(error: Error, name: &str) -> Error {
    error.on_conflict("name", || Error::Conflict {
        field: "name",
        detail: format!("'{name}' is already taken"),
    })
}

fn changes_between(before: Option<&GroupRecord>, after: &GroupRecord) -> Vec<FieldChange> {
    let name = FieldChange::between("display_name", before.map(|group| group.name.as_str()), Some(&after.name));
    let external = FieldChange::between(
        "external_id",
        before.and_then(|group| group.external_id.as_deref()),
        after.external_id.as_deref(),
    );
    [name, external].into_iter().flatten().collect()
}

/// A change of members by name; of very many the first hundred are named.
async fn membership_change(
    tx: &Tx,
    scope: &OrgScope,
    field: &str,
    users: &[UserId],
    is_added: bool,
) -> Result<Option<FieldChange>> {
    const NAMED: usize = 100;
    if users.is_empty() {
        return Ok(None);
    }
    let first: Vec<UserId> = users.iter().copied().take(NAMED).collect();
    let names = crate::store::users::names(tx, scope, &first).await?;
    let mut text: Vec<String> = first
        .iter()
        .map(|user| names.get(user).cloned().unwrap_or_else(|| user.to_string()))
        .collect();
    if users.len() > NAMED {
        text.push(format!("… and {} more", users.len() - NAMED));
    }
    let text = Some(text.join(", "));
    let (before, after) = if is_added { (None, text) } else { (text, None) };
    Ok(Some(FieldChange {
        field: field.to_owned(),
        before,
        after,
    }))
}

async fn finish(
    tx: &Tx,
    cx: &Context,
    scope: &OrgScope,
    action: &'static str,
    record: &GroupRecord,
    changes: Vec<FieldChange>,
) -> Result<()> {
    let target = Target::new("group", record.id, record.name.clone());
    audit::record(tx, cx, Some(scope), Event::done(action, target, changes.clone())).await?;
    provisioning_log::write_change(tx, cx, "group", record.id.to_string(), &record.name, changes).await
}
