//! Metadata keys of an organisation and their values on users.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{OnConflict, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::entities::{metadata_keys as keys, metadata_values as values};
use super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::ids::{MetadataKeyId, UserId};
use crate::domain::text::fold;

/// A metadata key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its id.
    pub id: MetadataKeyId,
    /// Its spelling, as first used.
    pub name: String,
    /// Shown label.
    pub label: String,
}

/// All keys of the organisation, by name.
///
/// # Errors
/// Any database error.
pub async fn list_keys(db: &impl Reader, scope: &OrgScope) -> Result<Vec<KeyRecord>, StoreError> {
    let rows = keys::Entity::find()
        .filter(keys::Column::OrganisationId.eq(scope.uuid()))
        .order_by_asc(keys::Column::NameKey)
        .all(db.connection())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| KeyRecord {
            id: MetadataKeyId::from_uuid(row.id),
            name: row.name,
            label: row.label,
        })
        .collect())
}

/// Makes a key unless one of that folded name exists, as two directories may send a new key at the same moment.
///
/// # Errors
/// Any database error.
pub async fn ensure_key(tx: &Tx, scope: &OrgScope, id: MetadataKeyId, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    keys::Entity::insert(keys::ActiveModel {
        id: Set(id.as_uuid()),
        organisation_id: Set(scope.uuid()),
        name: Set(name.to_owned()),
        name_key: Set(fold(name)),
        label: Set(name.to_owned()),
        description: Set(String::new()),
        is_listed: Set(false),
        created_at: Set(now),
    })
    .on_conflict(
        OnConflict::columns([keys::Column::OrganisationId, keys::Column::NameKey])
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(tx.connection())
    .await?;
    Ok(())
}

/// The organisation's keys: a value itself does not say whose it is.
fn keys_of(scope: &OrgScope) -> SelectStatement {
    keys::Entity::find()
        .select_only()
        .column(keys::Column::Id)
        .filter(keys::Column::OrganisationId.eq(scope.uuid()))
        .into_query()
}

/// Writes the values of a user, whatever they were before.
///
/// # Errors
/// Any database error.
pub async fn replace_values(
    tx: &Tx,
    scope: &OrgScope,
    user: UserId,
    entries: &[(MetadataKeyId, String)],
) -> Result<(), StoreError> {
    values::Entity::delete_many()
        .filter(values::Column::UserId.eq(user.as_uuid()))
        .filter(values::Column::KeyId.in_subquery(keys_of(scope)))
        .exec(tx.connection())
        .await?;
    if !entries.is_empty() {
        let rows = entries.iter().map(|(key, value)| values::ActiveModel {
            user_id: Set(user.as_uuid()),
            key_id: Set(key.as_uuid()),
            value: Set(value.clone()),
        });
        values::Entity::insert_many(rows)
            .exec_without_returning(tx.connection())
            .await?;
    }
    Ok(())
}

/// The values of a user by key.
///
/// # Errors
/// Any database error.
pub async fn values_of(db: &impl Reader, scope: &OrgScope, user: UserId) -> Result<Vec<(KeyRecord, String)>, StoreError> {
    let keys: HashMap<Uuid, KeyRecord> = list_keys(db, scope)
        .await?
        .into_iter()
        .map(|key| (key.id.as_uuid(), key))
        .collect();
    let rows = values::Entity::find()
        .filter(values::Column::UserId.eq(user.as_uuid()))
        .all(db.connection())
        .await?;
    let mut found: Vec<_> = rows
        .into_iter()
        .filter_map(|row| Some((keys.get(&row.key_id)?.clone(), row.value)))
        .collect();
    found.sort_by(|one, other| one.0.name.cmp(&other.0.name));
    Ok(found)
}
