//! The provisioning log.

use chrono::{DateTime, Utc};
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::entities::provisioning_log as log;
use super::paging::{Position, cut};
use super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::ids::{ConnectorId, CredentialId, OrganisationId, ProvisioningEntryId};
use crate::domain::page::Page;
use crate::domain::provisioning::ProvisioningQuery;
use crate::domain::record::EntryRecord;
use crate::domain::text::fold;

fn row(entry: &EntryRecord) -> log::Model {
    log::Model {
        id: entry.id.as_uuid(),
        organisation_id: entry.organisation.as_uuid(),
        connector_id: entry.connector.map(|id| id.as_uuid()),
        credential_id: entry.credential.map(|id| id.as_uuid()),
        at: entry.at,
        duration_us: entry.duration_us,
        request_id: entry.request_id.clone(),
        ip: entry.ip.clone(),
        user_agent: entry.user_agent.clone(),
        method: entry.method.clone(),
        path: entry.path.clone(),
        operation: entry.operation.clone(),
        target_kind: entry.target_kind.clone(),
        target_id: entry.target_id.clone(),
        target_key: entry.target_name.as_deref().map(fold),
        target_name: entry.target_name.clone(),
        status: i64::from(entry.status),
        is_failure: entry.status >= 400,
        scim_type: entry.scim_type.clone(),
        detail: entry.detail.clone(),
        changes: serde_json::to_string(&entry.changes).unwrap_or_default(),
        ignored: serde_json::to_string(&entry.ignored).unwrap_or_default(),
        request_body: entry.request_body.clone(),
        response_body: entry.response_body.clone(),
    }
}

fn record(row: log::Model) -> Result<EntryRecord, StoreError> {
    let damaged = |error: serde_json::Error| StoreError::Damaged(format!("entry of the provisioning log: {error}"));
    Ok(EntryRecord {
        id: ProvisioningEntryId::from_uuid(row.id),
        organisation: OrganisationId::from_uuid(row.organisation_id),
        connector: row.connector_id.map(ConnectorId::from_uuid),
        credential: row.credential_id.map(CredentialId::from_uuid),
        at: row.at,
        duration_us: row.duration_us,
        request_id: row.request_id,
        ip: row.ip,
        user_agent: row.user_agent,
        method: row.method,
        path: row.path,
        operation: row.operation,
        target_kind: row.target_kind,
        target_id: row.target_id,
        target_name: row.target_name,
        status: status(row.status)?,
        scim_type: row.scim_type,
        detail: row.detail,
        changes: serde_json::from_str(&row.changes).map_err(damaged)?,
        ignored: serde_json::from_str(&row.ignored).map_err(damaged)?,
        request_body: row.request_body,
        response_body: row.response_body,
    })
}

fn status(stored: i64) -> Result<u16, StoreError> {
    u16::try_from(stored).map_err(|_| StoreError::Damaged(format!("status {stored} in the provisioning log")))
}

