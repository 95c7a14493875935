//! `serve --demo`: everything to be seen without Azure. A sample organisation, an operator, and a simulated Entra that
//! provisions while one watches. Lives in a folder that is thrown away at the end.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;

use super::emulate::{
    self, CheckResult, Dialect, Directory, DirectoryOptions, Drift, EmulateError, EntraClient, InitialCycle, Job, Links, Mapping,
    Relay, incremental,
};
use super::failure::Failure;
use super::output::Output;
use super::startup::Opened;
use super::{private_files, serve};
use crate::config::{Config, MasterKeySource};
use crate::domain::account::SetupForm;
use crate::domain::connector::ConnectorKind;
use crate::domain::user::{NewUser, UserType};
use crate::service::ports::{Random, SystemRandom};
use crate::service::{Actor, Context, RequestInfo, connectors, groups, organisations, roles, setup, users};

const ORGANISATION: &str = "Contoso";
const OPERATOR: &str = "operator@contoso.example";
const OPERATOR_NAME: &str = "Alex Operator";
/// The simulated tenant.
const TENANT: DirectoryOptionsOf = DirectoryOptionsOf {
    seed: 2026,
    users: 120,
    groups: 8,
    domain: "contoso.example",
};
/// Requests per second: slow enough to watch.
const RATE: f64 = 6.0;
/// Pause between two changes after the initial cycle.
const PAUSE: Duration = Duration::from_secs(8);
/// Users that no directory manages.
const LOCAL_USERS: &[(&str, &str, &str, &str, UserType)] = &[
    ("mina.haddad@partner.example", "Mina", "Haddad", "User", UserType::Standard),
    ("tom.brandt@partner.example", "Tom", "Brandt", "ReadOnly", UserType::Standard),
    (
        "sofia.lindqvist@contoso.example",
        "Sofia",
        "Lindqvist",
        "Admin",
        UserType::Premium,
    ),
    ("kiosk@contoso.example", "Reception", "Kiosk", "", UserType::Standard),
];
const LOCAL_GROUP: &str = "External reviewers";

/// What the simulated tenant is made of.
struct DirectoryOptionsOf {
    seed: u64,
    users: usize,
    groups: usize,
    domain: &'static str,
}

/// A demonstration that has a folder.
pub(super) struct Demo {
    folder: PathBuf,
}

/// What there is to be seen.
pub(super) struct Story {
    password: SecretString,
    scim_url: String,
    user_name: String,
    secret: SecretString,
}

/// Serves a demonstration.
pub(super) async fn run(mut config: Config, output: &Output) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("lanyard-demo-{}", random_word(8)));
    private_files::make_folder(&folder)
        .map_err(|error| Failure::failed(format!("{} cannot be made: {error}", folder.display())))?;
    let file = folder.join("lanyard.db");
    config.database.url = SecretString::from(format!("sqlite://{}", file.display()));
    config.database.sqlite_file = Some(file);
    config.master_key = MasterKeySource::DefaultFile(folder.join("lanyard.key"));
    let served = serve::run(&config, output, Some(Demo { folder: folder.clone() })).await;
    drop(std::fs::remove_dir_all(&folder));
    served
}

