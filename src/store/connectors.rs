//! Connectors, their secrets, and accounts that their directories wanted and could not have.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::sea_query::{ExprTrait, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entities::{
    account_matches as matches, connector_credentials as credentials, connectors, groups, organisations, users,
};
use super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::connector::{ConnectorKind, ProvisioningSettings};
use crate::domain::ids::{ConnectorId, CredentialId, MatchId, UserId};
use crate::domain::text::fold;

/// A connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectorRecord {
    /// Its id.
    pub id: ConnectorId,
    /// Which directory.
    pub kind: ConnectorKind,
    /// Its name.
    pub name: String,
    /// Whether its directory is refused for now.
    pub is_paused: bool,
    /// User name for HTTP Basic.
    pub user_name: String,
    /// How provisioning behaves.
    pub settings: ProvisioningSettings,
    /// When the directory last asked for something.
    pub last_request_at: Option<DateTime<Utc>>,
    /// When it was last answered well.
    pub last_success_at: Option<DateTime<Utc>>,
    /// Requests that failed since then.
    pub failures_in_a_row: i64,
    /// Number of changes.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

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

fn record(row: connectors::Model) -> Result<ConnectorRecord, StoreError> {
    Ok(ConnectorRecord {
        id: ConnectorId::from_uuid(row.id),
        kind: ConnectorKind::from_name(&row.kind).ok_or_else(|| StoreError::Damaged(format!("connector kind {}", row.kind)))?,
        name: row.name,
        is_paused: row.is_paused,
        user_name: row.user_name,
        settings: serde_json::from_str(&row.settings)
            .map_err(|error| StoreError::Damaged(format!("connector settings: {error}")))?,
        last_request_at: row.last_request_at,
        last_success_at: row.last_success_at,
        failures_in_a_row: row.failures_in_a_row,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn settings_text(settings: &ProvisioningSettings) -> Result<String, StoreError> {
    serde_json::to_string(settings).map_err(|error| StoreError::Damaged(format!("connector settings: {error}")))
}

/// Makes a connector.
///
/// # Errors
/// [`StoreError::Taken`] for the name.
pub async fn create(tx: &Tx, scope: &OrgScope, record: &ConnectorRecord) -> Result<(), StoreError> {
    connectors::Model {
        id: record.id.as_uuid(),
        organisation_id: scope.uuid(),
        kind: record.kind.name().to_owned(),
        name: record.name.clone(),
        name_key: fold(&record.name),
        is_paused: record.is_paused,
        user_name: record.user_name.clone(),
        settings: settings_text(&record.settings)?,
        issuer: None,
        tenant_id: None,
        client_id: None,
        client_secret: None,
        client_secret_expires_at: None,
        is_sign_in_enabled: false,
        contacts: "[]".to_owned(),
        last_request_at: None,
        last_success_at: None,
        failures_in_a_row: 0,
        version: record.version,
        created_at: record.created_at,
        updated_at: record.updated_at,
    }
    .into_active_model()
    .insert(tx.connection())
    .await?;
    Ok(())
}

/// Writes name, pause and settings of a changed connector.
///
/// # Errors
/// [`StoreError::Taken`] for the name.
pub async fn update(tx: &Tx, scope: &OrgScope, record: &ConnectorRecord) -> Result<(), StoreError> {
    connectors::Entity::update_many()
        .col_expr(connectors::Column::Name, Expr::value(record.name.clone()))
        .col_expr(connectors::Column::NameKey, Expr::value(fold(&record.name)))
        .col_expr(connectors::Column::IsPaused, Expr::value(record.is_paused))
        .col_expr(connectors::Column::Settings, Expr::value(settings_text(&record.settings)?))
        .col_expr(connectors::Column::Version, Expr::value(record.version))
        .col_expr(connectors::Column::UpdatedAt, Expr::value(record.updated_at))
        .filter(connectors::Column::Id.eq(record.id.as_uuid()))
        .filter(connectors::Column::OrganisationId.eq(scope.uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// A connector of the organisation.
///
/// # Errors
/// Any database error.
pub async fn find(db: &impl Reader, scope: &OrgScope, id: ConnectorId) -> Result<Option<ConnectorRecord>, StoreError> {
    let found = connectors::Entity::find_by_id(id.as_uuid())
        .filter(connectors::Column::OrganisationId.eq(scope.uuid()))
        .one(db.connection())
        .await?;
    found.map(record).transpose()
}

/// A connector of the organisation, locked against other writers until the transaction ends.
///
/// # Errors
/// Any database error.
pub async fn find_for_update(tx: &Tx, scope: &OrgScope, id: ConnectorId) -> Result<Option<ConnectorRecord>, StoreError> {
    let found = connectors::Entity::find_by_id(id.as_uuid())
        .filter(connectors::Column::OrganisationId.eq(scope.uuid()))
        .lock_exclusive()
        .one(tx.connection())
        .await?;
    found.map(record).transpose()
}

/// A connector of the organisation, held until the transaction ends: nobody changes or removes it by hand meanwhile
/// ([`find_for_update`]), while its traffic may still be noted.
///
/// # Errors
/// Any database error.
pub async fn find_held(tx: &Tx, scope: &OrgScope, id: ConnectorId) -> Result<Option<ConnectorRecord>, StoreError> {
    let found = connectors::Entity::find_by_id(id.as_uuid())
        .filter(connectors::Column::OrganisationId.eq(scope.uuid()))
        .lock(LockType::KeyShare)
        .one(tx.connection())
        .await?;
    found.map(record).transpose()
}

/// Which of these connectors of any organisation there are, held as by [`find_held`]. For what is written about the requests of
/// all of them at once.
///
/// # Errors
/// Any database error.
pub async fn hold_existing(tx: &Tx, ids: &[ConnectorId]) -> Result<HashSet<ConnectorId>, StoreError> {
    let mut found = HashSet::new();
    for part in ids.chunks(1_000) {
        let rows: Vec<Uuid> = connectors::Entity::find()
            .select_only()
            .column(connectors::Column::Id)
            .filter(connectors::Column::Id.is_in(part.iter().map(|id| id.as_uuid())))
            .order_by_asc(connectors::Column::Id)
            .lock(LockType::KeyShare)
            .into_tuple()
            .all(tx.connection())
            .await?;
        found.extend(rows.into_iter().map(ConnectorId::from_uuid));
    }
    Ok(found)
}

/// All connectors of the organisation, oldest first.
///
/// # Errors
/// Any database error.
pub async fn list(db: &impl Reader, scope: &OrgScope) -> Result<Vec<ConnectorRecord>, StoreError> {
    let rows = connectors::Entity::find()
        .filter(connectors::Column::OrganisationId.eq(scope.uuid()))
        .order_by_asc(connectors::Column::CreatedAt)
        .all(db.connection())
        .await?;
    rows.into_iter().map(record).collect()
}

/// Removes a connector. Its users and groups stay and belong to nobody.
///
/// # Errors
/// Any database error; [`StoreError::Taken`] when a group kept by hand has the name of one that would become so.
pub async fn delete(tx: &Tx, scope: &OrgScope, id: ConnectorId) -> Result<(), StoreError> {
    groups::Entity::update_many()
        .col_expr(groups::Column::ScopeId, Expr::value(scope.uuid()))
        .filter(groups::Column::ConnectorId.eq(id.as_uuid()))
        .exec(tx.connection())
        .await?;
    connectors::Entity::delete_many()
        .filter(connectors::Column::Id.eq(id.as_uuid()))
        .filter(connectors::Column::OrganisationId.eq(scope.uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Notes when connectors were last asked and how it went.
///
/// # Errors
/// Any database error.
pub async fn note_traffic(
    tx: &Tx,
    id: ConnectorId,
    at: DateTime<Utc>,
    last_success_at: Option<DateTime<Utc>>,
    failures: i64,
) -> Result<(), StoreError> {
    let mut change = connectors::Entity::update_many()
        .col_expr(connectors::Column::LastRequestAt, Expr::value(at))
        .filter(connectors::Column::Id.eq(id.as_uuid()));
    change = match last_success_at {
        Some(success) => change
            .col_expr(connectors::Column::LastSuccessAt, Expr::value(success))
            .col_expr(connectors::Column::FailuresInARow, Expr::value(failures)),
        None => change.col_expr(
            connectors::Column::FailuresInARow,
            Expr::col(connectors::Column::FailuresInARow).add(failures),
        ),
    };
    change.exec(tx.connection()).await?;
    Ok(())
}

/// How many users and groups each connector manages.
///
/// # Errors
/// Any database error.
pub async fn counts(db: &impl Reader, scope: &OrgScope) -> Result<HashMap<ConnectorId, (u64, u64)>, StoreError> {
    let users: Vec<(Option<Uuid>, i64)> = users::Entity::find()
        .select_only()
        .column(users::Column::ConnectorId)
        .column_as(Expr::col(users::Column::Id).count(), "n")
        .filter(users::Column::OrganisationId.eq(scope.uuid()))
        .group_by(users::Column::ConnectorId)
        .into_tuple()
        .all(db.connection())
        .await?;
    let groups: Vec<(Option<Uuid>, i64)> = groups::Entity::find()
        .select_only()
        .column(groups::Column::ConnectorId)
        .column_as(Expr::col(groups::Column::Id).count(), "n")
        .filter(groups::Column::OrganisationId.eq(scope.uuid()))
        .group_by(groups::Column::ConnectorId)
        .into_tuple()
        .all(db.connection())
        .await?;
    let mut counts: HashMap<ConnectorId, (u64, u64)> = HashMap::new();
    for (connector, n) in users {
        if let Some(connector) = connector {
            counts.entry(ConnectorId::from_uuid(connector)).or_default().0 = u64::try_from(n).unwrap_or(0);
        }
    }
    for (connector, n) in groups {
        if let Some(connector) = connector {
            counts.entry(ConnectorId::from_uuid(connector)).or_default().1 = u64::try_from(n).unwrap_or(0);
        }
    }
    Ok(counts)
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

/// An account that a directory wanted to create and that exists unmanaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchRecord {
    /// Its id.
    pub id: MatchId,
    /// The existing account.
    pub user: UserId,
    /// The login name that was sent.
    pub user_name: String,
    /// The external id that was sent.
    pub external_id: Option<String>,
    /// How often.
    pub times: i64,
    /// When first.
    pub first_seen_at: DateTime<Utc>,
    /// When last.
    pub last_seen_at: DateTime<Utc>,
}

/// Notes that a directory wanted an account.
///
/// # Errors
/// Any database error.
pub async fn note_match(tx: &Tx, scope: &OrgScope, connector: ConnectorId, record: &MatchRecord) -> Result<(), StoreError> {
    matches::Entity::insert(matches::ActiveModel {
        id: Set(record.id.as_uuid()),
        organisation_id: Set(scope.uuid()),
        connector_id: Set(connector.as_uuid()),
        user_id: Set(record.user.as_uuid()),
        user_name: Set(record.user_name.clone()),
        external_id: Set(record.external_id.clone()),
        state: Set("open".to_owned()),
        times: Set(1),
        first_seen_at: Set(record.first_seen_at),
        last_seen_at: Set(record.last_seen_at),
    })
    .on_conflict(
        OnConflict::columns([matches::Column::ConnectorId, matches::Column::UserId])
            .update_columns([
                matches::Column::UserName,
                matches::Column::ExternalId,
                matches::Column::LastSeenAt,
            ])
            .value(
                matches::Column::Times,
                Expr::col((matches::Entity, matches::Column::Times)).add(1),
            )
            .to_owned(),
    )
    .exec_without_returning(tx.connection())
    .await?;
    Ok(())
}

/// Open matches of a connector, the latest first, at most 50.
///
/// # Errors
/// Any database error.
pub async fn list_matches(db: &impl Reader, scope: &OrgScope, connector: ConnectorId) -> Result<Vec<MatchRecord>, StoreError> {
    let rows = matches::Entity::find()
        .filter(matches::Column::OrganisationId.eq(scope.uuid()))
        .filter(matches::Column::ConnectorId.eq(connector.as_uuid()))
        .filter(matches::Column::State.eq("open"))
        .order_by_desc(matches::Column::LastSeenAt)
        .limit(50)
        .all(db.connection())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| MatchRecord {
            id: MatchId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            user_name: row.user_name,
            external_id: row.external_id,
            times: row.times,
            first_seen_at: row.first_seen_at,
            last_seen_at: row.last_seen_at,
        })
        .collect())
}

/// How many matches of a connector are open.
///
/// # Errors
/// Any database error.
pub async fn count_matches(db: &impl Reader, scope: &OrgScope, connector: ConnectorId) -> Result<u64, StoreError> {
    Ok(matches::Entity::find()
        .filter(matches::Column::OrganisationId.eq(scope.uuid()))
        .filter(matches::Column::ConnectorId.eq(connector.as_uuid()))
        .filter(matches::Column::State.eq("open"))
        .count(db.connection())
        .await?)
}
