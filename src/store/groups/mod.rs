//! Groups and their members. Membership is rows: adding one person costs the same in a group of ten and of a hundred thousand.

mod members;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

pub use self::members::*;
use super::entities::{deleted_resources, groups};
use super::filter::group_condition;
use super::paging::{Position, cut, total_from};
use super::users::ManagedPage;
use super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::filter::{Filter, GroupAttribute};
use crate::domain::ids::{ConnectorId, GroupId};
use crate::domain::page::Page;
use crate::domain::record::GroupRecord;
use crate::domain::text::fold;

fn record(row: groups::Model) -> GroupRecord {
    GroupRecord {
        id: GroupId::from_uuid(row.id),
        connector: row.connector_id.map(ConnectorId::from_uuid),
        name: row.name,
        external_id: row.external_id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn row(scope: &OrgScope, record: &GroupRecord) -> groups::Model {
    groups::Model {
        id: record.id.as_uuid(),
        organisation_id: scope.uuid(),
        connector_id: record.connector.map(|id| id.as_uuid()),
        scope_id: record.connector.map_or(scope.uuid(), |id| id.as_uuid()),
        name_key: fold(&record.name),
        name: record.name.clone(),
        external_id: record.external_id.clone(),
        role_id: None,
        version: record.version,
        created_at: record.created_at,
        updated_at: record.updated_at,
    }
}

/// Makes a group.
///
/// # Errors
/// [`StoreError::Taken`] for the name.
pub async fn create(tx: &Tx, scope: &OrgScope, record: &GroupRecord) -> Result<(), StoreError> {
    row(scope, record).into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// Writes name, external id and version of a changed group.
///
/// # Errors
/// [`StoreError::Taken`] for the name.
pub async fn update(tx: &Tx, scope: &OrgScope, record: &GroupRecord) -> Result<(), StoreError> {
    groups::Entity::update_many()
        .col_expr(groups::Column::Name, Expr::value(record.name.clone()))
        .col_expr(groups::Column::NameKey, Expr::value(fold(&record.name)))
        .col_expr(groups::Column::ExternalId, Expr::value(record.external_id.clone()))
        .col_expr(groups::Column::Version, Expr::value(record.version))
        .col_expr(groups::Column::UpdatedAt, Expr::value(record.updated_at))
        .filter(groups::Column::Id.eq(record.id.as_uuid()))
        .filter(groups::Column::OrganisationId.eq(scope.uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Takes a group away; its id is never given again.
///
/// # Errors
/// Any database error.
pub async fn delete(tx: &Tx, scope: &OrgScope, record: &GroupRecord, now: DateTime<Utc>) -> Result<(), StoreError> {
    deleted_resources::ActiveModel {
        id: Set(record.id.as_uuid()),
        organisation_id: Set(scope.uuid()),
        connector_id: Set(record.connector.map(|id| id.as_uuid())),
        kind: Set("group".to_owned()),
        snapshot: Set(Some(
            serde_json::json!({ "name": record.name, "external_id": record.external_id }).to_string(),
        )),
        deleted_at: Set(now),
        purged_at: Set(None),
    }
    .insert(tx.connection())
    .await?;
    groups::Entity::delete_many()
        .filter(groups::Column::Id.eq(record.id.as_uuid()))
        .filter(groups::Column::OrganisationId.eq(scope.uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

fn in_scope(scope: &OrgScope) -> Select<groups::Entity> {
    groups::Entity::find().filter(groups::Column::OrganisationId.eq(scope.uuid()))
}

fn managed(scope: &OrgScope, connector: ConnectorId) -> Select<groups::Entity> {
    in_scope(scope).filter(groups::Column::ConnectorId.eq(connector.as_uuid()))
}

/// A group of the organisation.
///
/// # Errors
/// Any database error.
pub async fn find(db: &impl Reader, scope: &OrgScope, id: GroupId) -> Result<Option<GroupRecord>, StoreError> {
    Ok(in_scope(scope)
        .filter(groups::Column::Id.eq(id.as_uuid()))
        .one(db.connection())
        .await?
        .map(record))
}

/// A group of the organisation, locked against other writers until the transaction ends.
///
/// # Errors
/// Any database error.
pub async fn find_for_update(tx: &Tx, scope: &OrgScope, id: GroupId) -> Result<Option<GroupRecord>, StoreError> {
    Ok(in_scope(scope)
        .filter(groups::Column::Id.eq(id.as_uuid()))
        .lock_exclusive()
        .one(tx.connection())
        .await?
        .map(record))
}

/// A group that the connector manages.
///
/// # Errors
/// Any database error.
pub async fn find_managed(
    db: &impl Reader,
    scope: &OrgScope,
    connector: ConnectorId,
    id: GroupId,
) -> Result<Option<GroupRecord>, StoreError> {
    Ok(managed(scope, connector)
        .filter(groups::Column::Id.eq(id.as_uuid()))
        .one(db.connection())
        .await?
        .map(record))
}

/// A group that the connector manages, locked against other writers until the transaction ends.
///
/// # Errors
/// Any database error.
pub async fn find_managed_for_update(
    tx: &Tx,
    scope: &OrgScope,
    connector: ConnectorId,
    id: GroupId,
) -> Result<Option<GroupRecord>, StoreError> {
    Ok(managed(scope, connector)
        .filter(groups::Column::Id.eq(id.as_uuid()))
        .lock_exclusive()
        .one(tx.connection())
        .await?
        .map(record))
}

/// Groups of the connector that meet a condition, in the order of their creation. `start` counts from 0.
///
/// # Errors
/// Any database error.
pub async fn list_managed(
    db: &impl Reader,
    scope: &OrgScope,
    connector: ConnectorId,
    filter: &Filter<GroupAttribute>,
    start: u64,
    limit: u64,
) -> Result<ManagedPage<GroupRecord>, StoreError> {
    let matching = managed(scope, connector).filter(group_condition(filter));
    let rows = if limit == 0 {
        Vec::new()
    } else {
        matching
            .clone()
            .order_by_asc(groups::Column::CreatedAt)
            .order_by_asc(groups::Column::Id)
            .offset(start)
            .limit(limit)
            .all(db.connection())
            .await?
    };
    let total = match total_from(rows.len(), start, limit) {
        Some(total) => total,
        None => matching.count(db.connection()).await?,
    };
    Ok(ManagedPage {
        rows: rows.into_iter().map(record).collect(),
        total,
    })
}

/// A page of the organisation's groups by name.
///
/// # Errors
/// Any database error.
pub async fn list(
    db: &impl Reader,
    scope: &OrgScope,
    search: &str,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<GroupRecord>, StoreError> {
    let mut rows = in_scope(scope);
    let search = fold(search);
    if !search.is_empty() {
        rows = rows
            .filter(groups::Column::NameKey.gte(search.clone()))
            .filter(groups::Column::NameKey.lt(format!("{search}\u{10ffff}")));
    }
    let total = rows.clone().count(db.connection()).await?;
    if let Some(after) = Position::<String>::decode(cursor) {
        rows = rows.filter(
            Condition::any().add(groups::Column::NameKey.gt(after.key.clone())).add(
                Condition::all()
                    .add(groups::Column::NameKey.eq(after.key))
                    .add(groups::Column::Id.gt(after.id)),
            ),
        );
    }
    let mut rows = rows
        .order_by_asc(groups::Column::NameKey)
        .order_by_asc(groups::Column::Id)
        .limit(u64::from(limit) + 1)
        .all(db.connection())
        .await?;
    let more = cut(&mut rows, limit);
    let next = rows.last().filter(|_| more).map(|last| {
        Position {
            key: last.name_key.clone(),
            id: last.id,
        }
        .encode()
    });
    Ok(Page {
        items: rows.into_iter().map(record).collect(),
        next,
        total: Some(total),
    })
}

/// How many groups the organisation has.
///
/// # Errors
/// Any database error.
pub async fn count(db: &impl Reader, scope: &OrgScope) -> Result<u64, StoreError> {
    Ok(in_scope(scope).count(db.connection()).await?)
}
