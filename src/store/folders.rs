//! Folders, and which users and groups have access.

use sea_orm::ActiveValue::Set;
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::{folder_access as access, folders};
use super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::ids::{ConnectorId, FolderId, UserId};
use crate::domain::text::fold;

/// Access of a user to a folder, or a value that names none yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRecord {
    /// The value as it was sent.
    pub value: String,
    /// The folder it names.
    pub folder: Option<FolderId>,
    /// The connector that sent it.
    pub connector: Option<ConnectorId>,
}

/// The folder that a value names: by id first, then by external id, then by name where exactly one has it.
///
/// # Errors
/// Any database error.
pub async fn resolve(db: &impl Reader, scope: &OrgScope, value: &str) -> Result<Option<FolderId>, StoreError> {
    let of_organisation = || {
        folders::Entity::find()
            .filter(folders::Column::OrganisationId.eq(scope.uuid()))
            .filter(folders::Column::ArchivedAt.is_null())
    };
    if let Ok(id) = FolderId::parse(&value.to_lowercase())
        && let Some(found) = of_organisation()
            .filter(folders::Column::Id.eq(id.as_uuid()))
            .one(db.connection())
            .await?
    {
        return Ok(Some(FolderId::from_uuid(found.id)));
    }
    if let Some(found) = of_organisation()
        .filter(folders::Column::ExternalId.eq(value))
        .one(db.connection())
        .await?
    {
        return Ok(Some(FolderId::from_uuid(found.id)));
    }
    let named = of_organisation()
        .filter(folders::Column::NameKey.eq(fold(value)))
        .limit(2)
        .all(db.connection())
        .await?;
    // Two folders of one name: taking either would be a guess about somebody's access.
    Ok(if let [only] = named.as_slice() {
        Some(FolderId::from_uuid(only.id))
    } else {
        None
    })
}

/// Writes what a connector sent for a user, whatever it sent before. Access given by hand stays.
///
/// # Errors
/// Any database error.
pub async fn replace_sent(
    tx: &Tx,
    scope: &OrgScope,
    user: UserId,
    connector: ConnectorId,
    entries: &[(Uuid, String, Option<FolderId>)],
) -> Result<(), StoreError> {
    access::Entity::delete_many()
        .filter(access::Column::UserId.eq(user.as_uuid()))
        .filter(access::Column::ConnectorId.eq(connector.as_uuid()))
        .exec(tx.connection())
        .await?;
    if !entries.is_empty() {
        let rows = entries
            .iter()
            .zip(0_i64..)
            .map(|((id, value, folder), position)| access::ActiveModel {
                id: Set(*id),
                organisation_id: Set(scope.uuid()),
                user_id: Set(Some(user.as_uuid())),
                group_id: Set(None),
                folder_id: Set(folder.map(|folder| folder.as_uuid())),
                connector_id: Set(Some(connector.as_uuid())),
                value_key: Set(fold(value)),
                value: Set(value.clone()),
                position: Set(position),
            });
        access::Entity::insert_many(rows)
            .exec_without_returning(tx.connection())
            .await?;
    }
    Ok(())
}

/// What a user has access to, in the order sent.
///
/// # Errors
/// Any database error.
pub async fn access_of(db: &impl Reader, scope: &OrgScope, user: UserId) -> Result<Vec<AccessRecord>, StoreError> {
    let rows = access::Entity::find()
        .filter(access::Column::OrganisationId.eq(scope.uuid()))
        .filter(access::Column::UserId.eq(user.as_uuid()))
        .order_by_asc(access::Column::Position)
        .all(db.connection())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| AccessRecord {
            value: row.value,
            folder: row.folder_id.map(FolderId::from_uuid),
            connector: row.connector_id.map(ConnectorId::from_uuid),
        })
        .collect())
}

/// Values of a connector that name no folder, with how many users hold each; the most held first, at most 50.
///
/// # Errors
/// Any database error.
pub async fn unknown_values(
    db: &impl Reader,
    scope: &OrgScope,
    connector: ConnectorId,
) -> Result<Vec<(String, u64)>, StoreError> {
    let rows: Vec<(String, i64)> = access::Entity::find()
        .select_only()
        .column_as(Expr::col(access::Column::Value).min(), "value")
        .column_as(Expr::col(access::Column::Id).count(), "users")
        .filter(access::Column::OrganisationId.eq(scope.uuid()))
        .filter(access::Column::ConnectorId.eq(connector.as_uuid()))
        .filter(access::Column::FolderId.is_null())
        .group_by(access::Column::ValueKey)
        .order_by_desc(Expr::col(access::Column::Id).count())
        .limit(50)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(value, n)| (value, u64::try_from(n).unwrap_or(0)))
        .collect())
}
