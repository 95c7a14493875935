//! Users as a directory creates, changes and removes them.

mod adoption;
mod apply;
mod attached;
mod read;
mod settings;

use self::adoption::{refuse_existing, taken};
use self::apply::apply;
use self::attached::write_folders_and_metadata;
use self::read::with_groups;
pub use self::read::{get, list};
pub(in crate::service) use self::settings::apply_settings;
use crate::domain::connector::ProvisioningSettings;
use crate::domain::directory::AttributeMap;
use crate::domain::ids::{ConnectorId, IdentityId, UserId};
use crate::domain::provisioning::FieldChange;
use crate::domain::record::{GroupRecord, UserRecord};
use crate::domain::text::fold;
use crate::service::audit::{self, Event, Target};
use crate::service::error::Retryable;
use crate::service::users::{changes_between, guard_last_administrator, remove};
use crate::service::{Context, Error, Result, logins, provisioning_log};
use crate::store::identities::{self, IdentityRecord};
use crate::store::{OrgScope, Tx, connectors, roles, users};

/// A user as a directory describes it, complete: what is absent here is absent there.
#[derive(Debug, Clone, PartialEq)]
pub struct SentUser {
    /// Login name, as sent.
    pub user_name: String,
    /// The directory's id.
    pub external_id: Option<String>,
    /// Whether the account may be used.
    pub is_active: bool,
    /// Display name.
    pub display_name: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// The e-mail address that stands for the person: the primary one, else that of type `work`, else the first.
    pub email: Option<String>,
    /// User type, as sent.
    pub user_type: Option<String>,
    /// Folder values: trimmed, without empty ones and doubles.
    pub folders: Vec<String>,
    /// Metadata by key.
    pub metadata: Vec<(String, String)>,
    /// All attributes that have no field of their own above, and `emails`, `roles`, folders and metadata as they are served,
    /// under their canonical names; extension schemas are objects under their URN. The roles that take effect are those in here.
    pub attributes: AttributeMap,
}

/// A user with the groups that are served with it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvisionedUser {
    /// The user.
    pub record: UserRecord,
    /// Its groups of the same connector, by name.
    pub groups: Vec<GroupRecord>,
}

/// Makes a user.
///
/// # Errors
/// [`Error::Conflict`] for a login name in use, also by an account that the connector does not manage: that one is noted on the
/// connector page; [`Error::Invalid`] for unknown roles, a wrong user type, two spellings of one metadata key, or missing names
/// where they are demanded.
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn create(cx: &Context, sent: SentUser) -> Result<ProvisionedUser> {
    let (scope, connector) = cx.connector()?;
    let now = cx.now();
    let tx = cx.store().begin().await?;
    let settings = settings(&tx, &scope, connector).await?;
    provisioning_log::note_target(cx, "user", String::new(), &sent.user_name);
    if let Some(existing) = users::find_by_user_name(&tx, &scope, &sent.user_name).await? {
        drop(tx);
        return Err(refuse_existing(cx, &scope, connector, &settings, &existing, &sent).await?);
    }
    let identity = IdentityRecord {
        id: IdentityId::from_uuid(cx.new_uuid()),
        name: None,
        is_operator: false,
        is_active: true,
    };
    identities::create(&tx, &identity, now).await?;
    let blank = UserRecord {
        identity: Some(identity.id),
        connector: Some(connector),
        effective_user_type: settings.default_user_type,
        last_provisioned_at: Some(now),
        ..UserRecord::new(UserId::from_uuid(cx.new_uuid()), String::new(), now)
    };
    let role_rows = roles::list(&tx, &scope).await?;
    let record = apply(&blank, sent.clone(), &settings, &role_rows)?;
    users::create(&tx, &scope, &record)
        .await
        .map_err(|error| taken(error.into(), &record.user_name))?;
    write_folders_and_metadata(&tx, cx, &scope, connector, record.id, &sent, true).await?;
    finish(&tx, cx, &scope, "user.create", None, &record).await?;
    tx.commit().await?;
    Ok(ProvisionedUser {
        record,
        groups: Vec::new(),
    })
}

