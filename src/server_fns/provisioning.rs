//! The provisioning log.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::error::UiError;
use crate::domain::ids::ProvisioningEntryId;
use crate::domain::page::Page;
use crate::domain::provisioning::{ProvisioningDetail, ProvisioningQuery, ProvisioningSummary};

#[cfg(feature = "ssr")]
use super::context;
#[cfg(feature = "ssr")]
use crate::{domain::permission::Permission, service::provisioning_log};

/// A page of the log, newest first.
#[server(endpoint = "provisioning/list", input = Json)]
pub async fn list_provisioning(input: ProvisioningQuery) -> Result<Page<ProvisioningSummary>, UiError> {
    let cx = context::require(Permission::ProvisioningRead).await?;
    context::answer(&cx, provisioning_log::list(&cx, &input).await)
}

/// One entry in full.
#[server(endpoint = "provisioning/get")]
pub async fn get_provisioning_entry(input: ProvisioningEntryId) -> Result<ProvisioningDetail, UiError> {
    let cx = context::require(Permission::ProvisioningRead).await?;
    context::answer(&cx, provisioning_log::get(&cx, input).await)
}
