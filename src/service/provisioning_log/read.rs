//! The log as people read it.

use std::collections::HashMap;

use crate::domain::ids::{ConnectorId, ProvisioningEntryId};
use crate::domain::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page};
use crate::domain::permission::Permission;
use crate::domain::provisioning::{ProvisioningDetail, ProvisioningQuery, ProvisioningSummary};
use crate::domain::record::EntryRecord;
use crate::domain::user::ConnectorRef;
use crate::service::{Context, Error, Result};
use crate::store::provisioning as rows;
use crate::store::{OrgScope, connectors};

/// A page of the organisation's log, newest first.
///
/// # Errors
/// [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ProvisioningRead`].
pub async fn list(cx: &Context, query: &ProvisioningQuery) -> Result<Page<ProvisioningSummary>> {
    let scope = cx.demand(Permission::ProvisioningRead)?;
    let names = connector_names(cx, &scope).await?;
    let limit = query.limit.unwrap_or(DEFAULT_PAGE_SIZE).clamp(1, MAX_PAGE_SIZE);
    Ok(rows::list(cx.store(), &scope, query, limit)
        .await?
        .map(|entry| summary(&names, &entry)))
}

/// One entry in full.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ProvisioningRead`].
pub async fn get(cx: &Context, id: ProvisioningEntryId) -> Result<ProvisioningDetail> {
    let scope = cx.demand(Permission::ProvisioningRead)?;
    let entry = rows::find(cx.store(), &scope, id).await?.ok_or(Error::NotFound)?;
    let names = connector_names(cx, &scope).await?;
    Ok(ProvisioningDetail {
        summary: summary(&names, &entry),
        request_id: entry.request_id,
        ip: entry.ip,
        user_agent: entry.user_agent,
        target_kind: entry.target_kind,
        target_id: entry.target_id,
        changes: entry.changes,
        ignored: entry.ignored,
        detail: entry.detail,
        scim_type: entry.scim_type,
        request_body: entry.request_body,
        response_body: entry.response_body,
    })
}

fn summary(names: &HashMap<ConnectorId, ConnectorRef>, entry: &EntryRecord) -> ProvisioningSummary {
    ProvisioningSummary {
        id: entry.id,
        at: entry.at,
        connector: entry.connector.and_then(|connector| names.get(&connector).cloned()),
        method: entry.method.clone(),
        path: entry.path.clone(),
        operation: entry.operation.clone(),
        target: entry.target_name.clone(),
        status: entry.status,
        duration_us: entry.duration_us,
    }
}

/// The connectors of the organisation by id, for lists that name them.
pub(in crate::service) async fn connector_names(cx: &Context, scope: &OrgScope) -> Result<HashMap<ConnectorId, ConnectorRef>> {
    let found = connectors::list(cx.store(), scope).await?;
    Ok(found
        .into_iter()
        .map(|connector| {
            (
                connector.id,
                ConnectorRef {
                    id: connector.id,
                    name: connector.name,
                },
            )
        })
        .collect())
}
