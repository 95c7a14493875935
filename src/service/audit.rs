//! The audit log: one row for every change, sign-in, denial and secret read, in the transaction of what it tells.
//!
//! Security rules S52 and S53. Rows form a gap-free sequence and a hash chain for each organisation. Names, addresses and
//! values are kept beside the chain, which holds a salted hash of them, so that they can be erased. The end of the chain is
//! signed with a key that the database does not hold.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Result;
use super::context::{Actor, Context, Services};
use crate::domain::audit::{AuditEntry, AuditQuery, AuditResult, ChainFault, ChainReport};
use crate::domain::ids::AuditEntryId;
use crate::domain::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page};
use crate::domain::permission::Permission;
use crate::domain::provisioning::FieldChange;
use crate::store::audit::{self as rows, AuditDetails, AuditFilter, AuditRow, Chain, Head};
use crate::store::{OrgScope, Reader, Tx, installation};

/// What an event is about.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its kind (`user`, `connector`, …).
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its name, which can be erased later.
    pub name: String,
}

impl Target {
    /// A target.
    pub fn new(kind: &'static str, id: impl ToString, name: impl Into<String>) -> Self {
        Self {
            kind,
            id: id.to_string(),
            name: name.into(),
        }
    }
}

/// Something to be audited.
#[derive(Debug, Clone)]
pub struct Event {
    /// What was done, `resource.verb` in the words of the permission and function (`user.deactivate`).
    pub action: &'static str,
    /// To what.
    pub target: Option<Target>,
    /// How it ended.
    pub result: AuditResult,
    /// What changed, without secrets.
    pub changes: Vec<FieldChange>,
}

impl Event {
    /// Something that was done.
    pub const fn done(action: &'static str, target: Target, changes: Vec<FieldChange>) -> Self {
        Self {
            action,
            target: Some(target),
            result: AuditResult::Success,
            changes,
        }
    }

    /// Something that was refused.
    pub const fn denied(action: &'static str, target: Option<Target>) -> Self {
        Self {
            action,
            target,
            result: AuditResult::Denied,
            changes: Vec::new(),
        }
    }
}

/// The erasable part of a row.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Details {
    actor: Option<String>,
    ip: Option<String>,
    user_agent: Option<String>,
    target: Option<String>,
    #[serde(default)]
    changes: Vec<FieldChange>,
}

/// Appends an event to the chain of an organisation, or to that of the installation. If this fails, the transaction must not
/// be committed: what cannot be audited does not happen.
///
/// # Errors
/// Any database error.
pub async fn record(tx: &Tx, cx: &Context, scope: Option<&OrgScope>, event: Event) -> Result<()> {
    let chain = scope.map_or(Chain::INSTALLATION, Chain::of);
    let (actor_kind, actor_id, credential_id, actor) = describe(&cx.actor);
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let details = Details {
        actor,
        ip: some(&cx.request.ip),
        user_agent: some(&cx.request.user_agent),
        target: event.target.as_ref().map(|target| target.name.clone()),
        changes: event.changes,
    };
    let mut salt = vec![0_u8; 16];
    cx.services.random.fill(&mut salt);
    let text = serde_json::to_string(&details).map_err(super::Error::internal)?;
    let head = rows::lock_head(tx, chain, &empty_head(&cx.services, chain)).await?;
    let mut row = AuditRow {
        id: AuditEntryId::from_uuid(cx.new_uuid()),
        sequence: head.sequence + 1,
        at: cx.now(),
        actor_kind: actor_kind.to_owned(),
        actor_id,
        credential_id,
        action: event.action.to_owned(),
        target_kind: event.target.as_ref().map(|target| target.kind.to_owned()),
        target_id: event.target.map(|target| target.id),
        result: event.result.name().to_owned(),
        request_id: cx.request.id.clone(),
        details_hash: details_hash(&salt, &text),
        previous_hash: head.hash,
        hash: Vec::new(),
    };
    row.hash = row_hash(chain, &row);
    write_with_recorded_key(tx, &cx.services).await?;
    let signature = sign(&cx.services, chain, row.sequence, &row.hash);
    Ok(rows::append(tx, chain, &row, &AuditDetails { salt, text }, &signature).await?)
}

/// While the master key is exchanged, the one that the database records is the one to write with. Asked after the end of the
/// chain was locked: whoever re-signs that end afterwards waits for this transaction, and nothing stays behind that is signed
/// with the old key.
async fn write_with_recorded_key(tx: &Tx, services: &Services) -> Result<()> {
    match installation::find(tx, installation::MASTER_KEY_ID).await? {
        Some(id) => services.keys.write_with(&id).map_err(super::Error::internal),
        None => Ok(()),
    }
}

/// Appends a denial in a transaction of its own.
///
/// # Errors
/// Any database error.
pub async fn record_denial(cx: &Context, scope: Option<&OrgScope>, event: Event) -> Result<()> {
    let tx = cx.store().begin().await?;
    record(&tx, cx, scope, event).await?;
    Ok(tx.commit().await?)
}

