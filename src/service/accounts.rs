//! Built-in sign-in: e-mail address and password, recovery by a link from the command line, change of the own password.

// A new variant is decided here, not let through (security rule S10).
#![deny(clippy::wildcard_enum_match_arm)]

use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

use super::attempts::Attempt;
use super::audit::{self, Event, Target};
use super::context::Context;
use super::sessions::{self, NewSession};
use super::{Error, Result, passwords, tokens};
use crate::domain::account::{LinkStatus, PasswordChange, RecoveryForm, Viewer};
use crate::domain::error::Problem;
use crate::domain::ids::IdentityId;
use crate::domain::organisation::OrganisationRef;
use crate::domain::permission::Permission;
use crate::domain::text::fold;
use crate::store::identities::{self, CredentialRecord, IdentityRecord};
use crate::store::links::{self, LinkPurpose};
use crate::store::users::UserRecord;
use crate::store::{OrgScope, Reader, Tx, organisations, roles, sessions as session_rows, users};

/// Who is looking; none for nobody.
///
/// # Errors
/// Any database error.
pub async fn viewer(cx: &Context) -> Result<Option<Viewer>> {
    let Ok(person) = cx.person() else { return Ok(None) };
    let mut entered = None;
    let mut enterable = Vec::new();
    for (record, scope) in users::list_of_identity(cx.store(), person.identity).await? {
        let is_current = person.membership.as_ref().is_some_and(|membership| membership.scope == scope);
        if is_current || (record.login_connector.is_none() && may_enter(cx.store(), &scope, &record).await?) {
            let organisation = organisations::get(cx.store(), &scope).await?;
            let shown = OrganisationRef {
                id: organisation.id,
                name: organisation.name,
            };
            if is_current {
                entered = Some(shown.clone());
            }
            enterable.push(shown);
        }
    }
    enterable.sort_by_key(|organisation| fold(&organisation.name));
    Ok(Some(Viewer {
        identity: person.identity,
        name: person.name.clone(),
        email: person.login_name.clone(),
        is_operator: person.is_operator,
        organisation: entered,
        user: person.membership.as_ref().map(|membership| membership.user),
        permissions: person
            .membership
            .as_ref()
            .map(|membership| membership.permissions.clone())
            .unwrap_or_default(),
        organisations: enterable,
    }))
}

/// Signs in with e-mail address and password.
///
/// # Errors
/// [`Error::WrongCredentials`], the same for unknown names, wrong passwords and accounts that sign in elsewhere;
/// [`Error::Forbidden`] for a person without console access anywhere; [`Error::TooManyRequests`].
pub async fn sign_in(cx: &Context, email: &str, password: SecretString) -> Result<NewSession> {
    let began = Instant::now();
    let answer = try_sign_in(cx, email, password).await;
    if matches!(answer, Err(Error::WrongCredentials)) {
        wait_for_step(began).await;
    }
    answer
}

/// A name that is known leads to more look-ups and more audit rows than one that is not. So that the time does not tell them
/// apart, the answer waits for the next step after all of that is done; a failed sign-in takes one step on a machine that is
/// not overloaded.
const FAILURE_STEP: Duration = Duration::from_millis(150);

async fn wait_for_step(began: Instant) {
    let steps = began.elapsed().div_duration_f64(FAILURE_STEP).ceil().max(1.0);
    tokio::time::sleep_until((began + FAILURE_STEP.mul_f64(steps)).into()).await;
}

