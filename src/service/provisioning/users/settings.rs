//! What changed settings of a connector do to the users that it manages.

use super::apply::with_role;
use super::finish;
use crate::domain::connector::ProvisioningSettings;
use crate::domain::directory::sent_roles;
use crate::domain::ids::ConnectorId;
use crate::service::provisioning::roles::{administrative, canonical};
use crate::service::users::guard_last_administrator;
use crate::service::{Context, Result};
use crate::store::{OrgScope, Tx, roles, users};

/// Lets changed settings of a connector take effect on the users that it manages: roles that it may grant now, or no longer
/// (security rule S8), and the user type of those for whom none was sent. A directory sends nothing for people who did not
/// change, so that it is not left to their next change. The connector's row is locked by the caller.
///
/// # Errors
/// [`Error::LastAdministrator`] when nobody would be left who can administer the organisation.
pub(in crate::service) async fn apply_settings(
    tx: &Tx,
    cx: &Context,
    scope: &OrgScope,
    connector: ConnectorId,
    settings: &ProvisioningSettings,
) -> Result<()> {
    let known = roles::list(tx, scope).await?;
    // Any other role is the same whatever the settings say.
    let affected = users::list_administrative_for_update(tx, scope, connector, &administrative(&known)).await?;
    for before in affected {
        let mut sent = sent_roles(&before.attributes);
        // A role of the organisation that was removed since grants nothing.
        sent.retain(|role| canonical(&known, &role.value).is_some());
        let mut record = with_role(before.clone(), &sent, settings, &known)?;
        if record == before {
            continue;
        }
        guard_last_administrator(tx, scope, &before, &record).await?;
        record.version += 1;
        record.updated_at = cx.now().max(before.updated_at);
        users::update(tx, scope, &before, &record).await?;
        finish(tx, cx, scope, "user.update", Some(&before), &record).await?;
    }
    users::set_default_type(tx, scope, connector, settings.default_user_type, cx.now()).await?;
    Ok(())
}
