//! An organisation: a customer of the vendor, its plan and its seats.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::OrganisationId;

/// An organisation named in the switcher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationRef {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
}

/// A row of the operator's Organisations page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationSummary {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Whether connectors can be added.
    pub has_enterprise_toolkit: bool,
    /// Whether the operator has reserved the decision about the toolkit.
    pub is_toolkit_reserved: bool,
    /// Whether the organisation asked for the toolkit and nothing is decided yet.
    pub is_toolkit_requested: bool,
    /// How many users it has.
    pub users: u64,
    /// How many connectors it has.
    pub connectors: u64,
    /// Whether the viewer has an account there.
    pub is_member: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// The Billing page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingView {
    /// Shown name of the plan.
    pub plan: String,
    /// Whether connectors can be added.
    pub has_enterprise_toolkit: bool,
    /// Whether the operator has reserved the decision; an EnterpriseAdmin can then only ask for it.
    pub is_toolkit_reserved: bool,
    /// Whether it was asked for and not yet decided.
    pub is_toolkit_requested: bool,
    /// Connectors that depend on it.
    pub connectors: u64,
    /// Active users of type Premium.
    pub premium_used: u64,
    /// Seats of type Premium; none is no limit.
    pub premium_limit: Option<u64>,
    /// Active users of type Standard.
    pub standard_used: u64,
    /// Seats of type Standard; none is no limit.
    pub standard_limit: Option<u64>,
}

/// The General page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationDetail {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Number of changes so far; an edit carries it.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Whether the viewer may change it.
    pub is_editable: bool,
}
