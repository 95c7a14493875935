//! Who acts, on whose behalf, through which request; and the services that everything is done with.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::keys::Keyring;
use super::passwords::Passwords;
use super::ports::{Clock, Random};
use super::provisioning_log::{Exchange, Recorder};
use super::{Error, Result};
use crate::domain::ids::{ConnectorId, CredentialId, IdentityId, OrganisationId, SessionId, UserId};
use crate::domain::permission::{Permission, PermissionSet};
use crate::store::{OrgScope, Store};

/// Everything that the service layer works with. Cheap to clone.
#[derive(Clone)]
pub struct Services(Arc<Inner>);

/// The parts of [`Services`].
pub struct Inner {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Box<dyn Clock>,
    /// Chance.
    pub random: Box<dyn Random>,
    /// Keys derived from the master key.
    pub keys: Keyring,
    /// Password hashing.
    pub passwords: Passwords,
    /// Writer of the provisioning log.
    pub recorder: Recorder,
    /// What the operator set.
    pub settings: Settings,
}

/// What the operator set, as far as the service layer acts on it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address under which browsers and directories reach this installation, without a slash at its end. Links are built
    /// from it alone.
    pub public_url: String,
    /// How long a session lives without use.
    pub session_idle: chrono::Duration,
    /// How long a session lives at most.
    pub session_absolute: chrono::Duration,
    /// How long a SCIM token lives.
    pub scim_token_lifetime: chrono::Duration,
    /// How long entries of the provisioning log are kept.
    pub provisioning_log_retention: chrono::Duration,
}

impl Services {
    /// Bundles the parts.
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// A new id: UUID version 7, from the clock and random bits.
    pub fn new_uuid(&self) -> Uuid {
        let mut random = [0_u8; 10];
        self.random.fill(&mut random);
        let millis = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

impl std::ops::Deref for Services {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What is known of the request through which somebody acts.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// Its id, as in the answer and in logs.
    pub id: String,
    /// Address of the client.
    pub ip: String,
    /// What the client calls itself.
    pub user_agent: String,
}

impl RequestInfo {
    /// For work that no request asked for.
    pub fn internal(id: String) -> Self {
        Self {
            id,
            ip: String::new(),
            user_agent: String::new(),
        }
    }
}

/// A person who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// The person.
    pub identity: IdentityId,
    /// The session.
    pub session: SessionId,
    /// Hash of the cookie that the session has from this request on.
    pub cookie_hash: Vec<u8>,
    /// Name to show and to audit.
    pub name: String,
    /// Login name.
    pub login_name: String,
    /// Whether of the vendor's staff.
    pub is_operator: bool,
    /// When the person last proved who they are.
    pub authenticated_at: DateTime<Utc>,
    /// The organisation in view and the account there.
    pub membership: Option<Membership>,
}

/// A person's account in the organisation in view.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The organisation.
    pub scope: OrgScope,
    /// The account.
    pub user: UserId,
    /// What the account's role permits, read at this request.
    pub permissions: PermissionSet,
}

/// Who acts.
#[derive(Debug, Clone)]
pub enum Actor {
    /// Nobody is known.
    Anonymous,
    /// A person in a browser.
    Person(Box<Person>),
    /// A directory, by the secret of a connector.
    Connector {
        /// The connector's organisation.
        scope: OrgScope,
        /// The connector.
        connector: ConnectorId,
        /// Its name, for the audit log.
        name: String,
        /// The secret.
        credential: CredentialId,
    },
    /// Whoever runs the command line, who can read the database and the master key anyway.
    Cli {
        /// The organisation that the command names.
        scope: Option<OrgScope>,
    },
    /// The installation itself: clean-up and schedules.
    System,
}

/// One piece of work: who does it, through which request, with what.
#[derive(Clone)]
pub struct Context {
    /// What it is done with.
    pub services: Services,
    /// Through which request.
    pub request: RequestInfo,
    /// Who does it.
    pub actor: Actor,
    /// The directory's request that is being answered, for the provisioning log.
    pub exchange: Option<Arc<Exchange>>,
}

impl AsRef<Context> for Context {
    fn as_ref(&self) -> &Context {
        self
    }
}

impl Context {
    /// Work for an actor.
    pub const fn new(services: Services, request: RequestInfo, actor: Actor) -> Self {
        Self {
            services,
            request,
            actor,
            exchange: None,
        }
    }