/// Writes entries. One that was written in the transaction of its change is completed with what was known later.
///
/// # Errors
/// Any database error.
pub async fn put(tx: &Tx, entries: &[EntryRecord]) -> Result<(), StoreError> {
    // 24 columns a row: 100 rows stay far below the number of bound values that SQLite (32 766) and PostgreSQL (65 535) take.
    for part in entries.chunks(100) {
        log::Entity::insert_many(part.iter().map(|entry| row(entry).into_active_model()))
            .on_conflict(
                OnConflict::column(log::Column::Id)
                    .update_columns([
                        log::Column::DurationUs,
                        log::Column::Status,
                        log::Column::IsFailure,
                        log::Column::ResponseBody,
                        log::Column::Ignored,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(tx.connection())
            .await?;
    }
    Ok(())
}

/// A page of the organisation's log, newest first.
///
/// # Errors
/// Any database error.
pub async fn list(
    db: &impl Reader,
    scope: &OrgScope,
    query: &ProvisioningQuery,
    limit: u32,
) -> Result<Page<EntryRecord>, StoreError> {
    let mut rows = log::Entity::find().filter(log::Column::OrganisationId.eq(scope.uuid()));
    if let Some(connector) = query.connector {
        rows = rows.filter(log::Column::ConnectorId.eq(connector.as_uuid()));
    }
    if query.failures_only {
        rows = rows.filter(log::Column::IsFailure.eq(true));
    }
    if let Some(operation) = query.operation.as_deref().filter(|operation| !operation.is_empty()) {
        rows = rows.filter(log::Column::Operation.eq(operation));
    }
    if let Some(target) = query.target_id.as_deref().filter(|target| !target.is_empty()) {
        rows = rows.filter(log::Column::TargetId.eq(target));
    }
    let search = fold(&query.search);
    if !search.is_empty() {
        rows = rows
            .filter(log::Column::TargetKey.gte(search.clone()))
            .filter(log::Column::TargetKey.lt(format!("{search}\u{10ffff}")));
    }
    if let Some(after) = Position::<DateTime<Utc>>::decode(query.cursor.as_deref()) {
        rows = rows.filter(
            Condition::any().add(log::Column::At.lt(after.key)).add(
                Condition::all()
                    .add(log::Column::At.eq(after.key))
                    .add(log::Column::Id.lt(after.id)),
            ),
        );
    }
    let mut rows = rows
        .order_by_desc(log::Column::At)
        .order_by_desc(log::Column::Id)
        .limit(u64::from(limit) + 1)
        .all(db.connection())
        .await?;
    let more = cut(&mut rows, limit);
    let next = rows.last().filter(|_| more).map(|last| {
        Position {
            key: last.at,
            id: last.id,
        }
        .encode()
    });
    Ok(Page {
        items: rows.into_iter().map(record).collect::<Result<_, _>>()?,
        next,
        total: None,
    })
}

/// One entry of the organisation's log.
///
/// # Errors
/// Any database error.
pub async fn find(db: &impl Reader, scope: &OrgScope, id: ProvisioningEntryId) -> Result<Option<EntryRecord>, StoreError> {
    let found = log::Entity::find_by_id(id.as_uuid())
        .filter(log::Column::OrganisationId.eq(scope.uuid()))
        .one(db.connection())
        .await?;
    found.map(record).transpose()
}

/// When requests arrived since a moment and whether each failed, at most 100 000.
///
/// # Errors
/// Any database error.
pub async fn traffic(db: &impl Reader, scope: &OrgScope, since: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, bool)>, StoreError> {
    Ok(log::Entity::find()
        .select_only()
        .column(log::Column::At)
        .column(log::Column::IsFailure)
        .filter(log::Column::OrganisationId.eq(scope.uuid()))
        .filter(log::Column::At.gte(since))
        .limit(100_000)
        .into_tuple()
        .all(db.connection())
        .await?)
}

/// Method and status of a connector's last requests, newest first.
///
/// # Errors
/// Any database error.
pub async fn recent_answers(
    db: &impl Reader,
    scope: &OrgScope,
    connector: ConnectorId,
    limit: u64,
) -> Result<Vec<(String, u16)>, StoreError> {
    let rows: Vec<(String, i64)> = log::Entity::find()
        .select_only()
        .column(log::Column::Method)
        .column(log::Column::Status)
        .filter(log::Column::ConnectorId.eq(connector.as_uuid()))
        .filter(log::Column::OrganisationId.eq(scope.uuid()))
        .order_by_desc(log::Column::At)
        .order_by_desc(log::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db.connection())
        .await?;
    rows.into_iter()
        .map(|(method, stored)| Ok((method, status(stored)?)))
        .collect()
}

/// Takes away entries that are older than the retention, at most `limit` at a time.
///
/// # Errors
/// Any database error.
pub async fn forget_before(tx: &Tx, before: DateTime<Utc>, limit: u64) -> Result<u64, StoreError> {
    let old: Vec<Uuid> = log::Entity::find()
        .select_only()
        .column(log::Column::Id)
        .filter(log::Column::At.lt(before))
        .limit(limit)
        .into_tuple()
        .all(tx.connection())
        .await?;
    if old.is_empty() {
        return Ok(0);
    }
    Ok(log::Entity::delete_many()
        .filter(Expr::col(log::Column::Id).is_in(old))
        .exec(tx.connection())
        .await?
        .rows_affected)
}
