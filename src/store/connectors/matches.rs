//! Accounts that a directory wanted and could not have.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::domain::ids::{ConnectorId, MatchId, UserId};
use crate::store::entities::account_matches as matches;
use crate::store::{OrgScope, Reader, StoreError, Tx};

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