    /// The database, for reading.
    pub fn store(&self) -> &Store {
        &self.services.store
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.services.clock.now()
    }

    /// A new id.
    pub fn new_uuid(&self) -> Uuid {
        self.services.new_uuid()
    }

    /// The organisation that the actor acts in.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for nobody, [`Error::Forbidden`] where no organisation is in view.
    pub fn scope(&self) -> Result<OrgScope> {
        match &self.actor {
            Actor::Anonymous => Err(Error::Unauthenticated),
            Actor::Person(person) => person
                .membership
                .as_ref()
                .map(|membership| membership.scope)
                .ok_or(Error::Forbidden),
            Actor::Connector { scope, .. } => Ok(*scope),
            Actor::Cli { scope } => scope.ok_or(Error::Forbidden),
            Actor::System => Err(Error::Forbidden),
        }
    }

    /// The organisation, where the actor holds this permission in it.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for nobody, [`Error::Forbidden`] without the permission. A directory holds none: what it may
    /// do is decided by [`connector`](Self::connector).
    pub fn demand(&self, permission: Permission) -> Result<OrgScope> {
        match &self.actor {
            Actor::Anonymous => Err(Error::Unauthenticated),
            Actor::Person(person) => match &person.membership {
                Some(membership) if membership.permissions.holds(permission) => Ok(membership.scope),
                Some(_) | None => Err(Error::Forbidden),
            },
            Actor::Cli { scope } => scope.ok_or(Error::Forbidden),
            Actor::Connector { .. } | Actor::System => Err(Error::Forbidden),
        }
    }

    /// What the actor may grant at most.
    pub fn ceiling(&self) -> PermissionSet {
        match &self.actor {
            Actor::Person(person) => person
                .membership
                .as_ref()
                .map(|membership| membership.permissions.clone())
                .unwrap_or_default(),
            Actor::Cli { .. } => Permission::ALL.iter().copied().collect(),
            Actor::Anonymous | Actor::Connector { .. } | Actor::System => PermissionSet::default(),
        }
    }

    /// The person who is signed in.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for everybody else.
    pub fn person(&self) -> Result<&Person> {
        match &self.actor {
            Actor::Person(person) => Ok(person),
            Actor::Anonymous | Actor::Connector { .. } | Actor::Cli { .. } | Actor::System => Err(Error::Unauthenticated),
        }
    }

    /// Whether the actor may act for the whole installation.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for nobody, [`Error::Forbidden`] for those who may not.
    pub fn demand_operator(&self) -> Result<()> {
        match &self.actor {
            Actor::Anonymous => Err(Error::Unauthenticated),
            Actor::Person(person) if person.is_operator => Ok(()),
            Actor::Cli { .. } => Ok(()),
            Actor::Person(_) | Actor::Connector { .. } | Actor::System => Err(Error::Forbidden),
        }
    }

    /// Whether the command line acts, where operators have no business either.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for nobody, [`Error::Forbidden`] for everybody else.
    pub fn demand_command_line(&self) -> Result<()> {
        match &self.actor {
            Actor::Cli { .. } => Ok(()),
            Actor::Anonymous => Err(Error::Unauthenticated),
            Actor::Person(_) | Actor::Connector { .. } | Actor::System => Err(Error::Forbidden),
        }
    }

    /// The directory that acts.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everybody else.
    pub fn connector(&self) -> Result<(OrgScope, ConnectorId)> {
        match &self.actor {
            Actor::Connector { scope, connector, .. } => Ok((*scope, *connector)),
            Actor::Anonymous | Actor::Person(_) | Actor::Cli { .. } | Actor::System => Err(Error::Forbidden),
        }
    }

    /// The account of the person who acts, where it is one of this organisation.
    pub fn own_user(&self) -> Option<UserId> {
        match &self.actor {
            Actor::Person(person) => person.membership.as_ref().map(|membership| membership.user),
            Actor::Anonymous | Actor::Connector { .. } | Actor::Cli { .. } | Actor::System => None,
        }
    }

    /// The same work inside an organisation that the command line has named.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that id, [`Error::Forbidden`] for other actors: a person stays the person.
    pub async fn within(&self, id: OrganisationId) -> Result<Self> {
        self.demand_command_line()?;
        let (_, scope) = crate::store::organisations::find_as_operator(self.store(), id)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(Self {
            actor: Actor::Cli { scope: Some(scope) },
            ..self.clone()
        })
    }
}
