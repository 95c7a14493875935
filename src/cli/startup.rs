//! Opening the installation: database, schema, keys, services.

use std::path::PathBuf;

use secrecy::ExposeSecret;

use super::failure::Failure;
use super::{master_key, private_files};
use crate::config::Config;
use crate::service::context::{Inner, Settings};
use crate::service::error::causes;
use crate::service::passwords::Passwords;
use crate::service::ports::{SystemClock, SystemRandom};
use crate::service::provisioning_log::Recorder;
use crate::service::{Actor, Context, RequestInfo, Services};
use crate::store::Store;
use crate::store::connect::{self, OpenOptions};

/// What opening may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// Make what is missing: file, schema, key. For `serve`, `migrate` and `org create`.
    First,
    /// Use what is there.
    Existing,
}

/// An open installation.
pub(super) struct Opened {
    pub services: Services,
    /// The master key's file, when it was made just now.
    pub new_key_file: Option<PathBuf>,
}

/// Opens the installation.
pub(super) async fn open(config: &Config, opening: Opening) -> Result<Opened, Failure> {
    let store = open_store(config, opening).await?;
    match opening {
        Opening::First => connect::migrate(&store).await?,
        Opening::Existing => match connect::pending_migrations(&store).await? {
            0 => {}
            pending => {
                return Err(Failure::failed(format!(
                    "the database is older than this program ({pending} schema changes); run `lanyard migrate`"
                )));
            }
        },
    }
    let key = master_key::find(&store, &config.master_key, &SystemRandom, opening == Opening::First).await?;
    Ok(Opened {
        services: services(config, store, key.keys)?,
        new_key_file: key.new_file,
    })
}

/// Opens the database; SQLite's file is made for the owner alone.
pub(super) async fn open_store(config: &Config, opening: Opening) -> Result<Store, Failure> {
    if let Some(file) = &config.database.sqlite_file
        && !file.exists()
    {
        if opening == Opening::Existing {
            return Err(Failure::failed(format!(
                "there is no database at {}; `lanyard serve` or `lanyard migrate` makes it",
                file.display()
            )));
        }
        private_files::make_folder(&config.folder())
            .and_then(|()| private_files::create(file, b""))
            .map_err(|error| Failure::failed(format!("the database cannot be made at {}: {error}", file.display())))?;
    }
    let options = OpenOptions {
        url: config.database.url.expose_secret().to_owned(),
        max_connections: config.database.max_connections,
        schema: None,
    };
    Ok(connect::open(&options).await?)
}

/// Bundles an open database with everything else that the service layer needs.
pub(super) fn services(config: &Config, store: Store, keys: crate::service::keys::Keyring) -> Result<Services, Failure> {
    Ok(Services::new(Inner {
        recorder: Recorder::start(store.clone()),
        store,
        clock: Box::new(SystemClock),
        random: Box::new(SystemRandom),
        keys,
        passwords: Passwords::new()?,
        settings: Settings {
            public_url: config.public_url.origin().to_owned(),
            session_idle: config.session_idle,
            session_absolute: config.session_absolute,
            scim_token_lifetime: config.scim_token_lifetime,
            provisioning_log_retention: config.provisioning_log_retention,
        },
    }))
}

impl Opened {
    /// Work for whoever runs the command.
    pub fn context(&self) -> Context {
        let id = self.services.new_uuid().to_string();
        Context::new(self.services.clone(), RequestInfo::internal(id), Actor::Cli { scope: None })
    }

    /// Writes what is waiting and closes the database.
    pub async fn close(self) {
        close(self.services).await;
    }
}

/// Writes what is waiting and closes the database; SQLite folds its write-ahead log into the file.
pub(super) async fn close(services: Services) {
    services.recorder.shutdown().await;
    if let Err(error) = services.store.clone().close().await {
        tracing::warn!(error = causes(&error), "the database could not be closed in order");
    }
}
