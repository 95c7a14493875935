//! A connector: an organisation's connection to one directory. Its settings and what the console shows of it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::{ConnectorId, CredentialId, MatchId, UserId};
use super::user::UserType;

/// The directories that "Add Connector" offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectorKind {
    /// Microsoft Entra ID.
    Entra,
    /// Okta.
    Okta,
    /// Any other SCIM 2.0 and OpenID Connect directory.
    Generic,
}

impl ConnectorKind {
    /// All kinds, in the order offered.
    pub const ALL: [ConnectorKind; 3] = [Self::Entra, Self::Okta, Self::Generic];

    /// Name in storage, URLs and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entra => "entra",
            Self::Okta => "okta",
            Self::Generic => "generic",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The directory's own name, not translated.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Entra => "Microsoft Entra ID",
            Self::Okta => "Okta",
            Self::Generic => "Generic SCIM + OIDC",
        }
    }
}

impl fmt::Display for ConnectorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// What happens when a directory sends an account that exists here and is not managed by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdoptionPolicy {
    /// Never taken over: always a conflict.
    Never,
    /// A conflict, and a row on the connector page for an administrator to decide.
    #[default]
    Ask,
}

impl AdoptionPolicy {
    /// Its name in logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Ask => "ask",
        }
    }
}

/// The longest that an old secret may live on beside a new one: a week.
pub const MAX_OVERLAP_HOURS: u32 = 7 * 24;

/// How provisioning behaves for one connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProvisioningSettings {
    /// The `{name}` in `urn:ietf:params:scim:schemas:extension:2.0:{name}:folders`.
    pub folders_extension_name: String,
    /// Whether an array `add` on folders replaces the whole set.
    pub is_folder_add_replacing: bool,
    /// The user type of people for whom the directory sends none.
    pub default_user_type: UserType,
    /// Whether first name, last name and e-mail are demanded with 400 instead of marking the user incomplete.
    pub are_names_required: bool,
    /// Whether roles `Admin` and `EnterpriseAdmin` from the directory take effect; otherwise they act as `User`.
    pub may_grant_admin_roles: bool,
    /// What happens to existing accounts that the connector does not manage.
    pub adoption: AdoptionPolicy,
}

impl Default for ProvisioningSettings {
    fn default() -> Self {
        Self {
            folders_extension_name: "CustomExtensionName".to_owned(),
            is_folder_add_replacing: false,
            default_user_type: UserType::Standard,
            are_names_required: false,
            may_grant_admin_roles: false,
            adoption: AdoptionPolicy::Ask,
        }
    }
}

/// The state of a connector, from observed facts alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectorHealth {
    /// Nothing has arrived yet.
    WaitingForFirstRequest,
    /// The last request was answered well.
    Healthy,
    /// The last requests failed, or all that the directory wanted to write was refused.
    Failing,
    /// Nothing has arrived for more than two cycles (80 minutes).
    Silent,
    /// An administrator paused it.
    Paused,
}

/// A row of the Integrations page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorSummary {
    /// Its id.
    pub id: ConnectorId,
    /// Which directory.
    pub kind: ConnectorKind,
    /// Its name.
    pub name: String,
    /// Its state.
    pub health: ConnectorHealth,
    /// When the directory last asked for something.
    pub last_request_at: Option<DateTime<Utc>>,
    /// Users it manages.
    pub users: u64,
    /// Groups it manages.
    pub groups: u64,
    /// When the secret in use ends: older ones that still live end before it on purpose.
    pub secret_expires_at: Option<DateTime<Utc>>,
}

/// One secret of a connector, without the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialView {
    /// Its id.
    pub id: CredentialId,
    /// What the secret begins with, up to and with the key id: tells which one it is.
    pub prefix: String,
    /// Its last four characters.
    pub last_four: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who made it.
    pub created_by: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// From where it was last used.
    pub last_used_ip: Option<String>,
    /// Whether a newer one has taken its place and it only lives until its end.
    pub is_superseded: bool,
    /// Whether it can be used now.
    pub is_live: bool,
}

/// An existing account that the directory wanted to create and that it does not manage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchView {
    /// Its id.
    pub id: MatchId,
    /// The existing account.
    pub user: UserId,
    /// Its name.
    pub name: String,
    /// The login name that the directory sent.
    pub user_name: String,
    /// The external id that the directory sent.
    pub external_id: Option<String>,
    /// When it was first refused.
    pub first_seen_at: DateTime<Utc>,
    /// When it was last refused.
    pub last_seen_at: DateTime<Utc>,
    /// How often it was refused.
    pub times: i64,
}

