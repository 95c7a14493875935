//! Users as a directory creates, changes and removes them.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

pub use super::roles::{SentRole, sent_roles};
use super::roles::{administrative, are_same, canonical, effect};
use super::{GroupRecord, Listing, UserRecord};
use crate::domain::connector::{AdoptionPolicy, ProvisioningSettings};
use crate::domain::error::{FieldError, Problem};
use crate::domain::filter::{Filter, UserAttribute};
use crate::domain::ids::{ConnectorId, FolderId, IdentityId, MatchId, MetadataKeyId, UserId};
use crate::domain::provisioning::FieldChange;
use crate::domain::text::{bounded, fold};
use crate::domain::user::UserType;
use crate::service::audit::{self, Event, Target};
use crate::service::error::Retryable;
use crate::service::users::{changes_between, guard_last_administrator};
use crate::service::{Context, Error, Result, logins, provisioning_log};
use crate::store::identities::{self, IdentityRecord};
use crate::store::users::AttributeMap;
use crate::store::{OrgScope, Tx, connectors, folders, groups, metadata, roles, users};

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
        id: UserId::from_uuid(cx.new_uuid()),
        identity: Some(identity.id),
        connector: Some(connector),
        user_name: String::new(),
        external_id: None,
        is_active: true,
        display_name: None,
        given_name: None,
        family_name: None,
        email: None,
        user_type: None,
        effective_user_type: settings.default_user_type,
        role: None,
        is_role_manual: false,
        is_role_capped: false,
        login_connector: None,
        is_login_method_manual: false,
        is_external: false,
        attributes: AttributeMap::new(),
        invited_at: None,
        invitation_expires_at: None,
        invitation_accepted_at: None,
        last_sign_in_at: None,
        last_provisioned_at: Some(now),
        version: 1,
        created_at: now,
        updated_at: now,
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
    logins::follow_change(&tx, &before.record, &record, now).await?;
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
pub async fn delete(cx: &Context, id: UserId) -> Result<()> {
    let (scope, connector) = cx.connector()?;
    let tx = cx.store().begin().await?;
    let record = users::find_managed_for_update(&tx, &scope, connector, id)
        .await?
        .ok_or(Error::NotFound)?;
    let gone = UserRecord {
        is_active: false,
        ..record.clone()
    };
    guard_last_administrator(&tx, &scope, &record, &gone).await?;
    let memberships = groups::of_users(&tx, &scope, &[id]).await?.remove(&id).unwrap_or_default();
    let group_ids: Vec<_> = memberships.iter().map(|group| group.id.as_uuid()).collect();
    users::delete(&tx, &scope, &record, &group_ids, cx.now()).await?;
    logins::follow_deletion(&tx, &record).await?;
    let target = Target::new("user", id, record.user_name.clone());
    audit::record(&tx, cx, Some(&scope), Event::done("user.delete", target, Vec::new())).await?;
    provisioning_log::write_change(&tx, cx, "user", id.to_string(), &record.user_name, Vec::new()).await?;
    Ok(tx.commit().await?)
}

/// One user.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(cx: &Context, id: UserId) -> Result<ProvisionedUser> {
    let (scope, connector) = cx.connector()?;
    let record = users::find_managed(cx.store(), &scope, connector, id)
        .await?
        .ok_or(Error::NotFound)?;
    provisioning_log::note_target(cx, "user", id.to_string(), &record.user_name);
    with_groups(cx.store(), &scope, connector, record).await
}

/// Users that meet a condition, in the order of their creation; `start` counts from 0.
///
/// # Errors
/// Any database error.
pub async fn list(cx: &Context, filter: &Filter<UserAttribute>, start: u64, count: u64) -> Result<Listing<ProvisionedUser>> {
    let (scope, connector) = cx.connector()?;
    let page = users::list_managed(cx.store(), &scope, connector, filter, start, count).await?;
    let ids: Vec<UserId> = page.rows.iter().map(|record| record.id).collect();
    let mut groups: HashMap<UserId, Vec<GroupRecord>> = groups::of_users(cx.store(), &scope, &ids).await?;
    let items = page
        .rows
        .into_iter()
        .map(|record| {
            let groups = groups.remove(&record.id).unwrap_or_default();
            ProvisionedUser {
                groups: of_connector(groups, connector),
                record,
            }
        })
        .collect();
    Ok(Listing {
        items,
        total: page.total,
    })
}

