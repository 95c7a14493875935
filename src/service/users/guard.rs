//! Who may change which account, and which change would lock an organisation out (security rules S7 and S9).

use crate::domain::error::Problem;
use crate::domain::ids::{RoleId, UserId};
use crate::domain::permission::{Permission, PermissionSet};
use crate::service::{Context, Error, Result};
use crate::store::roles::RoleRecord;
use crate::store::users::UserRecord;
use crate::store::{OrgScope, Reader, Tx, roles, users};

/// Refuses a change that would leave the organisation without an administrator who can sign in (security rule S9). Only the step
/// from one to none is refused.
pub(in crate::service) async fn guard_last_administrator(
    tx: &Tx,
    scope: &OrgScope,
    before: &UserRecord,
    after: &UserRecord,
) -> Result<()> {
    let administrative = administrative_roles(tx, scope).await?;
    let holds = |record: &UserRecord| record.is_active && record.role.is_some_and(|role| administrative.contains(&role));
    if !holds(before) || holds(after) {
        return Ok(());
    }
    let able = users::lock_active_holders(tx, scope, &administrative).await?;
    if able == [before.id] {
        Err(Error::LastAdministrator)
    } else {
        Ok(())
    }
}

async fn administrative_roles(tx: &Tx, scope: &OrgScope) -> Result<Vec<RoleId>> {
    let all = roles::list(tx, scope).await?;
    let administrative = all.iter().filter(|role| role.permissions.holds(Permission::ConnectorsManage));
    Ok(administrative.map(|role| role.id).collect())
}

/// The user, locked, where the actor may manage it.
pub(super) async fn editable(tx: &Tx, cx: &Context, scope: &OrgScope, id: UserId) -> Result<UserRecord> {
    let record = users::find_for_update(tx, scope, id).await?.ok_or(Error::NotFound)?;
    demand_not_stronger(tx, cx, scope, &record).await?;
    Ok(record)
}

/// As [`editable`], for a change that may take an administrator away. The administrators are locked first, in one order: two who
/// take each other away wait for each other and do not lock each other out.
pub(super) async fn removable(tx: &Tx, cx: &Context, scope: &OrgScope, id: UserId) -> Result<UserRecord> {
    let administrative = administrative_roles(tx, scope).await?;
    users::lock_active_holders(tx, scope, &administrative).await?;
    editable(tx, cx, scope, id).await
}

/// Whoever manages an account, or looks where its holder signs in from, holds all that it holds (security rule S7).
pub(super) async fn demand_not_stronger(db: &impl Reader, cx: &Context, scope: &OrgScope, record: &UserRecord) -> Result<()> {
    let held = match record.role {
        Some(role) => roles::find(db, scope, role).await?.ok_or(Error::NotFound)?.permissions,
        None => PermissionSet::default(),
    };
    if cx.ceiling().covers(&held) {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// The role, where the actor may give it to somebody.
pub(super) async fn grantable(tx: &Tx, cx: &Context, scope: &OrgScope, role: Option<RoleId>) -> Result<Option<RoleRecord>> {
    let Some(role) = role else { return Ok(None) };
    let role = roles::find(tx, scope, role)
        .await?
        .ok_or_else(|| Error::invalid("role", Problem::Unknown))?;
    if cx.ceiling().covers(&role.permissions) {
        Ok(Some(role))
    } else {
        Err(Error::Forbidden)
    }
}
