//! The signed-in person: what the console knows of the viewer, and the forms by which one gets in.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::{IdentityId, OrganisationId, UserId};
use super::organisation::OrganisationRef;
use super::permission::{Permission, PermissionSet};

/// Fewest characters of a password.
pub const MIN_PASSWORD_CHARS: u32 = 15;
/// Most characters of a password.
pub const MAX_PASSWORD_CHARS: u32 = 128;

/// Who is looking at the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The person.
    pub identity: IdentityId,
    /// Name to show.
    pub name: String,
    /// The login name.
    pub email: String,
    /// Whether the person is of the vendor's staff.
    pub is_operator: bool,
    /// The organisation in view; none for an operator who has entered none.
    pub organisation: Option<OrganisationRef>,
    /// The person's account there.
    pub user: Option<UserId>,
    /// What the person may do there.
    pub permissions: PermissionSet,
    /// Every organisation in which the person has an account with console access.
    pub organisations: Vec<OrganisationRef>,
}

impl Viewer {
    /// Whether the viewer holds `permission` in the organisation in view.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.holds(permission)
    }
}

/// What the sign-in form sends.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    /// Login name: an e-mail address.
    pub email: String,
    /// Password.
    pub password: String,
    /// Local path to open afterwards; empty for Home.
    #[serde(default)]
    pub return_to: String,
}

/// What the set-up page sends.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupForm {
    /// The one-time token from the printed link.
    pub token: String,
    /// Name of the person.
    pub name: String,
    /// E-mail address, which becomes the login name.
    pub email: String,
    /// Password.
    pub password: String,
    /// Name of the first organisation.
    pub organisation: String,
}

/// What the recovery page sends.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryForm {
    /// The one-time token from the printed link.
    pub token: String,
    /// The new password.
    pub password: String,
}

/// What the change of the own password sends.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The current password.
    pub current: String,
    /// The new password.
    pub password: String,
}

/// Forms that carry a password or a one-time token show neither in logs.
macro_rules! secret_form {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

secret_form!(SignInForm, SetupForm, RecoveryForm, PasswordChange);

/// Whether a one-time link can be used, asked without using it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkStatus {
    /// It can be used until then; the name is the account's login name where there is one.
    Usable {
        /// When it ends.
        expires_at: DateTime<Utc>,
        /// The account's login name, for recovery.
        login_name: Option<String>,
    },
    /// It is unknown, used or too old.
    Unusable,
    /// Set-up was done before.
    AlreadySetUp,
}

/// Where the switcher goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationSwitch {
    /// The organisation to enter.
    pub organisation: OrganisationId,
}
