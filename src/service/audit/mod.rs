//! The audit log: one row for every change, sign-in, denial and secret read, in the transaction of what it tells.
//!
//! Security rules S52 and S53. Rows form a gap-free sequence and a hash chain for each organisation. Names, addresses and
//! values are kept beside the chain, which holds a salted hash of them, so that they can be erased. The end of the chain is
//! signed with a key that the database does not hold.

mod chain;
mod read;

use serde::{Deserialize, Serialize};

pub use self::chain::{ExportedHead, export_heads, verify, verify_all};
use self::chain::{details_hash, empty_head, row_hash, sign};
pub(in crate::service) use self::chain::{sign_again, signer};
pub use self::read::list;
pub(in crate::service) use self::read::of_target;
use super::Result;
use super::context::{Actor, Context, Services};
use crate::domain::audit::AuditResult;
use crate::domain::ids::AuditEntryId;
use crate::domain::provisioning::FieldChange;
use crate::store::audit::{self as rows, AuditDetails, AuditRow, Chain};
use crate::store::{OrgScope, Tx, installation};

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
///
/// # Permissions
/// Whoever acts: what they may do was decided before.
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
///
/// # Permissions
/// Whoever was denied something.
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
