//! A user: a person's account in one organisation. Closed sets, list filters, and what the console shows and sends.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::{ConnectorId, FolderId, GroupId, IdentityId, RoleId, SessionId, UserId};
use super::page::Direction;
use super::role::RoleRef;

/// Licence kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UserType {
    /// The full licence.
    Premium,
    /// The ordinary licence.
    Standard,
}

impl UserType {
    /// Both kinds.
    pub const ALL: [UserType; 2] = [Self::Premium, Self::Standard];

    /// The one spelling that is accepted, stored and served.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Premium => "Premium",
            Self::Standard => "Standard",
        }
    }

    /// The kind of exactly that spelling.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Where an invitation stands. `Pending` ends 48 hours after the registration e-mail was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationStatus {
    /// No registration e-mail was sent.
    #[default]
    NotInvited,
    /// Sent and still valid.
    Pending,
    /// Used.
    Accepted,
    /// Not used in time.
    Expired,
}

impl InvitationStatus {
    /// All of them.
    pub const ALL: [InvitationStatus; 4] = [Self::NotInvited, Self::Pending, Self::Accepted, Self::Expired];

    /// Name in URLs and storage.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotInvited => "not_invited",
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Expired => "expired",
        }
    }
}

/// By what a user signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginMethod {
    /// Password, passkey or one-time code kept by this installation.
    #[default]
    BuiltIn,
    /// Single sign-on through a connector.
    Connector(ConnectorId),
}

/// A connector named on another record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorRef {
    /// Its id.
    pub id: ConnectorId,
    /// Its shown name.
    pub name: String,
}

/// A row of the Users page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSummary {
    /// Its id.
    pub id: UserId,
    /// Login name as it was given.
    pub user_name: String,
    /// Name to show: the display name, else first and last name, else the login name.
    pub name: String,
    /// E-mail address, if there is one.
    pub email: Option<String>,
    /// Whether the account may be used.
    pub is_active: bool,
    /// Access role; none means app login only.
    pub role: Option<RoleRef>,
    /// Effective user type.
    pub user_type: UserType,
    /// The connector of single sign-on; none means Built-in.
    pub login_connector: Option<ConnectorRef>,
    /// The connector that provisions the account; none means it is kept by hand.
    pub managed_by: Option<ConnectorRef>,
    /// Whether the home directory is another than the organisation's.
    pub is_external: bool,
    /// Whether first name, last name or e-mail is missing.
    pub is_incomplete: bool,
    /// Whether a Global User Id is there.
    pub has_identity: bool,
    /// Invitation status at the time of reading.
    pub invitation: InvitationStatus,
    /// Last successful sign-in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// When the record last changed.
    pub updated_at: DateTime<Utc>,
}

/// A folder value on a user: what a directory sent, and the folder it names if there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderAccess {
    /// The value as it was sent, or the folder's name where access was given by hand.
    pub value: String,
    /// The folder it names; none while no such folder exists.
    pub folder: Option<FolderId>,
    /// The connector that sent it; none means it was given by hand.
    pub source: Option<ConnectorRef>,
}

/// A metadata value on a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataEntry {
    /// The key, spelled as the organisation spells it.
    pub key: String,
    /// Shown label.
    pub label: String,
    /// The value as text.
    pub value: String,
}

/// A group named on a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRef {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// The connector that manages it, if any.
    pub managed_by: Option<ConnectorRef>,
}

/// A further attribute that a directory sent, for the Profile tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileAttribute {
    /// Its SCIM name (`title`, `phoneNumbers[work]`).
    pub name: String,
    /// Its value as text.
    pub value: String,
}

/// Everything on the user record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetail {
    /// What the list shows.
    pub summary: UserSummary,
    /// Number of changes so far; an edit carries it, so that a stale one is refused.
    pub version: i64,
    /// Display name as stored.
    pub display_name: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// External id, as the directory sent it.
    pub external_id: Option<String>,
    /// Global User Id.
    pub identity: Option<IdentityId>,
    /// User type as stored; the summary has the effective one.
    pub user_type: Option<UserType>,
    /// Roles that the directory sent, in their canonical spelling.
    pub directory_roles: Vec<String>,
    /// Whether an administrative role that the directory sent takes effect as `User`.
    pub is_role_capped: bool,
    /// Whether the role was set by hand and so stays whatever the directory sends.
    pub is_role_manual: bool,
    /// Fields that the managing directory owns and that are locked here (`display_name`, `given_name`, `email`, …).
    pub locked_fields: Vec<String>,
    /// Further attributes from the directory.
    pub attributes: Vec<ProfileAttribute>,
    /// Folder values.
    pub folders: Vec<FolderAccess>,
    /// Metadata.
    pub metadata: Vec<MetadataEntry>,
    /// Groups.
    pub groups: Vec<GroupRef>,
    /// Live sessions.
    pub sessions: u64,
    /// When the directory last changed the account.
    pub last_provisioned_at: Option<DateTime<Utc>>,
    /// What the viewer may do now; the reason where they may not.
    pub actions: Vec<UserActionState>,
}

