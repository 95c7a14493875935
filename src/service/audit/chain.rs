//! The hash chain: how rows follow each other, how the end is signed, and how both are checked (security rule S53).

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::audit::{ChainFault, ChainFaultKind, ChainReport};
use crate::domain::permission::Permission;
use crate::service::Result;
use crate::service::context::{Context, Services};
use crate::store::audit::{self as rows, AuditRow, Chain, Head};
use crate::store::{Reader, Tx, organisations};

/// The end of a chain that has no rows yet.
pub(super) fn empty_head(services: &Services, chain: Chain) -> Head {
    Head {
        sequence: 0,
        hash: vec![0; 32],
        signature: sign(services, chain, 0, &[0; 32]),
    }
}

pub(super) fn sign(services: &Services, chain: Chain, sequence: i64, hash: &[u8]) -> Vec<u8> {
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

pub(super) fn details_hash(salt: &[u8], text: &str) -> Vec<u8> {
    Sha256::new()
        .chain_update(salt)
        .chain_update(text.as_bytes())
        .finalize()
        .to_vec()
}

/// Hash of a row: every field with its length before it, so that no two rows give the same bytes.
pub(super) fn row_hash(chain: Chain, row: &AuditRow) -> Vec<u8> {
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

/// Checks the chain of the organisation in view.
///
/// # Errors
/// [`crate::service::Error::Forbidden`] without permission.
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
/// [`crate::service::Error::Forbidden`] for who is no operator.
///
/// # Permissions
/// Operators and the command line.
pub async fn verify_all(cx: &Context) -> Result<Vec<(String, ChainReport)>> {
    cx.demand_operator()?;
    let mut reports = vec![(
        "installation".to_owned(),
        verify_chain(&cx.services, cx.store(), Chain::INSTALLATION).await?,
    )];
    for id in organisations::all_ids(cx.store()).await? {
        reports.push((
            id.to_string(),
            verify_chain(&cx.services, cx.store(), Chain::of_organisation(id)).await?,
        ));
    }
    Ok(reports)
}

async fn verify_chain(services: &Services, db: &impl Reader, chain: Chain) -> Result<ChainReport> {
    let mut expected = empty_head(services, chain);
    let fault = |sequence, kind| Some(ChainFault { sequence, kind });
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
            let found = if row.sequence != next {
                Some((next, ChainFaultKind::Missing))
            } else if row.previous_hash != expected.hash {
                Some((row.sequence, ChainFaultKind::OutOfOrder))
            } else if row.hash != row_hash(chain, &row) {
                Some((row.sequence, ChainFaultKind::Changed))
            } else if details.is_some_and(|details| details_hash(&details.salt, &details.text) != row.details_hash) {
                Some((row.sequence, ChainFaultKind::DetailsChanged))
            } else {
                None
            };
            if let Some((sequence, kind)) = found {
                return Ok(ChainReport {
                    rows: checked,
                    fault: fault(sequence, kind),
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
        None => fault(expected.sequence, ChainFaultKind::EndMissing),
        Some(head) if head.sequence > expected.sequence => fault(expected.sequence + 1, ChainFaultKind::Missing),
        Some(head) if head.sequence < expected.sequence || head.hash != expected.hash => {
            fault(head.sequence + 1, ChainFaultKind::BehindEnd)
        }
        Some(head) if signer(services, chain, &head).is_none() => fault(head.sequence, ChainFaultKind::WrongSignature),
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
///
/// # Permissions
/// The server itself, by its schedule.
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
