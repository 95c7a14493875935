//! Writes what is known only when a request was answered: in batches, off the request's path.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::outcome::{Outcome, outcome};
use crate::domain::ids::{ConnectorId, CredentialId};
use crate::domain::record::EntryRecord;
use crate::service::Error;
use crate::service::error::retrying;
use crate::store::provisioning as rows;
use crate::store::{Store, StoreError, connectors};

/// What the writer is told.
enum Message {
    /// A request was answered. `last_used_at` is what the secret's row said when it was read.
    Answered {
        entry: Box<EntryRecord>,
        last_used_at: Option<DateTime<Utc>>,
    },
    /// Write everything told so far, then answer.
    Flush(oneshot::Sender<()>),
}

/// Writes the log in batches.
pub struct Recorder {
    sender: mpsc::Sender<Message>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// A batch is written when it has waited this long, or is full.
const BATCH_WAIT: Duration = Duration::from_millis(150);
const BATCH_SIZE: usize = 500;
/// The use of a secret is noted at most this often (security rule S26).
const TOUCH_EVERY: chrono::Duration = chrono::Duration::seconds(60);

impl Recorder {
    /// Starts the writer. At most 10 000 answered requests wait for it; beyond that answering waits as well.
    pub fn start(store: Store) -> Self {
        let (sender, receiver) = mpsc::channel(10_000);
        Self {
            sender,
            writer: Mutex::new(Some(tokio::spawn(write_batches(store, receiver)))),
        }
    }

    /// Hands an answered request over.
    pub async fn answered(&self, entry: EntryRecord, last_used_at: Option<DateTime<Utc>>) {
        if self
            .sender
            .send(Message::Answered {
                entry: Box::new(entry),
                last_used_at,
            })
            .await
            .is_err()
        {
            tracing::error!("the writer of the provisioning log has ended");
        }
    }

    /// Waits until everything handed over so far is in the database.
    pub async fn flush(&self) {
        let (done, waiting) = oneshot::channel();
        if self.sender.send(Message::Flush(done)).await.is_ok() {
            // An error means that the writer has ended, and with it everything that waited for it was written.
            drop(waiting.await);
        }
    }

    /// Writes what is left and ends the writer.
    pub async fn shutdown(&self) {
        self.flush().await;
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            writer.abort();
        }
    }
}

async fn write_batches(store: Store, mut receiver: mpsc::Receiver<Message>) {
    let mut touched: HashMap<CredentialId, DateTime<Utc>> = HashMap::new();
    let mut messages = Vec::with_capacity(BATCH_SIZE);
    while receiver.recv_many(&mut messages, BATCH_SIZE).await > 0 {
        if messages.len() < BATCH_SIZE && !messages.iter().any(|message| matches!(message, Message::Flush(_))) {
            tokio::time::sleep(BATCH_WAIT).await;
            while messages.len() < BATCH_SIZE {
                let Ok(message) = receiver.try_recv() else { break };
                messages.push(message);
            }
        }
        let mut entries = Vec::with_capacity(messages.len());
        let mut flushed = Vec::new();
        for message in messages.drain(..) {
            match message {
                Message::Answered { entry, last_used_at } => entries.push((*entry, last_used_at)),
                Message::Flush(done) => flushed.push(done),
            }
        }
        let written = retrying(|| async { write(&store, &entries, &touched).await.map_err(Error::from) }).await;
        match written {
            Ok(new) => touched = new,
            // Changes are in the database already; what is lost is the row of reads and refusals.
            Err(error) => tracing::error!(error = ?error, entries = entries.len(), "the provisioning log could not be written"),
        }
        for done in flushed {
            if done.send(()).is_err() {
                tracing::debug!("nobody waits for the flush any more");
            }
        }
    }
}

/// What a batch of entries says about a connector.
#[derive(Default)]
struct Traffic {
    last_at: DateTime<Utc>,
    last_success_at: Option<DateTime<Utc>>,
    failures_since: i64,
}

async fn write(
    store: &Store,
    entries: &[(EntryRecord, Option<DateTime<Utc>>)],
    touched: &HashMap<CredentialId, DateTime<Utc>>,
) -> std::result::Result<HashMap<CredentialId, DateTime<Utc>>, StoreError> {
    if entries.is_empty() {
        return Ok(touched.clone());
    }
    let mut touched = touched.clone();
    let tx = store.begin().await?;
    let mut named: Vec<_> = entries.iter().filter_map(|(entry, _)| entry.connector).collect();
    named.sort_unstable();
    named.dedup();
    let existing = connectors::hold_existing(&tx, &named).await?;
    // A connector that was removed after it was answered: its entries stay without it, as the older ones do, and those of all
    // others are not lost with them.
    let records: Vec<EntryRecord> = entries
        .iter()
        .map(|(entry, _)| EntryRecord {
            connector: entry.connector.filter(|connector| existing.contains(connector)),
            ..entry.clone()
        })
        .collect();
    // One row may be told twice within a batch only if ids repeat, which they do not; the statement refuses doubles.
    rows::put(&tx, &records).await?;
    let mut traffic: HashMap<ConnectorId, Traffic> = HashMap::new();
    for (entry, (_, last_used_at)) in records.iter().zip(entries) {
        if let Some(connector) = entry.connector {
            let of = traffic.entry(connector).or_default();
            of.last_at = of.last_at.max(entry.at);
            match outcome(entry.status) {
                Outcome::Success => {
                    of.last_success_at = Some(entry.at);
                    of.failures_since = 0;
                }
                Outcome::Refusal => {}
                Outcome::Failure => of.failures_since += 1,
            }
        }
        if let Some(credential) = entry.credential {
            let last = touched.get(&credential).copied().max(*last_used_at);
            if last.is_none_or(|last| entry.at - last >= TOUCH_EVERY) {
                connectors::touch_credential(&tx, credential, entry.at, &entry.ip).await?;
                touched.insert(credential, entry.at);
            }
        }
    }
    let mut traffic: Vec<_> = traffic.into_iter().collect();
    traffic.sort_by_key(|(connector, _)| *connector);
    for (connector, of) in traffic {
        connectors::note_traffic(&tx, connector, of.last_at, of.last_success_at, of.failures_since).await?;
    }
    tx.commit().await?;
    Ok(touched)
}