async fn with_groups(
    db: &impl crate::store::Reader,
    scope: &OrgScope,
    connector: ConnectorId,
    record: UserRecord,
) -> Result<ProvisionedUser> {
    let groups = groups::of_users(db, scope, &[record.id])
        .await?
        .remove(&record.id)
        .unwrap_or_default();
    Ok(ProvisionedUser {
        groups: of_connector(groups, connector),
        record,
    })
}

/// A group kept by hand or by another directory is none of this directory's business.
fn of_connector(groups: Vec<GroupRecord>, connector: ConnectorId) -> Vec<GroupRecord> {
    groups
        .into_iter()
        .filter(|group| group.connector == Some(connector))
        .collect()
}

/// The connector's settings, which stay as they are until the transaction ends: a role must not be granted by a switch that
/// is being turned off at the same moment.
async fn settings(tx: &Tx, scope: &OrgScope, connector: ConnectorId) -> Result<ProvisioningSettings> {
    Ok(connectors::find_held(tx, scope, connector)
        .await?
        .ok_or(Error::Unauthenticated)?
        .settings)
}

/// The record that follows from a description.
fn apply(
    before: &UserRecord,
    sent: SentUser,
    settings: &ProvisioningSettings,
    known: &[roles::RoleRecord],
) -> Result<UserRecord> {
    let mut faults = Vec::new();
    let mut check = |field: &str, value: Option<&str>| {
        if let Some(Err(problem)) = value.map(bounded) {
            faults.push(FieldError::new(field, problem));
        }
    };
    check("userName", Some(&sent.user_name));
    check("externalId", sent.external_id.as_deref());
    check("displayName", sent.display_name.as_deref());
    check("name.givenName", sent.given_name.as_deref());
    check("name.familyName", sent.family_name.as_deref());
    check("emails", sent.email.as_deref());
    let mut keys = HashSet::new();
    for (name, _) in &sent.metadata {
        // Look-alikes are one key in the database; which of the values is meant cannot be told.
        if !keys.insert(fold(name)) {
            let expected = "one value for each key, however it is spelled".to_owned();
            faults.push(FieldError::new(format!("metadata '{name}'"), Problem::Malformed { expected }));
        }
    }
    if fold(&sent.user_name).is_empty() {
        faults.push(FieldError::new("userName", Problem::Required));
    }
    let user_type = match sent.user_type.as_deref() {
        None => None,
        Some(name) => {
            let kind = UserType::from_name(name);
            if kind.is_none() {
                let allowed = UserType::ALL.iter().map(|kind| kind.name().to_owned()).collect();
                faults.push(FieldError::new("userType", Problem::NotAllowed { allowed }));
            }
            kind
        }
    };
    if settings.are_names_required {
        for (field, value) in [
            ("name.givenName", &sent.given_name),
            ("name.familyName", &sent.family_name),
            ("emails", &sent.email),
        ] {
            if value.is_none() {
                faults.push(FieldError::new(field, Problem::Required));
            }
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut attributes = sent.attributes;
    let roles = sent_roles(&attributes);
    spell_roles(&mut attributes, known);
    let is_external = before.is_external || sent.user_name.to_uppercase().contains("#EXT#");
    let record = UserRecord {
        user_name: sent.user_name,
        external_id: sent.external_id,
        is_active: sent.is_active,
        display_name: sent.display_name,
        given_name: sent.given_name,
        family_name: sent.family_name,
        email: sent.email,
        user_type,
        effective_user_type: user_type.unwrap_or(settings.default_user_type),
        // Product decision 4: a role set by hand stays unless the connector maps roles. A connector that maps them repeats the
        // roles of a person with every change of anything else; only other roles than before are a decision made in the
        // directory, and the later decision counts.
        is_role_manual: before.is_role_manual && are_same(&sent_roles(&before.attributes), &roles),
        is_external,
        attributes,
        ..before.clone()
    };
    with_role(record, &roles, settings, known)
}

/// The record with the role that follows from the roles that were sent, unless an administrator has set one by hand.
fn with_role(
    record: UserRecord,
    sent: &[SentRole],
    settings: &ProvisioningSettings,
    known: &[roles::RoleRecord],
) -> Result<UserRecord> {
    // Looked at in any case: a role that is none is refused.
    let follows = effect(known, sent, settings.may_grant_admin_roles)?;
    if record.is_role_manual {
        return Ok(UserRecord {
            is_role_capped: false,
            ..record
        });
    }
    Ok(UserRecord {
        role: follows.role.map(|role| role.id),
        is_role_capped: follows.is_capped,
        ..record
    })
}

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

/// Roles are served in the organisation's spelling.
fn spell_roles(attributes: &mut AttributeMap, known: &[roles::RoleRecord]) {
    let Some(Value::Array(sent)) = attributes.get_mut("roles") else {
        return;
    };
    for role in sent {
        if let Some(value) = role.get_mut("value")
            && let Some(name) = value.as_str().and_then(|name| canonical(known, name))
        {
            *value = Value::String(name.to_owned());
        }
    }
}

async fn write_folders_and_metadata(
    tx: &Tx,
    cx: &Context,
    scope: &OrgScope,
    connector: ConnectorId,
    user: UserId,
    sent: &SentUser,
    is_new: bool,
) -> Result<()> {
    if !(is_new && sent.folders.is_empty()) {
        let mut resolved: Vec<(uuid::Uuid, String, Option<FolderId>)> = Vec::with_capacity(sent.folders.len());
        for value in &sent.folders {
            resolved.push((cx.new_uuid(), value.clone(), folders::resolve(tx, scope, value).await?));
        }
        folders::replace_sent(tx, scope, user, connector, &resolved).await?;
    }
    if !(is_new && sent.metadata.is_empty()) {
        let mut keys = metadata::list_keys(tx, scope).await?;
        for (name, _) in &sent.metadata {
            if !keys.iter().any(|key| fold(&key.name) == fold(name)) {
                metadata::ensure_key(tx, scope, MetadataKeyId::from_uuid(cx.new_uuid()), name, cx.now()).await?;
                keys = metadata::list_keys(tx, scope).await?;
            }
        }
        let of_key = |name: &str| keys.iter().find(|key| fold(&key.name) == fold(name)).map(|key| key.id);
        let entries: Vec<_> = sent
            .metadata
            .iter()
            .filter_map(|(name, value)| Some((of_key(name)?, value.clone())))
            .collect();
        metadata::replace_values(tx, user, &entries).await?;
    }
    Ok(())
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

fn taken(error: Error, user_name: &str) -> Error {
    match error {
        Error::Conflict { field: "user_name", .. } => Error::Conflict {
            field: "user_name",
            detail: format!("userName '{user_name}' is already taken"),
        },
        other => other,
    }
}

/// The refusal of a login name that is in use. An account that the connector does not manage is never touched; under the
/// policy "ask" it is put on the connector page for an administrator to decide.
async fn refuse_existing(
    cx: &Context,
    scope: &OrgScope,
    connector: ConnectorId,
    settings: &ProvisioningSettings,
    existing: &UserRecord,
    sent: &SentUser,
) -> Result<Error> {
    if existing.connector == Some(connector) {
        return Ok(taken(
            Error::Conflict {
                field: "user_name",
                detail: String::new(),
            },
            &sent.user_name,
        ));
    }
    let may_ask = match settings.adoption {
        AdoptionPolicy::Ask => existing.connector.is_none(),
        AdoptionPolicy::Never => false,
    };
    if !may_ask {
        return Ok(taken(
            Error::Conflict {
                field: "user_name",
                detail: String::new(),
            },
            &sent.user_name,
        ));
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
        "userName '{}' belongs to an account that this connector does not manage. An administrator finds it on the connector's page under Provisioning.",
        sent.user_name
    );
    Ok(Error::Conflict {
        field: "user_name",
        detail,
    })
}