fn describe(actor: &Actor) -> (&'static str, Option<String>, Option<String>, Option<String>) {
    match actor {
        Actor::Anonymous => ("anonymous", None, None, None),
        Actor::Person(person) => {
            let id = person
                .membership
                .as_ref()
                .map_or_else(|| person.identity.to_string(), |membership| membership.user.to_string());
            ("user", Some(id), Some(person.session.to_string()), Some(person.name.clone()))
        }
        Actor::Connector {
            connector,
            credential,
            name,
            ..
        } => (
            "connector",
            Some(connector.to_string()),
            Some(credential.to_string()),
            Some(name.clone()),
        ),
        Actor::Cli { .. } => ("cli", None, None, None),
        Actor::System => ("system", None, None, None),
    }
}

fn empty_head(services: &Services, chain: Chain) -> Head {
    Head {
        sequence: 0,
        hash: vec![0; 32],
        signature: sign(services, chain, 0, &[0; 32]),
    }
}

fn sign(services: &Services, chain: Chain, sequence: i64, hash: &[u8]) -> Vec<u8> {
    services.keys.sign_audit_head(&end_of_chain(chain, sequence, hash))
}

fn end_of_chain(chain: Chain, sequence: i64, hash: &[u8]) -> Vec<u8> {
    [chain.id().as_bytes().as_slice(), &sequence.to_be_bytes(), hash].concat()
}

/// Whether the end of a chain is signed, and if so with which master key.
pub(in crate::service) fn signer(services: &Services, chain: Chain, head: &Head) -> Option<String> {
    services
        .keys
        .signer_of_audit_head(&end_of_chain(chain, head.sequence, &head.hash), &head.signature)
}

/// Signs the end of a chain again, with the master key that writes.
pub(in crate::service) async fn sign_again(tx: &Tx, services: &Services, chain: Chain, head: &Head) -> Result<()> {
    let signature = sign(services, chain, head.sequence, &head.hash);
    Ok(rows::replace_signature(tx, chain, &signature).await?)
}

fn details_hash(salt: &[u8], text: &str) -> Vec<u8> {
    Sha256::new()
        .chain_update(salt)
        .chain_update(text.as_bytes())
        .finalize()
        .to_vec()
}

/// Hash of a row: every field with its length before it, so that no two rows give the same bytes.
fn row_hash(chain: Chain, row: &AuditRow) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut add = |field: Option<&[u8]>| match field {
        Some(bytes) => {
            hash.update([1]);
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
        None => hash.update([0]),
    };
    add(Some(b"lanyard audit row v1"));
    add(Some(chain.id().as_bytes()));
    add(Some(row.id.as_uuid().as_bytes()));
    add(Some(&row.sequence.to_be_bytes()));
    add(Some(row.at.to_rfc3339_opts(SecondsFormat::Micros, true).as_bytes()));
    add(Some(row.actor_kind.as_bytes()));
    add(row.actor_id.as_deref().map(str::as_bytes));
    add(row.credential_id.as_deref().map(str::as_bytes));
    add(Some(row.action.as_bytes()));
    add(row.target_kind.as_deref().map(str::as_bytes));
    add(row.target_id.as_deref().map(str::as_bytes));
    add(Some(row.result.as_bytes()));
    add(Some(row.request_id.as_bytes()));
    add(Some(&row.details_hash));
    add(Some(&row.previous_hash));
    hash.finalize().to_vec()
}

/// A page of the organisation's log, newest first.
///
/// # Errors
/// [`super::Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::AuditRead`].
pub async fn list(cx: &Context, query: &AuditQuery) -> Result<Page<AuditEntry>> {
    let scope = cx.demand(Permission::AuditRead)?;
    let limit = query.limit.unwrap_or(DEFAULT_PAGE_SIZE).clamp(1, MAX_PAGE_SIZE);
    let filled = |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned);
    let (target, actor) = (filled(&query.target_id), filled(&query.actor_id));
    let filter = AuditFilter {
        action: query.action.trim(),
        target_id: target.as_deref(),
        actor_id: actor.as_deref(),
        before: query.cursor.as_deref().and_then(|cursor| cursor.parse().ok()),
    };
    let mut found = rows::list(cx.store(), &scope, &filter, u64::from(limit) + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|(row, _)| row.sequence.to_string());
    Ok(Page {
        items: found.into_iter().map(entry).collect(),
        next,
        total: None,
    })
}

/// The last changes of one target, newest first; who may see the target may see them.
pub(in crate::service) async fn of_target(cx: &Context, scope: &OrgScope, target_id: &str) -> Result<Vec<AuditEntry>> {
    let filter = AuditFilter {
        target_id: Some(target_id),
        ..AuditFilter::default()
    };
    Ok(rows::list(cx.store(), scope, &filter, 100)
        .await?
        .into_iter()
        .map(entry)
        .collect())
}

