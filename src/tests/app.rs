//! An application for one test: real services, a fixed clock, seeded chance, a database of its own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, TimeZone, Utc};
use lanyard::domain::account::SetupForm;
use lanyard::domain::connector::ConnectorKind;
use lanyard::domain::ids::{OrganisationId, UserId};
use lanyard::domain::role::BuiltInRole;
use lanyard::domain::user::{NewUser, UserType};
use lanyard::service::context::{Inner, Settings};
use lanyard::service::keys::Keyring;
use lanyard::service::passwords::Passwords;
use lanyard::service::ports::{Clock, Random};
use lanyard::service::provisioning_log::Recorder;
use lanyard::service::{
    Actor, Context, RequestInfo, Services, accounts, billing, connectors, organisations, roles, sessions, setup, users,
};
use lanyard::store::Store;
use lanyard::store::connect::{self, OpenOptions};
use secrecy::{ExposeSecret, SecretString};

/// A password that is accepted.
pub const PASSWORD: &str = "correct horse battery staple";

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct TestClock(Arc<Mutex<DateTime<Utc>>>);

impl TestClock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap())))
    }

    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        // A microsecond goes by with every look, so that what is done later is later.
        let mut now = self.0.lock().unwrap();
        *now += Duration::microseconds(1);
        *now
    }
}

/// Bytes that are the same in every run and never the same twice in one: SplitMix64 over a counter.
pub struct TestRandom(AtomicU64);

impl Random for TestRandom {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let bytes = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

pub struct TestApp {
    pub services: Services,
    pub clock: TestClock,
    _folder: Option<tempfile::TempDir>,
}

/// An organisation with an EnterpriseAdmin who is signed in.
pub struct TestOrganisation {
    pub id: OrganisationId,
    pub admin: Context,
    pub cookie: SecretString,
}

impl TestApp {
    /// On in-memory SQLite, or on PostgreSQL where `TEST_DATABASE_URL` names one.
    pub async fn new() -> Self {
        match std::env::var("TEST_DATABASE_URL") {
            Ok(url) => {
                let store = postgres(&url).await;
                Self::over(store, None, 1)
            }
            Err(_) => {
                let options = OpenOptions {
                    url: "sqlite::memory:".to_owned(),
                    max_connections: 1,
                    schema: None,
                };
                Self::over(connect::open(&options).await.unwrap(), None, 1)
            }
        }
        .migrated()
        .await
    }

    /// On a SQLite file with the production pool, for races; on PostgreSQL where `TEST_DATABASE_URL` names one.
    pub async fn with_pool() -> Self {
        if std::env::var("TEST_DATABASE_URL").is_ok() {
            return Self::new().await;
        }
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let store = connect::open(&OpenOptions {
            url,
            max_connections: 8,
            schema: None,
        })
        .await
        .unwrap();
        Self::over(store, Some(folder), 1).migrated().await
    }

    /// On a SQLite file of the test's own, which it also opens by itself.
    pub async fn at(url: &str) -> Self {
        let store = connect::open(&OpenOptions {
            url: url.to_owned(),
            max_connections: 8,
            schema: None,
        })
        .await
        .unwrap();
        Self::over(store, None, 1).migrated().await
    }

    fn over(store: Store, folder: Option<tempfile::TempDir>, seed: u64) -> Self {
        let clock = TestClock::new();
        let services = Services::new(Inner {
            recorder: Recorder::start(store.clone()),
            store,
            clock: Box::new(clock.clone()),
            random: Box::new(TestRandom(AtomicU64::new(seed))),
            keys: Keyring::new(&[7; 32]),
            passwords: Passwords::new().unwrap(),
            settings: Settings {
                public_url: "http://localhost:3000".to_owned(),
                session_idle: Duration::minutes(60),
                session_absolute: Duration::hours(12),
                scim_token_lifetime: Duration::days(365),
                provisioning_log_retention: Duration::days(90),
            },
        });
        Self {
            services,
            clock,
            _folder: folder,
        }
    }

    async fn migrated(self) -> Self {
        connect::migrate(&self.services.store).await.unwrap();
        self
    }

    /// A second replica on the same database.
    pub fn replica(&self) -> Self {
        let replica = Self::over(self.services.store.clone(), None, 2);
        Self {
            clock: self.clock.clone(),
            ..replica
        }
    }

    pub fn request(&self) -> RequestInfo {
        RequestInfo {
            id: "test-request".to_owned(),
            ip: "192.0.2.1".to_owned(),
            user_agent: "test".to_owned(),
        }
    }

    pub fn anonymous(&self) -> Context {
        Context::new(self.services.clone(), self.request(), Actor::Anonymous)
    }

