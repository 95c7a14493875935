//! Which account opens the console: the one rule for signing in, for changing the organisation, and for every request of a session
//! (security rule S12).

use super::Result;
use super::context::Membership;
use crate::domain::permission::Permission;
use crate::domain::record::UserRecord;
use crate::store::{OrgScope, Reader, Tx, organisations, roles, users};

/// What an account opens: it is active, so is its organisation, and its role allows the console.
///
/// # Errors
/// Any database error.
pub(in crate::service) async fn find_membership(
    db: &impl Reader,
    scope: &OrgScope,
    record: &UserRecord,
) -> Result<Option<Membership>> {
    let Some(role) = record.role.filter(|_| record.is_active) else {
        return Ok(None);
    };
    if !organisations::get(db, scope).await?.is_active {
        return Ok(None);
    }
    let role = roles::find(db, scope, role).await?;
    let role = role.filter(|role| role.permissions.holds(Permission::ConsoleAccess));
    Ok(role.map(|role| Membership {
        scope: *scope,
        user: record.id,
        permissions: role.permissions,
    }))
}

/// Whether an account opens the console to who signs in with built-in credentials.
///
/// # Errors
/// Any database error.
pub(in crate::service) async fn is_open_to_built_in(db: &impl Reader, scope: &OrgScope, record: &UserRecord) -> Result<bool> {
    Ok(record.login_connector.is_none() && find_membership(db, scope, record).await?.is_some())
}

/// The account, locked, where it opens the console to who signs in with built-in credentials: looked at again under the lock, so
/// that nothing that takes access away meanwhile leaves a session behind.
///
/// # Errors
/// Any database error.
pub(in crate::service) async fn lock_built_in(tx: &Tx, scope: &OrgScope, record: &UserRecord) -> Result<Option<UserRecord>> {
    if !is_open_to_built_in(tx, scope, record).await? {
        return Ok(None);
    }
    let Some(now) = users::find_for_update(tx, scope, record.id).await? else {
        return Ok(None);
    };
    let is_open = now.identity == record.identity && is_open_to_built_in(tx, scope, &now).await?;
    Ok(is_open.then_some(now))
}