fn entry((row, details): (AuditRow, Option<AuditDetails>)) -> AuditEntry {
    let details: Details = details
        .and_then(|details| serde_json::from_str(&details.text).ok())
        .unwrap_or_default();
    AuditEntry {
        id: row.id,
        sequence: row.sequence,
        at: row.at,
        actor_kind: row.actor_kind,
        actor: details.actor,
        ip: details.ip,
        action: row.action,
        target_kind: row.target_kind,
        target_id: row.target_id,
        target: details.target,
        result: if row.result == AuditResult::Success.name() {
            AuditResult::Success
        } else {
            AuditResult::Denied
        },
        changes: details.changes,
        request_id: row.request_id,
    }
}

/// Checks the chain of the organisation in view.
///
/// # Errors
/// [`super::Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::AuditExport`].
pub async fn verify(cx: &Context) -> Result<ChainReport> {
    let scope = cx.demand(Permission::AuditExport)?;
    verify_chain(&cx.services, cx.store(), Chain::of(&scope)).await
}

/// Checks all chains of the installation: that of no organisation first.
///
/// # Errors
/// [`super::Error::Forbidden`] for who is no operator.
///
/// # Permissions
/// Operators and the command line.
pub async fn verify_all(cx: &Context) -> Result<Vec<(String, ChainReport)>> {
    cx.demand_operator()?;
    let mut reports = vec![(
        "installation".to_owned(),
        verify_chain(&cx.services, cx.store(), Chain::INSTALLATION).await?,
    )];
    for id in crate::store::organisations::all_ids(cx.store()).await? {
        reports.push((
            id.to_string(),
            verify_chain(&cx.services, cx.store(), Chain::of_organisation(id)).await?,
        ));
    }
    Ok(reports)
}

async fn verify_chain(services: &Services, db: &impl Reader, chain: Chain) -> Result<ChainReport> {
    let mut expected = empty_head(services, chain);
    let fault = |sequence: i64, reason: &str| {
        Some(ChainFault {
            sequence,
            reason: reason.to_owned(),
        })
    };
    let mut checked = 0;
    let head = loop {
        let part = rows::read_chain(db, chain, expected.sequence, 1_000).await?;
        if part.is_empty() {
            let head = rows::find_head(db, chain).await?;
            // Rows that came while the last ones were read are there by now; when they are not, they are missing.
            let is_ahead = head.as_ref().is_some_and(|head| head.sequence > expected.sequence);
            if is_ahead && !rows::read_chain(db, chain, expected.sequence, 1).await?.is_empty() {
                continue;
            }
            break head;
        }
        for (row, details) in part {
            let next = expected.sequence + 1;
            let reason = if row.sequence != next {
                Some((next, "the row is missing"))
            } else if row.previous_hash != expected.hash {
                Some((row.sequence, "the row does not follow the one before it"))
            } else if row.hash != row_hash(chain, &row) {
                Some((row.sequence, "the row was changed"))
            } else if details.is_some_and(|details| details_hash(&details.salt, &details.text) != row.details_hash) {
                Some((row.sequence, "names or values of the row were changed"))
            } else {
                None
            };
            if let Some((sequence, reason)) = reason {
                return Ok(ChainReport {
                    rows: checked,
                    fault: fault(sequence, reason),
                });
            }
            checked += 1;
            expected = Head {
                sequence: row.sequence,
                hash: row.hash,
                signature: Vec::new(),
            };
        }
    };
    let report = match head {
        None if checked == 0 => None,
        None => fault(expected.sequence, "the signed end of the chain is missing"),
        Some(head) if head.sequence > expected.sequence => fault(expected.sequence + 1, "the row is missing"),
        Some(head) if head.sequence < expected.sequence || head.hash != expected.hash => {
            fault(head.sequence + 1, "the row was added behind the signed end")
        }
        Some(head) if signer(services, chain, &head).is_none() => fault(head.sequence, "the signature of the end is wrong"),
        Some(_) => None,
    };
    Ok(ChainReport {
        rows: checked,
        fault: report,
    })
}

/// The signed end of a chain, as exported.
#[derive(Debug, Serialize)]
pub struct ExportedHead {
    /// When it was exported.
    pub at: DateTime<Utc>,
    /// Which chain: an organisation's id, or the nil UUID.
    pub chain: String,
    /// Sequence of the last row.
    pub sequence: i64,
    /// Its hash, in hexadecimal.
    pub hash: String,
    /// Signature over chain, sequence and hash, in hexadecimal.
    pub signature: String,
}

/// The signed ends of all chains, to be kept outside the database: with them a chain whose tail was cut together with its end
/// is found out.
///
/// # Errors
/// Any database error.
pub async fn export_heads(services: &Services) -> Result<Vec<ExportedHead>> {
    let at = services.clock.now();
    let heads = rows::list_heads(&services.store).await?;
    Ok(heads
        .into_iter()
        .map(|(chain, head)| ExportedHead {
            at,
            chain: chain.id().to_string(),
            sequence: head.sequence,
            hash: hex::encode(head.hash),
            signature: hex::encode(head.signature),
        })
        .collect())
}