async fn try_sign_in(cx: &Context, email: &str, password: SecretString) -> Result<NewSession> {
    let attempt = Attempt::begin(cx, email).await?;
    let credential = identities::find_credential(cx.store(), email).await?;
    let stored = credential.as_ref().and_then(|credential| credential.password_hash.as_deref());
    let is_right = cx.services.passwords.verify(&password, stored).await?;
    let Some(credential) = credential else {
        return attempt.fail(cx, None).await;
    };
    let identity = identities::find(cx.store(), credential.identity).await?;
    let Some(identity) = identity.filter(|identity| is_right && identity.is_active) else {
        return attempt.fail(cx, Some(&credential)).await;
    };
    // From here on under lock, so that nothing that takes access away meanwhile leaves a session behind (security rule S12).
    let tx = cx.store().begin().await?;
    let built_in: Vec<_> = users::list_of_identity(&tx, identity.id)
        .await?
        .into_iter()
        .filter(|(record, _)| record.login_connector.is_none())
        .collect();
    let mut entered = None;
    for (record, scope) in &built_in {
        if let Some(record) = enterable(&tx, scope, record).await? {
            entered = Some((scope, record));
            break;
        }
    }
    let now_stored = identities::credential_for_update(&tx, identity.id).await?;
    let is_unchanged = now_stored.is_some_and(|now_stored| now_stored.password_hash == credential.password_hash);
    if !is_unchanged || built_in.is_empty() && !identity.is_operator {
        drop(tx);
        return attempt.fail(cx, Some(&credential)).await;
    }
    if entered.is_none() && !identity.is_operator {
        drop(tx);
        attempt.forget(cx).await?;
        for (record, scope) in &built_in {
            let target = Target::new("user", record.id, record.user_name.clone());
            audit::record_denial(cx, Some(scope), Event::denied("session.begin", Some(target))).await?;
        }
        return Err(Error::Forbidden);
    }
    identities::clear_failures(&tx, &attempt.account_hash, &attempt.network).await?;
    let account = entered.as_ref().map(|(scope, record)| (*scope, record));
    let (new, session) = sessions::begin(&tx, cx, &identity, account, "password").await?;
    if let Some((scope, record)) = account {
        users::note_sign_in(&tx, scope, record.id, cx.now()).await?;
    }
    let scope = account.map(|(scope, _)| scope);
    let target = Target::new("session", session.id, credential.login_name);
    audit::record(&tx, cx, scope, Event::done("session.begin", target, Vec::new())).await?;
    tx.commit().await?;
    Ok(new)
}

/// The account, locked, where it opens the console.
async fn enterable(tx: &Tx, scope: &OrgScope, record: &UserRecord) -> Result<Option<UserRecord>> {
    if !may_enter(tx, scope, record).await? {
        return Ok(None);
    }
    let Some(now) = users::find_for_update(tx, scope, record.id).await? else {
        return Ok(None);
    };
    let is_same = now.identity == record.identity && now.login_connector == record.login_connector;
    Ok((is_same && may_enter(tx, scope, &now).await?).then_some(now))
}

/// Whether an account opens the console: active, in an active organisation, with a role that allows it.
async fn may_enter(db: &impl Reader, scope: &OrgScope, record: &UserRecord) -> Result<bool> {
    let Some(role) = record.role.filter(|_| record.is_active) else {
        return Ok(false);
    };
    let role = roles::find(db, scope, role).await?;
    Ok(role.is_some_and(|role| role.permissions.holds(Permission::ConsoleAccess))
        && organisations::get(db, scope).await?.is_active)
}

/// How long a recovery link lives.
const RECOVERY_LIFETIME: chrono::Duration = chrono::Duration::minutes(30);

/// Makes a one-time link by which the holder of an account sets a new password. For the command line alone. A user of an
/// organisation who never had built-in credentials gets them, if the login name is unused on this installation. Without an
/// organisation the login name is that of an operator, or of the one person who has it.
///
/// # Errors
/// [`Error::NotFound`] when nobody has that login name, [`Error::Conflict`] when several people have it and the command names no
/// organisation, or when somebody else signs in with it; [`Error::Forbidden`] for others than the command line.
///
/// # Permissions
/// The command line.
pub async fn create_recovery_link(cx: &Context, login_name: &str) -> Result<String> {
    cx.demand_command_line()?;
    let now = cx.now();
    let tx = cx.store().begin().await?;
    let identity = match owner(&tx, cx, login_name).await? {
        Owner::Operator(identity) => identity,
        Owner::Account(account, scope) => credentials_of(&tx, cx, *account, &scope).await?,
    };
    let token = tokens::new_token(cx.services.random.as_ref());
    let hash = tokens::hash(token.expose_secret());
    links::replace(
        &tx,
        cx.new_uuid(),
        LinkPurpose::Recovery,
        Some(identity),
        &hash,
        "cli",
        now,
        now + RECOVERY_LIFETIME,
    )
    .await?;
    let target = Target::new("identity", identity, login_name);
    audit::record(&tx, cx, None, Event::done("account.create_recovery_link", target, Vec::new())).await?;
    tx.commit().await?;
    Ok(format!(
        "{}/recover/{}",
        cx.services.settings.public_url,
        token.expose_secret()
    ))
}

