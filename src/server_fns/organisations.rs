//! The General page, and the operator's Organisations page.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::UiError;
use crate::domain::ids::OrganisationId;
use crate::domain::organisation::{OrganisationDetail, OrganisationSummary};

#[cfg(feature = "ssr")]
use super::context;
#[cfg(feature = "ssr")]
use crate::{domain::permission::Permission, service::organisations};

/// A new organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewOrganisation {
    /// Its name.
    pub name: String,
    /// Whether connectors can be added from the start.
    #[serde(default)]
    pub has_enterprise_toolkit: bool,
}

/// A new name for the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationRename {
    /// The version that the editor saw.
    pub version: i64,
    /// Its new name.
    pub name: String,
}

/// What the operator decides about an organisation's toolkit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolkitDecision {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// On or off.
    pub is_on: bool,
    /// Whether the decision stays with the operator.
    #[serde(default)]
    pub is_reserved: bool,
}

/// The organisation in view.
#[server(endpoint = "organisations/current")]
pub async fn get_organisation() -> Result<OrganisationDetail, UiError> {
    let cx = context::require(Permission::ConsoleAccess).await?;
    context::answer(&cx, organisations::current(&cx).await)
}

/// Renames the organisation in view.
#[server(endpoint = "organisations/rename")]
pub async fn rename_organisation(input: OrganisationRename) -> Result<(), UiError> {
    let cx = context::require(Permission::BillingManage).await?;
    context::write(&cx, || organisations::update(&cx, input.version, &input.name)).await
}

/// All organisations, by name.
#[server(endpoint = "organisations/list")]
pub async fn list_organisations() -> Result<Vec<OrganisationSummary>, UiError> {
    let cx = context::operator().await?;
    context::answer(&cx, organisations::list(&cx).await)
}

/// Makes an organisation with the operator as its first EnterpriseAdmin.
#[server(endpoint = "organisations/create")]
pub async fn create_organisation(input: NewOrganisation) -> Result<(), UiError> {
    let cx = context::operator().await?;
    context::write(&cx, || {
        organisations::create_by_operator(&cx, &input.name, input.has_enterprise_toolkit)
    })
    .await?;
    leptos_axum::redirect("/organisations");
    Ok(())
}

/// Gives the operator an EnterpriseAdmin account in an organisation. The organisation's audit log tells so.
#[server(endpoint = "organisations/join")]
pub async fn join_organisation(input: OrganisationId) -> Result<(), UiError> {
    let cx = context::operator().await?;
    context::write(&cx, || organisations::join(&cx, input)).await?;
    leptos_axum::redirect("/organisations");
    Ok(())
}

/// Decides about an organisation's Enterprise Toolkit.
#[server(endpoint = "organisations/decide-toolkit")]
pub async fn decide_toolkit(input: ToolkitDecision) -> Result<(), UiError> {
    let cx = context::operator().await?;
    context::write(&cx, || {
        organisations::decide_toolkit(&cx, input.organisation, input.is_on, input.is_reserved)
    })
    .await
}
