//! The provisioning log: what a directory asked, what came of it, and why.
//!
//! The row of a change is written in the transaction of the change ([`Exchange::write`]); what is known only later (duration,
//! answer) and the rows of reads and refusals are written in batches by the [`Recorder`], off the request's path.

mod outcome;
mod read;
mod recorder;

use std::sync::{Mutex, PoisonError};

pub(in crate::service) use self::outcome::are_writes_refused;
pub(in crate::service) use self::read::connector_names;
pub use self::read::{get, list};
pub use self::recorder::Recorder;
use super::Result;
use super::context::Context;
use crate::domain::provisioning::FieldChange;
use crate::domain::record::EntryRecord;
use crate::store::{StoreError, Tx, provisioning as rows};

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
