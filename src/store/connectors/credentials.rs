//! Secrets of connectors.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{ConnectorRecord, record};
use crate::domain::ids::{ConnectorId, CredentialId};
use crate::store::entities::{connector_credentials as credentials, connectors, organisations};
use crate::store::{OrgScope, Reader, StoreError, Tx};

/// One secret of a connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialRecord {
    /// Its id.
    pub id: CredentialId,
    /// Whose it is.
    pub connector: ConnectorId,
    /// The part of the token by which it is found.
    pub key_id: String,
    /// SHA-256 of the token.
    pub secret_hash: Vec<u8>,
    /// The token's last four characters.
    pub last_four: String,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When a newer one took its place.
    pub superseded_at: Option<DateTime<Utc>>,
    /// When it was ended by hand.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Last use, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// From where it was last used.
    pub last_used_ip: Option<String>,
}

impl CredentialRecord {
    /// Whether it opens the door now.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// What a token's key id leads to.
pub struct Principal {
    /// The secret.
    pub credential: CredentialRecord,
    /// Its connector.
    pub connector: ConnectorRecord,
    /// The connector's organisation.
    pub scope: OrgScope,
    /// Whether the organisation is active and its plan includes connectors.
    pub is_organisation_open: bool,
}

/// Makes a secret.
///
/// # Errors
/// Any database error.
pub async fn create_credential(tx: &Tx, scope: &OrgScope, record: &CredentialRecord) -> Result<(), StoreError> {
    credentials::ActiveModel {
        id: Set(record.id.as_uuid()),
        organisation_id: Set(scope.uuid()),
        connector_id: Set(record.connector.as_uuid()),
        key_id: Set(record.key_id.clone()),
        secret_hash: Set(record.secret_hash.clone()),
        last_four: Set(record.last_four.clone()),
        created_by: Set(record.created_by.clone()),
        created_at: Set(record.created_at),
        expires_at: Set(record.expires_at),
        superseded_at: Set(record.superseded_at),
        revoked_at: Set(record.revoked_at),
        last_used_at: Set(None),
        last_used_ip: Set(None),
    }
    .insert(tx.connection())
    .await?;
    Ok(())
}

/// Writes when a secret ends and whether it was superseded or revoked.
///
/// # Errors
/// Any database error.
pub async fn update_credential(tx: &Tx, scope: &OrgScope, record: &CredentialRecord) -> Result<(), StoreError> {
    credentials::Entity::update_many()
        .col_expr(credentials::Column::ExpiresAt, Expr::value(record.expires_at))
        .col_expr(credentials::Column::SupersededAt, Expr::value(record.superseded_at))
        .col_expr(credentials::Column::RevokedAt, Expr::value(record.revoked_at))
        .filter(credentials::Column::Id.eq(record.id.as_uuid()))
        .filter(credentials::Column::OrganisationId.eq(scope.uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Notes that a secret was used, if it is still there.
///
/// # Errors
/// Any database error.
pub async fn touch_credential(tx: &Tx, id: CredentialId, at: DateTime<Utc>, ip: &str) -> Result<(), StoreError> {
    credentials::Entity::update_many()
        .col_expr(credentials::Column::LastUsedAt, Expr::value(at))
        .col_expr(credentials::Column::LastUsedIp, Expr::value(ip))
        .filter(credentials::Column::Id.eq(id.as_uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// The secrets of a connector, newest first, at most 20.
///
/// # Errors
/// Any database error.
pub async fn list_credentials(
    db: &impl Reader,
    scope: &OrgScope,
    connector: ConnectorId,
) -> Result<Vec<CredentialRecord>, StoreError> {
    let rows = credentials::Entity::find()
        .filter(credentials::Column::OrganisationId.eq(scope.uuid()))
        .filter(credentials::Column::ConnectorId.eq(connector.as_uuid()))
        .order_by_desc(credentials::Column::CreatedAt)
        .order_by_desc(credentials::Column::Id)
        .limit(20)
        .all(db.connection())
        .await?;
    Ok(rows.into_iter().map(credential).collect())
}

/// The live secrets of all connectors of the organisation.
///
/// # Errors
/// Any database error.
pub async fn live_credentials(
    db: &impl Reader,
    scope: &OrgScope,
    now: DateTime<Utc>,
) -> Result<Vec<CredentialRecord>, StoreError> {
    let rows = credentials::Entity::find()
        .filter(credentials::Column::OrganisationId.eq(scope.uuid()))
        .filter(credentials::Column::RevokedAt.is_null())
        .filter(credentials::Column::ExpiresAt.gt(now))
        .all(db.connection())
        .await?;
    Ok(rows.into_iter().map(credential).collect())
}

fn credential(row: credentials::Model) -> CredentialRecord {
    CredentialRecord {
        id: CredentialId::from_uuid(row.id),
        connector: ConnectorId::from_uuid(row.connector_id),
        key_id: row.key_id,
        secret_hash: row.secret_hash,
        last_four: row.last_four,
        created_by: row.created_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
        superseded_at: row.superseded_at,
        revoked_at: row.revoked_at,
        last_used_at: row.last_used_at,
        last_used_ip: row.last_used_ip,
    }
}

/// What a token's key id leads to. The secret itself has yet to be compared.
///
/// # Errors
/// Any database error.
pub async fn authenticate(db: &impl Reader, key_id: &str) -> Result<Option<Principal>, StoreError> {
    let Some(found) = credentials::Entity::find()
        .filter(credentials::Column::KeyId.eq(key_id))
        .one(db.connection())
        .await?
    else {
        return Ok(None);
    };
    let Some(connector) = connectors::Entity::find_by_id(found.connector_id)
        .one(db.connection())
        .await?
    else {
        return Ok(None);
    };
    let Some(organisation) = organisations::Entity::find_by_id(connector.organisation_id)
        .one(db.connection())
        .await?
    else {
        return Ok(None);
    };
    Ok(Some(Principal {
        scope: OrgScope::proven(connector.organisation_id),
        connector: record(connector)?,
        credential: credential(found),
        is_organisation_open: organisation.is_active && organisation.has_enterprise_toolkit,
    }))
}
