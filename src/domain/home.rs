//! The Home page: what needs attention first, then figures.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::ConnectorId;

/// Something an administrator should look at, most urgent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// The last requests of a connector failed.
    ConnectorFailing {
        /// Which connector.
        id: ConnectorId,
        /// Its name.
        name: String,
    },
    /// A connector has been silent for more than two cycles.
    ConnectorSilent {
        /// Which connector.
        id: ConnectorId,
        /// Its name.
        name: String,
        /// Since when.
        since: DateTime<Utc>,
    },
    /// A connector's secret ends within 30 days.
    SecretExpires {
        /// Which connector.
        id: ConnectorId,
        /// Its name.
        name: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Accounts that a directory wanted to create and that exist here unmanaged.
    OpenMatches {
        /// Which connector.
        id: ConnectorId,
        /// Its name.
        name: String,
        /// How many.
        count: u64,
    },
    /// Users without a role.
    UsersWithoutRole {
        /// How many.
        count: u64,
    },
    /// Users that lack first name, last name or e-mail.
    UsersIncomplete {
        /// How many.
        count: u64,
    },
    /// Users without Global User Id.
    UsersWithoutIdentity {
        /// How many.
        count: u64,
    },
    /// No directory is connected yet.
    NoConnector,
}

/// Provisioning traffic of one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrafficHour {
    /// Beginning of the hour.
    pub at: DateTime<Utc>,
    /// Requests answered well.
    pub succeeded: u64,
    /// Requests refused or failed.
    pub failed: u64,
}

/// The Home page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeView {
    /// What needs attention.
    pub attention: Vec<Attention>,
    /// Active users.
    pub active_users: u64,
    /// Deactivated users.
    pub deactivated_users: u64,
    /// Groups.
    pub groups: u64,
    /// The last 24 hours, oldest first, one entry an hour; empty for who may not see the provisioning log.
    pub traffic: Vec<TrafficHour>,
}
