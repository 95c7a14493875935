//! The provisioning log: what a directory asked, what came of it, and why.
//!
//! The row of a change is written in the transaction of the change ([`Exchange::write`]); what is known only later (duration,
//! answer) and the rows of reads and refusals are written in batches by the [`Recorder`], off the request's path.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::context::Context;
use super::{Error, Result};
use crate::domain::ids::{ConnectorId, CredentialId, ProvisioningEntryId};
use crate::domain::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page};
use crate::domain::permission::Permission;
use crate::domain::provisioning::{FieldChange, ProvisioningDetail, ProvisioningQuery, ProvisioningSummary};
use crate::domain::user::ConnectorRef;
pub use crate::store::provisioning::EntryRecord;
use crate::store::{OrgScope, Store, StoreError, Tx, connectors, provisioning as rows};

/// The most characters of a body that are kept.
pub const BODY_LIMIT: usize = 16 * 1024;

/// One request of a directory while it is being answered. The door fills in what was asked, the service layer what it was
/// about and what changed.
pub struct Exchange {
    entry: Mutex<EntryRecord>,
}

impl Exchange {
    /// A request that has been authenticated. `entry.status` is the status of success; a refusal sets another one later.
    pub const fn new(entry: EntryRecord) -> Self {
        Self {
            entry: Mutex::new(entry),
        }
    }

