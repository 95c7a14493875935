//! Roles: making the built-in ones with an organisation, and showing them.

use super::Result;
use super::context::Context;
use crate::domain::ids::RoleId;
use crate::domain::permission::Permission;
use crate::domain::role::{BuiltInRole, RoleView};
use crate::store::roles::RoleRecord;
use crate::store::{OrgScope, Tx, roles};

/// All roles of the organisation, weakest first.
///
/// # Errors
/// [`super::Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::RolesRead`].
pub async fn list(cx: &Context) -> Result<Vec<RoleView>> {
    let scope = cx.demand(Permission::RolesRead)?;
    let holders = roles::holders(cx.store(), &scope).await?;
    let ceiling = cx.ceiling();
    Ok(roles::list(cx.store(), &scope)
        .await?
        .into_iter()
        .map(|role| RoleView {
            id: role.id,
            name: role.name,
            built_in: role.built_in,
            holders: holders.get(&role.id).copied().unwrap_or(0),
            is_grantable: ceiling.covers(&role.permissions),
            permissions: role.permissions,
        })
        .collect())
}

/// Makes the built-in roles of a new organisation and tells the strongest.
pub(in crate::service) async fn create_built_in(tx: &Tx, cx: &Context, scope: &OrgScope) -> Result<RoleId> {
    let mut strongest = None;
    for (role, rank) in BuiltInRole::ALL.into_iter().zip(1_i64..) {
        let id = RoleId::from_uuid(cx.new_uuid());
        let record = RoleRecord {
            id,
            name: role.name().to_owned(),
            built_in: Some(role),
            rank: rank * 100,
            permissions: role.permissions(),
        };
        roles::create(tx, scope, &record, cx.now()).await?;
        strongest = Some(id);
    }
    strongest.ok_or_else(|| super::Error::internal("there are no built-in roles"))
}
