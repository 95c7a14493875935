//! The users that one connector manages: all that its directory ever sees.

use std::collections::HashSet;

use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::super::entities::users;
use super::super::filter::user_condition;
use super::super::{OrgScope, Reader, StoreError, Tx};
use super::record::UserRecord;
use crate::domain::filter::{Filter, UserAttribute};
use crate::domain::ids::{ConnectorId, UserId};

/// A page by position.
pub struct ManagedPage<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: u64,
}

fn managed(scope: &OrgScope, connector: ConnectorId) -> Select<users::Entity> {
    users::Entity::find()
        .filter(users::Column::ConnectorId.eq(connector.as_uuid()))
        .filter(users::Column::OrganisationId.eq(scope.uuid()))
}

/// A user that the connector manages.
///
/// # Errors
/// Any database error.
pub async fn find_managed(
    db: &impl Reader,
    scope: &OrgScope,
    connector: ConnectorId,
    id: UserId,
) -> Result<Option<UserRecord>, StoreError> {
    let found = managed(scope, connector)
        .filter(users::Column::Id.eq(id.as_uuid()))
        .one(db.connection())
        .await?;
    found.map(UserRecord::from_row).transpose()
}

/// A user that the connector manages, locked against other writers until the transaction ends.
///
/// # Errors
/// Any database error.
pub async fn find_managed_for_update(
    tx: &Tx,
    scope: &OrgScope,
    connector: ConnectorId,
    id: UserId,
) -> Result<Option<UserRecord>, StoreError> {
    let found = managed(scope, connector)
        .filter(users::Column::Id.eq(id.as_uuid()))
        .lock_exclusive()
        .one(tx.connection())
        .await?;
    found.map(UserRecord::from_row).transpose()
}

/// Users of the connector that meet a condition, in the order of their creation. `start` counts from 0.
///
/// # Errors
/// Any database error.
pub async fn list_managed(
    db: &impl Reader,
    scope: &OrgScope,
    connector: ConnectorId,
    filter: &Filter<UserAttribute>,
    start: u64,
    limit: u64,
) -> Result<ManagedPage<UserRecord>, StoreError> {
    let matching = managed(scope, connector).filter(user_condition(filter, connector.as_uuid()));
    let rows = if limit == 0 {
        Vec::new()
    } else {
        matching
            .clone()
            .order_by_asc(users::Column::CreatedAt)
            .order_by_asc(users::Column::Id)
            .offset(start)
            .limit(limit)
            .all(db.connection())
            .await?
    };
    // A page that is not full is the last one: what came before it and what is on it is all there is.
    let is_last = !rows.is_empty() && (rows.len() as u64) < limit || (start == 0 && limit > 0 && rows.is_empty());
    let total = if is_last {
        start + rows.len() as u64
    } else {
        matching.count(db.connection()).await?
    };
    Ok(ManagedPage {
        rows: rows.into_iter().map(UserRecord::from_row).collect::<Result<_, _>>()?,
        total,
    })
}

/// Which of these ids are users that the connector manages.
///
/// # Errors
/// Any database error.
pub async fn managed_ids(
    db: &impl Reader,
    scope: &OrgScope,
    connector: ConnectorId,
    ids: &[UserId],
) -> Result<HashSet<UserId>, StoreError> {
    let mut found = HashSet::new();
    for part in ids.chunks(1_000) {
        let rows: Vec<Uuid> = managed(scope, connector)
            .select_only()
            .column(users::Column::Id)
            .filter(users::Column::Id.is_in(part.iter().map(|id| id.as_uuid())))
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows.into_iter().map(UserId::from_uuid));
    }
    Ok(found)
}
