//! Files that the owner alone may read (security rule S48).

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// Makes a folder, and those above it, for the owner alone. One that exists stays as it is.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path)
}

/// Makes a file that does not exist yet, and sees that it survives a crash.
pub(super) fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)?;
    file.write_all(content)?;
    file.sync_all()?;
    // The name is in the folder, which has to be written as well.
    File::open(folder_of(path))?.sync_all()
}

/// Puts other content in the place of a file: whoever opens it finds the old or the new, whenever the power fails.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    // A link stays a link to the file that it names.
    let path = fs::canonicalize(path)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    // Left by one that was interrupted.
    drop(fs::remove_file(&beside));
    create(&beside, content)?;
    fs::rename(&beside, &path)?;
    File::open(folder_of(&path))?.sync_all()
}

/// Keeps others out who ask for the same: what is returned holds the lock until it is dropped, or the process ends.
pub(super) fn lock_folder_of(path: &Path) -> io::Result<File> {
    let folder = File::open(folder_of(path))?;
    folder.try_lock()?;
    Ok(folder)
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Writes a file, whatever it held before.
pub(super) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(FILE_MODE)
        .open(path)?;
    // The mode above counts for new files alone.
    file.set_permissions(fs::Permissions::from_mode(FILE_MODE))?;
    file.write_all(content)
}

/// Adds to the end of a file.
pub(super) fn append(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).mode(FILE_MODE).open(path)?;
    file.write_all(content)?;
    file.sync_data()
}

/// Takes a file from everybody but the owner.
pub(super) fn restrict(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(FILE_MODE))
}

/// Whether others than the owner may read a file.
pub(super) fn is_open_to_others(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s48_files_are_for_the_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        make_folder(&inner).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&inner), 0o700);
        let key = inner.join("key");
        create(&key, b"x").unwrap();
        assert!(create(&key, b"y").is_err());
        assert_eq!((mode(&key), fs::read(&key).unwrap()), (0o600, b"x".to_vec()));
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(is_open_to_others(&key));
        write(&key, b"z").unwrap();
        assert!(!is_open_to_others(&key));
        append(&key, b"!").unwrap();
        assert_eq!(fs::read(&key).unwrap(), b"z!");
        fs::write(inner.join("key.new"), b"left over").unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&key, b"new").unwrap();
        assert_eq!((mode(&key), fs::read(&key).unwrap()), (0o600, b"new".to_vec()));
        assert!(!inner.join("key.new").exists());
        let lock = lock_folder_of(&key).unwrap();
        assert!(lock_folder_of(&key).is_err());
        drop(lock);
        lock_folder_of(&key).unwrap();
    }
}
