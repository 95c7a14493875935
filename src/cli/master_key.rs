//! The master key: where it is, when it is made, and that it is the one that this database was made with (security rule S47).

use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::failure::Failure;
use super::private_files;
use crate::config::{Fault, MasterKeySource, decode_master_keys};
use crate::service::keys::{Keyring, MASTER_KEY_BYTES, MasterKey, UnknownKey, id_of};
use crate::service::ports::Random;
use crate::service::rekey::{needed_keys, record_first};
use crate::store::Store;

/// Keys, and the file when it was made just now.
pub(super) struct Found {
    pub keys: Keyring,
    pub new_file: Option<PathBuf>,
}

/// Finds the keys and compares them with what the database recorded. Where the database has recorded none and `may_create` is
/// set, a key that is not there is made, and the database records it.
pub(super) async fn find(
    store: &Store,
    source: &MasterKeySource,
    random: &dyn Random,
    may_create: bool,
) -> Result<Found, Failure> {
    let needed = needed_keys(store).await?;
    let (first, new_file) = match read(source)?.into_iter().next() {
        Some(key) => (key, None),
        None => {
            let path = path_of(source);
            if let Some(needed) = &needed {
                return Err(Failure::failed(format!(
                    "the secrets in this database are sealed with master key {}, and there is no key at {}; set LANYARD_MASTER_KEY_FILE to the file that holds it",
                    needed.writing,
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
    let keys = keyring(&first, source);
    match needed {
        Some(needed) => {
            let given = keys.key_id();
            keys.write_with(&needed.writing).map_err(|UnknownKey(id)| {
                Failure::failed(format!(
                    "the secrets in this database are sealed with master key {id}, and the key that was given is {given}; give the right one"
                ))
            })?;
            if let Some(previous) = needed.previous.filter(|previous| !keys.knows(previous)) {
                return Err(Failure::failed(format!(
                    "the master key is being exchanged, and some secrets are still sealed with master key {previous}; give it as well, after {}",
                    needed.writing
                )));
            }
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

/// Keys that are looked for again when `rekey` has put another one there.
fn keyring(first: &MasterKey, source: &MasterKeySource) -> Keyring {
    let source = source.clone();
    Keyring::looking_again(
        first,
        Box::new(move || {
            read(&source).unwrap_or_else(|failure| {
                tracing::error!(?failure, "the master key cannot be read again");
                Vec::new()
            })
        }),
    )
}

/// The keys that are there, first the one that is meant to write.
pub(super) fn read(source: &MasterKeySource) -> Result<Vec<MasterKey>, Failure> {
    let wrong = |key: &str, problem: String| Failure::Configuration(Fault::new(key, problem).into());
    let path = match source {
        MasterKeySource::Given(keys) => {
            return decode_master_keys(keys.expose_secret()).map_err(|problem| wrong("master_key", problem.to_owned()));
        }
        MasterKeySource::File(path) | MasterKeySource::DefaultFile(path) => path,
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
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
    decode_master_keys(&text).map_err(|problem| {
        wrong(
            "master_key_file",
            format!("names {}; the key in it {problem}", path.display()),
        )
    })
}

/// Puts keys in the place of those in the file, one on each line.
pub(super) fn write(path: &Path, keys: &[&MasterKey]) -> std::io::Result<()> {
    let mut text = Zeroizing::new(String::new());
    for key in keys {
        text.push_str(&line(key));
    }
    private_files::replace(path, text.as_bytes())
}

/// Keeps a key that is needed no more for copies of the database that were made before, beside the file of the new one.
pub(super) fn keep_beside(path: &Path, key: &MasterKey) -> std::io::Result<PathBuf> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", id_of(key)));
    let kept = path.with_file_name(name);
    match private_files::create(&kept, line(key).as_bytes()) {
        // By an exchange that was interrupted.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => private_files::write(&kept, line(key).as_bytes())?,
        created => created?,
    }
    Ok(kept)
}

/// A key as it stands in the file.
fn line(key: &MasterKey) -> Zeroizing<String> {
    Zeroizing::new(format!("{}\n", *Zeroizing::new(hex::encode(key.as_slice()))))
}

/// A key that nobody has had before.
pub(super) fn new(random: &dyn Random) -> MasterKey {
    let mut key = Zeroizing::new([0_u8; MASTER_KEY_BYTES]);
    random.fill(key.as_mut_slice());
    key
}

fn path_of(source: &MasterKeySource) -> PathBuf {
    match source {
        MasterKeySource::File(path) | MasterKeySource::DefaultFile(path) => path.clone(),
        MasterKeySource::Given(_) => PathBuf::new(),
    }
}

fn make(path: &Path, random: &dyn Random) -> Result<MasterKey, Failure> {
    let key = new(random);
    let folder = path.parent().unwrap_or(Path::new("."));
    private_files::make_folder(folder)
        .and_then(|()| private_files::create(path, line(&key).as_bytes()))
        .map_err(|error| Failure::failed(format!("the master key cannot be written to {}: {error}", path.display())))?;
    Ok(key)
}

async fn record(store: &Store, keys: &Keyring, new_file: Option<&Path>) -> Result<(), Failure> {
    record_first(store, &keys.key_id()).await.map_err(|error| {
        // Another server has just begun on this database with a key of its own; ours has sealed nothing.
        if let Some(path) = new_file {
            drop(std::fs::remove_file(path));
        }
        Failure::failed(format!(
            "the master key could not be recorded, perhaps because another server has just started on this database: {error}"
        ))
    })
}
