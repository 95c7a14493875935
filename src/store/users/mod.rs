//! Users: records, and the rows derived from them by which they are found.

mod list;
mod managed;
mod record;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
};

use super::entities::{connectors, deleted_resources, federated_identities, local_credentials, user_values, user_words, users};
use super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::ids::{ConnectorId, GroupId, IdentityId, RoleId, UserId};
use crate::domain::record::UserRecord;
use crate::domain::text::fold;

pub use list::{UserPage, list};
pub use managed::{
    ManagedPage, find_managed, find_managed_for_update, list_administrative_for_update, list_managed, managed_ids,
    set_default_type,
};

/// Makes a user.
///
/// # Errors
/// [`StoreError::Taken`] for `user_name` or `identity`.
pub async fn create(tx: &Tx, scope: &OrgScope, record: &UserRecord) -> Result<(), StoreError> {
    record.row(scope)?.into_active_model().insert(tx.connection()).await?;
    write_derived(tx, scope, None, record).await
}

/// Writes a changed user. `before` is the record as it was read in the same transaction.
///
/// # Errors
/// [`StoreError::Taken`] for `user_name` or `identity`.
pub async fn update(tx: &Tx, scope: &OrgScope, before: &UserRecord, record: &UserRecord) -> Result<(), StoreError> {
    let mut row = record.row(scope)?.into_active_model().reset_all();
    row.id = sea_orm::ActiveValue::Unchanged(record.id.as_uuid());
    row.update(tx.connection()).await?;
    write_derived(tx, scope, Some(before), record).await
}

async fn write_derived(tx: &Tx, scope: &OrgScope, before: Option<&UserRecord>, record: &UserRecord) -> Result<(), StoreError> {
    let (old_words, words) = (before.map(UserRecord::words).unwrap_or_default(), record.words());
    let gone: Vec<&String> = old_words.iter().filter(|word| !words.contains(word)).collect();
    if !gone.is_empty() {
        user_words::Entity::delete_many()
            .filter(user_words::Column::OrganisationId.eq(scope.uuid()))
            .filter(user_words::Column::UserId.eq(record.id.as_uuid()))
            .filter(user_words::Column::Word.is_in(gone))
            .exec(tx.connection())
            .await?;
    }
    let new: Vec<user_words::ActiveModel> = words
        .into_iter()
        .filter(|word| !old_words.contains(word))
        .map(|word| {
            user_words::Model {
                organisation_id: scope.uuid(),
                word,
                user_id: record.id.as_uuid(),
            }
            .into_active_model()
        })
        .collect();
    if !new.is_empty() {
        user_words::Entity::insert_many(new)
            .exec_without_returning(tx.connection())
            .await?;
    }
    let (old_values, values) = (before.map(UserRecord::values).unwrap_or_default(), record.values());
    if old_values != values {
        if !old_values.is_empty() {
            user_values::Entity::delete_many()
                .filter(user_values::Column::UserId.eq(record.id.as_uuid()))
                .exec(tx.connection())
                .await?;
        }
        if !values.is_empty() {
            user_values::Entity::insert_many(values.into_iter().map(IntoActiveModel::into_active_model))
                .exec_without_returning(tx.connection())
                .await?;
        }
    }
    Ok(())
}

