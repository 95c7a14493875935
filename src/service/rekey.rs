//! The exchange of the master key (security rule S47): online, in short transactions, and taken up again wherever it was
//! interrupted.
//!
//! 1. The new key lies beside the old one where the keys are kept; whoever starts the exchange sees to that.
//! 2. [`replace`] records the new key. From that moment every writer writes with it (see `audit::record`), and both open.
//! 3. [`reseal`] seals secrets and signs ends of audit chains again, a few at a time.
//! 4. [`retire`] makes sure that nothing is left and records that the old key is needed no more.
//!
//! Failed sign-ins are counted under a hash that depends on the key: the counts of accounts begin anew, those of addresses
//! do not.

use serde::Serialize;
use uuid::Uuid;

use super::audit::{self, Event, Target};
use super::context::Context;
use super::error::retrying;
use super::keys::place;
use super::{Error, Result};
use crate::domain::provisioning::FieldChange;
use crate::store::audit::{self as rows, Chain};
use crate::store::sealed::{self, SealedColumn, SealedSecret};
use crate::store::{Reader, Store, StoreError, Tx, installation};

/// Secrets in one transaction: other writers wait for no more than these.
const AT_ONCE: u64 = 50;

/// Which master keys the database needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededKeys {
    /// The one that writes.
    pub writing: String,
    /// The one before it, as long as something may be sealed with it.
    pub previous: Option<String>,
}

/// What an exchange did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Progress {
    /// Secrets that were sealed again.
    pub secrets: u64,
    /// Ends of audit chains that were signed again.
    pub chain_ends: u64,
    /// Secrets that no known key opens, and that were left as they are.
    pub unreadable_secrets: u64,
    /// Ends of audit chains whose signature is wrong. They stay so: signing them again would hide that.
    pub wrong_chain_ends: u64,
}

impl Progress {
    fn add(&mut self, other: Self) {
        self.secrets += other.secrets;
        self.chain_ends += other.chain_ends;
        self.unreadable_secrets += other.unreadable_secrets;
        self.wrong_chain_ends += other.wrong_chain_ends;
    }
}

/// Which master keys the database needs; none before the first start.
///
/// # Errors
/// Any database error.
///
/// # Permissions
/// The server itself, when it starts.
pub async fn needed_keys(db: &impl Reader) -> Result<Option<NeededKeys>> {
    let Some(writing) = installation::find(db, installation::MASTER_KEY_ID).await? else {
        return Ok(None);
    };
    let previous = installation::find(db, installation::PREVIOUS_MASTER_KEY_ID).await?;
    Ok(Some(NeededKeys { writing, previous }))
}

/// Records the first master key of a database, before anything is sealed with it. There is no audit row: nothing can be signed
/// before this.
///
/// # Errors
/// [`StoreError::Taken`] when another server has just recorded one; any other database error.
///
/// # Permissions
/// The server itself, when it starts for the first time.
pub async fn record_first(store: &Store, key_id: &str) -> std::result::Result<(), StoreError> {
    let tx = store.begin().await?;
    installation::create(&tx, installation::MASTER_KEY_ID, key_id).await?;
    tx.commit().await
}

/// Records the master key that writes from now on.
///
/// # Errors
/// [`Error::Conflict`] while another exchange is not finished, or when it is the one that writes already; [`Error::Internal`]
/// when it is not where the keys are kept; [`Error::Forbidden`] for others than operators.
///
/// # Permissions
/// Operators and the command line.
pub async fn replace(cx: &Context, new: &str) -> Result<()> {
    cx.demand_operator()?;
    let tx = cx.store().begin().await?;
    let needed = needed_keys(&tx).await?.ok_or(Error::NotFound)?;
    if needed.previous.is_some() || needed.writing == new {
        return Err(Error::Conflict {
            field: "master_key",
            detail: "the master key is being exchanged, or is this one already".to_owned(),
        });
    }
    if !cx.services.keys.knows(new) {
        return Err(Error::internal(format!("master key {new} is not where the keys are kept")));
    }
    installation::put(&tx, installation::MASTER_KEY_ID, new).await?;
    installation::put(&tx, installation::PREVIOUS_MASTER_KEY_ID, &needed.writing).await?;
    let changes = FieldChange::between("key_id", Some(&needed.writing), Some(new));
    let event = Event::done(
        "master_key.replace",
        Target::new("master_key", new, new),
        changes.into_iter().collect(),
    );
    audit::record(&tx, cx, None, event).await?;
    Ok(tx.commit().await?)
}

