//! Who may call what: one table of all server functions, pages and other routes (security rule S4).
//!
//! The guard in each function decides; this table is what start-up and tests compare with. A server function that is missing
//! here stops the start.

// A new variant is decided here, not let through (security rule S10).
#![deny(clippy::wildcard_enum_match_arm)]

use crate::domain::permission::Permission;

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Public,
    /// A session.
    SignedIn,
    /// A session of the vendor's staff.
    Operator,
    /// A session whose role holds this in the organisation in view.
    Permission(Permission),
    /// The secret of a connector.
    Connector,
}

use Access::{Connector, Operator, Permission as Holds, Public, SignedIn};

/// Every server function: all are POST under `/api`.
pub const FUNCTIONS: &[(&str, Access)] = &[
    ("/api/account/viewer", Public),
    ("/api/account/sign-in", Public),
    ("/api/account/sign-out", Public),
    ("/api/account/setup-status", Public),
    ("/api/account/complete-setup", Public),
    ("/api/account/recovery-status", Public),
    ("/api/account/complete-recovery", Public),
    ("/api/account/switch-organisation", SignedIn),
    ("/api/account/sessions", SignedIn),
    ("/api/account/end-session", SignedIn),
    ("/api/account/end-other-sessions", SignedIn),
    ("/api/account/change-password", SignedIn),
    ("/api/audit/list", Holds(Permission::AuditRead)),
    ("/api/audit/verify", Holds(Permission::AuditExport)),
    ("/api/billing/get", Holds(Permission::BillingManage)),
    ("/api/billing/set-toolkit", Holds(Permission::BillingManage)),
    ("/api/connectors/list", Holds(Permission::ConnectorsManage)),
    ("/api/connectors/get", Holds(Permission::ConnectorsManage)),
    ("/api/connectors/create", Holds(Permission::ConnectorsManage)),
    ("/api/connectors/update", Holds(Permission::ConnectorsManage)),
    ("/api/connectors/rotate", Holds(Permission::ConnectorsManage)),
    ("/api/connectors/acknowledge-secret", Holds(Permission::ConnectorsManage)),
    ("/api/connectors/revoke", Holds(Permission::ConnectorsManage)),
    ("/api/connectors/pause", Holds(Permission::ConnectorsManage)),
    ("/api/connectors/resume", Holds(Permission::ConnectorsManage)),
    ("/api/connectors/delete", Holds(Permission::ConnectorsManage)),
    ("/api/connectors/test", Holds(Permission::ConnectorsManage)),
    ("/api/groups/list", Holds(Permission::GroupsRead)),
    ("/api/groups/get", Holds(Permission::GroupsRead)),
    ("/api/groups/members", Holds(Permission::GroupsRead)),
    ("/api/groups/create", Holds(Permission::GroupsManage)),
    ("/api/groups/rename", Holds(Permission::GroupsManage)),
    ("/api/groups/delete", Holds(Permission::GroupsManage)),
    ("/api/groups/add-member", Holds(Permission::GroupsManage)),
    ("/api/groups/remove-member", Holds(Permission::GroupsManage)),
    ("/api/home/get", Holds(Permission::ConsoleAccess)),
    ("/api/organisations/current", Holds(Permission::ConsoleAccess)),
    ("/api/organisations/rename", Holds(Permission::BillingManage)),
    ("/api/organisations/list", Operator),
    ("/api/organisations/create", Operator),
    ("/api/organisations/join", Operator),
    ("/api/organisations/decide-toolkit", Operator),
    ("/api/preferences/set", Public),
    ("/api/provisioning/list", Holds(Permission::ProvisioningRead)),
    ("/api/provisioning/get", Holds(Permission::ProvisioningRead)),
    ("/api/roles/list", Holds(Permission::RolesRead)),
    ("/api/users/list", Holds(Permission::UsersRead)),
    ("/api/users/get", Holds(Permission::UsersRead)),
    ("/api/users/create", Holds(Permission::UsersManage)),
    ("/api/users/update-profile", Holds(Permission::UsersManage)),
    ("/api/users/update-access", Holds(Permission::UsersManage)),
    ("/api/users/deactivate", Holds(Permission::UsersManage)),
    ("/api/users/activate", Holds(Permission::UsersManage)),
    ("/api/users/end-sessions", Holds(Permission::UsersManage)),
    ("/api/users/delete", Holds(Permission::UsersManage)),
    ("/api/users/sessions", Holds(Permission::UsersManage)),
    ("/api/users/activity", Holds(Permission::UsersRead)),
];

/// Every page. What is on a page comes from server functions, which decide once more.
pub const PAGES: &[(&str, Access)] = &[
    ("/", Holds(Permission::ConsoleAccess)),
    ("/sign-in", Public),
    ("/setup/{token}", Public),
    ("/recover/{token}", Public),
    ("/account", SignedIn),
    ("/users", Holds(Permission::UsersRead)),
    ("/users/{id}", Holds(Permission::UsersRead)),
    ("/groups", Holds(Permission::GroupsRead)),
    ("/groups/{id}", Holds(Permission::GroupsRead)),
    ("/integrations", Holds(Permission::ConnectorsManage)),
    ("/connectors/{id}", Holds(Permission::ConnectorsManage)),
    ("/billing", Holds(Permission::BillingManage)),
    ("/settings", Holds(Permission::ConsoleAccess)),
    ("/organisations", Operator),
    ("/logs/provisioning", Holds(Permission::ProvisioningRead)),
    ("/logs/provisioning/{id}", Holds(Permission::ProvisioningRead)),
    ("/logs/audit", Holds(Permission::AuditRead)),
];

/// Everything else that answers. Paths below `/pkg` and single files of the site are public as well.
pub const OTHERS: &[(&str, Access)] = &[
    ("/healthz", Public),
    ("/readyz", Public),
    ("/pkg/{*file}", Public),
    ("/scim/v2/{*path}", Connector),
];

/// Compares the table with the server functions that exist.
///
/// # Errors
/// What is missing, superfluous, or not called by POST alone (security rule S14), one line each.
pub fn check() -> Result<(), String> {
    let mut registered = Vec::new();
    let mut faults = Vec::new();
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        if method != axum::http::Method::POST {
            faults.push(format!(
                "{path} is called by {method}; every server function is called by POST"
            ));
        }
        registered.push(path);
    }
    compare("FUNCTIONS", &registered, FUNCTIONS, &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// Compares the table with the pages that the console has.
///
/// # Errors
/// What is missing or superfluous, one line each.
pub fn check_pages(paths: &[&str]) -> Result<(), String> {
    let mut faults = Vec::new();
    compare("PAGES", paths, PAGES, &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

fn compare(table: &str, found: &[&str], listed: &[(&str, Access)], faults: &mut Vec<String>) {
    for path in found {
        if listed.iter().filter(|(known, _)| known == path).count() != 1 {
            faults.push(format!("{path} must be once in {table} of src/server_fns/table.rs"));
        }
    }
    for (path, _) in listed {
        if !found.contains(path) {
            faults.push(format!("{path} is in {table} of src/server_fns/table.rs and does not exist"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s04_every_server_function_is_in_the_table() {
        assert_eq!(check(), Ok(()));
    }

    #[test]
    fn s04_what_differs_is_told() {
        let mut faults = Vec::new();
        compare("T", &["/a", "/b"], &[("/b", Public), ("/c", Public)], &mut faults);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].starts_with("/a must be once") && faults[1].starts_with("/c is in T"));
    }
}
