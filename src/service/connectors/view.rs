//! Connectors as the console shows them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{redirect_uris, scim_url};
use crate::domain::connector::{ConnectorDetail, ConnectorHealth, ConnectorSummary, CredentialView, MatchView};
use crate::domain::ids::ConnectorId;
use crate::domain::permission::Permission;
use crate::service::provisioning_log::are_writes_refused;
use crate::service::{Context, Error, Result, tokens};
use crate::store::connectors::{self, ConnectorRecord, CredentialRecord};
use crate::store::{OrgScope, folders, users};

/// A cycle of Entra takes about 40 minutes; nothing for two of them is silence.
pub const SILENT_AFTER: chrono::Duration = chrono::Duration::minutes(80);
/// All connectors of the organisation, oldest first.
///
/// # Errors
/// [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn list(cx: &Context) -> Result<Vec<ConnectorSummary>> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    summaries(cx, &scope).await
}

/// As [`list`], for pages whose viewer may see less.
pub(in crate::service) async fn summaries(cx: &Context, scope: &OrgScope) -> Result<Vec<ConnectorSummary>> {
    let now = cx.now();
    let counts = connectors::counts(cx.store(), scope).await?;
    let live = connectors::live_credentials(cx.store(), scope, now).await?;
    let mut summaries = Vec::new();
    for record in connectors::list(cx.store(), scope).await? {
        let refuses_writes = are_writes_refused(cx.store(), scope, record.id).await?;
        summaries.push(summary(&record, refuses_writes, &counts, &live, now));
    }
    Ok(summaries)
}

/// One connector.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn get(cx: &Context, id: ConnectorId) -> Result<ConnectorDetail> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    let now = cx.now();
    let record = connectors::find(cx.store(), &scope, id).await?.ok_or(Error::NotFound)?;
    let credentials = connectors::list_credentials(cx.store(), &scope, id).await?;
    let counts = connectors::counts(cx.store(), &scope).await?;
    let live: Vec<CredentialRecord> = credentials
        .iter()
        .filter(|credential| credential.is_live(now))
        .cloned()
        .collect();
    let matches = connectors::list_matches(cx.store(), &scope, id).await?;
    let matched: Vec<_> = matches.iter().map(|found| found.user).collect();
    let names = users::names(cx.store(), &scope, &matched).await?;
    let refuses_writes = are_writes_refused(cx.store(), &scope, id).await?;
    let (web_redirect_uri, native_redirect_uri) = redirect_uris(&cx.services, id);
    Ok(ConnectorDetail {
        summary: summary(&record, refuses_writes, &counts, &live, now),
        version: record.version,
        scim_url: scim_url(&cx.services),
        user_name: record.user_name,
        web_redirect_uri,
        native_redirect_uri,
        credentials: credentials
            .into_iter()
            .map(|credential| credential_view(credential, now))
            .collect(),
        settings: record.settings,
        matches: matches
            .into_iter()
            .map(|found| MatchView {
                id: found.id,
                user: found.user,
                name: names.get(&found.user).cloned().unwrap_or_default(),
                user_name: found.user_name,
                external_id: found.external_id,
                first_seen_at: found.first_seen_at,
                last_seen_at: found.last_seen_at,
                times: found.times,
            })
            .collect(),
        unknown_folders: folders::unknown_values(cx.store(), &scope, id).await?,
        new_secret: None,
    })
}

fn summary(
    record: &ConnectorRecord,
    refuses_writes: bool,
    counts: &HashMap<ConnectorId, (u64, u64)>,
    live: &[CredentialRecord],
    now: DateTime<Utc>,
) -> ConnectorSummary {
    let (users, groups) = counts.get(&record.id).copied().unwrap_or_default();
    let own = live.iter().filter(|credential| credential.connector == record.id);
    // The one that is in use last: older ones end on purpose.
    let secret_expires_at = own
        .filter(|credential| credential.superseded_at.is_none())
        .map(|credential| credential.expires_at)
        .max();
    ConnectorSummary {
        id: record.id,
        kind: record.kind,
        name: record.name.clone(),
        health: health(record, refuses_writes, now),
        last_request_at: record.last_request_at,
        users,
        groups,
        secret_expires_at,
    }
}

/// The state of a connector, from what was observed: failing are one whose last request failed and one that gets nothing
/// written.
fn health(record: &ConnectorRecord, refuses_writes: bool, now: DateTime<Utc>) -> ConnectorHealth {
    match record.last_request_at {
        _ if record.is_paused => ConnectorHealth::Paused,
        None => ConnectorHealth::WaitingForFirstRequest,
        Some(_) if record.failures_in_a_row > 0 || refuses_writes => ConnectorHealth::Failing,
        Some(last) if now - last > SILENT_AFTER => ConnectorHealth::Silent,
        Some(_) => ConnectorHealth::Healthy,
    }
}

fn credential_view(record: CredentialRecord, now: DateTime<Utc>) -> CredentialView {
    CredentialView {
        id: record.id,
        prefix: tokens::shown_prefix(&record.key_id),
        is_superseded: record.superseded_at.is_some(),
        is_live: record.is_live(now),
        last_four: record.last_four,
        created_at: record.created_at,
        created_by: record.created_by,
        expires_at: record.revoked_at.unwrap_or(record.expires_at),
        last_used_at: record.last_used_at,
        last_used_ip: record.last_used_ip,
    }
}
