//! What a role lets its holder do, in the words of the permission table.

use crate::domain::permission::{Permission, PermissionSet};
use crate::i18n::*;
use crate::ui::components::I18n;

/// One sentence for each capability that the set grants. A row of the table that is granted whole is one sentence; what a
/// custom role grants beyond whole rows is named by itself.
pub(super) fn capabilities(i18n: I18n, granted: &PermissionSet) -> Vec<String> {
    use Permission as P;
    let rows: [(&[Permission], &str); 5] = [
        (&[P::ConsoleAccess], tu_string!(i18n, roles.row.console)),
        (
            &[P::UsersRead, P::GroupsRead, P::FoldersRead, P::RolesRead],
            tu_string!(i18n, roles.row.read),
        ),
        (
            &[P::FoldersEditContents, P::UsersComment],
            tu_string!(i18n, roles.row.contribute),
        ),
        (
            &[
                P::UsersManage,
                P::GroupsManage,
                P::FoldersManage,
                P::HelpdeskVerify,
                P::AuditRead,
                P::ProvisioningRead,
            ],
            tu_string!(i18n, roles.row.manage),
        ),
        (
            &[
                P::ConnectorsManage,
                P::DomainsManage,
                P::MappingsManage,
                P::RolesManage,
                P::IamManage,
                P::BillingManage,
                P::AuditExport,
            ],
            tu_string!(i18n, roles.row.organisation),
        ),
    ];
    let mut sentences = vec![tu_string!(i18n, roles.row.apps).to_owned()];
    for (row, sentence) in rows {
        if row.iter().all(|permission| granted.holds(*permission)) {
            sentences.push(sentence.to_owned());
        } else {
            sentences.extend(
                row.iter()
                    .filter(|permission| granted.holds(**permission))
                    .map(|permission| permission_text(i18n, *permission).to_owned()),
            );
        }
    }
    sentences
}

/// The words of a single permission.
fn permission_text(i18n: I18n, permission: Permission) -> &'static str {
    match permission {
        Permission::ConsoleAccess => tu_string!(i18n, roles.permission.console_access),
        Permission::UsersRead => tu_string!(i18n, roles.permission.users_read),
        Permission::GroupsRead => tu_string!(i18n, roles.permission.groups_read),
        Permission::FoldersRead => tu_string!(i18n, roles.permission.folders_read),
        Permission::FoldersEditContents => tu_string!(i18n, roles.permission.folders_edit_contents),
        Permission::UsersComment => tu_string!(i18n, roles.permission.users_comment),
        Permission::UsersManage => tu_string!(i18n, roles.permission.users_manage),
        Permission::GroupsManage => tu_string!(i18n, roles.permission.groups_manage),
        Permission::FoldersManage => tu_string!(i18n, roles.permission.folders_manage),
        Permission::HelpdeskVerify => tu_string!(i18n, roles.permission.helpdesk_verify),
        Permission::RolesRead => tu_string!(i18n, roles.permission.roles_read),
        Permission::AuditRead => tu_string!(i18n, roles.permission.audit_read),
        Permission::ProvisioningRead => tu_string!(i18n, roles.permission.provisioning_read),
        Permission::ConnectorsManage => tu_string!(i18n, roles.permission.connectors_manage),
        Permission::DomainsManage => tu_string!(i18n, roles.permission.domains_manage),
        Permission::MappingsManage => tu_string!(i18n, roles.permission.mappings_manage),
        Permission::RolesManage => tu_string!(i18n, roles.permission.roles_manage),
        Permission::IamManage => tu_string!(i18n, roles.permission.iam_manage),
        Permission::BillingManage => tu_string!(i18n, roles.permission.billing_manage),
        Permission::AuditExport => tu_string!(i18n, roles.permission.audit_export),
    }
}
