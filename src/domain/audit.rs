//! The audit log as the console shows it: who did what to whom, when, from where, with what effect.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::AuditEntryId;
use super::provisioning::FieldChange;

/// How an audited action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditResult {
    /// It was done.
    Success,
    /// It was refused.
    Denied,
}

impl AuditResult {
    /// Name in storage.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Denied => "denied",
        }
    }
}

/// A row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditEntryId,
    /// Its place in the organisation's gap-free sequence.
    pub sequence: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Kind of the actor (`user`, `connector`, `cli`, …).
    pub actor_kind: String,
    /// Name of the actor; none once it was erased.
    pub actor: Option<String>,
    /// From where.
    pub ip: Option<String>,
    /// What was done, `resource.verb`.
    pub action: String,
    /// Kind of the target.
    pub target_kind: Option<String>,
    /// Id of the target.
    pub target_id: Option<String>,
    /// Name of the target; none once it was erased.
    pub target: Option<String>,
    /// How it ended.
    pub result: AuditResult,
    /// What changed, without secrets; empty once it was erased.
    pub changes: Vec<FieldChange>,
    /// The request id, as in answers and logs.
    pub request_id: String,
}

/// A question for a page of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditQuery {
    /// Beginning of the action (`user.`, `connector.rotate`).
    pub action: String,
    /// About the target of exactly this id.
    pub target_id: Option<String>,
    /// By the actor of exactly this id.
    pub actor_id: Option<String>,
    /// Where the page begins; none for the newest.
    pub cursor: Option<String>,
    /// How many rows; none for the default.
    pub limit: Option<u32>,
}

/// The outcome of checking a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainReport {
    /// How many rows were checked.
    pub rows: u64,
    /// The first row that does not fit, by its sequence, and why.
    pub fault: Option<ChainFault>,
}

/// The first place where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainFault {
    /// Sequence of the row, or of the row that is missing.
    pub sequence: i64,
    /// What is wrong with it.
    pub kind: ChainFaultKind,
}

/// How a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChainFaultKind {
    /// The row is missing.
    Missing,
    /// The row does not follow the one before it.
    OutOfOrder,
    /// The row was changed.
    Changed,
    /// Names or values of the row were changed.
    DetailsChanged,
    /// The signed end of the chain is missing.
    EndMissing,
    /// The row was added behind the signed end.
    BehindEnd,
    /// The signature of the end is wrong.
    WrongSignature,
}

impl fmt::Display for ChainFaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "the row is missing",
            Self::OutOfOrder => "the row does not follow the one before it",
            Self::Changed => "the row was changed",
            Self::DetailsChanged => "names or values of the row were changed",
            Self::EndMissing => "the signed end of the chain is missing",
            Self::BehindEnd => "the row was added behind the signed end",
            Self::WrongSignature => "the signature of the end is wrong",
        })
    }
}
