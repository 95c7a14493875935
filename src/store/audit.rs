//! The audit log: appended to inside the transaction of what it tells, never changed.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::{audit_details as details, audit_heads as heads, audit_log as log};
use super::{OrgScope, Reader, StoreError, Tx};
use crate::domain::ids::{AuditEntryId, OrganisationId};

/// A chain: that of an organisation, or that of events which concern none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain(Uuid);

impl Chain {
    /// The chain of events that concern no organisation.
    pub const INSTALLATION: Self = Self(Uuid::nil());

    /// The chain of the organisation in scope.
    pub const fn of(scope: &OrgScope) -> Self {
        Self(scope.uuid())
    }

    /// A chain by organisation, for verification on the command line; reading it reveals nothing of its rows.
    pub const fn of_organisation(id: OrganisationId) -> Self {
        Self(id.as_uuid())
    }

    /// As hashed and shown.
    pub const fn id(&self) -> Uuid {
        self.0
    }
}

/// A row of the chained part, with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its id.
    pub id: AuditEntryId,
    /// Its place, from 1 without gaps.
    pub sequence: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Kind of the actor.
    pub actor_kind: String,
    /// Id of the actor.
    pub actor_id: Option<String>,
    /// The session or secret that was used.
    pub credential_id: Option<String>,
    /// What was done.
    pub action: String,
    /// Kind of the target.
    pub target_kind: Option<String>,
    /// Id of the target.
    pub target_id: Option<String>,
    /// How it ended.
    pub result: String,
    /// The request.
    pub request_id: String,
    /// Salted hash of the erasable part.
    pub details_hash: Vec<u8>,
    /// Hash of the row before.
    pub previous_hash: Vec<u8>,
    /// Hash of this row.
    pub hash: Vec<u8>,
}

/// The erasable part of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditDetails {
    /// What the hash was salted with.
    pub salt: Vec<u8>,
    /// JSON text.
    pub text: String,
}

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Sequence of the last row; 0 for none.
    pub sequence: i64,
    /// Hash of the last row.
    pub hash: Vec<u8>,
    /// Signature over both, by a key that the database does not hold.
    pub signature: Vec<u8>,
}

/// The end of a chain, locked until the transaction ends, so that the next row follows it. A chain without rows gets its
/// empty head first.
///
/// # Errors
/// Any database error.
pub async fn lock_head(tx: &Tx, chain: Chain, empty: &Head) -> Result<Head, StoreError> {
    let locked = async || heads::Entity::find_by_id(chain.0).lock_exclusive().one(tx.connection()).await;
    let found = match locked().await? {
        Some(found) => found,
        None => {
            heads::Entity::insert(heads::ActiveModel {
                chain_id: Set(chain.0),
                sequence: Set(empty.sequence),
                hash: Set(empty.hash.clone()),
                signature: Set(empty.signature.clone()),
            })
            .on_conflict(OnConflict::column(heads::Column::ChainId).do_nothing().to_owned())
            .exec_without_returning(tx.connection())
            .await?;
            locked()
                .await?
                .ok_or_else(|| StoreError::Damaged("an audit chain without head".to_owned()))?
        }
    };
    Ok(head(found))
}

/// Appends a row and moves the head to it.
///
/// # Errors
/// Any database error; the transaction must then not be committed.
pub async fn append(tx: &Tx, chain: Chain, row: &AuditRow, erasable: &AuditDetails, signature: &[u8]) -> Result<(), StoreError> {
    log::ActiveModel {
        id: Set(row.id.as_uuid()),
        chain_id: Set(chain.0),
        sequence: Set(row.sequence),
        at: Set(row.at),
        actor_kind: Set(row.actor_kind.clone()),
        actor_id: Set(row.actor_id.clone()),
        credential_id: Set(row.credential_id.clone()),
        action: Set(row.action.clone()),
        target_kind: Set(row.target_kind.clone()),
        target_id: Set(row.target_id.clone()),
        result: Set(row.result.clone()),
        request_id: Set(row.request_id.clone()),
        details_hash: Set(row.details_hash.clone()),
        previous_hash: Set(row.previous_hash.clone()),
        hash: Set(row.hash.clone()),
    }
    .insert(tx.connection())
    .await?;
    details::ActiveModel {
        id: Set(row.id.as_uuid()),
        chain_id: Set(chain.0),
        salt: Set(erasable.salt.clone()),
        details: Set(erasable.text.clone()),
    }
    .insert(tx.connection())
    .await?;
    heads::ActiveModel {
        chain_id: sea_orm::ActiveValue::Unchanged(chain.0),
        sequence: Set(row.sequence),
        hash: Set(row.hash.clone()),
        signature: Set(signature.to_vec()),
    }
    .update(tx.connection())
    .await?;
    Ok(())
}