    pub fn cli(&self) -> Context {
        Context::new(self.services.clone(), self.request(), Actor::Cli { scope: None })
    }

    /// Whoever holds the cookie.
    pub async fn holder(&self, cookie: &SecretString) -> Context {
        sessions::authenticate(&self.services, self.request(), Some(cookie.expose_secret()))
            .await
            .unwrap()
            .0
    }

    /// The first organisation, made by set-up, with the toolkit on.
    pub async fn set_up(&self) -> TestOrganisation {
        let link = setup::create_link(&self.cli()).await.unwrap();
        let form = SetupForm {
            token: link.url.rsplit('/').next().unwrap().to_owned(),
            name: "Olive Operator".to_owned(),
            email: "olive@vendor.example".to_owned(),
            password: PASSWORD.to_owned(),
            organisation: "Contoso".to_owned(),
        };
        let cookie = setup::complete(&self.anonymous(), form).await.unwrap().token;
        let admin = self.holder(&cookie).await;
        billing::set_toolkit(&admin, true).await.unwrap();
        TestOrganisation {
            id: admin.scope().unwrap().organisation(),
            admin,
            cookie,
        }
    }

    /// Another organisation of the same operator.
    pub async fn another(&self, of: &TestOrganisation, name: &str) -> TestOrganisation {
        let id = organisations::create_by_operator(&of.admin, name, true).await.unwrap();
        let signed_in = accounts::sign_in(&self.anonymous(), "olive@vendor.example", SecretString::from(PASSWORD))
            .await
            .unwrap();
        let cookie = sessions::switch_organisation(&self.holder(&signed_in.token).await, id)
            .await
            .unwrap()
            .token;
        TestOrganisation {
            id,
            admin: self.holder(&cookie).await,
            cookie,
        }
    }

    /// A connector and its secret.
    pub async fn connector(&self, organisation: &TestOrganisation) -> connectors::Created {
        connectors::create(&organisation.admin, ConnectorKind::Entra, None)
            .await
            .unwrap()
    }

    /// The directory that holds the secret.
    pub async fn directory(&self, secret: &SecretString) -> Context {
        connectors::authenticate(
            &self.services,
            self.request(),
            connectors::Presented::Bearer(secret.expose_secret()),
        )
        .await
        .unwrap()
        .context
    }

    /// A user with a role, made by the organisation's administrator.
    pub async fn user(&self, organisation: &TestOrganisation, email: &str, role: Option<BuiltInRole>) -> UserId {
        let role = match role {
            Some(role) => self.role(&organisation.admin, role).await,
            None => String::new(),
        };
        let new = NewUser {
            email: email.to_owned(),
            given_name: "Grace".to_owned(),
            family_name: "Hopper".to_owned(),
            role,
            user_type: UserType::Standard,
        };
        users::create(&organisation.admin, &new).await.unwrap()
    }

    /// The id of a built-in role, as a form sends it.
    pub async fn role(&self, cx: &Context, role: BuiltInRole) -> String {
        roles::list(cx)
            .await
            .unwrap()
            .into_iter()
            .find(|found| found.built_in == Some(role))
            .unwrap()
            .id
            .to_string()
    }

    /// Gives a user a password by recovery link and signs in; answers the cookie.
    pub async fn sign_in(&self, organisation: &TestOrganisation, email: &str) -> SecretString {
        let cli = self.cli().within(organisation.id).await.unwrap();
        let url = accounts::create_recovery_link(&cli, email).await.unwrap();
        let form = lanyard::domain::account::RecoveryForm {
            token: url.rsplit('/').next().unwrap().to_owned(),
            password: PASSWORD.to_owned(),
        };
        accounts::complete_recovery(&self.anonymous(), form).await.unwrap();
        accounts::sign_in(&self.anonymous(), email, SecretString::from(PASSWORD))
            .await
            .unwrap()
            .token
    }
}

/// Makes a schema that no other test has.
pub async fn new_schema(url: &str) -> String {
    use sea_orm::{ConnectionTrait, Database};
    let schema = format!("t_{}", uuid::Uuid::from_u128(unique()).simple());
    let admin = Database::connect(url).await.unwrap();
    admin.execute_unprepared(&format!("CREATE SCHEMA {schema}")).await.unwrap();
    admin.close().await.unwrap();
    schema
}

async fn postgres(url: &str) -> Store {
    let schema = new_schema(url).await;
    connect::open(&OpenOptions {
        url: url.to_owned(),
        max_connections: 8,
        schema: Some(schema),
    })
    .await
    .unwrap()
}

/// A number that no other test of any process has.
fn unique() -> u128 {
    let mut bytes = [0; 16];
    lanyard::service::ports::SystemRandom.fill(&mut bytes);
    u128::from_le_bytes(bytes)
}
