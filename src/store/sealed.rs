//! Columns that hold sealed secrets, for the exchange of the master key (security rule S47).

use sea_orm::prelude::{Expr, Uuid};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::connectors;
use super::{Reader, Store, StoreError, Tx};

/// A column that holds sealed secrets. What is sealed there names its place by [`table`](Self::table),
/// [`column`](Self::column), row and organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedColumn {
    /// The secret with which a connector's OpenID Connect client proves itself.
    ConnectorClientSecret,
}

/// A sealed secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSecret {
    /// Its row.
    pub row: Uuid,
    /// The organisation of the row.
    pub organisation: Uuid,
    /// As stored.
    pub text: String,
}

impl SealedColumn {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::ConnectorClientSecret];

    /// Name of the table.
    pub const fn table(self) -> &'static str {
        match self {
            Self::ConnectorClientSecret => "connectors",
        }
    }

    /// Name of the column.
    pub const fn column(self) -> &'static str {
        match self {
            Self::ConnectorClientSecret => "client_secret",
        }
    }
}

/// Secrets that another key than this one sealed, in the order of their rows, after a row.
///
/// # Errors
/// Any database error.
pub async fn list_of_other_keys(
    db: &impl Reader,
    column: SealedColumn,
    key_id: &str,
    after: Uuid,
    limit: u64,
) -> Result<Vec<SealedSecret>, StoreError> {
    let rows: Vec<(Uuid, Uuid, String)> = match column {
        SealedColumn::ConnectorClientSecret => {
            connectors::Entity::find()
                .select_only()
                .column(connectors::Column::Id)
                .column(connectors::Column::OrganisationId)
                .column(connectors::Column::ClientSecret)
                .filter(connectors::Column::ClientSecret.is_not_null())
                // The id is hexadecimal: it holds nothing that LIKE reads otherwise.
                .filter(connectors::Column::ClientSecret.not_like(format!("v1:{key_id}:%")))
                .filter(connectors::Column::Id.gt(after))
                .order_by_asc(connectors::Column::Id)
                .limit(limit)
                .into_tuple()
                .all(db.connection())
                .await?
        }
    };
    Ok(rows
        .into_iter()
        .map(|(row, organisation, text)| SealedSecret { row, organisation, text })
        .collect())
}

/// Writes a secret that was sealed again, unless somebody has written another one meanwhile.
///
/// # Errors
/// Any database error.
pub async fn replace(tx: &Tx, column: SealedColumn, before: &SealedSecret, text: &str) -> Result<(), StoreError> {
    match column {
        SealedColumn::ConnectorClientSecret => {
            connectors::Entity::update_many()
                .col_expr(connectors::Column::ClientSecret, Expr::value(text))
                .filter(connectors::Column::Id.eq(before.row))
                .filter(connectors::Column::ClientSecret.eq(before.text.as_str()))
                .exec(tx.connection())
                .await?;
        }
    }
    Ok(())
}

/// Waits until no other transaction is writing sealed or signed rows, and lets none begin to until this one ends. SQLite has one
/// writer anyway.
///
/// # Errors
/// [`StoreError::Busy`] when writers and this one waited for each other; the transaction may be repeated.
pub async fn keep_writers_out(tx: &Tx, store: &Store) -> Result<(), StoreError> {
    if !store.is_sqlite() {
        tx.connection()
            .execute_unprepared("LOCK TABLE connectors, audit_heads IN SHARE MODE")
            .await?;
    }
    Ok(())
}
