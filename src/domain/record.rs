//! Users, groups and entries of the provisioning log as they are kept: what `store` reads and writes, `service` decides about, and
//! directories are served from. People see less of it: the views in [`user`](super::user), [`group`](super::group) and
//! [`provisioning`](super::provisioning).

use chrono::{DateTime, Utc};

use super::directory::AttributeMap;
use super::ids::{ConnectorId, CredentialId, GroupId, IdentityId, OrganisationId, ProvisioningEntryId, RoleId, UserId};
use super::provisioning::{FieldChange, IgnoredValue};
use super::user::{InvitationStatus, UserType};

/// A user.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are described on `domain::user::UserDetail` and `UserSummary`"
)]
pub struct UserRecord {
    pub id: UserId,
    pub identity: Option<IdentityId>,
    pub connector: Option<ConnectorId>,
    pub user_name: String,
    pub external_id: Option<String>,
    pub is_active: bool,
    pub display_name: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub email: Option<String>,
    pub user_type: Option<UserType>,
    pub effective_user_type: UserType,
    pub role: Option<RoleId>,
    pub is_role_manual: bool,
    pub is_role_capped: bool,
    pub login_connector: Option<ConnectorId>,
    pub is_login_method_manual: bool,
    pub is_external: bool,
    pub attributes: AttributeMap,
    pub invited_at: Option<DateTime<Utc>>,
    pub invitation_expires_at: Option<DateTime<Utc>>,
    pub invitation_accepted_at: Option<DateTime<Utc>>,
    pub last_sign_in_at: Option<DateTime<Utc>>,
    pub last_provisioned_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl UserRecord {
    /// An active user of type Standard with nothing but a login name.
    pub fn new(id: UserId, user_name: String, now: DateTime<Utc>) -> Self {
        Self {
            id,
            identity: None,
            connector: None,
            user_name,
            external_id: None,
            is_active: true,
            display_name: None,
            given_name: None,
            family_name: None,
            email: None,
            user_type: None,
            effective_user_type: UserType::Standard,
            role: None,
            is_role_manual: false,
            is_role_capped: false,
            login_connector: None,
            is_login_method_manual: false,
            is_external: false,
            attributes: AttributeMap::new(),
            invited_at: None,
            invitation_expires_at: None,
            invitation_accepted_at: None,
            last_sign_in_at: None,
            last_provisioned_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// The name to show: display name, else first and last name, else login name.
    pub fn shown_name(&self) -> std::borrow::Cow<'_, str> {
        if let Some(name) = &self.display_name {
            return name.into();
        }
        match (&self.given_name, &self.family_name) {
            (Some(given), Some(family)) => format!("{given} {family}").into(),
            (Some(one), None) | (None, Some(one)) => one.into(),
            (None, None) => (&self.user_name).into(),
        }
    }

    /// Whether first name, last name or e-mail is missing.
    pub const fn is_incomplete(&self) -> bool {
        self.given_name.is_none() || self.family_name.is_none() || self.email.is_none()
    }

    /// Where the invitation stands at a moment.
    pub fn invitation_at(&self, now: DateTime<Utc>) -> InvitationStatus {
        match (self.invited_at, self.invitation_accepted_at, self.invitation_expires_at) {
            (None, _, _) => InvitationStatus::NotInvited,
            (Some(_), Some(_), _) => InvitationStatus::Accepted,
            (Some(_), None, Some(end)) if now < end => InvitationStatus::Pending,
            (Some(_), None, _) => InvitationStatus::Expired,
        }
    }
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRecord {
    /// Its id.
    pub id: GroupId,
    /// The connector that manages it; none means it is kept by hand.
    pub connector: Option<ConnectorId>,
    /// Its name.
    pub name: String,
    /// External id, as the directory sent it.
    pub external_id: Option<String>,
    /// Number of changes.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it or its members last changed.
    pub updated_at: DateTime<Utc>,
}

/// One request and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRecord {
    /// Its id.
    pub id: ProvisioningEntryId,
    /// The organisation of the connector.
    pub organisation: OrganisationId,
    /// The connector whose secret was used.
    pub connector: Option<ConnectorId>,
    /// The secret that was used.
    pub credential: Option<CredentialId>,
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// The request id.
    pub request_id: String,
    /// From where it came.
    pub ip: String,
    /// What the client called itself.
    pub user_agent: String,
    /// HTTP method.
    pub method: String,
    /// Path and query below the SCIM base.
    pub path: String,
    /// What was asked.
    pub operation: String,
    /// Kind of the target.
    pub target_kind: Option<String>,
    /// Id of the target.
    pub target_id: Option<String>,
    /// Name of the target.
    pub target_name: Option<String>,
    /// HTTP status of the answer.
    pub status: u16,
    /// SCIM error type.
    pub scim_type: Option<String>,
    /// Reason of a refusal.
    pub detail: Option<String>,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// What was sent and not used.
    pub ignored: Vec<IgnoredValue>,
    /// Body of the request, redacted and cut.
    pub request_body: Option<String>,
    /// Body of the answer, redacted and cut.
    pub response_body: Option<String>,
}
