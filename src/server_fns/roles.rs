//! Roles, for pickers and hints.

use leptos::prelude::*;

use super::error::UiError;
use crate::domain::role::RoleView;

#[cfg(feature = "ssr")]
use super::context;
#[cfg(feature = "ssr")]
use crate::{domain::permission::Permission, service::roles};

/// All roles of the organisation, weakest first.
#[server(endpoint = "roles/list")]
pub async fn list_roles() -> Result<Vec<RoleView>, UiError> {
    let cx = context::require(Permission::RolesRead).await?;
    context::answer(&cx, roles::list(&cx).await)
}
