//! The log as people read it.

use super::Details;
use crate::domain::audit::{AuditEntry, AuditQuery, AuditResult};
use crate::domain::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page};
use crate::domain::permission::Permission;
use crate::service::{Context, Result};
use crate::store::OrgScope;
use crate::store::audit::{self as rows, AuditDetails, AuditFilter, AuditRow};

/// A page of the organisation's log, newest first.
///
/// # Errors
/// [`crate::service::Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::AuditRead`].
pub async fn list(cx: &Context, query: &AuditQuery) -> Result<Page<AuditEntry>> {
    let scope = cx.demand(Permission::AuditRead)?;
    let limit = query.limit.unwrap_or(DEFAULT_PAGE_SIZE).clamp(1, MAX_PAGE_SIZE);
    let filled = |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned);
    let (target, actor) = (filled(&query.target_id), filled(&query.actor_id));
    let filter = AuditFilter {
        action: query.action.trim(),
        target_id: target.as_deref(),
        actor_id: actor.as_deref(),
        before: query.cursor.as_deref().and_then(|cursor| cursor.parse().ok()),
    };
    let mut found = rows::list(cx.store(), &scope, &filter, u64::from(limit) + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|(row, _)| row.sequence.to_string());
    Ok(Page {
        items: found.into_iter().map(entry).collect(),
        next,
        total: None,
    })
}

/// The last changes of one target, newest first; who may see the target may see them.
pub(in crate::service) async fn of_target(cx: &Context, scope: &OrgScope, target_id: &str) -> Result<Vec<AuditEntry>> {
    let filter = AuditFilter {
        target_id: Some(target_id),
        ..AuditFilter::default()
    };
    Ok(rows::list(cx.store(), scope, &filter, 100)
        .await?
        .into_iter()
        .map(entry)
        .collect())
}

/// A row as it is shown. Whoever damages a row must not take the log from sight with it: what cannot be read is left out here, and
/// named when the chain is verified.
fn entry((row, details): (AuditRow, Option<AuditDetails>)) -> AuditEntry {
    let details: Details = details
        .and_then(|details| serde_json::from_str(&details.text).ok())
        .unwrap_or_default();
    AuditEntry {
        id: row.id,
        sequence: row.sequence,
        at: row.at,
        actor_kind: row.actor_kind,
        actor: details.actor,
        ip: details.ip,
        action: row.action,
        target_kind: row.target_kind,
        target_id: row.target_id,
        target: details.target,
        result: if row.result == AuditResult::Success.name() {
            AuditResult::Success
        } else {
            AuditResult::Denied
        },
        changes: details.changes,
        request_id: row.request_id,
    }
}
