//! Sessions of the console: who a cookie belongs to, what its holder may do now, and how sessions end (security rules S12, S21).

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::audit::{self, Event, Target};
use super::context::{Actor, Context, Membership, Person, RequestInfo, Services};
use super::{Error, Result, entry, tokens};
use crate::domain::ids::{OrganisationId, RoleId, SessionId};
use crate::domain::record::UserRecord;
use crate::domain::user::SessionView;
use crate::store::identities::IdentityRecord;
use crate::store::sessions::SessionRecord;
use crate::store::{OrgScope, Tx, identities, sessions, users};

/// A cookie to set.
pub struct NewSession {
    /// Its secret.
    pub token: SecretString,
    /// When the session ends whatever happens.
    pub expires_at: DateTime<Utc>,
}

/// Last use is noted at most this often.
const TOUCH_EVERY: chrono::Duration = chrono::Duration::seconds(60);

/// Who a cookie belongs to. No cookie, an unknown or an ended one is nobody. Rights, account state and organisation are read anew
/// each time; when the role is another one than when the cookie was made, a new cookie is issued and the old one is dead.
///
/// # Errors
/// [`Error::Unavailable`] when that cannot be found out.
///
/// # Permissions
/// Everybody.
pub async fn authenticate(
    services: &Services,
    request: RequestInfo,
    token: Option<&str>,
) -> Result<(Context, Option<NewSession>)> {
    let nobody = |request: RequestInfo| (Context::new(services.clone(), request, Actor::Anonymous), None);
    let Some(token) = token else { return Ok(nobody(request)) };
    let hash = tokens::hash(token);
    let Some((session, scope)) = sessions::authenticate(&services.store, &hash).await? else {
        return Ok(nobody(request));
    };
    let now = services.clock.now();
    if !is_live(services, &session, now) {
        return Ok(nobody(request));
    }
    let Some(identity) = identities::find(&services.store, session.identity)
        .await?
        .filter(|identity| identity.is_active)
    else {
        return Ok(nobody(request));
    };
    let membership = match (scope, session.user) {
        (Some(scope), Some(user)) => {
            let record = users::find(&services.store, &scope, user).await?;
            let usable = record.filter(|record| record.is_active && record.identity == Some(session.identity));
            match usable {
                Some(record) => entry::find_membership(&services.store, &scope, &record)
                    .await?
                    .map(|membership| (membership, record)),
                // The account was deactivated, deleted or linked to somebody else: the session is over.
                None => return Ok(nobody(request)),
            }
        }
        (None, _) | (_, None) => None,
    };
    if membership.is_none() && !identity.is_operator {
        return Ok(nobody(request));
    }
    let role = membership.as_ref().and_then(|(_, record)| record.role);
    let mut cookie_hash = hash;
    let mut renewed = None;
    if role != session.rights_role {
        match renew(services, &session, &cookie_hash, role).await? {
            Some(new) => {
                cookie_hash = tokens::hash(new.token.expose_secret());
                renewed = Some(new);
            }
            // Another request with this cookie came at the same moment, and its answer carries the new one.
            None if sessions::is_there(&services.store, session.id).await? => {}
            None => return Ok(nobody(request)),
        }
    }
    if renewed.is_none() && now - session.last_seen_at >= TOUCH_EVERY {
        let tx = services.store.begin().await?;
        sessions::touch(&tx, session.id, now).await?;
        tx.commit().await?;
    }
    let person = person(services, &identity, &session, cookie_hash, membership).await?;
    Ok((
        Context::new(services.clone(), request, Actor::Person(Box::new(person))),
        renewed,
    ))
}

/// A new cookie in the place of the one of this hash; none where that is dead already.
async fn renew(
    services: &Services,
    session: &SessionRecord,
    old_hash: &[u8],
    role: Option<RoleId>,
) -> Result<Option<NewSession>> {
    let token = tokens::new_token(services.random.as_ref());
    let tx = services.store.begin().await?;
    let is_renewed = sessions::renew(&tx, session.id, old_hash, &tokens::hash(token.expose_secret()), role).await?;
    tx.commit().await?;
    Ok(is_renewed.then_some(NewSession {
        token,
        expires_at: session.expires_at,
    }))
}

async fn person(
    services: &Services,
    identity: &IdentityRecord,
    session: &SessionRecord,
    cookie_hash: Vec<u8>,
    membership: Option<(Membership, UserRecord)>,
) -> Result<Person> {
    let login_name = match &membership {
        Some((_, record)) => record.user_name.clone(),
        None => identities::credential_of(&services.store, identity.id)
            .await?
            .map(|credential| credential.login_name)
            .unwrap_or_default(),
    };
    let name = match &membership {
        Some((_, record)) => record.shown_name().into_owned(),
        None => identity.name.clone().unwrap_or_else(|| login_name.clone()),
    };
    Ok(Person {
        identity: identity.id,
        session: session.id,
        cookie_hash,
        name,
        login_name,
        is_operator: identity.is_operator,
        authenticated_at: session.authenticated_at,
        membership: membership.map(|(membership, _)| membership),
    })
}

