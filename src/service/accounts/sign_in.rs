//! Sign-in by e-mail address and password (security rules S12, S23).

use std::time::{Duration, Instant};

use secrecy::SecretString;

use crate::service::attempts::Attempt;
use crate::service::audit::{self, Event, Target};
use crate::service::sessions::{self, NewSession};
use crate::service::{Context, Error, Result, entry};
use crate::store::{identities, users};

/// Signs in with e-mail address and password.
///
/// # Errors
/// [`Error::WrongCredentials`], the same for unknown names, wrong passwords and accounts that sign in elsewhere;
/// [`Error::Forbidden`] for a person without console access anywhere; [`Error::TooManyRequests`].
///
/// # Permissions
/// Everybody.
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
    let mut built_in = users::list_of_identity(&tx, identity.id).await?;
    built_in.retain(|(record, _)| record.login_connector.is_none());
    let mut entered = None;
    for (record, scope) in &built_in {
        if let Some(record) = entry::lock_built_in(&tx, scope, record).await? {
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
