//! "Test connection": checks step by step whether provisioning can work.

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;

use super::authentication::{Presented, authenticate};
use crate::domain::connector::Finding;
use crate::domain::filter::{Filter, Operand, Operator, UserAttribute};
use crate::domain::ids::{ConnectorId, CredentialId};
use crate::domain::permission::Permission;
use crate::service::provisioning_log::are_writes_refused;
use crate::service::{Actor, Context, Error, Result, provisioning, tokens};
use crate::store::connectors::{self, ConnectorRecord, CredentialRecord};
use crate::store::{OrgScope, organisations};

/// Checks from what is stored and was observed, and by asking as the directory asks, whether provisioning can work.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn test(cx: &Context, id: ConnectorId) -> Result<Vec<Finding>> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    let record = connectors::find(cx.store(), &scope, id).await?.ok_or(Error::NotFound)?;
    let credentials = connectors::list_credentials(cx.store(), &scope, id).await?;
    let has_toolkit = organisations::get(cx.store(), &scope).await?.has_enterprise_toolkit;
    Ok(vec![
        if record.is_paused {
            Finding::Paused
        } else if has_toolkit {
            Finding::IsOn
        } else {
            Finding::ToolkitOff
        },
        live_secrets(&credentials, cx.now()),
        ask_for_nobody(cx, scope, &record).await?,
        try_wrong_secret(cx, credentials.first()).await?,
        traffic(cx, &scope, &record).await?,
    ])
}

fn live_secrets(credentials: &[CredentialRecord], now: DateTime<Utc>) -> Finding {
    let mut live = credentials.iter().filter(|credential| credential.is_live(now));
    match live.next() {
        None => Finding::NoSecretAlive,
        Some(newest) => Finding::SecretsAlive {
            newest_ends_at: newest.expires_at,
            others: u32::try_from(live.count()).unwrap_or(u32::MAX),
        },
    }
}

/// Entra's test query, for a login name that nobody has: its answer is an empty list, never "not found".
async fn ask_for_nobody(cx: &Context, scope: OrgScope, record: &ConnectorRecord) -> Result<Finding> {
    let actor = Actor::Connector {
        scope,
        connector: record.id,
        name: record.name.clone(),
        credential: CredentialId::from_uuid(cx.new_uuid()),
    };
    let as_directory = Context::new(cx.services.clone(), cx.request.clone(), actor);
    let nobody = Filter::Compare {
        attribute: UserAttribute::UserName,
        operator: Operator::Equal,
        operand: Operand::Text(cx.new_uuid().to_string()),
    };
    let found = provisioning::users::list(&as_directory, &nobody, 0, 1).await?;
    Ok(if found.total == 0 {
        Finding::NobodyFound
    } else {
        Finding::StrangerFound
    })
}

/// A well-formed secret under the name of one that this connector has, or had: everything about it is right but the secret part.
async fn try_wrong_secret(cx: &Context, credential: Option<&CredentialRecord>) -> Result<Finding> {
    let random = cx.services.random.as_ref();
    let wrong = match credential {
        Some(credential) => tokens::scim_token_with(random, &credential.key_id),
        None => tokens::new_scim_token(random).token,
    };
    match authenticate(&cx.services, cx.request.clone(), Presented::Bearer(wrong.expose_secret())).await {
        Err(Error::Unauthenticated) => Ok(Finding::WrongSecretRefused),
        Ok(_) => Ok(Finding::WrongSecretAccepted),
        Err(other) => Err(other),
    }
}

async fn traffic(cx: &Context, scope: &OrgScope, record: &ConnectorRecord) -> Result<Finding> {
    Ok(match (record.last_request_at, record.failures_in_a_row) {
        (None, _) => Finding::NothingArrived,
        (Some(_), 0) if are_writes_refused(cx.store(), scope, record.id).await? => Finding::WritesRefused,
        (Some(at), 0) => Finding::AnsweredWell { at },
        (Some(_), failed) => Finding::RequestsFailed { failed },
    })
}
