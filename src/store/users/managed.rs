//! The users that one connector manages: all that its directory ever sees.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::super::entities::users;
use super::super::filter::user_condition;
use super::super::paging::total_from;
use super::super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::filter::{Filter, UserAttribute};
use crate::domain::ids::{ConnectorId, RoleId, UserId};
use crate::domain::record::UserRecord;
use crate::domain::user::UserType;

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

/// Users of the connector whose role depends on whether it may grant `administrative` ones: those who hold one and those to
/// whom one is denied, in the order of their ids. Whoever has a role set by hand is not among them. Locked against other
/// writers until the transaction ends.
///
/// # Errors
/// Any database error.
pub async fn list_administrative_for_update(
    tx: &Tx,
    scope: &OrgScope,
    connector: ConnectorId,
    administrative: &[RoleId],
) -> Result<Vec<UserRecord>, StoreError> {
    let rows = managed(scope, connector)
        .filter(users::Column::IsRoleManual.eq(false))
        .filter(
            Condition::any()
                .add(users::Column::IsRoleCapped.eq(true))
                .add(users::Column::RoleId.is_in(administrative.iter().map(|role| role.as_uuid()))),
        )
        .order_by_asc(users::Column::Id)
        .lock_exclusive()
        .all(tx.connection())
        .await?;
    rows.into_iter().map(UserRecord::from_row).collect()
}

/// Gives the connector's users for whom no user type was sent this one. In one statement: it may be everybody.
///
/// # Errors
/// Any database error.
pub async fn set_default_type(
    tx: &Tx,
    scope: &OrgScope,
    connector: ConnectorId,
    default: UserType,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    Ok(users::Entity::update_many()
        .col_expr(users::Column::EffectiveUserType, Expr::value(default.name()))
        .col_expr(users::Column::Version, Expr::col(users::Column::Version).add(1))
        .col_expr(users::Column::UpdatedAt, Expr::value(now))
        .filter(users::Column::ConnectorId.eq(connector.as_uuid()))
        .filter(users::Column::OrganisationId.eq(scope.uuid()))
        .filter(users::Column::UserType.is_null())
        .filter(users::Column::EffectiveUserType.ne(default.name()))
        .exec(tx.connection())
        .await?
        .rows_affected)
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
    let total = match total_from(rows.len(), start, limit) {
        Some(total) => total,
        None => matching.count(db.connection()).await?,
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
