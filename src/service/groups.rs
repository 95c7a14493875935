//! Groups as people manage them in the console. What a directory manages is not changed here.

use super::audit::{self, Event, Target};
use super::context::Context;
use super::provisioning_log::connector_names;
use super::{Error, Result};
use crate::domain::error::Problem;
use crate::domain::group::{GroupDetail, GroupMember, GroupQuery, GroupSummary};
use crate::domain::ids::{ConnectorId, GroupId};
use crate::domain::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page};
use crate::domain::permission::Permission;
use crate::domain::provisioning::FieldChange;
use crate::domain::record::GroupRecord;
use crate::domain::text;
use crate::domain::user::ConnectorRef;
use crate::store::{OrgScope, Tx, groups, users};

/// A page of groups by name.
///
/// # Errors
/// [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::GroupsRead`].
pub async fn list(cx: &Context, query: &GroupQuery) -> Result<Page<GroupSummary>> {
    let scope = cx.demand(Permission::GroupsRead)?;
    let limit = query.limit.unwrap_or(DEFAULT_PAGE_SIZE).clamp(1, MAX_PAGE_SIZE);
    let page = groups::list(cx.store(), &scope, &query.search, query.cursor.as_deref(), limit).await?;
    let ids: Vec<GroupId> = page.items.iter().map(|group| group.id).collect();
    let counts = groups::member_counts(cx.store(), &scope, &ids).await?;
    let names = connector_names(cx, &scope).await?;
    Ok(page.map(|group| {
        let members = counts.get(&group.id).copied().unwrap_or(0);
        summary(group, members, |id| names.get(&id).cloned())
    }))
}

/// One group.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::GroupsRead`].
pub async fn get(cx: &Context, id: GroupId) -> Result<GroupDetail> {
    let scope = cx.demand(Permission::GroupsRead)?;
    let group = groups::find(cx.store(), &scope, id).await?.ok_or(Error::NotFound)?;
    let members = groups::member_counts(cx.store(), &scope, &[id])
        .await?
        .remove(&id)
        .unwrap_or(0);
    let names = connector_names(cx, &scope).await?;
    let is_editable = group.connector.is_none() && cx.demand(Permission::GroupsManage).is_ok();
    Ok(GroupDetail {
        version: group.version,
        summary: summary(group, members, |id| names.get(&id).cloned()),
        is_editable,
    })
}

/// A page of a group's members by name.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::GroupsRead`].
pub async fn list_members(cx: &Context, id: GroupId, cursor: Option<&str>) -> Result<Page<GroupMember>> {
    let scope = cx.demand(Permission::GroupsRead)?;
    groups::find(cx.store(), &scope, id).await?.ok_or(Error::NotFound)?;
    let page = groups::list_members(cx.store(), &scope, id, cursor, DEFAULT_PAGE_SIZE).await?;
    Ok(page.map(|user| GroupMember {
        id: user.id,
        name: user.shown_name().into_owned(),
        is_active: user.is_active,
        user_name: user.user_name,
    }))
}

