//! The provisioning log: every request of a directory, what came of it, and why.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::{ConnectorId, ProvisioningEntryId};
use super::user::ConnectorRef;

/// A field that changed. Values are shown as text; `None` is absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Name of the field.
    pub field: String,
    /// Value before.
    pub before: Option<String>,
    /// Value after.
    pub after: Option<String>,
}

impl FieldChange {
    /// A change of `field`, or none when both values are the same.
    pub fn between(field: &str, before: Option<&str>, after: Option<&str>) -> Option<Self> {
        (before != after).then(|| Self {
            field: field.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        })
    }
}

/// Something that was sent and not used, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IgnoredValue {
    /// The attribute as it was sent.
    pub attribute: String,
    /// Why it was not used.
    pub reason: IgnoredReason,
}

/// Why something that was sent was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IgnoredReason {
    /// No schema of the connector has the attribute.
    Unknown,
    /// Only the server sets it.
    ReadOnly,
}

/// A row of the provisioning log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisioningSummary {
    /// Its id.
    pub id: ProvisioningEntryId,
    /// When the request arrived.
    pub at: DateTime<Utc>,
    /// The connector whose secret was used; none when it was not known.
    pub connector: Option<ConnectorRef>,
    /// HTTP method.
    pub method: String,
    /// Path and query below the SCIM base, redacted.
    pub path: String,
    /// What was asked (`create`, `update`, `query`, …).
    pub operation: String,
    /// What it was about: a login or group name.
    pub target: Option<String>,
    /// HTTP status of the answer.
    pub status: u16,
    /// How long it took, in microseconds.
    pub duration_us: i64,
}

/// One entry in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisioningDetail {
    /// What the list shows.
    pub summary: ProvisioningSummary,
    /// The request id, as in answers and logs.
    pub request_id: String,
    /// From where it came.
    pub ip: String,
    /// What the client called itself.
    pub user_agent: String,
    /// Kind of the target (`user`, `group`).
    pub target_kind: Option<String>,
    /// Id of the target.
    pub target_id: Option<String>,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// What was sent and not used.
    pub ignored: Vec<IgnoredValue>,
    /// The reason of a refusal, as it was answered.
    pub detail: Option<String>,
    /// SCIM error type of a refusal.
    pub scim_type: Option<String>,
    /// Body of the request without secrets, cut at 16 KiB.
    pub request_body: Option<String>,
    /// Body of the answer without secrets, cut at 16 KiB.
    pub response_body: Option<String>,
}

/// A question for a page of the provisioning log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProvisioningQuery {
    /// Of this connector.
    pub connector: Option<ConnectorId>,
    /// Only refusals and failures.
    pub failures_only: bool,
    /// Only this operation.
    pub operation: Option<String>,
    /// About the target of exactly this id.
    pub target_id: Option<String>,
    /// Beginning of the target's name.
    pub search: String,
    /// Where the page begins; none for the newest.
    pub cursor: Option<String>,
    /// How many rows; none for the default.
    pub limit: Option<u32>,
}
