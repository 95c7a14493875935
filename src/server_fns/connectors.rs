//! The Integrations page and a connector's own page.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::UiError;
use crate::domain::connector::{ConnectorDetail, ConnectorEdit, ConnectorKind, ConnectorSummary, Finding};
use crate::domain::ids::{ConnectorId, CredentialId};

#[cfg(feature = "ssr")]
use super::context;
#[cfg(feature = "ssr")]
use crate::{domain::permission::Permission, service::connectors};

/// A new connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConnector {
    /// Which directory.
    pub kind: ConnectorKind,
}

/// A rotation of the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRotation {
    /// Which connector.
    pub id: ConnectorId,
    /// For how many more hours the old secret works: none to [`MAX_OVERLAP_HOURS`](crate::domain::connector::MAX_OVERLAP_HOURS).
    pub overlap_hours: u32,
}

/// One secret of a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialRef {
    /// Which connector.
    pub connector: ConnectorId,
    /// Which secret.
    pub credential: CredentialId,
}

/// A connector and the text typed to confirm.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectorConfirmation {
    /// Which connector.
    pub id: ConnectorId,
    /// The connector's name, typed.
    pub confirmation: String,
}

/// All connectors of the organisation.
#[server(endpoint = "connectors/list")]
pub async fn list_connectors() -> Result<Vec<ConnectorSummary>, UiError> {
    let cx = context::require(Permission::ConnectorsManage).await?;
    context::answer(&cx, connectors::list(&cx).await)
}

/// One connector. A secret made a moment ago in this browser comes with it until it is acknowledged.
#[server(endpoint = "connectors/get")]
pub async fn get_connector(input: ConnectorId) -> Result<ConnectorDetail, UiError> {
    let cx = context::require(Permission::ConnectorsManage).await?;
    let mut detail = context::answer(&cx, connectors::get(&cx, input).await)?;
    detail.new_secret = context::find_flash(&cx, input);
    Ok(detail)
}

/// Makes a connector with its first secret and opens it.
#[server(endpoint = "connectors/create")]
pub async fn create_connector(input: NewConnector) -> Result<(), UiError> {
    let cx = context::require(Permission::ConnectorsManage).await?;
    let created = context::write(&cx, || connectors::create(&cx, input.kind, None)).await?;
    context::set_flash(&cx, created.id, &created.secret)?;
    leptos_axum::redirect(&format!("/connectors/{}", created.id));
    Ok(())
}

/// Saves name and provisioning settings.
#[server(endpoint = "connectors/update")]
pub async fn update_connector(input: ConnectorEdit) -> Result<(), UiError> {
    let cx = context::require(Permission::ConnectorsManage).await?;
    context::write(&cx, || connectors::update(&cx, input.clone())).await
}

/// Makes a new secret; the old one works until the overlap ends.
#[server(endpoint = "connectors/rotate")]
pub async fn rotate_connector_secret(input: SecretRotation) -> Result<(), UiError> {
    let cx = context::require(Permission::ConnectorsManage).await?;
    let secret = context::write(&cx, || connectors::rotate(&cx, input.id, input.overlap_hours)).await?;
    context::set_flash(&cx, input.id, &secret)?;
    leptos_axum::redirect(&format!("/connectors/{}", input.id));
    Ok(())
}

/// Puts the shown secret out of sight for good.
#[server(endpoint = "connectors/acknowledge-secret")]
pub async fn acknowledge_secret(input: ConnectorId) -> Result<(), UiError> {
    let cx = context::require(Permission::ConnectorsManage).await?;
    context::clear_flash(&cx);
    leptos_axum::redirect(&format!("/connectors/{input}"));
    Ok(())
}

/// Ends a secret at once.
#[server(endpoint = "connectors/revoke")]
pub async fn revoke_credential(input: CredentialRef) -> Result<(), UiError> {
    let cx = context::require(Permission::ConnectorsManage).await?;
    context::write(&cx, || connectors::revoke(&cx, input.connector, input.credential)).await
}

/// Pauses a connector: its directory is refused from now on.
#[server(endpoint = "connectors/pause")]
pub async fn pause_connector(input: ConnectorId) -> Result<(), UiError> {
    let cx = context::require(Permission::ConnectorsManage).await?;
    context::write(&cx, || connectors::set_paused(&cx, input, true)).await
}

/// Lets a paused connector work again.
#[server(endpoint = "connectors/resume")]
pub async fn resume_connector(input: ConnectorId) -> Result<(), UiError> {
    let cx = context::require(Permission::ConnectorsManage).await?;
    context::write(&cx, || connectors::set_paused(&cx, input, false)).await
}

/// Removes a connector and goes to the Integrations page. Its users and groups stay, managed by hand.
#[server(endpoint = "connectors/delete")]
pub async fn delete_connector(input: ConnectorConfirmation) -> Result<(), UiError> {
    let cx = context::require(Permission::ConnectorsManage).await?;
    context::write(&cx, || connectors::delete(&cx, input.id, &input.confirmation)).await?;
    leptos_axum::redirect("/integrations");
    Ok(())
}

/// Checks step by step whether provisioning can work.
#[server(endpoint = "connectors/test")]
pub async fn test_connection(input: ConnectorId) -> Result<Vec<Finding>, UiError> {
    let cx = context::require(Permission::ConnectorsManage).await?;
    context::answer(&cx, connectors::test(&cx, input).await)
}
