//! The store, and the transactions in which it is changed.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::StoreError;

/// The open database.
#[derive(Clone)]
pub struct Store {
    pub(in crate::store) connection: DatabaseConnection,
    /// SQLite has one writer at a time; waiting here in order is fair and cheap, waiting in SQLite is neither.
    writer: Option<Arc<Semaphore>>,
}

/// A transaction. Dropped without [`commit`](Tx::commit), it leaves nothing behind.
pub struct Tx {
    inner: DatabaseTransaction,
    _turn: Option<OwnedSemaphorePermit>,
}

/// What can be read from: the store itself, or a transaction that sees its own changes.
pub trait Reader: Sync {
    /// The connection's type.
    type Connection: ConnectionTrait;
    /// The connection.
    fn connection(&self) -> &Self::Connection;
}

impl Reader for Store {
    type Connection = DatabaseConnection;
    fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }
}

impl Reader for Tx {
    type Connection = DatabaseTransaction;
    fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

/// How often a transaction that found no lock is begun again, and how long the wait grows.
const BEGIN_TRIES: u32 = 5;

impl Store {
    pub(in crate::store) fn new(connection: DatabaseConnection) -> Self {
        let writer = (connection.get_database_backend() == DatabaseBackend::Sqlite).then(|| Arc::new(Semaphore::new(1)));
        Self { connection, writer }
    }

    /// Begins a transaction that will write. On SQLite it holds the write lock from its first moment (`BEGIN IMMEDIATE`),
    /// because a lock that is upgraded later fails at once where another connection has written meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another process keeps the lock for too long, [`StoreError::Unavailable`] without database.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let turn = match &self.writer {
            Some(writer) => writer.clone().acquire_owned().await.ok(),
            None => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let mut tries = 0;
        loop {
            match self.connection.begin_with_options(options).await.map_err(StoreError::from) {
                Ok(inner) => return Ok(Tx { inner, _turn: turn }),
                Err(error) if error.is_retryable() && tries < BEGIN_TRIES => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(20 << tries)).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.connection.ping().await.map_err(StoreError::Unavailable)
    }

    /// Whether this is SQLite, which is backed up and restored as a file.
    pub fn is_sqlite(&self) -> bool {
        self.writer.is_some()
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    ///
    /// # Errors
    /// Any database error on the way.
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.connection.close().await?)
    }
}

impl Tx {
    /// Makes everything done in the transaction permanent. When this returns, it is on disk.
    ///
    /// # Errors
    /// Any database error; then nothing was changed.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.inner.commit().await?)
    }
}
