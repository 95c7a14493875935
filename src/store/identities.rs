//! Identities, their built-in credentials, and failed sign-ins.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use super::entities::{identities, local_credentials as credentials, sign_in_failures as failures};
use super::{Reader, StoreError, Tx};
use crate::domain::ids::IdentityId;
use crate::domain::text::fold;

/// A person across organisations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRecord {
    /// The Global User Id.
    pub id: IdentityId,
    /// Name to show where no organisation is in view.
    pub name: Option<String>,
    /// Whether the person is of the vendor's staff.
    pub is_operator: bool,
    /// Whether the person may come in at all.
    pub is_active: bool,
}

/// Built-in credentials of an identity.
#[derive(Clone)]
pub struct CredentialRecord {
    /// Whose.
    pub identity: IdentityId,
    /// Login name as given.
    pub login_name: String,
    /// Argon2id in PHC form; none until a password is set.
    pub password_hash: Option<String>,
}

/// Makes an identity.
///
/// # Errors
/// Any database error.
pub async fn create(tx: &Tx, record: &IdentityRecord, now: DateTime<Utc>) -> Result<(), StoreError> {
    identities::ActiveModel {
        id: Set(record.id.as_uuid()),
        name: Set(record.name.clone()),
        is_operator: Set(record.is_operator),
        is_active: Set(record.is_active),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(tx.connection())
    .await?;
    Ok(())
}

/// An identity by its Global User Id.
///
/// # Errors
/// Any database error.
pub async fn find(db: &impl Reader, id: IdentityId) -> Result<Option<IdentityRecord>, StoreError> {
    Ok(identities::Entity::find_by_id(id.as_uuid())
        .one(db.connection())
        .await?
        .map(|row| IdentityRecord {
            id,
            name: row.name,
            is_operator: row.is_operator,
            is_active: row.is_active,
        }))
}

/// Gives an identity a login name and perhaps a password.
///
/// # Errors
/// [`StoreError::Taken`] for `email` when the login name is in use on this installation.
pub async fn create_credential(tx: &Tx, id: Uuid, record: &CredentialRecord, now: DateTime<Utc>) -> Result<(), StoreError> {
    credentials::ActiveModel {
        id: Set(id),
        identity_id: Set(record.identity.as_uuid()),
        login_name: Set(record.login_name.clone()),
        login_name_key: Set(fold(&record.login_name)),
        password_hash: Set(record.password_hash.clone()),
        password_changed_at: Set(record.password_hash.is_some().then_some(now)),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(tx.connection())
    .await?;
    Ok(())
}

/// Built-in credentials by login name, however it is spelled.
///
/// # Errors
/// Any database error.
pub async fn find_credential(db: &impl Reader, login_name: &str) -> Result<Option<CredentialRecord>, StoreError> {
    let found = credentials::Entity::find()
        .filter(credentials::Column::LoginNameKey.eq(fold(login_name)))
        .one(db.connection())
        .await?;
    Ok(found.map(credential))
}

/// Built-in credentials of an identity.
///
/// # Errors
/// Any database error.
pub async fn credential_of(db: &impl Reader, identity: IdentityId) -> Result<Option<CredentialRecord>, StoreError> {
    let found = credentials::Entity::find()
        .filter(credentials::Column::IdentityId.eq(identity.as_uuid()))
        .one(db.connection())
        .await?;
    Ok(found.map(credential))
}

/// Built-in credentials of an identity, locked against other writers until the transaction ends.
///
/// # Errors
/// Any database error.
pub async fn credential_for_update(tx: &Tx, identity: IdentityId) -> Result<Option<CredentialRecord>, StoreError> {
    let found = credentials::Entity::find()
        .filter(credentials::Column::IdentityId.eq(identity.as_uuid()))
        .lock_exclusive()
        .one(tx.connection())
        .await?;
    Ok(found.map(credential))
}

/// Gives built-in credentials another login name.
///
/// # Errors
/// [`StoreError::Taken`] for `email` when the login name is in use on this installation.
pub async fn rename_credential(tx: &Tx, identity: IdentityId, login_name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    credentials::Entity::update_many()
        .col_expr(credentials::Column::LoginName, Expr::value(login_name))
        .col_expr(credentials::Column::LoginNameKey, Expr::value(fold(login_name)))
        .col_expr(credentials::Column::UpdatedAt, Expr::value(now))
        .filter(credentials::Column::IdentityId.eq(identity.as_uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Takes the built-in credentials of an identity away; its login name is free.
///
/// # Errors
/// Any database error.
pub async fn delete_credential(tx: &Tx, identity: IdentityId) -> Result<(), StoreError> {
    credentials::Entity::delete_many()
        .filter(credentials::Column::IdentityId.eq(identity.as_uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Writes a new password hash.
///
/// # Errors
/// Any database error.
pub async fn set_password(tx: &Tx, identity: IdentityId, password_hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let found = credentials::Entity::find()
        .filter(credentials::Column::IdentityId.eq(identity.as_uuid()))
        .one(tx.connection())
        .await?;
    let found = found.ok_or_else(|| StoreError::Damaged("an identity without credentials".to_owned()))?;
    credentials::ActiveModel {
        id: Unchanged(found.id),
        password_hash: Set(Some(password_hash.to_owned())),
        password_changed_at: Set(Some(now)),
        updated_at: Set(now),
        ..Default::default()
    }
    .update(tx.connection())
    .await?;
    Ok(())
}

fn credential(row: credentials::Model) -> CredentialRecord {
    CredentialRecord {
        identity: IdentityId::from_uuid(row.identity_id),
        login_name: row.login_name,
        password_hash: row.password_hash,
    }
}

/// Failed sign-ins since a moment: of one account, of one address, and of one account from one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureCounts {
    /// Of the account, from anywhere.
    pub of_account: u64,
    /// From the address, for any account.
    pub from_address: u64,
    /// Of the account, from the address.
    pub of_account_from_address: u64,
}

/// Counts failed sign-ins.
///
/// # Errors
/// Any database error.
pub async fn count_failures(
    db: &impl Reader,
    account_hash: &str,
    network: &str,
    since: DateTime<Utc>,
) -> Result<FailureCounts, StoreError> {
    let of_account = failures::Entity::find()
        .filter(failures::Column::AccountHash.eq(account_hash))
        .filter(failures::Column::At.gt(since));
    let from_address = failures::Entity::find()
        .filter(failures::Column::Ip.eq(network))
        .filter(failures::Column::At.gt(since));
    Ok(FailureCounts {
        of_account: of_account.clone().count(db.connection()).await?,
        from_address: from_address.count(db.connection()).await?,
        of_account_from_address: of_account
            .filter(failures::Column::Ip.eq(network))
            .count(db.connection())
            .await?,
    })
}

/// Records a failed sign-in and forgets those that count no more.
///
/// # Errors
/// Any database error.
pub async fn add_failure(
    tx: &Tx,
    id: Uuid,
    account_hash: &str,
    network: &str,
    now: DateTime<Utc>,
    forget_before: DateTime<Utc>,
) -> Result<(), StoreError> {
    failures::ActiveModel {
        id: Set(id),
        account_hash: Set(account_hash.to_owned()),
        ip: Set(network.to_owned()),
        at: Set(now),
    }
    .insert(tx.connection())
    .await?;
    failures::Entity::delete_many()
        .filter(failures::Column::At.lt(forget_before))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Forgets one failure: it was none.
///
/// # Errors
/// Any database error.
pub async fn forget_failure(tx: &Tx, id: Uuid) -> Result<(), StoreError> {
    failures::Entity::delete_by_id(id).exec(tx.connection()).await?;
    Ok(())
}

/// Forgets the failures of an account from a network after a sign-in that went well.
///
/// # Errors
/// Any database error.
pub async fn clear_failures(tx: &Tx, account_hash: &str, network: &str) -> Result<(), StoreError> {
    failures::Entity::delete_many()
        .filter(failures::Column::AccountHash.eq(account_hash))
        .filter(failures::Column::Ip.eq(network))
        .exec(tx.connection())
        .await?;
    Ok(())
}
