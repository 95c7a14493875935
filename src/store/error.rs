//! What can go wrong with the database, told apart as far as callers act on it.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique index refused the row. `field` is the name that callers use for what was taken.
    #[error("{field} is taken")]
    Taken {
        /// Which field.
        field: &'static str,
    },
    /// A lock was not to be had, or the database asked to try again. The transaction may be repeated.
    #[error("the database is busy")]
    Busy(#[source] DbErr),
    /// The database cannot be reached or answers no more.
    #[error("the database is not available")]
    Unavailable(#[source] DbErr),
    /// A row holds what it cannot hold.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// Anything else.
    #[error("database error")]
    Database(#[source] DbErr),
}

impl StoreError {
    /// Whether repeating the whole transaction may help.
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Busy(_) => true,
            Self::Taken { .. } | Self::Unavailable(_) | Self::Damaged(_) | Self::Database(_) => false,
        }
    }
}

/// Index names, as `migrations` builds them, and the field that each guards.
const UNIQUE_FIELDS: &[(&str, &str)] = &[
    ("ix_users_organisation_id_user_name_key", "user_name"),
    ("ix_users_organisation_id_identity_id", "identity"),
    ("ix_groups_scope_id_name_key", "name"),
    ("ix_connectors_organisation_id_name_key", "name"),
    ("ix_organisations_name_key", "name"),
    ("ix_roles_organisation_id_name_key", "name"),
    ("ix_local_credentials_login_name_key", "email"),
    ("ix_local_credentials_identity_id", "identity"),
    ("ix_installation_facts_name", "name"),
    ("installation_facts_pkey", "name"),
    ("ix_metadata_keys_organisation_id_name_key", "name"),
    ("ix_folders_organisation_id_external_id", "external_id"),
];

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() {
            // PostgreSQL names the index; SQLite names `table.column, table.column`.
            let columns = message.rsplit("failed: ").next().unwrap_or_default();
            let table = columns.split('.').next().unwrap_or_default();
            let rebuilt = format!("ix_{table}_{}", columns.replace(&format!("{table}."), "").replace(", ", "_"));
            let field = UNIQUE_FIELDS
                .iter()
                .find(|(index, _)| message.contains(index) || rebuilt.starts_with(index));
            // An index that callers do not know of guards what they cannot choose: that it refuses is a fault of ours.
            return match field {
                Some((_, field)) => Self::Taken { field },
                None => Self::Database(error),
            };
        }
        if is_busy(&error) {
            return Self::Busy(error);
        }
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(error),
            other => match runtime(&other) {
                Some(
                    sea_orm::sqlx::Error::Io(_)
                    | sea_orm::sqlx::Error::PoolTimedOut
                    | sea_orm::sqlx::Error::PoolClosed
                    | sea_orm::sqlx::Error::WorkerCrashed,
                ) => Self::Unavailable(other),
                _ => Self::Database(other),
            },
        }
    }
}

fn runtime(error: &DbErr) -> Option<&sea_orm::sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(inner))
        | DbErr::Exec(RuntimeErr::SqlxError(inner))
        | DbErr::Query(RuntimeErr::SqlxError(inner)) => Some(inner),
        _ => None,
    }
}

/// SQLite: BUSY (5), LOCKED (6) and their extended codes. PostgreSQL: serialisation failure, deadlock, lock not available,
/// <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
fn is_busy(error: &DbErr) -> bool {
    let Some(code) = runtime(error)
        .and_then(|inner| inner.as_database_error())
        .and_then(|database| database.code())
    else {
        return false;
    };
    matches!(
        code.as_ref(),
        "5" | "6" | "261" | "262" | "517" | "518" | "773" | "40001" | "40P01" | "55P03"
    )
}
