//! The master key: where it is, when it is made, and that it is the one that this database was made with (security rule S47).

use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::failure::Failure;
use super::private_files;
use crate::config::{Fault, MasterKeySource, decode_master_key};
use crate::service::keys::{Keyring, MASTER_KEY_BYTES};
use crate::service::ports::Random;
use crate::store::{Store, installation};

/// Keys, and the file when it was made just now.
pub(super) struct Found {
    pub keys: Keyring,
    pub new_file: Option<PathBuf>,
}

/// Finds the key and compares it with what the database recorded. Where the database has recorded none and `may_create` is set,
/// a key that is not there is made, and the database records it.
pub(super) async fn find(
    store: &Store,
    source: &MasterKeySource,
    random: &dyn Random,
    may_create: bool,
) -> Result<Found, Failure> {
    let recorded = installation::find(store, installation::MASTER_KEY_ID).await?;
    let (key, new_file) = match read(source)? {
        Some(key) => (key, None),
        None => {
            let path = path_of(source);
            if let Some(id) = &recorded {
                return Err(Failure::failed(format!(
                    "the secrets in this database are sealed with master key {id}, and there is no key at {}; set LANYARD_MASTER_KEY_FILE to the file that holds it",
                    path.display()
                )));
            }
            if !may_create {
                return Err(Failure::failed(format!(
                    "there is no master key at {}; `lanyard serve` or `lanyard migrate` makes it",
                    path.display()
                )));
            }
            (make(&path, random)?, Some(path))
        }
    };
    let keys = Keyring::new(&key);
    match recorded {
        Some(id) if id == keys.key_id() => {}
        Some(id) => {
            return Err(Failure::failed(format!(
                "the secrets in this database are sealed with master key {id}, and the key that was given is {}; give the right one",
                keys.key_id()
            )));
        }
        None if may_create => record(store, &keys, new_file.as_deref()).await?,
        None => {
            return Err(Failure::failed(
                "this database has no master key yet; `lanyard serve` or `lanyard migrate` records it",
            ));
        }
    }
    Ok(Found { keys, new_file })
}

/// The key that is there.
pub(super) fn read(source: &MasterKeySource) -> Result<Option<Zeroizing<[u8; MASTER_KEY_BYTES]>>, Failure> {
    let wrong = |key: &str, problem: String| Failure::Configuration(Fault::new(key, problem).into());
    let path = match source {
        MasterKeySource::Given(key) => {
            return decode_master_key(key.expose_secret())
                .map(Some)
                .map_err(|problem| wrong("master_key", problem.to_owned()));
        }
        MasterKeySource::File(path) | MasterKeySource::DefaultFile(path) => path,
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(wrong(
                "master_key_file",
                format!("names {}, which cannot be read: {error}", path.display()),
            ));
        }
    };
    if private_files::is_open_to_others(path) {
        tracing::warn!(file = %path.display(), "others than the owner may read the master key; `chmod 600` mends that");
    }
    decode_master_key(&text).map(Some).map_err(|problem| {
        wrong(
            "master_key_file",
            format!("names {}; the key in it {problem}", path.display()),
        )
    })
}

fn path_of(source: &MasterKeySource) -> PathBuf {
    match source {
        MasterKeySource::File(path) | MasterKeySource::DefaultFile(path) => path.clone(),
        MasterKeySource::Given(_) => PathBuf::new(),
    }
}

fn make(path: &Path, random: &dyn Random) -> Result<Zeroizing<[u8; MASTER_KEY_BYTES]>, Failure> {
    let mut key = Zeroizing::new([0_u8; MASTER_KEY_BYTES]);
    random.fill(key.as_mut_slice());
    let text = Zeroizing::new(format!("{}\n", *Zeroizing::new(hex::encode(key.as_slice()))));
    let folder = path.parent().unwrap_or(Path::new("."));
    private_files::make_folder(folder)
        .and_then(|()| private_files::create(path, text.as_bytes()))
        .map_err(|error| Failure::failed(format!("the master key cannot be written to {}: {error}", path.display())))?;
    Ok(key)
}

async fn record(store: &Store, keys: &Keyring, new_file: Option<&Path>) -> Result<(), Failure> {
    let tx = store.begin().await?;
    let recorded = installation::create(&tx, installation::MASTER_KEY_ID, keys.key_id()).await;
    let recorded = match recorded {
        Ok(()) => tx.commit().await,
        Err(error) => Err(error),
    };
    recorded.map_err(|error| {
        // Another server has just begun on this database with a key of its own; ours has sealed nothing.
        if let Some(path) = new_file {
            drop(std::fs::remove_file(path));
        }
        Failure::failed(format!(
            "the master key could not be recorded, perhaps because another server has just started on this database: {error}"
        ))
    })
}