/// Seals secrets and signs ends of audit chains again that are not of the master key that writes.
///
/// # Errors
/// Any database error; what was done before it stays done. [`Error::Forbidden`] for others than operators.
///
/// # Permissions
/// Operators and the command line.
pub async fn reseal(cx: &Context) -> Result<Progress> {
    cx.demand_operator()?;
    let mut all = Progress::default();
    for column in SealedColumn::ALL {
        let mut after = Uuid::nil();
        loop {
            let part = retrying(|| reseal_some(cx, *column, after)).await?;
            let Some((progress, last)) = part else { break };
            all.secrets += progress.secrets;
            after = last;
        }
    }
    for (chain, _) in rows::list_heads(cx.store()).await? {
        all.chain_ends += retrying(|| sign_one(cx, chain)).await?;
    }
    Ok(all)
}

/// Looks through everything once more, with all other writers kept out, and records that the old key is needed no more.
///
/// # Errors
/// Any database error; [`Error::NotFound`] when no exchange has begun; [`Error::Forbidden`] for others than operators.
///
/// # Permissions
/// Operators and the command line.
pub async fn retire(cx: &Context) -> Result<Progress> {
    cx.demand_operator()?;
    retrying(|| retire_once(cx)).await
}

async fn retire_once(cx: &Context) -> Result<Progress> {
    let tx = cx.store().begin().await?;
    sealed::keep_writers_out(&tx, cx.store()).await?;
    let needed = needed_keys(&tx).await?.ok_or(Error::NotFound)?;
    let previous = needed.previous.ok_or(Error::NotFound)?;
    write_with(cx, &needed.writing)?;
    let mut all = Progress::default();
    for column in SealedColumn::ALL {
        let mut after = Uuid::nil();
        loop {
            let found = sealed::list_of_other_keys(&tx, *column, &needed.writing, after, AT_ONCE).await?;
            let Some(last) = found.last() else { break };
            after = last.row;
            all.add(seal_again(&tx, cx, *column, &found).await?);
        }
    }
    for (chain, head) in rows::list_heads(&tx).await? {
        match audit::signer(&cx.services, chain, &head) {
            Some(id) if id == needed.writing => {}
            Some(_) => {
                audit::sign_again(&tx, &cx.services, chain, &head).await?;
                all.chain_ends += 1;
            }
            None => all.wrong_chain_ends += 1,
        }
    }
    installation::forget(&tx, installation::PREVIOUS_MASTER_KEY_ID).await?;
    let event = Event::done(
        "master_key.retire",
        Target::new("master_key", &previous, &previous),
        Vec::new(),
    );
    audit::record(&tx, cx, None, event).await?;
    tx.commit().await?;
    Ok(all)
}

/// The next secrets of a column and the last of their rows; none when there are no more.
async fn reseal_some(cx: &Context, column: SealedColumn, after: Uuid) -> Result<Option<(Progress, Uuid)>> {
    let tx = cx.store().begin().await?;
    let writing = writing(&tx, cx).await?;
    let found = sealed::list_of_other_keys(&tx, column, &writing, after, AT_ONCE).await?;
    let Some(last) = found.last().map(|secret| secret.row) else {
        return Ok(None);
    };
    let progress = seal_again(&tx, cx, column, &found).await?;
    tx.commit().await?;
    Ok(Some((progress, last)))
}

async fn seal_again(tx: &Tx, cx: &Context, column: SealedColumn, secrets: &[SealedSecret]) -> Result<Progress> {
    let mut progress = Progress::default();
    for secret in secrets {
        let place = place(column.table(), column.column(), secret.row, secret.organisation);
        let Ok(opened) = cx.services.keys.open(&place, &secret.text) else {
            progress.unreadable_secrets += 1;
            continue;
        };
        let text = cx
            .services
            .keys
            .seal(cx.services.random.as_ref(), &place, &opened)
            .map_err(Error::internal)?;
        sealed::replace(tx, column, secret, &text).await?;
        progress.secrets += 1;
    }
    Ok(progress)
}

async fn sign_one(cx: &Context, chain: Chain) -> Result<u64> {
    let tx = cx.store().begin().await?;
    let writing = writing(&tx, cx).await?;
    let Some(head) = rows::find_head_for_update(&tx, chain).await? else {
        return Ok(0);
    };
    match audit::signer(&cx.services, chain, &head) {
        Some(id) if id != writing => {
            audit::sign_again(&tx, &cx.services, chain, &head).await?;
            tx.commit().await?;
            Ok(1)
        }
        Some(_) | None => Ok(0),
    }
}

/// The master key that the database records, which is the one to write with.
async fn writing(tx: &Tx, cx: &Context) -> Result<String> {
    let id = installation::find(tx, installation::MASTER_KEY_ID)
        .await?
        .ok_or(Error::NotFound)?;
    write_with(cx, &id)?;
    Ok(id)
}

fn write_with(cx: &Context, id: &str) -> Result<()> {
    cx.services.keys.write_with(id).map_err(Error::internal)
}
