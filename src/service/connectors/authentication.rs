//! Who a presented secret belongs to.

use chrono::{DateTime, Utc};
use subtle::ConstantTimeEq;

use super::scim_url;
use crate::domain::ids::{ConnectorId, CredentialId, OrganisationId};
use crate::service::context::{Actor, Context, RequestInfo, Services};
use crate::service::{Error, Result, tokens};
use crate::store::connectors;

/// A secret as a directory presents it.
#[derive(Clone, Copy)]
pub enum Presented<'a> {
    /// `Authorization: Bearer …`
    Bearer(&'a str),
    /// `Authorization: Basic …`, decoded.
    Basic {
        /// The connector's user name.
        user_name: &'a str,
        /// The secret.
        password: &'a str,
    },
}

/// A directory that has shown its secret.
pub struct Authenticated {
    /// To act for it.
    pub context: Context,
    /// The connector's organisation.
    pub organisation: OrganisationId,
    /// The connector.
    pub connector: ConnectorId,
    /// The secret.
    pub credential: CredentialId,
    /// When the secret's last use was noted.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Where directories send SCIM requests; addresses of resources begin so.
    pub scim_url: String,
}

/// Who a presented secret belongs to.
///
/// # Errors
/// [`Error::Unauthenticated`] for everything but a live secret of a connector that is not paused, in an organisation that is
/// active and has the Enterprise Toolkit.
///
/// # Permissions
/// Everybody.
pub async fn authenticate(services: &Services, request: RequestInfo, presented: Presented<'_>) -> Result<Authenticated> {
    let (token, user_name) = match presented {
        Presented::Bearer(token) => (token, None),
        Presented::Basic { user_name, password } => (password, Some(user_name)),
    };
    let key_id = tokens::scim_key_id(token).ok_or(Error::Unauthenticated)?;
    let found = connectors::authenticate(&services.store, key_id)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let is_named = user_name.is_none_or(|name| name.as_bytes().ct_eq(found.connector.user_name.as_bytes()).into());
    let is_open = found.is_organisation_open && !found.connector.is_paused && found.credential.is_live(services.clock.now());
    if !(tokens::matches(token, &found.credential.secret_hash) && is_named && is_open) {
        return Err(Error::Unauthenticated);
    }
    let actor = Actor::Connector {
        scope: found.scope,
        connector: found.connector.id,
        name: found.connector.name.clone(),
        credential: found.credential.id,
    };
    Ok(Authenticated {
        context: Context::new(services.clone(), request, actor),
        organisation: found.scope.organisation(),
        connector: found.connector.id,
        credential: found.credential.id,
        last_used_at: found.credential.last_used_at,
        scim_url: scim_url(services),
    })
}
