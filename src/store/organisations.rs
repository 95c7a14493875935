//! Organisations.

use chrono::{DateTime, Utc};
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::sea_query::{ExprTrait, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entities::{connectors, organisations, users};
use super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::ids::OrganisationId;
use crate::domain::text::fold;
use crate::domain::user::UserType;

/// An organisation as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationRecord {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Shown name of the plan.
    pub plan: String,
    /// Whether connectors can be added.
    pub has_enterprise_toolkit: bool,
    /// Whether the operator decides about it.
    pub is_toolkit_reserved: bool,
    /// Whether it was asked for.
    pub is_toolkit_requested: bool,
    /// Seats of type Premium; none is no limit.
    pub premium_limit: Option<u64>,
    /// Seats of type Standard; none is no limit.
    pub standard_limit: Option<u64>,
    /// Whether anybody of it may come in.
    pub is_active: bool,
    /// Number of changes.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

fn record(row: organisations::Model) -> OrganisationRecord {
    let seats = |limit: Option<i64>| limit.and_then(|limit| u64::try_from(limit).ok());
    OrganisationRecord {
        id: OrganisationId::from_uuid(row.id),
        name: row.name,
        plan: row.plan,
        has_enterprise_toolkit: row.has_enterprise_toolkit,
        is_toolkit_reserved: row.is_toolkit_reserved,
        is_toolkit_requested: row.is_toolkit_requested,
        premium_limit: seats(row.premium_limit),
        standard_limit: seats(row.standard_limit),
        is_active: row.is_active,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn row(record: &OrganisationRecord) -> organisations::Model {
    let seats = |limit: Option<u64>| limit.and_then(|limit| i64::try_from(limit).ok());
    organisations::Model {
        id: record.id.as_uuid(),
        name_key: fold(&record.name),
        name: record.name.clone(),
        plan: record.plan.clone(),
        has_enterprise_toolkit: record.has_enterprise_toolkit,
        is_toolkit_reserved: record.is_toolkit_reserved,
        is_toolkit_requested: record.is_toolkit_requested,
        premium_limit: seats(record.premium_limit),
        standard_limit: seats(record.standard_limit),
        is_active: record.is_active,
        version: record.version,
        created_at: record.created_at,
        updated_at: record.updated_at,
    }
}

/// Makes an organisation and the scope to fill it.
///
/// # Errors
/// [`StoreError::Taken`] for the name.
pub async fn create(tx: &Tx, record: &OrganisationRecord) -> Result<OrgScope, StoreError> {
    row(record).into_active_model().insert(tx.connection()).await?;
    Ok(OrgScope::proven(record.id.as_uuid()))
}

/// The organisation in scope.
///
/// # Errors
/// Any database error; [`StoreError::Damaged`] when it is gone.
pub async fn get(db: &impl Reader, scope: &OrgScope) -> Result<OrganisationRecord, StoreError> {
    let found = organisations::Entity::find_by_id(scope.uuid()).one(db.connection()).await?;
    found
        .map(record)
        .ok_or_else(|| StoreError::Damaged("a scope without organisation".to_owned()))
}

/// Lets one transaction after the other do what must not be done twice at once in an organisation. Rows that refer to the
/// organisation can be written meanwhile.
///
/// # Errors
/// Any database error.
pub async fn lock(tx: &Tx, scope: &OrgScope) -> Result<(), StoreError> {
    let locked: Option<Uuid> = organisations::Entity::find_by_id(scope.uuid())
        .select_only()
        .column(organisations::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple()
        .one(tx.connection())
        .await?;
    locked
        .map(|_| ())
        .ok_or_else(|| StoreError::Damaged("the organisation is gone".to_owned()))
}

/// The organisation in scope, locked against other writers until the transaction ends.
///
/// # Errors
/// As [`get`].
pub async fn get_for_update(tx: &Tx, scope: &OrgScope) -> Result<OrganisationRecord, StoreError> {
    let found = organisations::Entity::find_by_id(scope.uuid())
        .lock_exclusive()
        .one(tx.connection())
        .await?;
    found
        .map(record)
        .ok_or_else(|| StoreError::Damaged("a scope without organisation".to_owned()))
}

/// Writes a changed organisation.
///
/// # Errors
/// [`StoreError::Taken`] for the name.
pub async fn update(tx: &Tx, scope: &OrgScope, record: &OrganisationRecord) -> Result<(), StoreError> {
    debug_assert_eq!(scope.organisation(), record.id);
    let mut changed = row(record).into_active_model().reset_all();
    changed.id = sea_orm::ActiveValue::Unchanged(scope.uuid());
    changed.update(tx.connection()).await?;
    Ok(())
}

/// An organisation by id, for the operator and the command line, whose authority does not come from an organisation.
///
/// # Errors
/// Any database error.
pub async fn find_as_operator(
    db: &impl Reader,
    id: OrganisationId,
) -> Result<Option<(OrganisationRecord, OrgScope)>, StoreError> {
    let found = organisations::Entity::find_by_id(id.as_uuid()).one(db.connection()).await?;
    Ok(found.map(|found| (record(found), OrgScope::proven(id.as_uuid()))))
}

/// An organisation with its number of users and connectors.
pub struct CountedOrganisation {
    /// The organisation.
    pub record: OrganisationRecord,
    /// How many users it has.
    pub users: u64,
    /// How many connectors it has.
    pub connectors: u64,
}

/// All organisations by name, for the operator.
///
/// # Errors
/// Any database error.
pub async fn list_as_operator(db: &impl Reader) -> Result<Vec<CountedOrganisation>, StoreError> {
    let rows = organisations::Entity::find()
        .order_by_asc(organisations::Column::NameKey)
        .limit(1_000)
        .all(db.connection())
        .await?;
    let users: Vec<(Uuid, i64)> = users::Entity::find()
        .select_only()
        .column(users::Column::OrganisationId)
        .column_as(Expr::col(users::Column::Id).count(), "users")
        .group_by(users::Column::OrganisationId)
        .into_tuple()
        .all(db.connection())
        .await?;
    let connectors: Vec<(Uuid, i64)> = connectors::Entity::find()
        .select_only()
        .column(connectors::Column::OrganisationId)
        .column_as(Expr::col(connectors::Column::Id).count(), "connectors")
        .group_by(connectors::Column::OrganisationId)
        .into_tuple()
        .all(db.connection())
        .await?;
    let count = |counts: &[(Uuid, i64)], id: Uuid| {
        counts
            .iter()
            .find(|(other, _)| *other == id)
            .map_or(0, |(_, n)| u64::try_from(*n).unwrap_or(0))
    };
    Ok(rows
        .into_iter()
        .map(|row| CountedOrganisation {
            users: count(&users, row.id),
            connectors: count(&connectors, row.id),
            record: record(row),
        })
        .collect())
}

/// How many active users hold a seat of this type.
///
/// # Errors
/// Any database error.
pub async fn seats_used(db: &impl Reader, scope: &OrgScope, kind: UserType) -> Result<u64, StoreError> {
    Ok(users::Entity::find()
        .filter(users::Column::OrganisationId.eq(scope.uuid()))
        .filter(users::Column::EffectiveUserType.eq(kind.name()))
        .filter(users::Column::IsActive.eq(true))
        .count(db.connection())
        .await?)
}

/// Every chain of the audit log: all organisations, in the order of their ids.
///
/// # Errors
/// Any database error.
pub async fn all_ids(db: &impl Reader) -> Result<Vec<OrganisationId>, StoreError> {
    let ids: Vec<Uuid> = organisations::Entity::find()
        .select_only()
        .column(organisations::Column::Id)
        .order_by_asc(organisations::Column::Id)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(ids.into_iter().map(OrganisationId::from_uuid).collect())
}