/// Makes a group that is kept by hand.
///
/// # Errors
/// [`Error::Invalid`] for the name.
///
/// # Permissions
/// [`Permission::GroupsManage`].
pub async fn create(cx: &Context, name: &str) -> Result<GroupId> {
    let scope = cx.demand(Permission::GroupsManage)?;
    let name = text::name(name).map_err(|problem| Error::invalid("name", problem))?;
    let now = cx.now();
    let record = GroupRecord {
        id: GroupId::from_uuid(cx.new_uuid()),
        connector: None,
        name,
        external_id: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let tx = cx.store().begin().await?;
    groups::create(&tx, &scope, &record).await.map_err(Error::name_taken)?;
    let changes = FieldChange::between("name", None, Some(&record.name)).into_iter().collect();
    finish(&tx, cx, &scope, "group.create", &record, changes).await?;
    tx.commit().await?;
    Ok(record.id)
}

/// Renames a group.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Stale`], [`Error::Invalid`] for the name, [`Error::DirectoryManaged`].
///
/// # Permissions
/// [`Permission::GroupsManage`].
pub async fn update(cx: &Context, id: GroupId, version: i64, name: &str) -> Result<()> {
    let scope = cx.demand(Permission::GroupsManage)?;
    let name = text::name(name).map_err(|problem| Error::invalid("name", problem))?;
    let tx = cx.store().begin().await?;
    let before = editable(&tx, &scope, id).await?;
    if before.version != version {
        return Err(Error::Stale);
    }
    let changes: Vec<FieldChange> = FieldChange::between("name", Some(&before.name), Some(&name))
        .into_iter()
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    let record = changed(cx, GroupRecord { name, ..before });
    groups::update(&tx, &scope, &record).await.map_err(Error::name_taken)?;
    finish(&tx, cx, &scope, "group.update", &record, changes).await?;
    Ok(tx.commit().await?)
}

/// Deletes a group. Its members stay users.
///
/// # Errors
/// [`Error::NotFound`], [`Error::DirectoryManaged`].
///
/// # Permissions
/// [`Permission::GroupsManage`].
pub async fn delete(cx: &Context, id: GroupId) -> Result<()> {
    let scope = cx.demand(Permission::GroupsManage)?;
    let tx = cx.store().begin().await?;
    let record = editable(&tx, &scope, id).await?;
    groups::delete(&tx, &scope, &record, cx.now()).await?;
    finish(&tx, cx, &scope, "group.delete", &record, Vec::new()).await?;
    Ok(tx.commit().await?)
}

/// Adds a user by login name. Who is a member already stays.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] for a login name of nobody, [`Error::DirectoryManaged`].
///
/// # Permissions
/// [`Permission::GroupsManage`].
pub async fn add_member(cx: &Context, id: GroupId, user_name: &str) -> Result<()> {
    change_member(cx, id, user_name, true).await
}

/// Removes a user by login name. Who is no member is passed over.
///
/// # Errors
/// As [`add_member`].
///
/// # Permissions
/// [`Permission::GroupsManage`].
pub async fn remove_member(cx: &Context, id: GroupId, user_name: &str) -> Result<()> {
    change_member(cx, id, user_name, false).await
}

async fn change_member(cx: &Context, id: GroupId, user_name: &str, is_added: bool) -> Result<()> {
    let scope = cx.demand(Permission::GroupsManage)?;
    let tx = cx.store().begin().await?;
    let group = editable(&tx, &scope, id).await?;
    let user = users::find_by_user_name(&tx, &scope, user_name)
        .await?
        .ok_or_else(|| Error::invalid("user_name", Problem::Unknown))?;
    let done = if is_added {
        groups::add_members(&tx, &scope, id, &[user.id], cx.now()).await?
    } else {
        groups::remove_members(&tx, &scope, id, &[user.id]).await?
    };
    if done.is_empty() {
        return Ok(());
    }
    let record = changed(cx, group);
    groups::update(&tx, &scope, &record).await?;
    let name = Some(user.shown_name().into_owned());
    let (before, after) = if is_added { (None, name) } else { (name, None) };
    let change = FieldChange {
        field: "members".to_owned(),
        before,
        after,
    };
    finish(&tx, cx, &scope, "group.update", &record, vec![change]).await?;
    Ok(tx.commit().await?)
}

async fn editable(tx: &Tx, scope: &OrgScope, id: GroupId) -> Result<GroupRecord> {
    let record = groups::find_for_update(tx, scope, id).await?.ok_or(Error::NotFound)?;
    if record.connector.is_some() {
        Err(Error::DirectoryManaged)
    } else {
        Ok(record)
    }
}

fn changed(cx: &Context, before: GroupRecord) -> GroupRecord {
    GroupRecord {
        version: before.version + 1,
        updated_at: cx.now().max(before.updated_at),
        ..before
    }
}

async fn finish(
    tx: &Tx,
    cx: &Context,
    scope: &OrgScope,
    action: &'static str,
    record: &GroupRecord,
    changes: Vec<FieldChange>,
) -> Result<()> {
    audit::record(
        tx,
        cx,
        Some(scope),
        Event::done(action, Target::new("group", record.id, record.name.clone()), changes),
    )
    .await
}

fn summary(group: GroupRecord, members: u64, connector: impl Fn(ConnectorId) -> Option<ConnectorRef>) -> GroupSummary {
    GroupSummary {
        id: group.id,
        managed_by: group.connector.and_then(connector),
        name: group.name,
        external_id: group.external_id,
        members,
        created_at: group.created_at,
        updated_at: group.updated_at,
    }
}
