//! Who is in which group.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::sea_query::{ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::{in_scope, record};
use crate::domain::ids::{GroupId, UserId};
use crate::domain::page::Page;
use crate::domain::record::GroupRecord;
use crate::domain::record::UserRecord;
use crate::store::entities::{group_members as members, groups, users};
use crate::store::paging::{Position, cut};
use crate::store::{OrgScope, Reader, StoreError, Tx};

/// How many people are named in one statement.
const PART: usize = 1_000;

/// The group, if it is one of the organisation's: a row of membership itself does not say whose it is.
fn own(scope: &OrgScope, group: GroupId) -> SelectStatement {
    in_scope(scope)
        .select_only()
        .column(groups::Column::Id)
        .filter(groups::Column::Id.eq(group.as_uuid()))
        .into_query()
}

/// Adds members; those who are members already stay, and who is not of the group's organisation is passed over. Tells who
/// became one.
///
/// # Errors
/// Any database error.
pub async fn add_members(
    tx: &Tx,
    scope: &OrgScope,
    group: GroupId,
    users: &[UserId],
    now: DateTime<Utc>,
) -> Result<Vec<UserId>, StoreError> {
    let mut added = Vec::new();
    for part in users.chunks(PART) {
        let rows = users::Entity::find()
            .select_only()
            .expr(Expr::value(group.as_uuid()))
            .column(users::Column::Id)
            .expr(Expr::value(now))
            .filter(users::Column::OrganisationId.eq(scope.uuid()))
            .filter(users::Column::Id.is_in(part.iter().map(|user| user.as_uuid())))
            .filter(Expr::exists(own(scope, group)))
            .into_query();
        let mut insert = Query::insert();
        insert
            .into_table(members::Entity)
            .columns([members::Column::GroupId, members::Column::UserId, members::Column::AddedAt])
            .select_from(rows)
            .map_err(|error| StoreError::Damaged(error.to_string()))?
            .on_conflict(
                OnConflict::columns([members::Column::GroupId, members::Column::UserId])
                    .do_nothing()
                    .to_owned(),
            )
            .returning_col(members::Column::UserId);
        for row in tx.connection().query_all(&insert).await? {
            added.push(UserId::from_uuid(row.try_get_by_index(0)?));
        }
    }
    Ok(added)
}

/// Notes a change of the members of these groups that went past [`add_members`] and [`remove_members`].
///
/// # Errors
/// Any database error.
pub async fn note_change(tx: &Tx, scope: &OrgScope, ids: &[GroupId], now: DateTime<Utc>) -> Result<(), StoreError> {
    for part in ids.chunks(PART) {
        groups::Entity::update_many()
            .col_expr(groups::Column::Version, Expr::col(groups::Column::Version).add(1))
            // The clock of another replica may be ahead.
            .col_expr(
                groups::Column::UpdatedAt,
                Expr::case(groups::Column::UpdatedAt.lt(now), now)
                    .finally(Expr::col(groups::Column::UpdatedAt))
                    .into(),
            )
            .filter(groups::Column::OrganisationId.eq(scope.uuid()))
            .filter(groups::Column::Id.is_in(part.iter().map(|group| group.as_uuid())))
            .exec(tx.connection())
            .await?;
    }
    Ok(())
}

/// Removes members; those who are none are passed over. Tells who was one.
///
/// # Errors
/// Any database error.
pub async fn remove_members(tx: &Tx, scope: &OrgScope, group: GroupId, users: &[UserId]) -> Result<Vec<UserId>, StoreError> {
    let mut removed = Vec::new();
    for part in users.chunks(PART) {
        let mut delete = Query::delete();
        delete
            .from_table(members::Entity)
            .and_where(members::Column::GroupId.in_subquery(own(scope, group)))
            .and_where(members::Column::UserId.is_in(part.iter().map(|user| user.as_uuid())))
            .returning_col(members::Column::UserId);
        for row in tx.connection().query_all(&delete).await? {
            removed.push(UserId::from_uuid(row.try_get_by_index(0)?));
        }
    }
    Ok(removed)
}

