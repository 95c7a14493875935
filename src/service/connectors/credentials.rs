//! The secrets of connectors.

use secrecy::SecretString;

use super::target;
use crate::domain::connector::MAX_OVERLAP_HOURS;
use crate::domain::error::Problem;
use crate::domain::ids::{ConnectorId, CredentialId};
use crate::domain::permission::Permission;
use crate::domain::provisioning::FieldChange;
use crate::service::audit::{self, Event};
use crate::service::{Context, Error, Result, tokens};
use crate::store::connectors::{self, CredentialRecord};
use crate::store::{OrgScope, Tx};

/// Makes a secret. The only copy is what is returned.
pub(super) async fn issue(tx: &Tx, cx: &Context, scope: &OrgScope, connector: ConnectorId) -> Result<SecretString> {
    let now = cx.now();
    let new = tokens::new_scim_token(cx.services.random.as_ref());
    let record = CredentialRecord {
        id: CredentialId::from_uuid(cx.new_uuid()),
        connector,
        key_id: new.key_id,
        secret_hash: new.hash,
        last_four: new.last_four,
        created_by: cx
            .person()
            .map_or_else(|_| "command line".to_owned(), |person| person.name.clone()),
        created_at: now,
        expires_at: now + cx.services.settings.scim_token_lifetime,
        superseded_at: None,
        revoked_at: None,
        last_used_at: None,
        last_used_ip: None,
    };
    connectors::create_credential(tx, scope, &record).await?;
    Ok(new.token)
}

/// Makes a new secret. The one before it works for so many more hours, any older one no more: two at most are alive.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] for the overlap, [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn rotate(cx: &Context, id: ConnectorId, overlap_hours: u32) -> Result<SecretString> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    if overlap_hours > MAX_OVERLAP_HOURS {
        return Err(Error::invalid(
            "overlap_hours",
            Problem::NotInRange {
                min: 0,
                max: MAX_OVERLAP_HOURS,
            },
        ));
    }
    let now = cx.now();
    let tx = cx.store().begin().await?;
    let connector = connectors::find_for_update(&tx, &scope, id).await?.ok_or(Error::NotFound)?;
    let live = connectors::list_credentials(&tx, &scope, id)
        .await?
        .into_iter()
        .filter(|credential| credential.is_live(now));
    for (mut credential, is_newest) in live.zip(std::iter::once(true).chain(std::iter::repeat(false))) {
        let end = if is_newest {
            now + chrono::Duration::hours(i64::from(overlap_hours))
        } else {
            now
        };
        credential.expires_at = credential.expires_at.min(end);
        credential.superseded_at = credential.superseded_at.or(Some(now));
        connectors::update_credential(&tx, &scope, &credential).await?;
    }
    let secret = issue(&tx, cx, &scope, id).await?;
    let change = FieldChange {
        field: "overlap_hours".to_owned(),
        before: None,
        after: Some(overlap_hours.to_string()),
    };
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("connector.rotate", target(&connector), vec![change]),
    )
    .await?;
    tx.commit().await?;
    Ok(secret)
}

/// Ends a secret at once.
///
/// # Errors
/// [`Error::NotFound`], also when the secret is one of another connector; [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn revoke(cx: &Context, id: ConnectorId, credential: CredentialId) -> Result<()> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    let now = cx.now();
    let tx = cx.store().begin().await?;
    let connector = connectors::find_for_update(&tx, &scope, id).await?.ok_or(Error::NotFound)?;
    let found = connectors::list_credentials(&tx, &scope, id)
        .await?
        .into_iter()
        .find(|other| other.id == credential);
    let mut record = found.ok_or(Error::NotFound)?;
    if !record.is_live(now) {
        return Ok(());
    }
    record.revoked_at = Some(now);
    connectors::update_credential(&tx, &scope, &record).await?;
    let change = FieldChange {
        field: "secret".to_owned(),
        before: Some(tokens::shown_prefix(&record.key_id)),
        after: None,
    };
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("connector.revoke", target(&connector), vec![change]),
    )
    .await?;
    Ok(tx.commit().await?)
}
