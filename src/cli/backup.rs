//! `backup`: a consistent copy of a SQLite database that is in use (reliability rule R17).

use std::path::Path;

use super::failure::Failure;
use super::output::Output;
use super::private_files;
use super::startup::{Opening, open_store};
use crate::config::Config;
use crate::store::connect;

/// Copies the database.
pub(super) async fn run(config: &Config, output: &Output, file: &Path) -> Result<(), Failure> {
    if config.database.sqlite_file.is_none() {
        return Err(Failure::failed(
            "PostgreSQL has a tool of its own for this: pg_dump --format=custom --file=FILE DATABASE. Keep the master key as well, and not beside it",
        ));
    }
    let store = open_store(config, Opening::Existing).await?;
    // Made before it is filled, because SQLite would make it readable for everybody.
    private_files::create(file, b"").map_err(|error| Failure::failed(format!("{} cannot be made: {error}", file.display())))?;
    let copied = connect::copy_sqlite(&store, file).await;
    drop(store.close().await);
    if let Err(error) = copied {
        drop(std::fs::remove_file(file));
        return Err(error.into());
    }
    let bytes = std::fs::metadata(file).map(|metadata| metadata.len()).unwrap_or(0);
    output.print(&serde_json::json!({ "file": file, "bytes": bytes }), || {
        format!(
            "{} ({bytes} bytes). The master key is not in it: keep that as well, and not beside it.",
            file.display()
        )
    });
    Ok(())
}
