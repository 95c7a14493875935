//! What the operator sets: `default.toml`, compiled in, then a file, then the environment, then flags.
//!
//! Nothing is guessed: a setting that does not exist and a value that makes no sense stop the start with the name of the
//! setting and one sentence (reliability rule R19). Secrets are in types that show themselves to nobody (security rule S49).
//!
//! | file | what it holds |
//! |---|---|
//! | `layers` | which source a value comes from, and settings that do not exist |
//! | `sections` | the settings as they are written |
//! | `validate` | what makes sense, and the settings as they are used |
//! | `public_url` | the public address, and which hosts and origins are ours |
//! | `show` | the settings in force, for people |

mod fault;
mod layers;
mod public_url;
mod sections;
mod show;
mod validate;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use secrecy::SecretString;

pub use fault::{Fault, Faults};
pub use layers::Sources;
pub use public_url::PublicUrl;
pub use sections::{Limits, LogFormat};
pub use show::Shown;
pub(crate) use validate::decode_master_keys;

/// The settings that are compiled in, with their explanations.
pub const DEFAULTS: &str = include_str!("default.toml");

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address under which browsers and directories reach this installation.
    pub public_url: PublicUrl,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Networks whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The database.
    pub database: Database,
    /// Where the master key comes from.
    pub master_key: MasterKeySource,
    /// The folder with the browser's files, where it was set.
    pub site_root: Option<PathBuf>,
    /// How long a session lives without use.
    pub session_idle: chrono::Duration,
    /// How long a session lives at most.
    pub session_absolute: chrono::Duration,
    /// How long the secret of a connector lives.
    pub scim_token_lifetime: chrono::Duration,
    /// How long entries of the provisioning log are kept.
    pub provisioning_log_retention: chrono::Duration,
    /// Sizes, times and numbers that are not exceeded.
    pub limits: Limits,
    /// What is logged, as directives of `tracing`.
    pub log_level: String,
    /// How it is written.
    pub log_format: LogFormat,
    /// Where metrics can be read.
    pub metrics_listen: Option<SocketAddr>,
    /// All settings as text, secrets struck out.
    shown: Vec<show::Shown>,
}

/// The database.
#[derive(Debug, Clone)]
pub struct Database {
    /// Its address, which may hold a password.
    pub url: SecretString,
    /// The file, for SQLite.
    pub sqlite_file: Option<PathBuf>,
    /// The most connections kept open.
    pub max_connections: u32,
}

/// Where the master key comes from.
#[derive(Debug, Clone)]
pub enum MasterKeySource {
    /// It was given itself.
    Given(SecretString),
    /// It is in a file that was named.
    File(PathBuf),
    /// It is in the file where it is looked for when nothing was set.
    DefaultFile(PathBuf),
}

impl Config {
    /// Reads all sources.
    ///
    /// # Errors
    /// [`Faults`] that name every setting that is wrong.
    pub fn load(sources: &Sources) -> Result<Self, Faults> {
        let layered = layers::read(sources)?;
        validate::check(layered)
    }

    /// The folder where files of this installation are kept: that of the SQLite database, else the working folder.
    pub fn folder(&self) -> PathBuf {
        folder_of(self.database.sqlite_file.as_deref())
    }
}

fn folder_of(sqlite_file: Option<&std::path::Path>) -> PathBuf {
    let folder = sqlite_file
        .and_then(std::path::Path::parent)
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or_else(|| PathBuf::from("."), PathBuf::from)
}