/// Changes a user: `change` sees the user as it is, under lock, and describes it anew. A description that says nothing new
/// changes nothing, not even the time of the last change.
///
/// # Errors
/// [`Error::NotFound`]; those of [`create`]; [`Error::LastAdministrator`]; whatever `change` fails with.
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn update<E, F>(cx: &Context, id: UserId, change: F) -> std::result::Result<ProvisionedUser, E>
where
    E: From<Error> + Retryable,
    F: FnOnce(&ProvisionedUser) -> std::result::Result<SentUser, E> + Send,
{
    let (scope, connector) = cx.connector()?;
    let tx = cx.store().begin().await.map_err(Error::from)?;
    let settings = settings(&tx, &scope, connector).await?;
    let before = users::find_managed_for_update(&tx, &scope, connector, id)
        .await
        .map_err(Error::from)?
        .ok_or(Error::NotFound)?;
    provisioning_log::note_target(cx, "user", id.to_string(), &before.user_name);
    let before = with_groups(&tx, &scope, connector, before).await?;
    let sent = change(&before)?;
    Ok(write_update(tx, cx, &scope, connector, &settings, before, sent).await?)
}

async fn write_update(
    tx: Tx,
    cx: &Context,
    scope: &OrgScope,
    connector: ConnectorId,
    settings: &ProvisioningSettings,
    before: ProvisionedUser,
    sent: SentUser,
) -> Result<ProvisionedUser> {
    let now = cx.now();
    let role_rows = roles::list(&tx, scope).await?;
    let mut record = apply(&before.record, sent.clone(), settings, &role_rows)?;
    if record == before.record {
        // Nothing to write but the log, which is written with the answer.
        return Ok(before);
    }
    record.last_provisioned_at = Some(now);
    record.version += 1;
    record.updated_at = now.max(before.record.updated_at);
    let loses_access = before.record.is_active && !record.is_active;
    if loses_access || record.role != before.record.role {
        guard_last_administrator(&tx, scope, &before.record, &record).await?;
    }
    if fold(&record.user_name) != fold(&before.record.user_name)
        && let Some(existing) = users::find_by_user_name(&tx, scope, &record.user_name).await?
    {
        drop(tx);
        return Err(refuse_existing(cx, scope, connector, settings, &existing, &sent).await?);
    }
    users::update(&tx, scope, &before.record, &record)
        .await
        .map_err(|error| taken(error.into(), &record.user_name))?;
    let is_changed = before.record.attributes != record.attributes;
    if is_changed {
        write_folders_and_metadata(&tx, cx, scope, connector, record.id, &sent, false).await?;
    }
    logins::follow_change(&tx, scope, &before.record, &record, now).await?;
    let action = match (before.record.is_active, record.is_active) {
        (true, false) => "user.deactivate",
        (false, true) => "user.activate",
        (true, true) | (false, false) => "user.update",
    };
    finish(&tx, cx, scope, action, Some(&before.record), &record).await?;
    tx.commit().await?;
    Ok(ProvisionedUser {
        record,
        groups: before.groups,
    })
}

/// Takes a user away: access ends at once, the login name is free, the id is never given again.
///
/// # Errors
/// [`Error::NotFound`], [`Error::LastAdministrator`].
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn delete(cx: &Context, id: UserId) -> Result<()> {
    let (scope, connector) = cx.connector()?;
    let tx = cx.store().begin().await?;
    let record = users::find_managed_for_update(&tx, &scope, connector, id)
        .await?
        .ok_or(Error::NotFound)?;
    remove(&tx, cx, &scope, &record).await?;
    provisioning_log::write_change(&tx, cx, "user", id.to_string(), &record.user_name, Vec::new()).await?;
    Ok(tx.commit().await?)
}

/// The connector's settings, which stay as they are until the transaction ends: a role must not be granted by a switch that
/// is being turned off at the same moment.
async fn settings(tx: &Tx, scope: &OrgScope, connector: ConnectorId) -> Result<ProvisioningSettings> {
    Ok(connectors::find_held(tx, scope, connector)
        .await?
        .ok_or(Error::Unauthenticated)?
        .settings)
}

async fn finish(
    tx: &Tx,
    cx: &Context,
    scope: &OrgScope,
    action: &'static str,
    before: Option<&UserRecord>,
    after: &UserRecord,
) -> Result<()> {
    let changes: Vec<FieldChange> = changes_between(before, after);
    let target = Target::new("user", after.id, after.user_name.clone());
    audit::record(tx, cx, Some(scope), Event::done(action, target, changes.clone())).await?;
    provisioning_log::write_change(tx, cx, "user", after.id.to_string(), &after.user_name, changes).await
}
