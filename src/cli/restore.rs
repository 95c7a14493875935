//! `restore`: puts a copy in the place of a SQLite database that is not there (reliability rule R17).
//!
//! The copy is opened beside the place where it will stand, compared with the master key, brought up to date and its audit
//! chains checked. Only then it gets its name, so that nothing half restored is ever served.

use std::io::Read;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::failure::Failure;
use super::output::Output;
use super::startup::{Opening, open};
use super::{audit, private_files};
use crate::config::Config;
use crate::domain::audit::ChainReport;
use crate::service::audit::verify_all;

/// How every SQLite file begins, <https://www.sqlite.org/fileformat.html>.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Restores a copy.
pub(super) async fn run(config: &Config, output: &Output, file: &Path) -> Result<(), Failure> {
    let Some(target) = &config.database.sqlite_file else {
        return Err(Failure::failed(
            "PostgreSQL has a tool of its own for this: pg_restore --dbname=DATABASE FILE. Then `lanyard audit verify` checks the result",
        ));
    };
    if target.exists() {
        return Err(Failure::failed(format!(
            "there is a database at {} already; move it away first",
            target.display()
        )));
    }
    check_magic(file)?;
    let beside = beside(target);
    let verified = restore_beside(config, file, &beside).await;
    let reports = match verified {
        Ok(reports) if audit::is_intact(&reports) => reports,
        Ok(reports) => {
            remove(&beside);
            return Err(Failure::failed(format!(
                "the audit log in {} is broken, and nothing was restored:\n{}",
                file.display(),
                audit::lines(&reports)
            )));
        }
        Err(failure) => {
            remove(&beside);
            return Err(failure);
        }
    };
    std::fs::rename(&beside, target).map_err(|error| Failure::failed(format!("{} cannot be made: {error}", target.display())))?;
    let chains: Vec<_> = reports
        .iter()
        .map(|(chain, report)| serde_json::json!({ "chain": chain, "rows": report.rows }))
        .collect();
    output.print(&serde_json::json!({ "database": target, "chains": chains }), || {
        format!("Restored to {}.\n{}", target.display(), audit::lines(&reports))
    });
    Ok(())
}

fn check_magic(file: &Path) -> Result<(), Failure> {
    let mut head = [0; 16];
    let read = std::fs::File::open(file).and_then(|mut file| file.read_exact(&mut head));
    match read {
        Ok(()) if &head == MAGIC => Ok(()),
        Ok(()) => Err(Failure::failed(format!("{} is no SQLite database", file.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(Failure::failed(format!("{} is no SQLite database", file.display())))
        }
        Err(error) => Err(Failure::failed(format!("{} cannot be read: {error}", file.display()))),
    }
}

fn beside(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".restoring");
    target.with_file_name(name)
}

async fn restore_beside(config: &Config, file: &Path, beside: &Path) -> Result<Vec<(String, ChainReport)>, Failure> {
    let unwritable = |error: std::io::Error| Failure::failed(format!("{} cannot be written: {error}", beside.display()));
    private_files::make_folder(&config.folder()).map_err(unwritable)?;
    remove(beside);
    private_files::create(beside, b"").map_err(unwritable)?;
    std::fs::copy(file, beside).map_err(unwritable)?;
    // The copy brought the permissions of its source along.
    private_files::restrict(beside).map_err(unwritable)?;
    let mut at = config.clone();
    at.database.url = SecretString::from(format!("sqlite://{}", beside.display()));
    at.database.sqlite_file = Some(beside.to_path_buf());
    // A database without a recorded key is no copy of ours, and must not be given one.
    let store = super::startup::open_store(&at, Opening::Existing).await?;
    let migrated = crate::store::connect::migrate(&store).await;
    drop(store.close().await);
    migrated?;
    let opened = open(&at, Opening::Existing).await?;
    let reports = verify_all(&opened.context()).await;
    opened.close().await;
    Ok(reports?)
}

fn remove(beside: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = beside.as_os_str().to_owned();
        name.push(suffix);
        drop(std::fs::remove_file(PathBuf::from(name)));
    }
}
