//! Signed-in browsers. The cookie's token is kept as a hash; everything about rights is read anew at each request.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::prelude::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::entities::sessions;
use super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::ids::{IdentityId, OrganisationId, RoleId, SessionId, UserId};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its id, which is not the cookie.
    pub id: SessionId,
    /// Who signed in.
    pub identity: IdentityId,
    /// The account in view.
    pub user: Option<UserId>,
    /// The organisation in view.
    pub organisation: Option<OrganisationId>,
    /// By what (`password`).
    pub method: String,
    /// When the person last proved who they are.
    pub authenticated_at: DateTime<Utc>,
    /// When the session began.
    pub created_at: DateTime<Utc>,
    /// Last use, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends whatever happens.
    pub expires_at: DateTime<Utc>,
    /// Address of the browser.
    pub ip: String,
    /// What the browser calls itself.
    pub user_agent: String,
    /// The role that the account held when the session id was made; another one now asks for a new id.
    pub rights_role: Option<RoleId>,
}

/// Begins a session.
///
/// # Errors
/// Any database error.
pub async fn create(tx: &Tx, record: &SessionRecord, token_hash: &[u8]) -> Result<(), StoreError> {
    sessions::ActiveModel {
        id: Set(record.id.as_uuid()),
        token_hash: Set(token_hash.to_vec()),
        identity_id: Set(record.identity.as_uuid()),
        organisation_id: Set(record.organisation.map(|id| id.as_uuid())),
        user_id: Set(record.user.map(|id| id.as_uuid())),
        method: Set(record.method.clone()),
        connector_id: Set(None),
        authenticated_at: Set(record.authenticated_at),
        created_at: Set(record.created_at),
        last_seen_at: Set(record.last_seen_at),
        expires_at: Set(record.expires_at),
        ip: Set(record.ip.clone()),
        user_agent: Set(record.user_agent.clone()),
        rights_role_id: Set(record.rights_role.map(|id| id.as_uuid())),
    }
    .insert(tx.connection())
    .await?;
    Ok(())
}

/// The session of a cookie, with the scope of the organisation in view.
///
/// # Errors
/// Any database error.
pub async fn authenticate(db: &impl Reader, token_hash: &[u8]) -> Result<Option<(SessionRecord, Option<OrgScope>)>, StoreError> {
    let found = sessions::Entity::find()
        .filter(sessions::Column::TokenHash.eq(token_hash.to_vec()))
        .one(db.connection())
        .await?;
    Ok(found.map(|row| {
        let scope = row.organisation_id.map(OrgScope::proven);
        (record(row), scope)
    }))
}

/// Gives a session a new cookie in the place of the old one, which is dead at once. Of several at once exactly one is told
/// `true`; a session that is over stays so.
///
/// # Errors
/// Any database error.
pub async fn renew(
    tx: &Tx,
    id: SessionId,
    old_token_hash: &[u8],
    token_hash: &[u8],
    rights_role: Option<RoleId>,
) -> Result<bool, StoreError> {
    let outcome = sessions::Entity::update_many()
        .col_expr(sessions::Column::TokenHash, Expr::value(token_hash.to_vec()))
        .col_expr(
            sessions::Column::RightsRoleId,
            Expr::value(rights_role.map(|id| id.as_uuid())),
        )
        .filter(sessions::Column::Id.eq(id.as_uuid()))
        .filter(sessions::Column::TokenHash.eq(old_token_hash.to_vec()))
        .exec(tx.connection())
        .await?;
    Ok(outcome.rows_affected == 1)
}

/// Whether a session has not been ended, whatever its cookie is by now.
///
/// # Errors
/// Any database error.
pub async fn is_there(db: &impl Reader, id: SessionId) -> Result<bool, StoreError> {
    Ok(sessions::Entity::find_by_id(id.as_uuid()).count(db.connection()).await? > 0)
}

