//! A login name that is in use: refused, and put before an administrator where the account could be adopted.

use crate::domain::connector::{AdoptionPolicy, ProvisioningSettings};
use crate::domain::ids::{ConnectorId, MatchId};
use crate::domain::record::UserRecord;
use crate::service::audit::{self, Event, Target};
use crate::service::{Context, Error, Result};
use crate::store::{OrgScope, connectors};

use super::SentUser;

/// A unique violation, with the name that is taken.
pub(super) fn taken(error: Error, user_name: &str) -> Error {
    error.on_conflict("user_name", || name_taken(user_name))
}

fn name_taken(user_name: &str) -> Error {
    Error::Conflict {
        field: "user_name",
        detail: format!("'{user_name}' is already taken"),
    }
}

/// The refusal of a login name that is in use. An account that the connector does not manage is never touched; under the
/// policy "ask" it is put on the connector page for an administrator to decide.
pub(super) async fn refuse_existing(
    cx: &Context,
    scope: &OrgScope,
    connector: ConnectorId,
    settings: &ProvisioningSettings,
    existing: &UserRecord,
    sent: &SentUser,
) -> Result<Error> {
    if existing.connector == Some(connector) {
        return Ok(name_taken(&sent.user_name));
    }
    let may_ask = match settings.adoption {
        AdoptionPolicy::Ask => existing.connector.is_none(),
        AdoptionPolicy::Never => false,
    };
    if !may_ask {
        return Ok(name_taken(&sent.user_name));
    }
    let now = cx.now();
    let tx = cx.store().begin().await?;
    let record = connectors::MatchRecord {
        id: MatchId::from_uuid(cx.new_uuid()),
        user: existing.id,
        user_name: sent.user_name.clone(),
        external_id: sent.external_id.clone(),
        times: 1,
        first_seen_at: now,
        last_seen_at: now,
    };
    connectors::note_match(&tx, scope, connector, &record).await?;
    let target = Target::new("user", existing.id, existing.user_name.clone());
    audit::record(&tx, cx, Some(scope), Event::denied("user.adopt", Some(target))).await?;
    tx.commit().await?;
    let detail = format!(
        "'{}' belongs to an account that this connector does not manage. An administrator finds it on the connector's page under Provisioning.",
        sent.user_name
    );
    Ok(Error::Conflict {
        field: "user_name",
        detail,
    })
}
