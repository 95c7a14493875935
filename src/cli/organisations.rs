//! `migrate` and `org`.

use super::failure::Failure;
use super::output::Output;
use super::startup::{Opened, Opening, open};
use crate::config::Config;
use crate::domain::ids::OrganisationId;
use crate::service::error::retrying;
use crate::service::{Context, organisations};

/// Brings the schema up to date.
pub(super) async fn migrate(config: &Config, output: &Output) -> Result<(), Failure> {
    let opened = open(config, Opening::First).await?;
    let key_file = opened.new_key_file.clone();
    opened.close().await;
    let value = serde_json::json!({ "migrated": true, "new_master_key_file": key_file });
    output.print(&value, || {
        format!("{}The database is up to date.", key_line(key_file.as_deref()))
    });
    Ok(())
}

/// Makes an organisation.
pub(super) async fn create(config: &Config, output: &Output, name: &str, has_enterprise_toolkit: bool) -> Result<(), Failure> {
    let opened = open(config, Opening::First).await?;
    let key_file = opened.new_key_file.clone();
    let id = retrying(|| async { organisations::create(&opened.context(), name, has_enterprise_toolkit).await }).await;
    opened.close().await;
    let id = id?;
    let value = serde_json::json!({ "id": id, "name": name, "has_enterprise_toolkit": has_enterprise_toolkit, "new_master_key_file": key_file });
    output.print(&value, || format!("{}{id}", key_line(key_file.as_deref())));
    Ok(())
}

/// Lists all organisations.
pub(super) async fn list(config: &Config, output: &Output) -> Result<(), Failure> {
    let opened = open(config, Opening::Existing).await?;
    let found = organisations::list(&opened.context()).await;
    opened.close().await;
    let found = found?;
    output.print(&serde_json::json!({ "organisations": found }), || {
        let line = |organisation: &crate::domain::organisation::OrganisationSummary| {
            let toolkit = if organisation.has_enterprise_toolkit {
                ", Enterprise Toolkit"
            } else {
                ""
            };
            format!(
                "{}  {} ({} users, {} connectors{toolkit})",
                organisation.id, organisation.name, organisation.users, organisation.connectors
            )
        };
        found.iter().map(line).collect::<Vec<_>>().join("\n")
    });
    Ok(())
}

/// A context inside an organisation that was named by its id.
pub(super) async fn within(opened: &Opened, id: &str) -> Result<Context, Failure> {
    let id = OrganisationId::parse(id)
        .map_err(|_| Failure::failed("--org must be the id of an organisation, as `lanyard org list` shows it"))?;
    match opened.context().within(id).await {
        Ok(context) => Ok(context),
        Err(crate::service::Error::NotFound) => Err(Failure::failed(
            "there is no organisation of this id; `lanyard org list` shows them",
        )),
        Err(other) => Err(other.into()),
    }
}

/// What is said about a key that was made just now; nothing when none was.
pub(super) fn key_line(file: Option<&std::path::Path>) -> String {
    file.map(|file| {
        format!(
            "Master key: {} (made now; keep a copy elsewhere, without it secrets in the database are lost)\n",
            file.display()
        )
    })
    .unwrap_or_default()
}
