//! `connector`.

use secrecy::ExposeSecret;

use super::failure::Failure;
use super::organisations::within;
use super::output::Output;
use super::startup::{Opened, Opening, open};
use crate::config::Config;
use crate::domain::connector::{ConnectorKind, ConnectorSummary};
use crate::domain::ids::ConnectorId;
use crate::service::connectors;
use crate::service::error::retrying;

/// Makes a connector and prints everything that its directory has to be told.
pub(super) async fn create(
    config: &Config,
    output: &Output,
    organisation: &str,
    kind: ConnectorKind,
    name: Option<&str>,
) -> Result<(), Failure> {
    let opened = open(config, Opening::Existing).await?;
    let created = async {
        let cx = within(&opened, organisation).await?;
        Ok::<_, Failure>(retrying(|| connectors::create(&cx, kind, name)).await?)
    }
    .await;
    opened.close().await;
    let created = created?;
    let value = serde_json::json!({
        "id": created.id,
        "kind": kind.name(),
        "scim_url": created.scim_url,
        "user_name": created.user_name,
        "secret": created.secret.expose_secret(),
        "redirect_uris": { "web": created.web_redirect_uri, "native": created.native_redirect_uri },
    });
    output.print(&value, || {
        format!(
            "id                     {}\nSCIM URL               {}\nUser Name              {}\nPassword               {}\nRedirect URI (web)     {}\nRedirect URI (native)  {}\n\
             The password is not shown again.",
            created.id, created.scim_url, created.user_name, created.secret.expose_secret(), created.web_redirect_uri, created.native_redirect_uri
        )
    });
    Ok(())
}

/// Lists the connectors of an organisation.
pub(super) async fn list(config: &Config, output: &Output, organisation: &str) -> Result<(), Failure> {
    let opened = open(config, Opening::Existing).await?;
    let found = async { Ok::<_, Failure>(connectors::list(&within(&opened, organisation).await?).await?) }.await;
    opened.close().await;
    let found = found?;
    output.print(&serde_json::json!({ "connectors": found }), || {
        let line = |connector: &ConnectorSummary| {
            format!(
                "{}  {} ({}, {} users, {} groups)",
                connector.id, connector.name, connector.kind, connector.users, connector.groups
            )
        };
        found.iter().map(line).collect::<Vec<_>>().join("\n")
    });
    Ok(())
}

/// Makes a new secret.
pub(super) async fn rotate(
    config: &Config,
    output: &Output,
    organisation: &str,
    connector: &str,
    overlap_hours: u32,
) -> Result<(), Failure> {
    let opened = open(config, Opening::Existing).await?;
    let rotated = rotate_in(&opened, organisation, connector, overlap_hours).await;
    opened.close().await;
    let secret = rotated?;
    let value = serde_json::json!({ "id": connector, "secret": secret.expose_secret(), "overlap_hours": overlap_hours });
    output.print(&value, || {
        format!(
            "{}\nThe old secret works for {overlap_hours} more hours. The new one is not shown again.",
            secret.expose_secret()
        )
    });
    Ok(())
}

async fn rotate_in(
    opened: &Opened,
    organisation: &str,
    connector: &str,
    overlap_hours: u32,
) -> Result<secrecy::SecretString, Failure> {
    let cx = within(opened, organisation).await?;
    let id = ConnectorId::parse(connector)
        .map_err(|_| Failure::failed("--connector must be the id of a connector, as `lanyard connector list` shows it"))?;
    match retrying(|| connectors::rotate(&cx, id, overlap_hours)).await {
        Ok(secret) => Ok(secret),
        Err(crate::service::Error::NotFound) => Err(Failure::failed("the organisation has no connector of this id")),
        Err(other) => Err(other.into()),
    }
}