/// Begins a session for a person who has just proved who they are.
pub(in crate::service) async fn begin(
    tx: &Tx,
    cx: &Context,
    identity: &IdentityRecord,
    account: Option<(&OrgScope, &UserRecord)>,
    method: &str,
) -> Result<(NewSession, SessionRecord)> {
    let now = cx.now();
    let token = tokens::new_token(cx.services.random.as_ref());
    let record = SessionRecord {
        id: SessionId::from_uuid(cx.new_uuid()),
        identity: identity.id,
        user: account.map(|(_, user)| user.id),
        organisation: account.map(|(scope, _)| scope.organisation()),
        method: method.to_owned(),
        authenticated_at: now,
        created_at: now,
        last_seen_at: now,
        expires_at: now + cx.services.settings.session_absolute,
        ip: cx.request.ip.clone(),
        user_agent: cx.request.user_agent.clone(),
        rights_role: account.and_then(|(_, user)| user.role),
    };
    sessions::create(tx, &record, &tokens::hash(token.expose_secret())).await?;
    Ok((
        NewSession {
            token,
            expires_at: record.expires_at,
        },
        record,
    ))
}

/// Ends the session that asks. Without one there is nothing to do.
///
/// # Errors
/// Any database error.
///
/// # Permissions
/// Everybody, about their own session.
pub async fn sign_out(cx: &Context) -> Result<()> {
    let Ok(person) = cx.person() else { return Ok(()) };
    let tx = cx.store().begin().await?;
    // Ended elsewhere at this moment: that has its own row.
    if !sessions::end(&tx, person.session).await? {
        return Ok(());
    }
    audit_own(&tx, cx, person, "session.end", person.session).await?;
    Ok(tx.commit().await?)
}

/// Enters another organisation of the person; the cookie is renewed.
///
/// # Errors
/// [`Error::NotFound`] where the person has no account with console access.
///
/// # Permissions
/// The person.
pub async fn switch_organisation(cx: &Context, organisation: OrganisationId) -> Result<NewSession> {
    let person = cx.person()?;
    let accounts = users::list_of_identity(cx.store(), person.identity).await?;
    let (record, scope) = accounts
        .into_iter()
        .find(|(_, scope)| scope.organisation() == organisation)
        .ok_or(Error::NotFound)?;
    let identity = identities::find(cx.store(), person.identity)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let tx = cx.store().begin().await?;
    let record = entry::lock_built_in(&tx, &scope, &record).await?.ok_or(Error::NotFound)?;
    // A new session rather than a changed one, so that rights of two organisations never meet under one id. It keeps the moment
    // of authentication: switching proves nothing.
    if !sessions::end(&tx, person.session).await? {
        return Err(Error::Unauthenticated);
    }
    let (new, session) = begin(&tx, cx, &identity, Some((&scope, &record)), "switch").await?;
    sessions::keep_authentication(&tx, session.id, person.authenticated_at).await?;
    let target = Target::new("user", record.id, record.user_name.clone());
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("session.switch_organisation", target, Vec::new()),
    )
    .await?;
    tx.commit().await?;
    Ok(new)
}

/// The person's own sessions, newest first.
///
/// # Errors
/// [`Error::Unauthenticated`] for nobody.
///
/// # Permissions
/// The person.
pub async fn list_own(cx: &Context) -> Result<Vec<SessionView>> {
    let person = cx.person()?;
    Ok(live_views(cx, sessions::list_of_identity(cx.store(), person.identity).await?))
}

/// Ends one of the person's own sessions.
///
/// # Errors
/// [`Error::NotFound`] when it is somebody else's or over.
///
/// # Permissions
/// The person.
pub async fn end_own(cx: &Context, id: SessionId) -> Result<()> {
    let person = cx.person()?;
    let own = sessions::list_of_identity(cx.store(), person.identity).await?;
    if !own.iter().any(|session| session.id == id) {
        return Err(Error::NotFound);
    }
    let tx = cx.store().begin().await?;
    if !sessions::end(&tx, id).await? {
        return Err(Error::NotFound);
    }
    audit_own(&tx, cx, person, "session.end", id).await?;
    Ok(tx.commit().await?)
}

/// Ends all of the person's sessions but the one that asks.
///
/// # Errors
/// [`Error::Unauthenticated`] for nobody.
///
/// # Permissions
/// The person.
pub async fn end_others(cx: &Context) -> Result<()> {
    let person = cx.person()?;
    let tx = cx.store().begin().await?;
    sessions::end_of_identity(&tx, person.identity, Some(person.session)).await?;
    audit_own(&tx, cx, person, "session.end_others", person.session).await?;
    Ok(tx.commit().await?)
}

async fn audit_own(tx: &Tx, cx: &Context, person: &Person, action: &'static str, session: SessionId) -> Result<()> {
    let scope = person.membership.as_ref().map(|membership| membership.scope);
    audit::record(
        tx,
        cx,
        scope.as_ref(),
        Event::done(action, Target::new("session", session, person.name.clone()), Vec::new()),
    )
    .await
}

/// Sessions as shown; those that nobody can use any more are not.
pub(in crate::service) fn live_views(cx: &Context, records: Vec<SessionRecord>) -> Vec<SessionView> {
    let now = cx.now();
    records
        .into_iter()
        .filter(|record| is_live(&cx.services, record, now))
        .map(|record| view(cx, record))
        .collect()
}

fn is_live(services: &Services, record: &SessionRecord, now: DateTime<Utc>) -> bool {
    now < record.expires_at && now - record.last_seen_at < services.settings.session_idle
}

/// A session that was last used at this moment or before it is over.
pub(in crate::service) fn idle_since(cx: &Context) -> DateTime<Utc> {
    cx.now() - cx.services.settings.session_idle
}

fn view(cx: &Context, record: SessionRecord) -> SessionView {
    let is_current = cx.person().is_ok_and(|person| person.session == record.id);
    SessionView {
        id: record.id,
        created_at: record.created_at,
        last_seen_at: record.last_seen_at,
        ip: record.ip,
        user_agent: record.user_agent,
        is_current,
    }
}
