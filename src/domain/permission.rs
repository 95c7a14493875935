//! Permissions: what a role lets its holder do. One name stands for one capability in the table of routes, in the guard of a
//! server function, in the role matrix and in tests.

// A new variant is decided here, not let through (security rule S10).
#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

macro_rules! permissions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// One capability inside an organisation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Permission { $($(#[$doc])* #[serde(rename = $name)] $variant,)* }

        impl Permission {
            /// All of them, in the order in which the role matrix shows them.
            pub const ALL: &[Permission] = &[$(Permission::$variant,)*];

            /// The stored and displayed name, `resource.action`.
            pub const fn name(self) -> &'static str {
                match self { $(Permission::$variant => $name,)* }
            }

            /// The permission of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Permission::$variant),)* _ => None }
            }
        }
    };
}

permissions! {
    /// Sign in to the console at all, see and change the own profile, sessions and passkeys.
    ConsoleAccess = "console.access",
    /// See users, their access and activity.
    UsersRead = "users.read",
    /// See groups and their members.
    GroupsRead = "groups.read",
    /// See folders and who has access.
    FoldersRead = "folders.read",
    /// Edit the contents of folders to which the holder has access.
    FoldersEditContents = "folders.edit_contents",
    /// Comment on users.
    UsersComment = "users.comment",
    /// Create, edit, deactivate, activate and delete users up to the own role, reset their login.
    UsersManage = "users.manage",
    /// Create, rename and delete groups, change members.
    GroupsManage = "groups.manage",
    /// Create, move, rename and archive folders, give access.
    FoldersManage = "folders.manage",
    /// Verify callers and act on the result.
    HelpdeskVerify = "helpdesk.verify",
    /// See roles and what they grant.
    RolesRead = "roles.read",
    /// See who changed what.
    AuditRead = "audit.read",
    /// See what the directories sent and what was done with it.
    ProvisioningRead = "provisioning.read",
    /// Connectors, credentials, mappings and their settings.
    ConnectorsManage = "connectors.manage",
    /// Primary and external domains.
    DomainsManage = "domains.manage",
    /// Metadata keys and mappings.
    MappingsManage = "mappings.manage",
    /// Custom roles.
    RolesManage = "roles.manage",
    /// Directory sync and claim matching.
    IamManage = "iam.manage",
    /// Plan, Enterprise Toolkit and seats; the organisation's name.
    BillingManage = "billing.manage",
    /// Export of the audit log, verification of its chain.
    AuditExport = "audit.export",
}

/// A set of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PermissionSet(BTreeSet<Permission>);

impl PermissionSet {
    /// Whether the set holds `permission`. The empty set holds nothing.
    pub fn holds(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }

    /// Whether everything in `other` is in this set too: who holds this set may grant `other`.
    pub fn covers(&self, other: &PermissionSet) -> bool {
        other.0.is_subset(&self.0)
    }

    /// In the order of [`Permission::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = Permission> + '_ {
        self.0.iter().copied()
    }

    /// Whether nothing is granted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many are granted.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}
