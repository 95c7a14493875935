//! Roles of an organisation and what they permit.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::{role_permissions, roles, users};
use super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::ids::RoleId;
use crate::domain::permission::{Permission, PermissionSet};
use crate::domain::role::BuiltInRole;
use crate::domain::text::fold;

/// A role with its permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRecord {
    /// Its id.
    pub id: RoleId,
    /// Its shown name.
    pub name: String,
    /// Which built-in role it is, if any.
    pub built_in: Option<BuiltInRole>,
    /// Its place among the roles; a higher one is stronger.
    pub rank: i64,
    /// What it permits.
    pub permissions: PermissionSet,
}

/// Makes a role.
///
/// # Errors
/// [`StoreError::Taken`] for the name.
pub async fn create(tx: &Tx, scope: &OrgScope, role: &RoleRecord, now: DateTime<Utc>) -> Result<(), StoreError> {
    roles::ActiveModel {
        id: Set(role.id.as_uuid()),
        organisation_id: Set(scope.uuid()),
        built_in: Set(role.built_in.map(|built_in| built_in.name().to_owned())),
        name: Set(role.name.clone()),
        name_key: Set(fold(&role.name)),
        rank: Set(role.rank),
        created_at: Set(now),
    }
    .insert(tx.connection())
    .await?;
    let permissions = role.permissions.iter().map(|permission| role_permissions::ActiveModel {
        role_id: Set(role.id.as_uuid()),
        permission: Set(permission.name().to_owned()),
    });
    role_permissions::Entity::insert_many(permissions)
        .exec_without_returning(tx.connection())
        .await?;
    Ok(())
}

/// All roles of the organisation, weakest first.
///
/// # Errors
/// Any database error.
pub async fn list(db: &impl Reader, scope: &OrgScope) -> Result<Vec<RoleRecord>, StoreError> {
    let rows: Vec<(roles::Model, Vec<Permission>)> = with_permissions(
        db,
        roles::Entity::find()
            .filter(roles::Column::OrganisationId.eq(scope.uuid()))
            .order_by_asc(roles::Column::Rank)
            .order_by_asc(roles::Column::NameKey)
            .all(db.connection())
            .await?,
    )
    .await?;
    Ok(rows.into_iter().map(|(row, permissions)| record(row, permissions)).collect())
}

/// One role of the organisation.
///
/// # Errors
/// Any database error.
pub async fn find(db: &impl Reader, scope: &OrgScope, id: RoleId) -> Result<Option<RoleRecord>, StoreError> {
    let found = roles::Entity::find_by_id(id.as_uuid())
        .filter(roles::Column::OrganisationId.eq(scope.uuid()))
        .one(db.connection())
        .await?;
    let rows = with_permissions(db, found.into_iter().collect()).await?;
    Ok(rows.into_iter().next().map(|(row, permissions)| record(row, permissions)))
}

/// How many users hold each role.
///
/// # Errors
/// Any database error.
pub async fn holders(db: &impl Reader, scope: &OrgScope) -> Result<HashMap<RoleId, u64>, StoreError> {
    let counts: Vec<(Option<Uuid>, i64)> = users::Entity::find()
        .select_only()
        .column(users::Column::RoleId)
        .column_as(Expr::col(users::Column::Id).count(), "holders")
        .filter(users::Column::OrganisationId.eq(scope.uuid()))
        .group_by(users::Column::RoleId)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(counts
        .into_iter()
        .filter_map(|(role, n)| Some((RoleId::from_uuid(role?), u64::try_from(n).unwrap_or(0))))
        .collect())
}

async fn with_permissions(db: &impl Reader, rows: Vec<roles::Model>) -> Result<Vec<(roles::Model, Vec<Permission>)>, StoreError> {
    let granted = role_permissions::Entity::find()
        .filter(role_permissions::Column::RoleId.is_in(rows.iter().map(|row| row.id)))
        .all(db.connection())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            // A name that this release does not know grants nothing.
            let permissions = granted
                .iter()
                .filter(|grant| grant.role_id == row.id)
                .filter_map(|grant| Permission::from_name(&grant.permission))
                .collect();
            (row, permissions)
        })
        .collect())
}

fn record(row: roles::Model, permissions: Vec<Permission>) -> RoleRecord {
    RoleRecord {
        id: RoleId::from_uuid(row.id),
        built_in: row.built_in.as_deref().and_then(BuiltInRole::from_name),
        name: row.name,
        rank: row.rank,
        permissions: permissions.into_iter().collect(),
    }
}
