//! Connectors, their secrets, and accounts that their directories wanted and could not have.

mod credentials;
mod matches;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::sea_query::{ExprTrait, LockType};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

pub use self::credentials::*;
pub use self::matches::*;
use super::entities::{connectors, groups, users};
use super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::connector::{ConnectorKind, ProvisioningSettings};
use crate::domain::ids::ConnectorId;
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
        .filter(groups::Column::OrganisationId.eq(scope.uuid()))
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
