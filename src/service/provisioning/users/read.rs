//! Users as a directory reads them.

use super::ProvisionedUser;
use crate::domain::filter::{Filter, UserAttribute};
use crate::domain::ids::{ConnectorId, UserId};
use crate::domain::record::{GroupRecord, UserRecord};
use crate::service::provisioning::Listing;
use crate::service::{Context, Error, Result, provisioning_log};
use crate::store::{OrgScope, Reader, groups, users};

/// One user.
///
/// # Errors
/// [`Error::NotFound`].
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn get(cx: &Context, id: UserId) -> Result<ProvisionedUser> {
    let (scope, connector) = cx.connector()?;
    let record = users::find_managed(cx.store(), &scope, connector, id)
        .await?
        .ok_or(Error::NotFound)?;
    provisioning_log::note_target(cx, "user", id.to_string(), &record.user_name);
    with_groups(cx.store(), &scope, connector, record).await
}

/// Users that meet a condition, in the order of their creation; `start` counts from 0.
///
/// # Errors
/// Any database error.
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn list(cx: &Context, filter: &Filter<UserAttribute>, start: u64, count: u64) -> Result<Listing<ProvisionedUser>> {
    let (scope, connector) = cx.connector()?;
    let page = users::list_managed(cx.store(), &scope, connector, filter, start, count).await?;
    let ids: Vec<UserId> = page.rows.iter().map(|record| record.id).collect();
    let mut groups = groups::of_users(cx.store(), &scope, &ids).await?;
    let items = page
        .rows
        .into_iter()
        .map(|record| {
            let groups = groups.remove(&record.id).unwrap_or_default();
            ProvisionedUser {
                groups: of_connector(groups, connector),
                record,
            }
        })
        .collect();
    Ok(Listing {
        items,
        total: page.total,
    })
}

pub(super) async fn with_groups(
    db: &impl Reader,
    scope: &OrgScope,
    connector: ConnectorId,
    record: UserRecord,
) -> Result<ProvisionedUser> {
    let groups = groups::of_users(db, scope, &[record.id])
        .await?
        .remove(&record.id)
        .unwrap_or_default();
    Ok(ProvisionedUser {
        groups: of_connector(groups, connector),
        record,
    })
}

/// A group kept by hand or by another directory is none of this directory's business.
fn of_connector(groups: Vec<GroupRecord>, connector: ConnectorId) -> Vec<GroupRecord> {
    groups
        .into_iter()
        .filter(|group| group.connector == Some(connector))
        .collect()
}
