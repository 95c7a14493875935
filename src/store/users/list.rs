//! The list of the Users page: every filter on an index, pages by keyset.

use chrono::{DateTime, Utc};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::entities::{group_members, user_words, users};
use super::super::paging::{Position, cut};
use super::super::{OrgScope, Reader, StoreError};
use crate::domain::page::Direction;
use crate::domain::record::UserRecord;
use crate::domain::text::search_words;
use crate::domain::user::{InvitationStatus, LoginMethod, UserFilter, UserQuery, UserSort};

/// A page of users.
pub struct UserPage {
    /// The users.
    pub users: Vec<UserRecord>,
    /// Cursor of the page after this one.
    pub next: Option<String>,
    /// How many there are; none where there are more than [`COUNT_LIMIT`].
    pub total: Option<u64>,
}

/// Counting ends here: a larger number is not counted on every page view.
pub const COUNT_LIMIT: u64 = 10_000;

/// A page of the organisation's users.
///
/// # Errors
/// Any database error.
pub async fn list(
    db: &impl Reader,
    scope: &OrgScope,
    query: &UserQuery,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<UserPage, StoreError> {
    let matching = users::Entity::find()
        .filter(users::Column::OrganisationId.eq(scope.uuid()))
        .filter(condition(scope, &query.filter, now));
    let counted = matching
        .clone()
        .select_only()
        .column(users::Column::Id)
        .limit(COUNT_LIMIT + 1)
        .count(db.connection())
        .await?;
    let total = (counted <= COUNT_LIMIT).then_some(counted);
    use users::Column as C;
    let (rows, next) = match query.sort {
        UserSort::Name => page(db, matching, C::SortKey, query, limit, |row| row.sort_key.clone()).await?,
        UserSort::UserName => page(db, matching, C::UserNameKey, query, limit, |row| row.user_name_key.clone()).await?,
        UserSort::CreatedAt => page(db, matching, C::CreatedAt, query, limit, |row| row.created_at).await?,
        UserSort::UpdatedAt => page(db, matching, C::UpdatedAt, query, limit, |row| row.updated_at).await?,
    };
    Ok(UserPage {
        users: rows.into_iter().map(UserRecord::from_row).collect::<Result<_, _>>()?,
        next,
        total,
    })
}

async fn page<K: Serialize + DeserializeOwned + Clone + Into<sea_orm::Value>>(
    db: &impl Reader,
    matching: Select<users::Entity>,
    column: users::Column,
    query: &UserQuery,
    limit: u32,
    key: impl Fn(&users::Model) -> K,
) -> Result<(Vec<users::Model>, Option<String>), StoreError> {
    let mut rows = matching;
    if let Some(after) = Position::<K>::decode(query.cursor.as_deref()) {
        let beyond = |column: users::Column, value: sea_orm::Value| -> SimpleExpr {
            match query.direction {
                Direction::Ascending => column.gt(value),
                Direction::Descending => column.lt(value),
            }
        };
        rows = rows.filter(
            Condition::any().add(beyond(column, after.key.clone().into())).add(
                Condition::all()
                    .add(column.eq(after.key))
                    .add(beyond(users::Column::Id, after.id.into())),
            ),
        );
    }
    let order = match query.direction {
        Direction::Ascending => Order::Asc,
        Direction::Descending => Order::Desc,
    };
    let mut rows = rows
        .order_by(column, order.clone())
        .order_by(users::Column::Id, order)
        .limit(u64::from(limit) + 1)
        .all(db.connection())
        .await?;
    let more = cut(&mut rows, limit);
    let next = rows.last().filter(|_| more).map(|last| {
        Position {
            key: key(last),
            id: last.id,
        }
        .encode()
    });
    Ok((rows, next))
}

fn condition(scope: &OrgScope, filter: &UserFilter, now: DateTime<Utc>) -> Condition {
    use users::Column as C;
    let mut all = Condition::all();
    for word in search_words([filter.search.as_str()]) {
        let holders = Query::select()
            .column(user_words::Column::UserId)
            .from(user_words::Entity)
            .and_where(user_words::Column::OrganisationId.eq(scope.uuid()))
            .and_where(user_words::Column::Word.gte(word.clone()))
            .and_where(user_words::Column::Word.lt(format!("{word}\u{10ffff}")))
            .to_owned();
        all = all.add(C::Id.in_subquery(holders));
    }
    let uuid = |id: Option<Uuid>, column: C| id.map(|id| column.eq(id));
    let parts: [Option<SimpleExpr>; 8] = [
        filter.is_active.map(|is_active| C::IsActive.eq(is_active)),
        uuid(filter.role.map(|id| id.as_uuid()), C::RoleId),
        filter.without_role.then(|| C::RoleId.is_null()),
        filter.user_type.map(|kind| C::EffectiveUserType.eq(kind.name())),
        uuid(filter.connector.map(|id| id.as_uuid()), C::ConnectorId),
        filter.is_external.map(|is_external| C::IsExternal.eq(is_external)),
        filter.is_incomplete.then(|| C::IsIncomplete.eq(true)),
        filter.without_identity.then(|| C::IdentityId.is_null()),
    ];
    for part in parts.into_iter().flatten() {
        all = all.add(part);
    }
    match filter.login_method {
        None => {}
        Some(LoginMethod::BuiltIn) => all = all.add(C::LoginConnectorId.is_null()),
        Some(LoginMethod::Connector(connector)) => all = all.add(C::LoginConnectorId.eq(connector.as_uuid())),
    }
    if let Some(group) = filter.group {
        let members = group_members::Entity::find()
            .select_only()
            .column(group_members::Column::UserId)
            .filter(group_members::Column::GroupId.eq(group.as_uuid()))
            .into_query();
        all = all.add(C::Id.in_subquery(members));
    }
    match filter.invitation {
        None => {}
        Some(InvitationStatus::NotInvited) => all = all.add(C::InvitedAt.is_null()),
        Some(InvitationStatus::Accepted) => all = all.add(C::InvitedAt.is_not_null()).add(C::InvitationAcceptedAt.is_not_null()),
        Some(InvitationStatus::Pending) => {
            all = all
                .add(C::InvitedAt.is_not_null())
                .add(C::InvitationAcceptedAt.is_null())
                .add(C::InvitationExpiresAt.gt(now));
        }
        Some(InvitationStatus::Expired) => {
            let over = C::InvitationExpiresAt.lte(now).or(C::InvitationExpiresAt.is_null());
            all = all
                .add(C::InvitedAt.is_not_null())
                .add(C::InvitationAcceptedAt.is_null())
                .add(over);
        }
    }
    all
}
