//! `rekey`: another master key in the place of the present one, while servers run (security rule S47).
//!
//! During the exchange the key file holds both keys, the new one first, and servers look there when they meet a key that they
//! do not know. Whatever interrupts the exchange, the file holds every key that the database needs: it gets the new key before
//! the database records it, and loses the old one after the database needs it no more.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::output::Output;
use super::startup::{Opened, Opening, open};
use super::{master_key, private_files};
use crate::config::{Config, MasterKeySource};
use crate::service::keys::{MasterKey, id_of};
use crate::service::ports::SystemRandom;
use crate::service::rekey::{self, NeededKeys, Progress, needed_keys};

/// What an exchange ended with.
struct Done {
    /// The key that seals from now on.
    writing: String,
    progress: Progress,
    /// Where the old keys are now.
    kept: Vec<PathBuf>,
}

/// Exchanges the master key, or finishes an exchange that was interrupted.
pub(super) async fn run(config: &Config, output: &Output) -> Result<(), Failure> {
    let file = match &config.master_key {
        MasterKeySource::File(path) | MasterKeySource::DefaultFile(path) => Some(path.as_path()),
        MasterKeySource::Given(_) => None,
    };
    let opened = open(config, Opening::Existing).await?;
    let done = exchange(&opened, &config.master_key, file).await;
    opened.close().await;
    let Done { writing, progress, kept } = done?;
    output.print(
        &serde_json::json!({ "master_key_id": writing, "resealed": progress, "old_key_files": kept }),
        || lines(&writing, &progress, file, &kept),
    );
    Ok(())
}

async fn exchange(opened: &Opened, source: &MasterKeySource, file: Option<&Path>) -> Result<Done, Failure> {
    // Two at once would each put a key of their own into the file.
    let _alone = match file {
        Some(file) => Some(
            private_files::lock_folder_of(file)
                .map_err(|error| Failure::failed(format!("another exchange is running beside {}: {error}", file.display())))?,
        ),
        None => None,
    };
    let cx = opened.context();
    let needed = || async {
        let found = needed_keys(&opened.services.store).await?;
        found.ok_or_else(|| Failure::failed("this database has no master key yet"))
    };
    if let NeededKeys { writing, previous: None } = needed().await? {
        let keys = master_key::read(source)?;
        let is_leftover = keys.len() > 1 && keys.first().is_some_and(|first| id_of(first) == writing);
        if !is_leftover {
            let new = new_key(keys, &writing, file)?;
            rekey::replace(&cx, &new).await?;
        }
    }
    let NeededKeys { writing, previous } = needed().await?;
    let mut progress = Progress::default();
    // None is left by an exchange that was interrupted at its very end.
    if previous.is_some() {
        let resealed = rekey::reseal(&cx).await?;
        progress = rekey::retire(&cx).await?;
        progress.secrets += resealed.secrets;
        progress.chain_ends += resealed.chain_ends;
    }
    let kept = match file {
        Some(file) => put_away(source, file, &writing)?,
        None => Vec::new(),
    };
    Ok(Done { writing, progress, kept })
}

/// Id of the key that is to write from now on: the first one, when somebody has put it there, else one that is made now.
fn new_key(keys: Vec<MasterKey>, writing: &str, file: Option<&Path>) -> Result<String, Failure> {
    if let Some(first) = keys.first().map(id_of).filter(|first| first != writing) {
        return Ok(first);
    }
    let Some(file) = file else {
        return Err(Failure::failed(
            "the master key is given in LANYARD_MASTER_KEY, where this command cannot write: put the new key before it, separated by a comma, start the servers with both, then run this again",
        ));
    };
    let new = master_key::new(&SystemRandom);
    let all: Vec<&MasterKey> = std::iter::once(&new).chain(&keys).collect();
    master_key::write(file, &all)
        .map_err(|error| Failure::failed(format!("the new master key cannot be written to {}: {error}", file.display())))?;
    Ok(id_of(&new))
}

/// Takes the keys that are needed no more out of the file. Copies of the database made before need them, so that they are kept
/// beside it.
fn put_away(source: &MasterKeySource, file: &Path, writing: &str) -> Result<Vec<PathBuf>, Failure> {
    let (now, before): (Vec<MasterKey>, Vec<MasterKey>) =
        master_key::read(source)?.into_iter().partition(|key| id_of(key) == writing);
    if before.is_empty() || now.is_empty() {
        return Ok(Vec::new());
    }
    let kept = before
        .iter()
        .map(|key| master_key::keep_beside(file, key))
        .collect::<Result<Vec<_>, _>>();
    kept.and_then(|kept| master_key::write(file, &now.iter().collect::<Vec<_>>()).map(|()| kept))
        .map_err(|error| {
            Failure::failed(format!(
                "the old master key cannot be taken out of {}: {error}",
                file.display()
            ))
        })
}

fn lines(writing: &str, progress: &Progress, file: Option<&Path>, kept: &[PathBuf]) -> String {
    let mut lines = vec![format!(
        "The master key is now {writing}. Sealed again: {} secrets; signed again: the ends of {} audit chains.",
        progress.secrets, progress.chain_ends
    )];
    if progress.unreadable_secrets > 0 {
        lines.push(format!(
            "{} secrets could be opened with no key and were left as they are.",
            progress.unreadable_secrets
        ));
    }
    if progress.wrong_chain_ends > 0 {
        lines.push(format!(
            "The ends of {} audit chains are signed wrongly and were left as they are; `lanyard audit verify` names them.",
            progress.wrong_chain_ends
        ));
    }
    if file.is_none() {
        lines.push("Now leave only the new key in LANYARD_MASTER_KEY.".to_owned());
    }
    for kept in kept {
        lines.push(format!(
            "The old key is in {}. Copies of the database made before need it; delete it when there are none.",
            kept.display()
        ));
    }
    lines.join("\n")
}
