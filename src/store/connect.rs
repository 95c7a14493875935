//! Opening, migrating and copying the database.

use std::path::Path;
use std::time::Duration;

use migrations::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseBackend, Statement};

use super::{Store, StoreError};

/// How the database is opened.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// `sqlite://path`, `sqlite::memory:` or `postgres://…`.
    pub url: String,
    /// The most connections kept.
    pub max_connections: u32,
    /// Schema that PostgreSQL looks in; none for the default.
    pub schema: Option<String>,
}

/// How long a request waits for a connection before the database counts as away (reliability rule R6: 503 within 3 s).
const ACQUIRE_TIMEOUT: Duration = Duration::from_millis(2_500);
/// The longest a statement may run (security rule S56).
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the database; SQLite's file is made when it is missing.
///
/// SQLite runs with a write-ahead log and `synchronous=FULL`: acknowledged means on disk.
///
/// # Errors
/// [`StoreError::Unavailable`] when it cannot be opened.
pub async fn open(options: &OpenOptions) -> Result<Store, StoreError> {
    let is_memory = options.url.contains(":memory:");
    let mut connect = ConnectOptions::new(options.url.clone());
    connect
        // Every connection to `:memory:` is a database of its own.
        .max_connections(if is_memory { 1 } else { options.max_connections })
        .min_connections(1)
        .acquire_timeout(if is_memory { Duration::from_secs(30) } else { ACQUIRE_TIMEOUT })
        .sqlx_logging(false);
    if is_memory {
        connect.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    }
    if options.url.starts_with("sqlite") {
        connect.map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5))
                .foreign_keys(true)
                .pragma("trusted_schema", "OFF")
                .optimize_on_close(true, None)
        });
    } else {
        connect.statement_timeout(STATEMENT_TIMEOUT);
        if let Some(schema) = &options.schema {
            connect.set_schema_search_path(schema.clone());
        }
    }
    Ok(Store::new(Database::connect(connect).await.map_err(StoreError::Unavailable)?))
}

/// Brings the schema up to date.
///
/// # Errors
/// Any database error; each change runs in a transaction of its own where the database allows so.
pub async fn migrate(store: &Store) -> Result<(), StoreError> {
    Ok(Migrator::up(&store.connection, None).await?)
}

/// How many schema changes have not been applied yet.
///
/// # Errors
/// Any database error.
pub async fn pending_migrations(store: &Store) -> Result<usize, StoreError> {
    Ok(Migrator::get_pending_migrations(&store.connection).await?.len())
}

/// Takes every schema change back; for tests of the way down.
///
/// # Errors
/// Any database error.
pub async fn migrate_down(store: &Store) -> Result<(), StoreError> {
    Ok(Migrator::down(&store.connection, None).await?)
}

/// Writes a consistent copy of a SQLite database to `path`, while it is in use.
///
/// # Errors
/// [`StoreError::Database`] when the file exists or cannot be written.
pub async fn copy_sqlite(store: &Store, path: &Path) -> Result<(), StoreError> {
    let statement = Statement::from_sql_and_values(
        DatabaseBackend::Sqlite,
        "VACUUM INTO ?",
        [path.to_string_lossy().into_owned().into()],
    );
    store.connection.execute_raw(statement).await?;
    Ok(())
}