/// The end of a chain that has one, locked until the transaction ends.
///
/// # Errors
/// Any database error.
pub async fn find_head_for_update(tx: &Tx, chain: Chain) -> Result<Option<Head>, StoreError> {
    let found = heads::Entity::find_by_id(chain.0)
        .lock_exclusive()
        .one(tx.connection())
        .await?;
    Ok(found.map(head))
}

/// Writes another signature over the same end of a chain.
///
/// # Errors
/// Any database error.
pub async fn replace_signature(tx: &Tx, chain: Chain, signature: &[u8]) -> Result<(), StoreError> {
    heads::ActiveModel {
        chain_id: sea_orm::ActiveValue::Unchanged(chain.0),
        signature: Set(signature.to_vec()),
        ..Default::default()
    }
    .update(tx.connection())
    .await?;
    Ok(())
}

fn head(row: heads::Model) -> Head {
    Head {
        sequence: row.sequence,
        hash: row.hash,
        signature: row.signature,
    }
}

/// What a list of rows is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter<'a> {
    /// Beginning of the action.
    pub action: &'a str,
    /// Exactly this target.
    pub target_id: Option<&'a str>,
    /// Exactly this actor.
    pub actor_id: Option<&'a str>,
    /// Rows before this sequence.
    pub before: Option<i64>,
}

/// Rows of the organisation's chain, newest first, with what is left of their erasable part.
///
/// # Errors
/// Any database error.
pub async fn list(
    db: &impl Reader,
    scope: &OrgScope,
    filter: &AuditFilter<'_>,
    limit: u64,
) -> Result<Vec<(AuditRow, Option<AuditDetails>)>, StoreError> {
    let mut rows = log::Entity::find().filter(log::Column::ChainId.eq(scope.uuid()));
    if !filter.action.is_empty() {
        // A range instead of LIKE: the index serves it on both databases and no character has a meaning of its own.
        rows = rows
            .filter(log::Column::Action.gte(filter.action))
            .filter(log::Column::Action.lt(format!("{}\u{10ffff}", filter.action)));
    }
    if let Some(target) = filter.target_id {
        rows = rows.filter(log::Column::TargetId.eq(target));
    }
    if let Some(actor) = filter.actor_id {
        rows = rows.filter(log::Column::ActorId.eq(actor));
    }
    if let Some(before) = filter.before {
        rows = rows.filter(log::Column::Sequence.lt(before));
    }
    let rows = rows
        .order_by_desc(log::Column::Sequence)
        .limit(limit)
        .all(db.connection())
        .await?;
    with_details(db, rows).await
}

/// Rows of a chain from a sequence on, oldest first, for verification.
///
/// # Errors
/// Any database error.
pub async fn read_chain(
    db: &impl Reader,
    chain: Chain,
    after: i64,
    limit: u64,
) -> Result<Vec<(AuditRow, Option<AuditDetails>)>, StoreError> {
    let rows = log::Entity::find()
        .filter(log::Column::ChainId.eq(chain.0))
        .filter(log::Column::Sequence.gt(after))
        .order_by_asc(log::Column::Sequence)
        .limit(limit)
        .all(db.connection())
        .await?;
    with_details(db, rows).await
}

/// The end of a chain; none where nothing was ever appended.
///
/// # Errors
/// Any database error.
pub async fn find_head(db: &impl Reader, chain: Chain) -> Result<Option<Head>, StoreError> {
    Ok(heads::Entity::find_by_id(chain.0).one(db.connection()).await?.map(head))
}

/// All chains with their ends, for the hourly export.
///
/// # Errors
/// Any database error.
pub async fn list_heads(db: &impl Reader) -> Result<Vec<(Chain, Head)>, StoreError> {
    let rows = heads::Entity::find()
        .order_by_asc(heads::Column::ChainId)
        .all(db.connection())
        .await?;
    Ok(rows.into_iter().map(|row| (Chain(row.chain_id), head(row))).collect())
}

async fn with_details(db: &impl Reader, rows: Vec<log::Model>) -> Result<Vec<(AuditRow, Option<AuditDetails>)>, StoreError> {
    let mut found: std::collections::HashMap<Uuid, AuditDetails> = details::Entity::find()
        .filter(details::Column::Id.is_in(rows.iter().map(|row| row.id)))
        .all(db.connection())
        .await?
        .into_iter()
        .map(|row| {
            (
                row.id,
                AuditDetails {
                    salt: row.salt,
                    text: row.details,
                },
            )
        })
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let erasable = found.remove(&row.id);
            (
                AuditRow {
                    id: AuditEntryId::from_uuid(row.id),
                    sequence: row.sequence,
                    at: row.at,
                    actor_kind: row.actor_kind,
                    actor_id: row.actor_id,
                    credential_id: row.credential_id,
                    action: row.action,
                    target_kind: row.target_kind,
                    target_id: row.target_id,
                    result: row.result,
                    request_id: row.request_id,
                    details_hash: row.details_hash,
                    previous_hash: row.previous_hash,
                    hash: row.hash,
                },
                erasable,
            )
        })
        .collect())
}
