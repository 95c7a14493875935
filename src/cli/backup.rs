//! `backup`: a consistent copy of a SQLite database that is in use (reliability rule R17).

use std::path::Path;

use super::failure::Failure;
use super::output::Output;
use super::private_files;
use super::startup::{Opened, Opening, open};
use crate::config::Config;
use crate::service::error::retrying;
use crate::service::maintenance;
use crate::store::connect;

/// Copies the database.
pub(super) async fn run(config: &Config, output: &Output, file: &Path) -> Result<(), Failure> {
    if config.database.sqlite_file.is_none() {
        return Err(Failure::failed(
            "PostgreSQL has a tool of its own for this: pg_dump --format=custom --file=FILE DATABASE. Keep the master key as well, and not beside it",
        ));
    }
    let opened = open(config, Opening::Existing).await?;
    let copied = copy(&opened, file).await;
    opened.close().await;
    copied?;
    let bytes = std::fs::metadata(file).map(|metadata| metadata.len()).unwrap_or(0);
    output.print(&serde_json::json!({ "file": file, "bytes": bytes }), || {
        format!(
            "{} ({bytes} bytes). The master key is not in it: keep that as well, and not beside it.",
            file.display()
        )
    });
    Ok(())
}

async fn copy(opened: &Opened, file: &Path) -> Result<(), Failure> {
    // Made before it is filled, because SQLite would make it readable for everybody.
    private_files::create(file, b"").map_err(|error| Failure::failed(format!("{} cannot be made: {error}", file.display())))?;
    let copied = async {
        let (cx, name) = (opened.context(), file.display().to_string());
        retrying(|| maintenance::record_backup(&cx, &name)).await?;
        Ok::<_, Failure>(connect::copy_sqlite(cx.store(), file).await?)
    }
    .await;
    if copied.is_err() {
        drop(std::fs::remove_file(file));
    }
    copied
}