/// Whose login name it is.
enum Owner {
    /// An operator, who needs no account.
    Operator(IdentityId),
    /// The account of an organisation.
    Account(Box<UserRecord>, OrgScope),
}

/// So many accounts of one name are looked at.
const SAME_NAME: u64 = 100;

/// Who has a login name: in the organisation that the command names, else on the whole installation. Credentials alone say
/// nothing about it: they may be those of a person of the same name elsewhere.
async fn owner(tx: &Tx, cx: &Context, login_name: &str) -> Result<Owner> {
    if let Ok(scope) = cx.scope() {
        let account = users::find_by_user_name(tx, &scope, login_name).await?;
        return Ok(Owner::Account(Box::new(account.ok_or(Error::NotFound)?), scope));
    }
    if let Some(credential) = identities::find_credential(tx, login_name).await? {
        let holder = identities::find(tx, credential.identity).await?;
        if let Some(holder) = holder.filter(|holder| holder.is_operator) {
            return Ok(Owner::Operator(holder.id));
        }
    }
    let mut found = users::list_of_user_name_as_operator(tx, login_name, SAME_NAME).await?;
    let is_complete = u64::try_from(found.len()).is_ok_and(|count| count < SAME_NAME);
    let (account, scope) = found.pop().ok_or(Error::NotFound)?;
    let is_one_person = account.identity.is_some() && found.iter().all(|(other, _)| other.identity == account.identity);
    if !is_complete || !(found.is_empty() || is_one_person) {
        return Err(Error::Conflict {
            field: "user_name",
            detail: "several organisations have an account of this name; name the organisation with --org".to_owned(),
        });
    }
    Ok(Owner::Account(Box::new(account), scope))
}

/// The identity of an account, with built-in credentials from now on.
async fn credentials_of(tx: &Tx, cx: &Context, before: UserRecord, scope: &OrgScope) -> Result<IdentityId> {
    let now = cx.now();
    let identity = match before.identity {
        Some(identity) => identity,
        None => {
            let record = IdentityRecord {
                id: IdentityId::from_uuid(cx.new_uuid()),
                name: None,
                is_operator: false,
                is_active: true,
            };
            identities::create(tx, &record, now).await?;
            let linked = UserRecord {
                identity: Some(record.id),
                version: before.version + 1,
                updated_at: now,
                ..before.clone()
            };
            users::update(tx, scope, &before, &linked).await?;
            record.id
        }
    };
    if identities::credential_of(tx, identity).await?.is_some() {
        return Ok(identity);
    }
    let credential = CredentialRecord {
        identity,
        login_name: before.user_name.clone(),
        password_hash: None,
    };
    identities::create_credential(tx, cx.new_uuid(), &credential, now)
        .await
        .map_err(|error| {
            let mut error = Error::from(error);
            if let Error::Conflict { field: "email", detail } = &mut error {
                "somebody else of this installation signs in with this name".clone_into(detail);
            }
            error
        })?;
    let target = Target::new("user", before.id, before.user_name);
    audit::record(tx, cx, Some(scope), Event::done("user.give_credentials", target, Vec::new())).await?;
    Ok(identity)
}

