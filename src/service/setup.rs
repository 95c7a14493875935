//! First start: a one-time link makes the first operator and names the first organisation (security rule S48).

use chrono::{DateTime, SecondsFormat, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::audit::{self, Event, Target};
use super::context::Context;
use super::organisations::{Member, create_enterprise_admin, create_in};
use super::sessions::{self, NewSession};
use super::{Error, Result, passwords, tokens};
use crate::domain::account::{LinkStatus, SetupForm};
use crate::domain::error::{FieldError, Problem};
use crate::domain::ids::IdentityId;
use crate::domain::text;
use crate::store::identities::{self, CredentialRecord, IdentityRecord};
use crate::store::links::{self, LinkPurpose};
use crate::store::{installation, users};

/// How long a set-up link lives.
const LIFETIME: chrono::Duration = chrono::Duration::hours(1);

/// A set-up link.
pub struct SetupLink {
    /// Its address, which is a secret.
    pub url: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Makes the link by which the first operator is made; an older one is dead.
///
/// # Errors
/// [`Error::Conflict`] when set-up was done before, even if nobody of then is left; [`Error::Forbidden`] for others than the
/// command line.
///
/// # Permissions
/// The command line, and the server itself when it starts for the first time.
pub async fn create_link(cx: &Context) -> Result<SetupLink> {
    cx.demand_command_line()?;
    if installation::find(cx.store(), installation::SET_UP_AT).await?.is_some() {
        return Err(already());
    }
    let now = cx.now();
    let token = tokens::new_token(cx.services.random.as_ref());
    let tx = cx.store().begin().await?;
    let hash = tokens::hash(token.expose_secret());
    links::replace(
        &tx,
        cx.new_uuid(),
        LinkPurpose::Setup,
        None,
        &hash,
        "cli",
        now,
        now + LIFETIME,
    )
    .await?;
    let target = Target::new("installation", "setup", "setup");
    audit::record(
        &tx,
        cx,
        None,
        Event::done("installation.create_setup_link", target, Vec::new()),
    )
    .await?;
    tx.commit().await?;
    Ok(SetupLink {
        url: format!("{}/setup/{}", cx.services.settings.public_url, token.expose_secret()),
        expires_at: now + LIFETIME,
    })
}

fn already() -> Error {
    Error::Conflict {
        field: "setup",
        detail: "set-up was done before; recover-account gives access to an existing account".to_owned(),
    }
}

/// Whether a set-up link can be used. Asking does not use it up.
///
/// # Errors
/// Any database error.
///
/// # Permissions
/// Whoever has the link.
pub async fn status(cx: &Context, token: &str) -> Result<LinkStatus> {
    if installation::find(cx.store(), installation::SET_UP_AT).await?.is_some() {
        return Ok(LinkStatus::AlreadySetUp);
    }
    let found = links::find(cx.store(), LinkPurpose::Setup, &tokens::hash(token)).await?;
    Ok(match found.filter(|link| link.is_usable(cx.now())) {
        Some(link) => LinkStatus::Usable {
            expires_at: link.expires_at,
            login_name: None,
        },
        None => LinkStatus::Unusable,
    })
}

/// Makes the first operator and the first organisation, of which the operator is EnterpriseAdmin, and signs in.
///
/// # Errors
/// [`Error::NotFound`] for a link that cannot be used, [`Error::Conflict`] when set-up was done before, [`Error::Invalid`].
///
/// # Permissions
/// Whoever has the link.
pub async fn complete(cx: &Context, form: SetupForm) -> Result<NewSession> {
    let mut faults = Vec::new();
    let mut keep = |field: &str, outcome: std::result::Result<String, Problem>| {
        outcome
            .map_err(|problem| faults.push(FieldError::new(field, problem)))
            .unwrap_or_default()
    };
    let name = keep("name", text::name(&form.name));
    let email = keep("email", text::email(&form.email));
    let organisation = keep("organisation", text::name(&form.organisation));
    let password = SecretString::from(form.password);
    if let Err(problem) = passwords::check(&password, &[&email, &name, &organisation]) {
        faults.push(FieldError::new("password", problem));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let link = links::find(cx.store(), LinkPurpose::Setup, &tokens::hash(&form.token))
        .await?
        .ok_or(Error::NotFound)?;
    let hash = cx.services.passwords.hash(&password).await?;
    let now = cx.now();
    let tx = cx.store().begin().await?;
    if !links::claim(&tx, link.id, now).await? {
        return Err(Error::NotFound);
    }
    // Refused by its key when it is there: set-up happens once in the life of an installation.
    installation::create(
        &tx,
        installation::SET_UP_AT,
        &now.to_rfc3339_opts(SecondsFormat::Micros, true),
    )
    .await
    .map_err(|error| {
        let error = Error::from(error);
        if matches!(error, Error::Conflict { .. }) {
            already()
        } else {
            error
        }
    })?;
    let identity = IdentityRecord {
        id: IdentityId::from_uuid(cx.new_uuid()),
        name: Some(name.clone()),
        is_operator: true,
        is_active: true,
    };
    identities::create(&tx, &identity, now).await?;
    let credential = CredentialRecord {
        identity: identity.id,
        login_name: email.clone(),
        password_hash: Some(hash),
    };
    identities::create_credential(&tx, cx.new_uuid(), &credential, now).await?;
    audit::record(
        &tx,
        cx,
        None,
        Event::done(
            "installation.set_up",
            Target::new("identity", identity.id, email.clone()),
            Vec::new(),
        ),
    )
    .await?;
    let (scope, role) = create_in(&tx, cx, &organisation, false).await.map_err(|mut error| {
        // The form's field for the name of the organisation.
        if let Error::Invalid(faults) = &mut error {
            for fault in faults {
                fault.field = "organisation".to_owned();
            }
        }
        error
    })?;
    let member = Member {
        identity: identity.id,
        login_name: &email,
        name: &name,
    };
    let user = create_enterprise_admin(&tx, cx, &scope, role, &member).await?;
    let record = users::find(&tx, &scope, user)
        .await?
        .ok_or_else(|| Error::internal("the account just made is not there"))?;
    let (new, session) = sessions::begin(&tx, cx, &identity, Some((&scope, &record)), "password").await?;
    users::note_sign_in(&tx, &scope, user, now).await?;
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("session.begin", Target::new("session", session.id, email), Vec::new()),
    )
    .await?;
    tx.commit().await?;
    Ok(new)
}
