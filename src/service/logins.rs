//! What follows for built-in credentials, links and sessions when an account is renamed, deactivated or deleted: the same at
//! every door, in the transaction of the change (security rule S12).

use chrono::{DateTime, Utc};

use super::Result;
use crate::domain::record::UserRecord;
use crate::domain::text::fold;
use crate::store::{OrgScope, Tx, identities, links, sessions, users};

/// Lets credentials, links and sessions follow an account that was changed.
pub(in crate::service) async fn follow_change(
    tx: &Tx,
    scope: &OrgScope,
    before: &UserRecord,
    after: &UserRecord,
    now: DateTime<Utc>,
) -> Result<()> {
    if before.user_name != after.user_name {
        follow_rename(tx, before, after, now).await?;
    }
    if before.is_active && !after.is_active {
        close(tx, scope, after).await?;
    }
    Ok(())
}

/// Who signs in with the account's name signs in with its new name. Where that is somebody else's login name on this
/// installation, or another account of the person still has the old one, the login name stays what it was.
async fn follow_rename(tx: &Tx, before: &UserRecord, after: &UserRecord, now: DateTime<Utc>) -> Result<()> {
    let Some(identity) = after.identity else { return Ok(()) };
    let old = fold(&before.user_name);
    let follows = identities::credential_of(tx, identity)
        .await?
        .is_some_and(|credential| fold(&credential.login_name) == old);
    if !follows {
        return Ok(());
    }
    let holder = identities::find_credential(tx, &after.user_name).await?;
    let is_free = holder.is_none_or(|holder| holder.identity == identity);
    let is_kept = users::list_of_identity(tx, identity)
        .await?
        .iter()
        .any(|(account, _)| account.id != after.id && fold(&account.user_name) == old);
    if is_free && !is_kept {
        identities::rename_credential(tx, identity, &after.user_name, now).await?;
    }
    Ok(())
}

/// Takes credentials, links and sessions away with an account that was deleted. Credentials stay where the person has another
/// account, or is an operator.
pub(in crate::service) async fn follow_deletion(tx: &Tx, scope: &OrgScope, gone: &UserRecord) -> Result<()> {
    close(tx, scope, gone).await?;
    let Some(identity) = gone.identity else { return Ok(()) };
    let is_operator = identities::find(tx, identity).await?.is_some_and(|found| found.is_operator);
    if !is_operator && users::list_of_identity(tx, identity).await?.is_empty() {
        sessions::end_of_identity(tx, identity, None).await?;
        identities::delete_credential(tx, identity).await?;
    }
    Ok(())
}

/// Nobody comes in by the account any more: neither who is in, nor who holds a link.
async fn close(tx: &Tx, scope: &OrgScope, account: &UserRecord) -> Result<()> {
    sessions::end_of_user(tx, scope, account.id).await?;
    if let Some(identity) = account.identity {
        links::revoke_of_identity(tx, identity).await?;
    }
    Ok(())
}
