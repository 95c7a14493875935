//! A new password by a one-time link from the command line.

use secrecy::{ExposeSecret, SecretString};

use crate::domain::account::{LinkStatus, RecoveryForm};
use crate::domain::ids::IdentityId;
use crate::domain::record::UserRecord;
use crate::service::audit::{self, Event, Target};
use crate::service::{Context, Error, Result, passwords, tokens};
use crate::store::identities::{self, CredentialRecord, IdentityRecord};
use crate::store::links::{self, LinkPurpose};
use crate::store::{OrgScope, Tx, sessions, users};

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
///
/// # Permissions
/// Whoever has the link.
pub async fn recovery_status(cx: &Context, token: &str) -> Result<LinkStatus> {
    let found = links::find(cx.store(), LinkPurpose::Recovery, &tokens::hash(token)).await?;
    let Some(link) = found.filter(|link| link.is_usable(cx.now())) else {
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
///
/// # Permissions
/// Whoever has the link.
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
    sessions::end_of_identity(&tx, identity, None).await?;
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
