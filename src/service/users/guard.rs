//! Who may change which account, and which change would lock an organisation out (security rules S7 and S9).

use crate::domain::error::Problem;
use crate::domain::ids::{RoleId, UserId};
use crate::domain::permission::{Permission, PermissionSet};
use crate::domain::record::UserRecord;
use crate::domain::user::{ActionRefusal, UserAction};
use crate::service::{Context, Error, Result};
use crate::store::roles::RoleRecord;
use crate::store::{OrgScope, Reader, Tx, organisations, roles, users};

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
    // Whoever takes an administrator away holds this lock, so that two cannot take each other away at once.
    organisations::lock(tx, scope).await?;
    if users::is_only_active_holder(tx, scope, &administrative, before.id).await? {
        Err(Error::LastAdministrator)
    } else {
        Ok(())
    }
}

async fn administrative_roles(db: &impl Reader, scope: &OrgScope) -> Result<Vec<RoleId>> {
    let all = roles::list(db, scope).await?;
    let administrative = all.iter().filter(|role| role.permissions.holds(Permission::ConnectorsManage));
    Ok(administrative.map(|role| role.id).collect())
}

/// Why the actor may not carry out an action on an account: the one rule behind the menu and the writes. `held` are the rights of
/// the account. Whoever manages an account, or looks where its holder signs in from, holds all that it holds (security rule S7).
pub(super) fn refusal(cx: &Context, record: &UserRecord, held: &PermissionSet, action: UserAction) -> Option<ActionRefusal> {
    if cx.demand(Permission::UsersManage).is_err() {
        return Some(ActionRefusal::NotPermitted);
    }
    if !cx.ceiling().covers(held) {
        return Some(ActionRefusal::StrongerAccount);
    }
    let own = (cx.own_user() == Some(record.id)).then_some(ActionRefusal::OwnAccount);
    let managed = record.connector.is_some().then_some(ActionRefusal::DirectoryManaged);
    match action {
        UserAction::Edit => managed,
        UserAction::ChangeAccess | UserAction::Deactivate => own,
        UserAction::Activate | UserAction::EndSessions => None,
        UserAction::Delete => own.or(managed),
    }
}

/// Whether taking this account away would leave nobody who administers: for the menu, which must not offer what
/// [`guard_last_administrator`] refuses.
pub(super) async fn is_last_administrator(db: &impl Reader, scope: &OrgScope, record: &UserRecord) -> Result<bool> {
    let administrative = administrative_roles(db, scope).await?;
    if !record.role.is_some_and(|role| administrative.contains(&role)) {
        return Ok(false);
    }
    Ok(users::is_only_active_holder(db, scope, &administrative, record.id).await?)
}

/// The user, locked, for an action that the actor may carry out. For one that may take an administrator away the lock of
/// [`guard_last_administrator`] comes first: two who take each other away wait for each other and do not lock each other out.
pub(super) async fn lock_for(tx: &Tx, cx: &Context, scope: &OrgScope, id: UserId, action: UserAction) -> Result<UserRecord> {
    match action {
        UserAction::ChangeAccess | UserAction::Deactivate | UserAction::Delete => {
            organisations::lock(tx, scope).await?;
        }
        UserAction::Edit | UserAction::Activate | UserAction::EndSessions => {}
    }
    let record = users::find_for_update(tx, scope, id).await?.ok_or(Error::NotFound)?;
    demand_action(tx, cx, scope, &record, action).await?;
    Ok(record)
}

/// Refuses an action that the actor may not carry out.
pub(super) async fn demand_action(
    db: &impl Reader,
    cx: &Context,
    scope: &OrgScope,
    record: &UserRecord,
    action: UserAction,
) -> Result<()> {
    let held = match record.role {
        Some(role) => roles::find(db, scope, role).await?.ok_or(Error::NotFound)?.permissions,
        None => PermissionSet::default(),
    };
    match refusal(cx, record, &held, action) {
        None | Some(ActionRefusal::NothingToDo) => Ok(()),
        Some(ActionRefusal::NotPermitted | ActionRefusal::StrongerAccount | ActionRefusal::OwnAccount) => Err(Error::Forbidden),
        Some(ActionRefusal::DirectoryManaged) => Err(Error::DirectoryManaged),
        Some(ActionRefusal::LastAdministrator) => Err(Error::LastAdministrator),
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
