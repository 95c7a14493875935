//! Which source object became which SCIM id. Entra keeps such links for ever and addresses a linked object by id alone.
//!
//! On disk they are one JSON object a line, appended as they are made: a run that is killed loses at most its last line,
//! and the next run converges by querying for what it does not know.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::EmulateError;

/// One line of the state file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "is")]
enum Line {
    /// First line.
    Tenant { seed: u64 },
    /// A link was made.
    Link { object: Uuid, id: String },
    /// A link was given up, because the object was deleted.
    Unlink { object: Uuid },
}

/// The links of one job.
#[derive(Debug, Default)]
pub struct Links {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    ids: HashMap<Uuid, String>,
    file: Option<(PathBuf, File)>,
}

impl Links {
    /// Links that are forgotten at the end.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Opens or creates a state file. Returns the links and the seed to use: that of the file, else `wanted`, else `fresh`.
    ///
    /// # Errors
    /// If the file cannot be used or belongs to another seed.
    pub fn open(path: &Path, wanted: Option<u64>, fresh: u64) -> Result<(Self, u64), EmulateError> {
        let broken = |source| EmulateError::State {
            path: path.to_owned(),
            source,
        };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(broken(error)),
        };
        let mut seed = None;
        let mut ids = HashMap::new();
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            match serde_json::from_str(line) {
                Ok(Line::Tenant { seed: found }) => seed = Some(found),
                Ok(Line::Link { object, id }) => drop(ids.insert(object, id)),
                Ok(Line::Unlink { object }) => drop(ids.remove(&object)),
                // The last line may be cut off by a crash; the object is found again by query.
                Err(_) if index + 1 == lines.len() && !text.ends_with('\n') => {}
                Err(_) => {
                    return Err(EmulateError::StateFormat {
                        path: path.to_owned(),
                        line: index + 1,
                    });
                }
            }
        }
        if let (Some(found), Some(wanted)) = (seed, wanted)
            && found != wanted
        {
            return Err(EmulateError::StateSeed { found, wanted });
        }
        let mut file = OpenOptions::new().create(true).append(true).open(path).map_err(broken)?;
        if !text.is_empty() && !text.ends_with('\n') {
            // A cut-off line must not run into the next one.
            let whole = text.rfind('\n').map_or(0, |end| end + 1);
            file.set_len(whole as u64).map_err(broken)?;
        }
        let used = seed.or(wanted).unwrap_or(fresh);
        if seed.is_none() {
            append(&mut file, &Line::Tenant { seed: used }).map_err(broken)?;
        }
        Ok((
            Self {
                inner: Mutex::new(Inner {
                    ids,
                    file: Some((path.to_owned(), file)),
                }),
            },
            used,
        ))
    }

    /// The SCIM id of a source object, if it is linked.
    #[must_use]
    pub fn find(&self, object: Uuid) -> Option<String> {
        self.lock().ids.get(&object).cloned()
    }

    /// Remembers a link.
    ///
    /// # Errors
    /// If the state file cannot be written.
    pub fn link(&self, object: Uuid, id: &str) -> Result<(), EmulateError> {
        let mut inner = self.lock();
        if inner.ids.get(&object).is_some_and(|known| known == id) {
            return Ok(());
        }
        inner.ids.insert(object, id.to_owned());
        inner.write(&Line::Link {
            object,
            id: id.to_owned(),
        })
    }

    /// Forgets a link.
    ///
    /// # Errors
    /// If the state file cannot be written.
    pub fn unlink(&self, object: Uuid) -> Result<(), EmulateError> {
        let mut inner = self.lock();
        match inner.ids.remove(&object) {
            Some(_) => inner.write(&Line::Unlink { object }),
            None => Ok(()),
        }
    }

    /// All SCIM ids that are linked.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        self.lock().ids.values().cloned().collect()
    }

    /// A panic in another task cannot leave a map half changed, so a poisoned lock is still good.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn write(&mut self, line: &Line) -> Result<(), EmulateError> {
        match &mut self.file {
            Some((path, file)) => append(file, line).map_err(|source| EmulateError::State {
                path: path.clone(),
                source,
            }),
            None => Ok(()),
        }
    }
}

fn append(file: &mut File, line: &Line) -> std::io::Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    // One write per line, so that lines of parallel tasks do not mix.
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_run_goes_on_where_the_earlier_one_was_killed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let (known, gone, lost) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let (links, seed) = Links::open(&path, None, 42).unwrap();
        assert_eq!(seed, 42);
        links.link(known, "a").unwrap();
        links.link(gone, "b").unwrap();
        links.unlink(gone).unwrap();
        links.link(lost, "c").unwrap();
        drop(links);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 5]).unwrap();

        let (links, seed) = Links::open(&path, None, 43).unwrap();
        assert_eq!(seed, 42);
        assert_eq!(links.find(known).as_deref(), Some("a"));
        assert_eq!((links.find(gone), links.find(lost)), (None, None));
        links.link(lost, "d").unwrap();
        let (links, _) = Links::open(&path, Some(42), 0).unwrap();
        assert_eq!(links.find(lost).as_deref(), Some("d"));
        assert!(matches!(
            Links::open(&path, Some(1), 0),
            Err(EmulateError::StateSeed { found: 42, wanted: 1 })
        ));
    }

    #[test]
    fn a_file_of_another_kind_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        std::fs::write(&path, "hello\n").unwrap();
        assert!(matches!(
            Links::open(&path, None, 0),
            Err(EmulateError::StateFormat { line: 1, .. })
        ));
    }
}