/// Notes that a session was used.
///
/// # Errors
/// Any database error.
pub async fn touch(tx: &Tx, id: SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::LastSeenAt, Expr::value(now))
        .filter(sessions::Column::Id.eq(id.as_uuid()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Ends one session; tells whether there was one.
///
/// # Errors
/// Any database error.
pub async fn end(tx: &Tx, id: SessionId) -> Result<bool, StoreError> {
    Ok(sessions::Entity::delete_by_id(id.as_uuid())
        .exec(tx.connection())
        .await?
        .rows_affected
        > 0)
}

/// Ends all sessions that have this account in view; tells how many.
///
/// # Errors
/// Any database error.
pub async fn end_of_user(tx: &Tx, scope: &OrgScope, user: UserId) -> Result<u64, StoreError> {
    Ok(sessions::Entity::delete_many()
        .filter(sessions::Column::OrganisationId.eq(scope.uuid()))
        .filter(sessions::Column::UserId.eq(user.as_uuid()))
        .exec(tx.connection())
        .await?
        .rows_affected)
}

/// Ends all sessions of a person but perhaps one; tells how many.
///
/// # Errors
/// Any database error.
pub async fn end_of_identity(tx: &Tx, identity: IdentityId, except: Option<SessionId>) -> Result<u64, StoreError> {
    let mut ended = sessions::Entity::delete_many().filter(sessions::Column::IdentityId.eq(identity.as_uuid()));
    if let Some(except) = except {
        ended = ended.filter(sessions::Column::Id.ne(except.as_uuid()));
    }
    Ok(ended.exec(tx.connection()).await?.rows_affected)
}

/// Takes away sessions that ended by themselves.
///
/// # Errors
/// Any database error.
pub async fn forget_expired(tx: &Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(sessions::Entity::delete_many()
        .filter(sessions::Column::ExpiresAt.lt(now))
        .exec(tx.connection())
        .await?
        .rows_affected)
}

/// The sessions of a person, newest first.
///
/// # Errors
/// Any database error.
pub async fn list_of_identity(db: &impl Reader, identity: IdentityId) -> Result<Vec<SessionRecord>, StoreError> {
    let rows = sessions::Entity::find()
        .filter(sessions::Column::IdentityId.eq(identity.as_uuid()))
        .order_by_desc(sessions::Column::CreatedAt)
        .all(db.connection())
        .await?;
    Ok(rows.into_iter().map(record).collect())
}

/// The sessions that have an account in view, newest first.
///
/// # Errors
/// Any database error.
pub async fn list_of_user(db: &impl Reader, scope: &OrgScope, user: UserId) -> Result<Vec<SessionRecord>, StoreError> {
    let rows = sessions::Entity::find()
        .filter(sessions::Column::OrganisationId.eq(scope.uuid()))
        .filter(sessions::Column::UserId.eq(user.as_uuid()))
        .order_by_desc(sessions::Column::CreatedAt)
        .all(db.connection())
        .await?;
    Ok(rows.into_iter().map(record).collect())
}

/// How many sessions have an account in view, of those that have not come to their end and were used after a moment.
///
/// # Errors
/// Any database error.
pub async fn count_of_user(
    db: &impl Reader,
    scope: &OrgScope,
    user: UserId,
    now: DateTime<Utc>,
    idle_since: DateTime<Utc>,
) -> Result<u64, StoreError> {
    Ok(sessions::Entity::find()
        .filter(sessions::Column::OrganisationId.eq(scope.uuid()))
        .filter(sessions::Column::UserId.eq(user.as_uuid()))
        .filter(sessions::Column::ExpiresAt.gt(now))
        .filter(sessions::Column::LastSeenAt.gt(idle_since))
        .count(db.connection())
        .await?)
}

fn record(row: sessions::Model) -> SessionRecord {
    SessionRecord {
        id: SessionId::from_uuid(row.id),
        identity: IdentityId::from_uuid(row.identity_id),
        user: row.user_id.map(UserId::from_uuid),
        organisation: row.organisation_id.map(OrganisationId::from_uuid),
        method: row.method,
        authenticated_at: row.authenticated_at,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        ip: row.ip,
        user_agent: row.user_agent,
        rights_role: row.rights_role_id.map(RoleId::from_uuid),
    }
}

/// Writes when the person last proved who they are, for a session that another one turned into.
///
/// # Errors
/// Any database error.
pub async fn keep_authentication(tx: &Tx, id: SessionId, authenticated_at: DateTime<Utc>) -> Result<(), StoreError> {
    sessions::ActiveModel {
        id: Unchanged(id.as_uuid()),
        authenticated_at: Set(authenticated_at),
        ..Default::default()
    }
    .update(tx.connection())
    .await?;
    Ok(())
}

/// Gives a session a new cookie in the place of the old one after the person has proved who they are once more; tells when the
/// session ends, or nothing when it is over or has another cookie by now.
///
/// # Errors
/// Any database error.
pub async fn replace_token(
    tx: &Tx,
    id: SessionId,
    old_token_hash: &[u8],
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let outcome = sessions::Entity::update_many()
        .col_expr(sessions::Column::TokenHash, Expr::value(token_hash.to_vec()))
        .col_expr(sessions::Column::AuthenticatedAt, Expr::value(now))
        .col_expr(sessions::Column::LastSeenAt, Expr::value(now))
        .filter(sessions::Column::Id.eq(id.as_uuid()))
        .filter(sessions::Column::TokenHash.eq(old_token_hash.to_vec()))
        .exec(tx.connection())
        .await?;
    if outcome.rows_affected == 0 {
        return Ok(None);
    }
    let found = sessions::Entity::find_by_id(id.as_uuid()).one(tx.connection()).await?;
    Ok(found.map(|row| row.expires_at))
}