    /// Changes the entry.
    pub fn note(&self, change: impl FnOnce(&mut EntryRecord)) {
        change(&mut self.entry.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The entry as it stands.
    pub fn snapshot(&self) -> EntryRecord {
        self.entry.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes the row in the transaction of its change.
    pub(in crate::service) async fn write(&self, tx: &Tx) -> std::result::Result<(), StoreError> {
        rows::put(tx, &[self.snapshot()]).await
    }
}

/// Notes in the exchange, if there is one, what the change was about, and writes its row.
pub(in crate::service) async fn write_change(
    tx: &Tx,
    cx: &Context,
    kind: &str,
    id: String,
    name: &str,
    changes: Vec<FieldChange>,
) -> Result<()> {
    if let Some(exchange) = &cx.exchange {
        note_target(cx, kind, id, name);
        exchange.note(|entry| entry.changes = changes);
        exchange.write(tx).await?;
    }
    Ok(())
}

/// Notes in the exchange, if there is one, what the request is about.
pub(in crate::service) fn note_target(cx: &Context, kind: &str, id: String, name: &str) {
    if let Some(exchange) = &cx.exchange {
        exchange.note(|entry| {
            entry.target_kind = Some(kind.to_owned());
            entry.target_id = Some(id);
            entry.target_name = Some(name.to_owned());
        });
    }
}

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
        let written = super::error::retrying(|| async { write(&store, &entries, &touched).await.map_err(Error::from) }).await;
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

/// What an answer says about the connection to a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It works. 404 and 409 belong to it: directories look for what is gone, and create what is there, as part of their work.
    Success,
    /// It works, and what was sent was not accepted. By itself this counts neither way: see [`are_writes_refused`].
    Refusal,
    /// It does not work: no access, too many requests, or a fault of ours.
    Failure,
}

const fn outcome(status: u16) -> Outcome {
    match status {
        401 | 403 | 429 | 500.. => Outcome::Failure,
        404 | 409 => Outcome::Success,
        400..500 => Outcome::Refusal,
        _ => Outcome::Success,
    }
}

/// So many of a connector's last requests are looked at for [`are_writes_refused`].
const LOOKED_AT: u64 = 200;
/// So many refused writes are no oddity of one person any more.
const REFUSALS: usize = 3;

/// Whether a directory gets nothing written: among its last requests at least three writes were refused and none was carried
/// out. That its queries are answered does not help it. One write that is carried out ends this, and one odd refusal does not
/// begin it.
pub(in crate::service) async fn are_writes_refused(db: &Store, scope: &OrgScope, connector: ConnectorId) -> Result<bool> {
    let recent = rows::recent_answers(db, scope, connector, LOOKED_AT).await?;
    Ok(is_refusing(&recent))
}

fn is_refusing(recent: &[(String, u16)]) -> bool {
    let writes = || {
        recent
            .iter()
            .filter(|(method, _)| matches!(method.as_str(), "POST" | "PUT" | "PATCH" | "DELETE"))
            .map(|(_, status)| *status)
    };
    let is_refused = |status: &u16| matches!(outcome(*status), Outcome::Refusal | Outcome::Failure);
    writes().filter(is_refused).count() >= REFUSALS && !writes().any(|status| status < 400)
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

/// A page of the organisation's log, newest first.
///
/// # Errors
/// [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ProvisioningRead`].
pub async fn list(cx: &Context, query: &ProvisioningQuery) -> Result<Page<ProvisioningSummary>> {
    let scope = cx.demand(Permission::ProvisioningRead)?;
    let names = connector_names(cx, &scope).await?;
    let limit = query.limit.unwrap_or(DEFAULT_PAGE_SIZE).clamp(1, MAX_PAGE_SIZE);
    Ok(rows::list(cx.store(), &scope, query, limit)
        .await?
        .map(|entry| summary(&names, &entry)))
}

/// One entry in full.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ProvisioningRead`].
pub async fn get(cx: &Context, id: ProvisioningEntryId) -> Result<ProvisioningDetail> {
    let scope = cx.demand(Permission::ProvisioningRead)?;
    let entry = rows::find(cx.store(), &scope, id).await?.ok_or(Error::NotFound)?;
    let names = connector_names(cx, &scope).await?;
    Ok(ProvisioningDetail {
        summary: summary(&names, &entry),
        request_id: entry.request_id,
        ip: entry.ip,
        user_agent: entry.user_agent,
        target_kind: entry.target_kind,
        target_id: entry.target_id,
        changes: entry.changes,
        ignored: entry.ignored,
        detail: entry.detail,
        scim_type: entry.scim_type,
        request_body: entry.request_body,
        response_body: entry.response_body,
    })
}

fn summary(names: &HashMap<ConnectorId, ConnectorRef>, entry: &EntryRecord) -> ProvisioningSummary {
    ProvisioningSummary {
        id: entry.id,
        at: entry.at,
        connector: entry.connector.and_then(|connector| names.get(&connector).cloned()),
        method: entry.method.clone(),
        path: entry.path.clone(),
        operation: entry.operation.clone(),
        target: entry.target_name.clone(),
        status: entry.status,
        duration_us: entry.duration_us,
    }
}

/// The connectors of the organisation by id, for lists that name them.
pub(in crate::service) async fn connector_names(cx: &Context, scope: &OrgScope) -> Result<HashMap<ConnectorId, ConnectorRef>> {
    let found = connectors::list(cx.store(), scope).await?;
    Ok(found
        .into_iter()
        .map(|connector| {
            (
                connector.id,
                ConnectorRef {
                    id: connector.id,
                    name: connector.name,
                },
            )
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_says_about_the_connection() {
        for (status, expected) in [
            (200, Outcome::Success),
            (201, Outcome::Success),
            (204, Outcome::Success),
            (404, Outcome::Success),
            (409, Outcome::Success),
            (400, Outcome::Refusal),
            (412, Outcome::Refusal),
            (413, Outcome::Refusal),
            (422, Outcome::Refusal),
            (401, Outcome::Failure),
            (403, Outcome::Failure),
            (429, Outcome::Failure),
            (500, Outcome::Failure),
            (503, Outcome::Failure),
        ] {
            assert_eq!(outcome(status), expected, "{status}");
        }
    }

    #[test]
    fn writes_are_refused_when_several_were_and_none_was_carried_out() {
        let table: [(&[(&str, u16)], bool); 8] = [
            (&[], false),
            (&[("GET", 200), ("POST", 400)], false),
            (&[("GET", 400), ("GET", 400), ("GET", 400)], false),
            (
                &[("POST", 400), ("GET", 200), ("PATCH", 429), ("GET", 200), ("PUT", 413)],
                true,
            ),
            (&[("POST", 400), ("POST", 400), ("POST", 400), ("PATCH", 200)], false),
            (&[("POST", 409), ("DELETE", 404), ("POST", 409), ("POST", 400)], false),
            (&[("POST", 400), ("POST", 400), ("POST", 400), ("POST", 409)], true),
            (&[("POST", 400), ("POST", 400), ("POST", 400), ("DELETE", 204)], false),
        ];
        for (recent, expected) in table {
            let recent: Vec<_> = recent
                .iter()
                .map(|(method, status)| ((*method).to_owned(), *status))
                .collect();
            assert_eq!(is_refusing(&recent), expected, "{recent:?}");
        }
    }
}