/// Whether a recovery link can be used. Asking does not use it up.
///
/// # Errors
/// Any database error.
pub async fn recovery_status(cx: &Context, token: &str) -> Result<LinkStatus> {
    let found = links::find(cx.store(), LinkPurpose::Recovery, &tokens::hash(token)).await?;
    let Some(link) = found.filter(|link| link.used_at.is_none() && cx.now() < link.expires_at) else {
        return Ok(LinkStatus::Unusable);
    };
    let login_name = match link.identity {
        Some(identity) => identities::credential_of(cx.store(), identity)
            .await?
            .map(|credential| credential.login_name),
        None => None,
    };
    Ok(LinkStatus::Usable {
        expires_at: link.expires_at,
        login_name,
    })
}

/// Sets a new password by recovery link. All sessions of the person end.
///
/// # Errors
/// [`Error::NotFound`] for a link that cannot be used, [`Error::Invalid`] for the password.
pub async fn complete_recovery(cx: &Context, form: RecoveryForm) -> Result<()> {
    let now = cx.now();
    let link = links::find(cx.store(), LinkPurpose::Recovery, &tokens::hash(&form.token))
        .await?
        .ok_or(Error::NotFound)?;
    let identity = link.identity.ok_or(Error::NotFound)?;
    let credential = identities::credential_of(cx.store(), identity)
        .await?
        .ok_or(Error::NotFound)?;
    let password = SecretString::from(form.password);
    passwords::check(&password, &[&credential.login_name]).map_err(|problem| Error::invalid("password", problem))?;
    let hash = cx.services.passwords.hash(&password).await?;
    let tx = cx.store().begin().await?;
    if !links::claim(&tx, link.id, now).await? {
        return Err(Error::NotFound);
    }
    identities::set_password(&tx, identity, &hash, now).await?;
    session_rows::end_of_identity(&tx, identity, None).await?;
    audit::record(
        &tx,
        cx,
        None,
        Event::done(
            "account.set_password",
            Target::new("identity", identity, credential.login_name),
            Vec::new(),
        ),
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Changes the person's own password. All sessions end but the one that asks, which gets a new cookie.
///
/// # Errors
/// [`Error::Invalid`] for either password, [`Error::TooManyRequests`].
pub async fn change_password(cx: &Context, form: PasswordChange) -> Result<NewSession> {
    let person = cx.person()?;
    let credential = identities::credential_of(cx.store(), person.identity)
        .await?
        .ok_or(Error::NotFound)?;
    let attempt = Attempt::begin(cx, &credential.login_name).await?;
    let current = SecretString::from(form.current);
    if !cx
        .services
        .passwords
        .verify(&current, credential.password_hash.as_deref())
        .await?
    {
        return match attempt.fail(cx, Some(&credential)).await {
            Err(Error::WrongCredentials) => Err(Error::invalid("current", Problem::WrongPassword)),
            other => other,
        };
    }
    attempt.forget(cx).await?;
    let password = SecretString::from(form.password);
    passwords::check(&password, &[&credential.login_name, &person.name])
        .map_err(|problem| Error::invalid("password", problem))?;
    let hash = cx.services.passwords.hash(&password).await?;
    let now = cx.now();
    let tx = cx.store().begin().await?;
    identities::set_password(&tx, person.identity, &hash, now).await?;
    session_rows::end_of_identity(&tx, person.identity, Some(person.session)).await?;
    let token = tokens::new_token(cx.services.random.as_ref());
    // Over, or renewed by another request at this moment: the cookie that asks is dead.
    let expires_at = session_rows::replace_token(
        &tx,
        person.session,
        &person.cookie_hash,
        &tokens::hash(token.expose_secret()),
        now,
    )
    .await?
    .ok_or(Error::Unauthenticated)?;
    let scope = person.membership.as_ref().map(|membership| membership.scope);
    let target = Target::new("identity", person.identity, credential.login_name);
    audit::record(
        &tx,
        cx,
        scope.as_ref(),
        Event::done("account.set_password", target, Vec::new()),
    )
    .await?;
    tx.commit().await?;
    Ok(NewSession { token, expires_at })
}
