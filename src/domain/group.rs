//! Groups as the console shows them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::{GroupId, UserId};
use super::user::ConnectorRef;

/// A row of the Groups page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSummary {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// External id, as the directory sent it.
    pub external_id: Option<String>,
    /// The connector that manages it; none means it is kept by hand.
    pub managed_by: Option<ConnectorRef>,
    /// How many members it has.
    pub members: u64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it or its members last changed.
    pub updated_at: DateTime<Utc>,
}

/// A group's own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetail {
    /// What the list shows.
    pub summary: GroupSummary,
    /// Number of changes so far.
    pub version: i64,
    /// Whether the viewer may rename or delete it and change its members.
    pub is_editable: bool,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMember {
    /// The user.
    pub id: UserId,
    /// Name to show.
    pub name: String,
    /// Login name.
    pub user_name: String,
    /// Whether the account may be used.
    pub is_active: bool,
}

/// A question for a page of groups.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GroupQuery {
    /// Beginning of the name.
    pub search: String,
    /// Where the page begins; none for the first.
    pub cursor: Option<String>,
    /// How many rows; none for the default.
    pub limit: Option<u32>,
}