/// Everybody in a group.
///
/// # Errors
/// Any database error.
pub async fn member_ids(db: &impl Reader, scope: &OrgScope, group: GroupId) -> Result<Vec<UserId>, StoreError> {
    let ids: Vec<Uuid> = members::Entity::find()
        .select_only()
        .column(members::Column::UserId)
        .filter(members::Column::GroupId.in_subquery(own(scope, group)))
        .order_by_asc(members::Column::UserId)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(ids.into_iter().map(UserId::from_uuid).collect())
}

/// How many members each group has.
///
/// # Errors
/// Any database error.
pub async fn member_counts(db: &impl Reader, scope: &OrgScope, ids: &[GroupId]) -> Result<HashMap<GroupId, u64>, StoreError> {
    let own = in_scope(scope)
        .select_only()
        .column(groups::Column::Id)
        .filter(groups::Column::Id.is_in(ids.iter().map(|group| group.as_uuid())))
        .into_query();
    let counts: Vec<(Uuid, i64)> = members::Entity::find()
        .select_only()
        .column(members::Column::GroupId)
        .column_as(Expr::col(members::Column::UserId).count(), "members")
        .filter(members::Column::GroupId.in_subquery(own))
        .group_by(members::Column::GroupId)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(counts
        .into_iter()
        .map(|(group, n)| (GroupId::from_uuid(group), u64::try_from(n).unwrap_or(0)))
        .collect())
}

/// A page of a group's members by name.
///
/// # Errors
/// Any database error.
pub async fn list_members(
    db: &impl Reader,
    scope: &OrgScope,
    group: GroupId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<UserRecord>, StoreError> {
    let total = members::Entity::find()
        .filter(members::Column::GroupId.in_subquery(own(scope, group)))
        .count(db.connection())
        .await?;
    let of_group = members::Entity::find()
        .select_only()
        .column(members::Column::UserId)
        .filter(members::Column::GroupId.in_subquery(own(scope, group)));
    let mut rows = users::Entity::find()
        .filter(users::Column::OrganisationId.eq(scope.uuid()))
        .filter(users::Column::Id.in_subquery(of_group.into_query()));
    if let Some(after) = Position::<String>::decode(cursor) {
        rows = rows.filter(
            Condition::any().add(users::Column::SortKey.gt(after.key.clone())).add(
                Condition::all()
                    .add(users::Column::SortKey.eq(after.key))
                    .add(users::Column::Id.gt(after.id)),
            ),
        );
    }
    let mut rows = rows
        .order_by_asc(users::Column::SortKey)
        .order_by_asc(users::Column::Id)
        .limit(u64::from(limit) + 1)
        .all(db.connection())
        .await?;
    let more = cut(&mut rows, limit);
    let next = rows.last().filter(|_| more).map(|last| {
        Position {
            key: last.sort_key.clone(),
            id: last.id,
        }
        .encode()
    });
    Ok(Page {
        items: rows.into_iter().map(UserRecord::from_row).collect::<Result<_, _>>()?,
        next,
        total: Some(total),
    })
}

/// The groups of each of these users, by name.
///
/// # Errors
/// Any database error.
pub async fn of_users(
    db: &impl Reader,
    scope: &OrgScope,
    ids: &[UserId],
) -> Result<HashMap<UserId, Vec<GroupRecord>>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = members::Entity::find()
        .filter(members::Column::UserId.is_in(ids.iter().map(|id| id.as_uuid())))
        .all(db.connection())
        .await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let found: HashMap<Uuid, GroupRecord> = in_scope(scope)
        .filter(groups::Column::Id.is_in(rows.iter().map(|row| row.group_id)))
        .all(db.connection())
        .await?
        .into_iter()
        .map(|row| (row.id, record(row)))
        .collect();
    let mut of: HashMap<UserId, Vec<GroupRecord>> = HashMap::new();
    for row in rows {
        if let Some(group) = found.get(&row.group_id) {
            of.entry(UserId::from_uuid(row.user_id)).or_default().push(group.clone());
        }
    }
    for groups in of.values_mut() {
        groups.sort_by(|one, other| one.name.cmp(&other.name));
    }
    Ok(of)
}