/// What can be done to a user from the record's overflow menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserAction {
    /// Edit profile fields.
    Edit,
    /// Change role, user type or login method.
    ChangeAccess,
    /// Take away access and end sessions.
    Deactivate,
    /// Give access back.
    Activate,
    /// End all sessions.
    EndSessions,
    /// Delete the account.
    Delete,
}

/// Whether an action is possible, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserActionState {
    /// The action.
    pub action: UserAction,
    /// Why the viewer cannot do it now; `None` means they can.
    pub refusal: Option<ActionRefusal>,
}

/// Why an action is not possible now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionRefusal {
    /// The viewer's role does not allow it.
    NotPermitted,
    /// The account holds more rights than the viewer.
    StrongerAccount,
    /// It is the last administrator who can sign in.
    LastAdministrator,
    /// It is the viewer's own account.
    OwnAccount,
    /// The directory manages it.
    DirectoryManaged,
    /// There is no session to end.
    NothingToDo,
}

/// What a list of users is narrowed to. Empty means all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UserFilter {
    /// Words, each the beginning of a word of name, login name, e-mail or external id.
    pub search: String,
    /// Active or deactivated.
    pub is_active: Option<bool>,
    /// Holders of this role.
    pub role: Option<RoleId>,
    /// Users without a role.
    pub without_role: bool,
    /// This user type.
    pub user_type: Option<UserType>,
    /// This login method.
    pub login_method: Option<LoginMethod>,
    /// Managed by this connector.
    pub connector: Option<ConnectorId>,
    /// Members of this group.
    pub group: Option<GroupId>,
    /// External or not.
    pub is_external: Option<bool>,
    /// Only those that lack first name, last name or e-mail.
    pub is_incomplete: bool,
    /// Only those without Global User Id.
    pub without_identity: bool,
    /// This invitation status.
    pub invitation: Option<InvitationStatus>,
}

/// By what the Users page sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserSort {
    /// Shown name.
    #[default]
    Name,
    /// Login name.
    UserName,
    /// Time of creation.
    CreatedAt,
    /// Time of the last change.
    UpdatedAt,
}

/// A question for a page of users.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UserQuery {
    /// Which users.
    pub filter: UserFilter,
    /// In which order.
    pub sort: UserSort,
    /// Direction of the order.
    pub direction: Direction,
    /// Where the page begins; none for the first.
    pub cursor: Option<String>,
    /// How many rows; none for the default.
    pub limit: Option<u32>,
}

/// What "+ New User" sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// E-mail address, which becomes the login name too.
    pub email: String,
    /// First name.
    #[serde(default)]
    pub given_name: String,
    /// Last name.
    #[serde(default)]
    pub family_name: String,
    /// Role; empty for app login only. Always sent: a form that lost it must not make a choice.
    pub role: String,
    /// User type.
    pub user_type: UserType,
}

/// What an edit of the Profile tab sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileEdit {
    /// Whose profile.
    pub id: UserId,
    /// The version that the editor saw.
    pub version: i64,
    /// Display name; empty for none.
    #[serde(default)]
    pub display_name: String,
    /// First name; empty for none.
    #[serde(default)]
    pub given_name: String,
    /// Last name; empty for none.
    #[serde(default)]
    pub family_name: String,
    /// E-mail; empty for none.
    #[serde(default)]
    pub email: String,
}

/// What an edit of the Access & Security tab sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessEdit {
    /// Whose access.
    pub id: UserId,
    /// The version that the editor saw.
    pub version: i64,
    /// Role id; empty for app login only. Always sent: a form that lost it must not take the role away.
    pub role: String,
    /// User type.
    pub user_type: UserType,
}

/// A signed-in browser of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Its id, which is not the cookie.
    pub id: SessionId,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// Address of the browser.
    pub ip: String,
    /// What the browser called itself.
    pub user_agent: String,
    /// Whether it is the session that asks.
    pub is_current: bool,
}