/// A connector's own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorDetail {
    /// What the list shows.
    pub summary: ConnectorSummary,
    /// Number of changes so far; an edit carries it.
    pub version: i64,
    /// Address for the directory's "Tenant URL".
    pub scim_url: String,
    /// User name for HTTP Basic.
    pub user_name: String,
    /// Redirect URI for the registration of type Web.
    pub web_redirect_uri: String,
    /// Redirect URI for the registration of type Mobile and desktop.
    pub native_redirect_uri: String,
    /// Live and recent secrets, newest first.
    pub credentials: Vec<CredentialView>,
    /// How provisioning behaves.
    pub settings: ProvisioningSettings,
    /// Accounts that the directory wanted and could not have.
    pub matches: Vec<MatchView>,
    /// Folder values that name no folder, with how many users hold each, most held first, at most 50.
    pub unknown_folders: Vec<(String, u64)>,
    /// A secret made a moment ago in this browser, shown until it is acknowledged.
    pub new_secret: Option<String>,
}

/// What "Test connection" found at one of its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "found")]
pub enum Finding {
    /// The connector answers its directory.
    IsOn,
    /// An administrator has paused it.
    Paused,
    /// The organisation's plan lacks the Enterprise Toolkit.
    ToolkitOff,
    /// There are live secrets.
    SecretsAlive {
        /// When the newest ends.
        newest_ends_at: DateTime<Utc>,
        /// How many others are alive.
        others: u32,
    },
    /// There is none.
    NoSecretAlive,
    /// A query for an unknown user was answered with an empty list.
    NobodyFound,
    /// A query for an unknown user found somebody.
    StrangerFound,
    /// A wrong secret was refused.
    WrongSecretRefused,
    /// A wrong secret was let in.
    WrongSecretAccepted,
    /// The directory has not asked yet.
    NothingArrived,
    /// The directory's last request was answered well.
    AnsweredWell {
        /// When it came.
        at: DateTime<Utc>,
    },
    /// The directory's last requests failed.
    RequestsFailed {
        /// How many of them in a row.
        failed: i64,
    },
    /// Requests arrive, and everything that the directory wants to write is refused.
    WritesRefused,
}

impl Finding {
    /// The step at which it was found.
    pub const fn step(self) -> ConnectionStep {
        match self {
            Self::IsOn | Self::Paused | Self::ToolkitOff => ConnectionStep::Enabled,
            Self::SecretsAlive { .. } | Self::NoSecretAlive => ConnectionStep::LiveSecret,
            Self::NobodyFound | Self::StrangerFound => ConnectionStep::AnswersTestQuery,
            Self::WrongSecretRefused | Self::WrongSecretAccepted => ConnectionStep::RefusesWrongSecret,
            Self::NothingArrived | Self::AnsweredWell { .. } | Self::RequestsFailed { .. } | Self::WritesRefused => {
                ConnectionStep::DirectoryTraffic
            }
        }
    }

    /// Whether all is well there.
    pub const fn passed(self) -> bool {
        match self {
            Self::IsOn | Self::SecretsAlive { .. } | Self::NobodyFound | Self::WrongSecretRefused | Self::AnsweredWell { .. } => {
                true
            }
            Self::Paused
            | Self::ToolkitOff
            | Self::NoSecretAlive
            | Self::StrangerFound
            | Self::WrongSecretAccepted
            | Self::NothingArrived
            | Self::RequestsFailed { .. }
            | Self::WritesRefused => false,
        }
    }
}

/// The steps of "Test connection".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionStep {
    /// The connector is neither paused nor locked by the plan.
    Enabled,
    /// At least one secret is live.
    LiveSecret,
    /// A SCIM query is answered as the directory expects it.
    AnswersTestQuery,
    /// A wrong secret is refused.
    RefusesWrongSecret,
    /// The directory itself has asked successfully.
    DirectoryTraffic,
}

/// What an edit of the provisioning settings sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectorEdit {
    /// Which connector.
    pub id: ConnectorId,
    /// The version that the editor saw.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Name of the folders extension.
    pub folders_extension_name: String,
    /// See [`ProvisioningSettings::is_folder_add_replacing`]; a form sends it only when it is on.
    #[serde(default)]
    pub is_folder_add_replacing: bool,
    /// See [`ProvisioningSettings::default_user_type`].
    pub default_user_type: UserType,
    /// See [`ProvisioningSettings::are_names_required`].
    #[serde(default)]
    pub are_names_required: bool,
    /// See [`ProvisioningSettings::may_grant_admin_roles`].
    #[serde(default)]
    pub may_grant_admin_roles: bool,
    /// See [`ProvisioningSettings::adoption`].
    pub adoption: AdoptionPolicy,
}
