//! Change of the own password.

use secrecy::{ExposeSecret, SecretString};

use crate::domain::account::PasswordChange;
use crate::domain::error::Problem;
use crate::service::attempts::Attempt;
use crate::service::audit::{self, Event, Target};
use crate::service::sessions::NewSession;
use crate::service::{Context, Error, Result, passwords, tokens};
use crate::store::{identities, sessions};

/// Changes the person's own password. All sessions end but the one that asks, which gets a new cookie.
///
/// # Errors
/// [`Error::Invalid`] for either password, [`Error::TooManyRequests`].
///
/// # Permissions
/// The person.
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
    sessions::end_of_identity(&tx, person.identity, Some(person.session)).await?;
    let token = tokens::new_token(cx.services.random.as_ref());
    // Over, or renewed by another request at this moment: the cookie that asks is dead.
    let expires_at = sessions::replace_token(
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
