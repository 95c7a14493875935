//! `setup-link` and `recover-account`: one-time links, for whoever can read the database and the key anyway.

use super::failure::Failure;
use super::organisations::within;
use super::output::Output;
use super::startup::{Opening, open};
use crate::config::Config;
use crate::service::error::retrying;
use crate::service::{accounts, setup};

/// Prints a set-up link; older ones are dead.
pub(super) async fn setup_link(config: &Config, output: &Output) -> Result<(), Failure> {
    let opened = open(config, Opening::Existing).await?;
    let cx = opened.context();
    let link = retrying(|| setup::create_link(&cx)).await;
    drop(cx);
    opened.close().await;
    let link = link?;
    let value = serde_json::json!({ "url": link.url, "expires_at": link.expires_at });
    output.print(&value, || {
        format!(
            "{}\nIt works once, until {}.",
            link.url,
            link.expires_at.format("%Y-%m-%d %H:%M UTC")
        )
    });
    Ok(())
}

/// Prints a recovery link for an account, in the organisation that is named.
pub(super) async fn recover(config: &Config, output: &Output, email: &str, organisation: Option<&str>) -> Result<(), Failure> {
    let opened = open(config, Opening::Existing).await?;
    let url = async {
        let cx = match organisation {
            Some(id) => within(&opened, id).await?,
            None => opened.context(),
        };
        Ok::<_, Failure>(retrying(|| accounts::create_recovery_link(&cx, email)).await?)
    }
    .await;
    opened.close().await;
    let url = url?;
    output.print(&serde_json::json!({ "url": url }), || url.clone());
    Ok(())
}
