//! Deletion of a user: the same at every door.

use super::guard::guard_last_administrator;
use crate::domain::record::UserRecord;
use crate::service::audit::{self, Event, Target};
use crate::service::{Context, Result, logins};
use crate::store::{OrgScope, Tx, groups, users};

/// Takes a user away, with memberships, built-in credentials, links and sessions: access ends at once, the login name is free,
/// the id is never given again.
///
/// # Errors
/// [`Error::LastAdministrator`](crate::service::Error::LastAdministrator).
pub(in crate::service) async fn remove(tx: &Tx, cx: &Context, scope: &OrgScope, record: &UserRecord) -> Result<()> {
    let gone = UserRecord {
        is_active: false,
        ..record.clone()
    };
    guard_last_administrator(tx, scope, record, &gone).await?;
    let memberships = groups::of_users(tx, scope, &[record.id])
        .await?
        .remove(&record.id)
        .unwrap_or_default();
    let mut left: Vec<_> = memberships.iter().map(|group| group.id).collect();
    left.sort_unstable();
    // Each group has a member less: a version that was read before is old (RFC 7644 §3.14). Before the memberships go, so that whoever
    // deletes a group at the same moment takes the same locks in the same order.
    groups::note_change(tx, scope, &left, cx.now()).await?;
    users::delete(tx, scope, record, &left, cx.now()).await?;
    logins::follow_deletion(tx, scope, record).await?;
    let target = Target::new("user", record.id, record.user_name.clone());
    audit::record(tx, cx, Some(scope), Event::done("user.delete", target, Vec::new())).await
}
