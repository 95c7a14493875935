//! Access roles: the built-in ones with their permissions, and how a role is shown.

// A new variant is decided here, not let through (security rule S10).
#![deny(clippy::wildcard_enum_match_arm)]

use serde::{Deserialize, Serialize};

use super::ids::RoleId;
use super::permission::{Permission, PermissionSet};

/// The roles that every organisation has and nobody edits. "None" (app login only) is the absence of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BuiltInRole {
    /// Sees users, groups and folders.
    ReadOnly,
    /// Also edits folder contents and comments on users.
    User,
    /// Also manages users up to the own role, groups, folders and helpdesk verification.
    Admin,
    /// Also manages connectors, domains, mappings, roles, billing and the audit export.
    EnterpriseAdmin,
}

impl BuiltInRole {
    /// From the weakest to the strongest.
    pub const ALL: [BuiltInRole; 4] = [Self::ReadOnly, Self::User, Self::Admin, Self::EnterpriseAdmin];

    /// The canonical spelling, as directories send it and as it is shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadOnly => "ReadOnly",
            Self::User => "User",
            Self::Admin => "Admin",
            Self::EnterpriseAdmin => "EnterpriseAdmin",
        }
    }

    /// The role of that canonical name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// What the role allows. Each role holds all that the weaker ones hold.
    pub fn permissions(self) -> PermissionSet {
        use Permission as P;
        let read_only = [P::ConsoleAccess, P::UsersRead, P::GroupsRead, P::FoldersRead, P::RolesRead];
        let user = [P::FoldersEditContents, P::UsersComment];
        let admin = [
            P::UsersManage,
            P::GroupsManage,
            P::FoldersManage,
            P::HelpdeskVerify,
            P::AuditRead,
            P::ProvisioningRead,
        ];
        let enterprise_admin = [
            P::ConnectorsManage,
            P::DomainsManage,
            P::MappingsManage,
            P::RolesManage,
            P::IamManage,
            P::BillingManage,
            P::AuditExport,
        ];
        let (with_user, with_admin, with_enterprise) = match self {
            Self::ReadOnly => (false, false, false),
            Self::User => (true, false, false),
            Self::Admin => (true, true, false),
            Self::EnterpriseAdmin => (true, true, true),
        };
        let take = |permissions: &[Permission], wanted: bool| if wanted { permissions.to_vec() } else { Vec::new() };
        read_only
            .into_iter()
            .chain(take(&user, with_user))
            .chain(take(&admin, with_admin))
            .chain(take(&enterprise_admin, with_enterprise))
            .collect()
    }
}

/// A role as a list or picker shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleView {
    /// Its id.
    pub id: RoleId,
    /// Shown name; a built-in role's canonical spelling.
    pub name: String,
    /// Which built-in role it is, if any.
    pub built_in: Option<BuiltInRole>,
    /// What it allows.
    pub permissions: PermissionSet,
    /// How many users hold it.
    pub holders: u64,
    /// Whether the viewer holds everything that the role grants and so may give it to somebody.
    pub is_grantable: bool,
}

/// A role named on another record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRef {
    /// Its id.
    pub id: RoleId,
    /// Its shown name.
    pub name: String,
    /// Which built-in role it is, if any.
    pub built_in: Option<BuiltInRole>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_covers_the_weaker_ones() {
        for pair in BuiltInRole::ALL.windows(2) {
            assert!(pair[1].permissions().covers(&pair[0].permissions()));
            assert!(!pair[0].permissions().covers(&pair[1].permissions()));
        }
        assert_eq!(BuiltInRole::EnterpriseAdmin.permissions().len(), Permission::ALL.len());
    }

    #[test]
    fn s10_the_empty_set_allows_nothing_and_is_covered_by_all() {
        let nothing = PermissionSet::default();
        assert!(Permission::ALL.iter().all(|permission| !nothing.holds(*permission)));
        assert!(nothing.covers(&nothing) && !nothing.covers(&BuiltInRole::ReadOnly.permissions()));
    }

    #[test]
    fn names_read_back() {
        for permission in Permission::ALL {
            assert_eq!(Permission::from_name(permission.name()), Some(*permission));
        }
    }
}
