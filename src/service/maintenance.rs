//! What the installation does by itself from time to time. Each part can be repeated and interrupted; several replicas may do it
//! at once.

use super::Result;
use super::audit::{self, Event, Target};
use super::context::{Context, Services};
use crate::store::{provisioning, sessions, users};

/// Personal data of deleted users is kept for so long (product decision 6).
const PURGE_AFTER: chrono::Duration = chrono::Duration::days(30);

/// Leaves a row about a copy of the whole database that is going to be made (security rule S52): without it none is made.
///
/// # Errors
/// [`Error::Forbidden`](super::Error::Forbidden) for others than the command line.
///
/// # Permissions
/// The command line.
pub async fn record_backup(cx: &Context, file: &str) -> Result<()> {
    cx.demand_command_line()?;
    let tx = cx.store().begin().await?;
    let target = Target::new("installation", "database", file);
    audit::record(&tx, cx, None, Event::done("installation.backup", target, Vec::new())).await?;
    Ok(tx.commit().await?)
}

/// Takes ended sessions, old log entries and the personal data of users deleted long ago away.
///
/// # Errors
/// Any database error; what was done before it stays done.
///
/// # Permissions
/// The server itself, by its schedule.
pub async fn run_once(services: &Services) -> Result<()> {
    let now = services.clock.now();
    let tx = services.store.begin().await?;
    sessions::forget_expired(&tx, now).await?;
    users::purge_deleted(&tx, now - PURGE_AFTER, now).await?;
    tx.commit().await?;
    loop {
        // In parts, so that writers wait for none of them long.
        let tx = services.store.begin().await?;
        let gone = provisioning::forget_before(&tx, now - services.settings.provisioning_log_retention, 1_000).await?;
        tx.commit().await?;
        if gone < 1_000 {
            return Ok(());
        }
    }
}