/// Takes a user away and keeps a snapshot until it is purged. Sessions, memberships and access go with it.
///
/// # Errors
/// Any database error.
pub async fn delete(
    tx: &Tx,
    scope: &OrgScope,
    record: &UserRecord,
    groups: &[GroupId],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = record.row(scope)?;
    let snapshot = record::Snapshot::of(&row, groups);
    deleted_resources::Model {
        id: row.id,
        organisation_id: scope.uuid(),
        connector_id: row.connector_id,
        kind: "user".to_owned(),
        snapshot: Some(serde_json::to_string(&snapshot).map_err(|error| StoreError::Damaged(error.to_string()))?),
        deleted_at: now,
        purged_at: None,
    }
    .into_active_model()
    .insert(tx.connection())
    .await?;
    users::Entity::delete_many()
        .filter(users::Column::Id.eq(row.id))
        .filter(users::Column::OrganisationId.eq(scope.uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Purges the personal data of what was deleted before a moment; the ids stay.
///
/// # Errors
/// Any database error.
pub async fn purge_deleted(tx: &Tx, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(deleted_resources::Entity::update_many()
        .col_expr(deleted_resources::Column::Snapshot, Expr::value(None::<String>))
        .col_expr(deleted_resources::Column::PurgedAt, Expr::value(now))
        .filter(deleted_resources::Column::PurgedAt.is_null())
        .filter(deleted_resources::Column::DeletedAt.lt(before))
        .exec(tx.connection())
        .await?
        .rows_affected)
}

/// A user of the organisation.
///
/// # Errors
/// Any database error.
pub async fn find(db: &impl Reader, scope: &OrgScope, id: UserId) -> Result<Option<UserRecord>, StoreError> {
    let found = in_scope(scope)
        .filter(users::Column::Id.eq(id.as_uuid()))
        .one(db.connection())
        .await?;
    found.map(UserRecord::from_row).transpose()
}

/// A user of the organisation, locked against other writers until the transaction ends.
///
/// # Errors
/// Any database error.
pub async fn find_for_update(tx: &Tx, scope: &OrgScope, id: UserId) -> Result<Option<UserRecord>, StoreError> {
    let found = in_scope(scope)
        .filter(users::Column::Id.eq(id.as_uuid()))
        .lock_exclusive()
        .one(tx.connection())
        .await?;
    found.map(UserRecord::from_row).transpose()
}

/// A user by login name, however it is spelled.
///
/// # Errors
/// Any database error.
pub async fn find_by_user_name(db: &impl Reader, scope: &OrgScope, user_name: &str) -> Result<Option<UserRecord>, StoreError> {
    let found = in_scope(scope)
        .filter(users::Column::UserNameKey.eq(fold(user_name)))
        .one(db.connection())
        .await?;
    found.map(UserRecord::from_row).transpose()
}

/// The accounts of a person in all organisations, with their scopes; the one used last first.
///
/// # Errors
/// Any database error.
pub async fn list_of_identity(db: &impl Reader, identity: IdentityId) -> Result<Vec<(UserRecord, OrgScope)>, StoreError> {
    use sea_orm::QueryOrder;
    let rows = users::Entity::find()
        .filter(users::Column::IdentityId.eq(identity.as_uuid()))
        .order_by_desc(users::Column::LastSignInAt)
        .order_by_asc(users::Column::CreatedAt)
        .all(db.connection())
        .await?;
    rows.into_iter().map(with_scope).collect()
}

/// The accounts of this login name in all organisations, with their scopes; for the command line, whose authority does not come
/// from an organisation. At most so many.
///
/// # Errors
/// Any database error.
pub async fn list_of_user_name_as_operator(
    db: &impl Reader,
    user_name: &str,
    most: u64,
) -> Result<Vec<(UserRecord, OrgScope)>, StoreError> {
    let rows = users::Entity::find()
        .filter(users::Column::UserNameKey.eq(fold(user_name)))
        .limit(most)
        .all(db.connection())
        .await?;
    rows.into_iter().map(with_scope).collect()
}

fn with_scope(row: users::Model) -> Result<(UserRecord, OrgScope), StoreError> {
    let scope = OrgScope::proven(row.organisation_id);
    Ok((UserRecord::from_row(row)?, scope))
}

/// Notes a sign-in. Not a change of the record: the version stays.
///
/// # Errors
/// Any database error.
pub async fn note_sign_in(tx: &Tx, scope: &OrgScope, id: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    users::Entity::update_many()
        .col_expr(users::Column::LastSignInAt, Expr::value(now))
        .filter(users::Column::Id.eq(id.as_uuid()))
        .filter(users::Column::OrganisationId.eq(scope.uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Names of users by id, for lists that mention them.
///
/// # Errors
/// Any database error.
pub async fn names(db: &impl Reader, scope: &OrgScope, ids: &[UserId]) -> Result<HashMap<UserId, String>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = in_scope(scope)
        .filter(users::Column::Id.is_in(ids.iter().map(|id| id.as_uuid())))
        .all(db.connection())
        .await?;
    rows.into_iter()
        .map(|row| {
            let record = UserRecord::from_row(row)?;
            Ok((record.id, record.shown_name().into_owned()))
        })
        .collect()
}

/// Active accounts with one of these roles that a person can sign in to: linked to an identity with a password or a federated
/// sign-in.
fn active_holders(scope: &OrgScope, roles: &[RoleId]) -> sea_orm::Select<users::Entity> {
    let with_password = local_credentials::Entity::find()
        .select_only()
        .column(local_credentials::Column::IdentityId)
        .filter(local_credentials::Column::PasswordHash.is_not_null())
        .into_query();
    let federated = federated_identities::Entity::find()
        .select_only()
        .column(federated_identities::Column::IdentityId)
        .into_query();
    in_scope(scope)
        .select_only()
        .column(users::Column::Id)
        .filter(users::Column::RoleId.is_in(roles.iter().map(|role| role.as_uuid())))
        .filter(users::Column::IsActive.eq(true))
        .filter(
            Condition::any()
                .add(users::Column::IdentityId.in_subquery(with_password))
                .add(users::Column::IdentityId.in_subquery(federated)),
        )
}

/// Whether nobody but this user holds one of these roles and can sign in.
///
/// # Errors
/// Any database error.
pub async fn is_only_active_holder(
    db: &impl Reader,
    scope: &OrgScope,
    roles: &[RoleId],
    user: UserId,
) -> Result<bool, StoreError> {
    let ids: Vec<Uuid> = active_holders(scope, roles)
        .limit(2)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(ids == [user.as_uuid()])
}

/// How many users meet a simple condition, for Home.
///
/// # Errors
/// Any database error.
pub async fn count(db: &impl Reader, scope: &OrgScope, which: Which) -> Result<u64, StoreError> {
    let condition = match which {
        Which::Active => Condition::all().add(users::Column::IsActive.eq(true)),
        Which::Deactivated => Condition::all().add(users::Column::IsActive.eq(false)),
        Which::WithoutRole => Condition::all()
            .add(users::Column::IsActive.eq(true))
            .add(users::Column::RoleId.is_null()),
        Which::Incomplete => Condition::all()
            .add(users::Column::IsActive.eq(true))
            .add(users::Column::IsIncomplete.eq(true)),
        Which::WithoutIdentity => Condition::all()
            .add(users::Column::IsActive.eq(true))
            .add(users::Column::IdentityId.is_null()),
    };
    Ok(in_scope(scope).filter(condition).count(db.connection()).await?)
}

/// Simple conditions that Home counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// May be used.
    Active,
    /// May not be used.
    Deactivated,
    /// Active without a role.
    WithoutRole,
    /// Active without first name, last name or e-mail.
    Incomplete,
    /// Active without Global User Id.
    WithoutIdentity,
}

/// Lets go of all users that a connector managed, before it is removed: they stay and are kept by hand from then on.
///
/// # Errors
/// Any database error.
pub async fn release_managed(tx: &Tx, scope: &OrgScope, connector: ConnectorId) -> Result<(), StoreError> {
    // The rows do not say whose they are.
    let own = connectors::Entity::find_by_id(connector.as_uuid())
        .select_only()
        .column(connectors::Column::Id)
        .filter(connectors::Column::OrganisationId.eq(scope.uuid()));
    user_values::Entity::delete_many()
        .filter(user_values::Column::ConnectorId.in_subquery(own.into_query()))
        .exec(tx.connection())
        .await?;
    users::Entity::update_many()
        .col_expr(users::Column::ConnectorId, Expr::value(None::<Uuid>))
        .filter(users::Column::OrganisationId.eq(scope.uuid()))
        .filter(users::Column::ConnectorId.eq(connector.as_uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

fn in_scope(scope: &OrgScope) -> sea_orm::Select<users::Entity> {
    users::Entity::find().filter(users::Column::OrganisationId.eq(scope.uuid()))
}
