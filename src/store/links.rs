//! One-time links: set-up, recovery, invitation. Only the hash of the token is kept.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};

use super::entities::one_time_links as links;
use super::{Reader, StoreError, Tx};
use crate::domain::ids::IdentityId;

/// What a link is for. A token made for one purpose opens no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Making the first operator.
    Setup,
    /// Setting a new password for a built-in login.
    Recovery,
}

impl LinkPurpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Recovery => "recovery",
        }
    }
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRecord {
    /// Its id.
    pub id: Uuid,
    /// Whose account it opens.
    pub identity: Option<IdentityId>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
}

impl LinkRecord {
    /// Whether it was neither used nor has come to its end.
    pub fn is_usable(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && now < self.expires_at
    }
}

/// Makes a link, and takes older ones of the same purpose and account away.
///
/// # Errors
/// Any database error.
#[expect(clippy::too_many_arguments, reason = "one row, written in one place")]
pub async fn replace(
    tx: &Tx,
    id: Uuid,
    purpose: LinkPurpose,
    identity: Option<IdentityId>,
    token_hash: &[u8],
    created_by: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut older = links::Entity::delete_many()
        .filter(links::Column::Purpose.eq(purpose.name()))
        .filter(links::Column::UsedAt.is_null());
    if let Some(identity) = identity {
        older = older.filter(links::Column::IdentityId.eq(identity.as_uuid()));
    }
    older.exec(tx.connection()).await?;
    links::ActiveModel {
        id: Set(id),
        purpose: Set(purpose.name().to_owned()),
        token_hash: Set(token_hash.to_vec()),
        organisation_id: Set(None),
        identity_id: Set(identity.map(|identity| identity.as_uuid())),
        user_id: Set(None),
        created_by: Set(created_by.to_owned()),
        created_at: Set(now),
        expires_at: Set(expires_at),
        used_at: Set(None),
    }
    .insert(tx.connection())
    .await?;
    Ok(())
}

/// Takes the links of an identity away that nobody has used.
///
/// # Errors
/// Any database error.
pub async fn revoke_of_identity(tx: &Tx, identity: IdentityId) -> Result<(), StoreError> {
    links::Entity::delete_many()
        .filter(links::Column::IdentityId.eq(identity.as_uuid()))
        .filter(links::Column::UsedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// A link by the hash of its token. Looking does not use it up.
///
/// # Errors
/// Any database error.
pub async fn find(db: &impl Reader, purpose: LinkPurpose, token_hash: &[u8]) -> Result<Option<LinkRecord>, StoreError> {
    let found = links::Entity::find()
        .filter(links::Column::TokenHash.eq(token_hash.to_vec()))
        .filter(links::Column::Purpose.eq(purpose.name()))
        .one(db.connection())
        .await?;
    Ok(found.map(|row| LinkRecord {
        id: row.id,
        identity: row.identity_id.map(IdentityId::from_uuid),
        expires_at: row.expires_at,
        used_at: row.used_at,
    }))
}

/// Uses a link up. Of several at once exactly one is told `true`.
///
/// # Errors
/// Any database error.
pub async fn claim(tx: &Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let outcome = links::Entity::update_many()
        .col_expr(links::Column::UsedAt, Expr::value(now))
        .filter(links::Column::Id.eq(id))
        .filter(links::Column::UsedAt.is_null())
        .filter(links::Column::ExpiresAt.gt(now))
        .exec(tx.connection())
        .await?;
    Ok(outcome.rows_affected == 1)
}