impl Demo {
    /// Makes operator, organisation, connector and a few users and groups.
    pub async fn fill(&self, opened: &Opened) -> Result<Story, Failure> {
        tracing::info!(folder = %self.folder.display(), "the demonstration is made");
        let cx = opened.context();
        let password = SecretString::from(format!(
            "{}-{}-{}-{}",
            random_word(5),
            random_word(5),
            random_word(5),
            random_word(5)
        ));
        let link = setup::create_link(&cx).await?;
        let token = link.url.rsplit('/').next().unwrap_or_default().to_owned();
        let visitor = Context::new(
            opened.services.clone(),
            RequestInfo::internal(opened.services.new_uuid().to_string()),
            Actor::Anonymous,
        );
        let form = SetupForm {
            token,
            name: OPERATOR_NAME.to_owned(),
            email: OPERATOR.to_owned(),
            password: password.expose_secret().to_owned(),
            organisation: ORGANISATION.to_owned(),
        };
        setup::complete(&visitor, form).await?;
        let organisation = organisations::list(&cx)
            .await?
            .into_iter()
            .next()
            .ok_or_else(|| Failure::failed("the sample organisation is not there"))?;
        organisations::decide_toolkit(&cx, organisation.id, true, false).await?;
        let within = cx.within(organisation.id).await?;
        let known = roles::list(&within).await?;
        for (email, given_name, family_name, role, user_type) in LOCAL_USERS {
            let role = known
                .iter()
                .find(|known| known.name == *role)
                .map(|known| known.id.to_string())
                .unwrap_or_default();
            let [email, given_name, family_name] = [email, given_name, family_name].map(|text| (*text).to_owned());
            users::create(
                &within,
                &NewUser {
                    email,
                    given_name,
                    family_name,
                    role,
                    user_type: *user_type,
                },
            )
            .await?;
        }
        let group = groups::create(&within, LOCAL_GROUP).await?;
        for (email, ..) in LOCAL_USERS.iter().take(2) {
            groups::add_member(&within, group, email).await?;
        }
        let created = connectors::create(&within, ConnectorKind::Entra, None).await?;
        Ok(Story {
            password,
            scim_url: created.scim_url,
            user_name: created.user_name,
            secret: created.secret,
        })
    }
}

impl Story {
    /// For scripts.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "email": OPERATOR,
            "password": self.password.expose_secret(),
            "organisation": ORGANISATION,
            "connector": { "scim_url": self.scim_url, "user_name": self.user_name, "secret": self.secret.expose_secret() },
        })
    }

    /// For people.
    pub fn lines(&self) -> String {
        format!(
            "\nSign in to the demonstration:\n    E-mail     {OPERATOR}\n    Password   {}\n\n\
             A simulated Entra provisions {} users and {} groups into {ORGANISATION} and keeps changing them; the Users and Integrations pages show it.\n\
             To provision more by yourself:\n    SCIM URL   {}\n    User Name  {}\n    Password   {}\n\nEverything is thrown away when you stop (Ctrl-C).\n",
            self.password.expose_secret(),
            TENANT.users,
            TENANT.groups,
            self.scim_url,
            self.user_name,
            self.secret.expose_secret()
        )
    }

    /// Plays Entra until `stop`.
    pub async fn provision(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            played = self.play() => if let Err(error) = played {
                tracing::warn!(%error, "the simulated Entra has stopped");
            },
        }
    }

    async fn play(&self) -> Result<(), EmulateError> {
        let client = EntraClient::new(emulate::http_client()?, &self.scim_url, self.secret.expose_secret(), RATE)?;
        let options = DirectoryOptions {
            seed: TENANT.seed,
            users: TENANT.users,
            groups: TENANT.groups,
            domain: TENANT.domain.to_owned(),
            group_suffix: String::new(),
        };
        let mut directory = Directory::generate(&options);
        let recorder = Relay::new(|result: &CheckResult| {
            if !result.passed {
                tracing::warn!(
                    check = result.check,
                    status = result.status,
                    detail = result.detail,
                    "the simulated Entra did not like an answer"
                );
            }
        });
        let job = Job::new(client, Mapping::new("CustomExtensionName"), Links::in_memory(), 1, &recorder);
        let stage = job.stage("demo", Dialect::Flag);
        InitialCycle::new(&directory, &[Dialect::Legacy, Dialect::Flag])
            .run(&stage)
            .await?;
        let mut drift = Drift::new(TENANT.seed);
        loop {
            tokio::time::sleep(PAUSE).await;
            if let Some(change) = drift.next_change(&directory) {
                incremental::apply(&stage, &mut directory, &change).await?;
            }
        }
    }
}

/// Letters and digits that are not mistaken for each other.
fn random_word(length: usize) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = vec![0; length];
    SystemRandom.fill(&mut bytes);
    bytes
        .iter()
        .map(|byte| LETTERS.get(usize::from(byte & 31)).copied().map_or('a', char::from))
        .collect()
}
