//! Users as people manage them in the console, and the rules about users that every door shares.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;

use super::audit::{self, Event, Target};
use super::context::Context;
use super::provisioning::users::sent_roles;
use super::provisioning_log::connector_names;
use super::sessions::{idle_since, live_views};
use super::{Error, Result, logins};
use crate::domain::audit::AuditEntry;
use crate::domain::error::{FieldError, Problem};
use crate::domain::ids::{ConnectorId, RoleId, UserId};
use crate::domain::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page};
use crate::domain::permission::{Permission, PermissionSet};
use crate::domain::provisioning::FieldChange;
use crate::domain::role::RoleRef;
use crate::domain::text;
use crate::domain::user::{
    AccessEdit, ActionRefusal, ConnectorRef, FolderAccess, GroupRef, MetadataEntry, NewUser, ProfileAttribute, ProfileEdit,
    SessionView, UserAction, UserActionState, UserDetail, UserQuery, UserSummary,
};
use crate::store::roles::RoleRecord;
use crate::store::users::{AttributeMap, UserRecord};
use crate::store::{OrgScope, Reader, Tx, folders, groups, metadata, roles, sessions, users};

/// A page of users.
///
/// # Errors
/// [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::UsersRead`].
pub async fn list(cx: &Context, query: &UserQuery) -> Result<Page<UserSummary>> {
    let scope = cx.demand(Permission::UsersRead)?;
    let limit = query.limit.unwrap_or(DEFAULT_PAGE_SIZE).clamp(1, MAX_PAGE_SIZE);
    let page = users::list(cx.store(), &scope, query, limit, cx.now()).await?;
    let names = Names::load(cx, &scope).await?;
    Ok(Page {
        items: page.users.iter().map(|record| names.summary(cx, record)).collect(),
        next: page.next,
        total: page.total,
    })
}

/// One user in full.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::UsersRead`].
pub async fn get(cx: &Context, id: UserId) -> Result<UserDetail> {
    let scope = cx.demand(Permission::UsersRead)?;
    let record = users::find(cx.store(), &scope, id).await?.ok_or(Error::NotFound)?;
    let names = Names::load(cx, &scope).await?;
    let member_of = groups::of_users(cx.store(), &scope, &[id])
        .await?
        .remove(&id)
        .unwrap_or_default();
    let access = folders::access_of(cx.store(), &scope, id).await?;
    let values = metadata::values_of(cx.store(), &scope, id).await?;
    let live_sessions = sessions::count_of_user(cx.store(), id, cx.now(), idle_since(cx)).await?;
    let role = names.role(record.role);
    Ok(UserDetail {
        summary: names.summary(cx, &record),
        version: record.version,
        display_name: record.display_name.clone(),
        given_name: record.given_name.clone(),
        family_name: record.family_name.clone(),
        external_id: record.external_id.clone(),
        identity: record.identity,
        user_type: record.user_type,
        directory_roles: sent_roles(&record.attributes).into_iter().map(|role| role.value).collect(),
        is_role_capped: record.is_role_capped,
        is_role_manual: record.is_role_manual,
        locked_fields: if record.connector.is_some() {
            OWNED_FIELDS.iter().map(|field| (*field).to_owned()).collect()
        } else {
            Vec::new()
        },
        attributes: profile_attributes(&record.attributes),
        folders: access
            .into_iter()
            .map(|access| FolderAccess {
                value: access.value,
                folder: access.folder,
                source: names.connector(access.connector),
            })
            .collect(),
        metadata: values
            .into_iter()
            .map(|(key, value)| MetadataEntry {
                key: key.name,
                label: key.label,
                value,
            })
            .collect(),
        groups: member_of
            .into_iter()
            .map(|group| GroupRef {
                id: group.id,
                managed_by: names.connector(group.connector),
                name: group.name,
            })
            .collect(),
        sessions: live_sessions,
        last_provisioned_at: record.last_provisioned_at,
        actions: actions(cx, &record, role, live_sessions),
    })
}

/// Profile fields that a managing directory owns (product decision 4).
const OWNED_FIELDS: &[&str] = &[
    "user_name",
    "display_name",
    "given_name",
    "family_name",
    "email",
    "external_id",
    "user_type",
    "attributes",
    "folders",
    "metadata",
];

/// Makes a user who signs in with built-in credentials once invited.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Conflict`] for a login name in use, [`Error::Forbidden`] for a role beyond the actor's own.
///
/// # Permissions
/// [`Permission::UsersManage`].
pub async fn create(cx: &Context, new: &NewUser) -> Result<UserId> {
    let scope = cx.demand(Permission::UsersManage)?;
    let mut faults = Vec::new();
    let email = keep(&mut faults, "email", text::email(&new.email)).unwrap_or_default();
    let given_name = keep(&mut faults, "given_name", text::optional_name(&new.given_name)).flatten();
    let family_name = keep(&mut faults, "family_name", text::optional_name(&new.family_name)).flatten();
    let role = role_field(&mut faults, &new.role);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let now = cx.now();
    let tx = cx.store().begin().await?;
    let role = grantable(&tx, cx, &scope, role).await?;
    let record = UserRecord {
        id: UserId::from_uuid(cx.new_uuid()),
        identity: None,
        connector: None,
        user_name: email.clone(),
        external_id: None,
        is_active: true,
        display_name: None,
        given_name,
        family_name,
        email: Some(email),
        user_type: Some(new.user_type),
        effective_user_type: new.user_type,
        role: role.map(|role| role.id),
        is_role_manual: true,
        is_role_capped: false,
        login_connector: None,
        is_login_method_manual: false,
        is_external: false,
        attributes: AttributeMap::new(),
        invited_at: None,
        invitation_expires_at: None,
        invitation_accepted_at: None,
        last_sign_in_at: None,
        last_provisioned_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    users::create(&tx, &scope, &record)
        .await
        .map_err(|error| match error.into() {
            // The form has one field for both.
            Error::Conflict { field: "user_name", .. } => Error::invalid("email", Problem::Taken),
            other => other,
        })?;
    let target = Target::new("user", record.id, record.user_name.clone());
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("user.create", target, changes_between(None, &record)),
    )
    .await?;
    tx.commit().await?;
    Ok(record.id)
}

/// Changes names and e-mail address.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Stale`], [`Error::Invalid`], [`Error::DirectoryManaged`], [`Error::Forbidden`] for an account
/// that holds more than the actor.
///
/// # Permissions
/// [`Permission::UsersManage`].
pub async fn update_profile(cx: &Context, edit: &ProfileEdit) -> Result<()> {
    let scope = cx.demand(Permission::UsersManage)?;
    let mut faults = Vec::new();
    let display_name = keep(&mut faults, "display_name", text::optional_name(&edit.display_name)).flatten();
    let given_name = keep(&mut faults, "given_name", text::optional_name(&edit.given_name)).flatten();
    let family_name = keep(&mut faults, "family_name", text::optional_name(&edit.family_name)).flatten();
    let email = if edit.email.trim().is_empty() {
        None
    } else {
        keep(&mut faults, "email", text::email(&edit.email))
    };
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let tx = cx.store().begin().await?;
    let before = editable(&tx, cx, &scope, edit.id).await?;
    if before.connector.is_some() {
        return Err(Error::DirectoryManaged);
    }
    if before.version != edit.version {
        return Err(Error::Stale);
    }
    let record = UserRecord {
        display_name,
        given_name,
        family_name,
        email,
        ..before.clone()
    };
    save(tx, cx, &scope, "user.update", &before, record).await
}

/// Changes role and user type.
///
/// # Errors
/// As [`update_profile`]; [`Error::LastAdministrator`]; [`Error::Forbidden`] for a role beyond the actor's own or for the own
/// account.
///
/// # Permissions
/// [`Permission::UsersManage`].
pub async fn update_access(cx: &Context, edit: &AccessEdit) -> Result<()> {
    let scope = cx.demand(Permission::UsersManage)?;
    let mut faults = Vec::new();
    let role = role_field(&mut faults, &edit.role);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let tx = cx.store().begin().await?;
    let before = removable(&tx, cx, &scope, edit.id).await?;
    if before.version != edit.version {
        return Err(Error::Stale);
    }
    if cx.own_user() == Some(edit.id) {
        return Err(Error::Forbidden);
    }
    if before.connector.is_some() && before.effective_user_type != edit.user_type {
        return Err(Error::DirectoryManaged);
    }
    let role = if role == before.role {
        role
    } else {
        grantable(&tx, cx, &scope, role).await?.map(|role| role.id)
    };
    let record = UserRecord {
        is_role_manual: before.is_role_manual || role != before.role,
        is_role_capped: before.is_role_capped && role == before.role,
        role,
        user_type: if before.connector.is_some() {
            before.user_type
        } else {
            Some(edit.user_type)
        },
        effective_user_type: edit.user_type,
        ..before.clone()
    };
    save(tx, cx, &scope, "user.update", &before, record).await
}

/// Takes access away and ends sessions.
///
/// # Errors
/// [`Error::NotFound`], [`Error::LastAdministrator`], [`Error::Forbidden`] for a stronger account or the own one.
///
/// # Permissions
/// [`Permission::UsersManage`].
pub async fn deactivate(cx: &Context, id: UserId) -> Result<()> {
    let scope = cx.demand(Permission::UsersManage)?;
    let tx = cx.store().begin().await?;
    let before = removable(&tx, cx, &scope, id).await?;
    if cx.own_user() == Some(id) {
        return Err(Error::Forbidden);
    }
    let record = UserRecord {
        is_active: false,
        ..before.clone()
    };
    save(tx, cx, &scope, "user.deactivate", &before, record).await
}

/// Gives access back.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] for a stronger account.
///
/// # Permissions
/// [`Permission::UsersManage`].
pub async fn activate(cx: &Context, id: UserId) -> Result<()> {
    let scope = cx.demand(Permission::UsersManage)?;
    let tx = cx.store().begin().await?;
    let before = editable(&tx, cx, &scope, id).await?;
    let record = UserRecord {
        is_active: true,
        ..before.clone()
    };
    save(tx, cx, &scope, "user.activate", &before, record).await
}

/// Ends all sessions of a user.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] for a stronger account.
///
/// # Permissions
/// [`Permission::UsersManage`].
pub async fn end_sessions(cx: &Context, id: UserId) -> Result<()> {
    let scope = cx.demand(Permission::UsersManage)?;
    let tx = cx.store().begin().await?;
    let record = editable(&tx, cx, &scope, id).await?;
    let ended = sessions::end_of_user(&tx, id).await?;
    let change = FieldChange {
        field: "sessions".to_owned(),
        before: Some(ended.to_string()),
        after: Some("0".to_owned()),
    };
    let target = Target::new("user", id, record.user_name);
    audit::record(&tx, cx, Some(&scope), Event::done("user.end_sessions", target, vec![change])).await?;
    Ok(tx.commit().await?)
}

/// Deletes a user. `confirmation` is the login name, typed.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] when not confirmed, [`Error::DirectoryManaged`], [`Error::LastAdministrator`],
/// [`Error::Forbidden`] for a stronger account or the own one.
///
/// # Permissions
/// [`Permission::UsersManage`].
pub async fn delete(cx: &Context, id: UserId, confirmation: &str) -> Result<()> {
    let scope = cx.demand(Permission::UsersManage)?;
    let tx = cx.store().begin().await?;
    let record = removable(&tx, cx, &scope, id).await?;
    if cx.own_user() == Some(id) {
        return Err(Error::Forbidden);
    }
    if record.connector.is_some() {
        return Err(Error::DirectoryManaged);
    }
    if text::fold(confirmation) != text::fold(&record.user_name) {
        return Err(Error::invalid("confirmation", Problem::NotConfirmed));
    }
    guard_last_administrator(
        &tx,
        &scope,
        &record,
        &UserRecord {
            is_active: false,
            ..record.clone()
        },
    )
    .await?;
    let memberships = groups::of_users(&tx, &scope, &[id]).await?.remove(&id).unwrap_or_default();
    let group_ids: Vec<_> = memberships.iter().map(|group| group.id.as_uuid()).collect();
    users::delete(&tx, &scope, &record, &group_ids, cx.now()).await?;
    logins::follow_deletion(&tx, &record).await?;
    let target = Target::new("user", id, record.user_name);
    audit::record(&tx, cx, Some(&scope), Event::done("user.delete", target, Vec::new())).await?;
    Ok(tx.commit().await?)
}

/// The live sessions of a user, newest first.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission and for a stronger account.
///
/// # Permissions
/// [`Permission::UsersManage`].
pub async fn list_sessions(cx: &Context, id: UserId) -> Result<Vec<SessionView>> {
    let scope = cx.demand(Permission::UsersManage)?;
    let record = users::find(cx.store(), &scope, id).await?.ok_or(Error::NotFound)?;
    demand_not_stronger(cx.store(), cx, &scope, &record).await?;
    Ok(live_views(cx, sessions::list_of_user(cx.store(), id).await?))
}

/// The last audited changes of a user, newest first.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::UsersRead`]; addresses of actors only with [`Permission::AuditRead`].
pub async fn activity(cx: &Context, id: UserId) -> Result<Vec<AuditEntry>> {
    let scope = cx.demand(Permission::UsersRead)?;
    users::find(cx.store(), &scope, id).await?.ok_or(Error::NotFound)?;
    let mut entries = audit::of_target(cx, &scope, &id.to_string()).await?;
    if cx.demand(Permission::AuditRead).is_err() {
        for entry in &mut entries {
            entry.ip = None;
        }
    }
    Ok(entries)
}

/// Refuses a change that would leave the organisation without an administrator who can sign in (security rule S9). Only the step
/// from one to none is refused.
pub(in crate::service) async fn guard_last_administrator(
    tx: &Tx,
    scope: &OrgScope,
    before: &UserRecord,
    after: &UserRecord,
) -> Result<()> {
    let administrative = administrative_roles(tx, scope).await?;
    let holds = |record: &UserRecord| record.is_active && record.role.is_some_and(|role| administrative.contains(&role));
    if !holds(before) || holds(after) {
        return Ok(());
    }
    let able = users::lock_active_holders(tx, scope, &administrative).await?;
    if able == [before.id] {
        Err(Error::LastAdministrator)
    } else {
        Ok(())
    }
}

async fn administrative_roles(tx: &Tx, scope: &OrgScope) -> Result<Vec<RoleId>> {
    let all = roles::list(tx, scope).await?;
    let administrative = all.iter().filter(|role| role.permissions.holds(Permission::ConnectorsManage));
    Ok(administrative.map(|role| role.id).collect())
}

/// The user, locked, where the actor may manage it.
async fn editable(tx: &Tx, cx: &Context, scope: &OrgScope, id: UserId) -> Result<UserRecord> {
    let record = users::find_for_update(tx, scope, id).await?.ok_or(Error::NotFound)?;
    demand_not_stronger(tx, cx, scope, &record).await?;
    Ok(record)
}

/// As [`editable`], for a change that may take an administrator away. The administrators are locked first, in one order: two who
/// take each other away wait for each other and do not lock each other out.
async fn removable(tx: &Tx, cx: &Context, scope: &OrgScope, id: UserId) -> Result<UserRecord> {
    let administrative = administrative_roles(tx, scope).await?;
    users::lock_active_holders(tx, scope, &administrative).await?;
    editable(tx, cx, scope, id).await
}

/// Whoever manages an account, or looks where its holder signs in from, holds all that it holds (security rule S7).
async fn demand_not_stronger(db: &impl Reader, cx: &Context, scope: &OrgScope, record: &UserRecord) -> Result<()> {
    let held = match record.role {
        Some(role) => roles::find(db, scope, role).await?.ok_or(Error::NotFound)?.permissions,
        None => PermissionSet::default(),
    };
    if cx.ceiling().covers(&held) {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// The role, where the actor may give it to somebody.
async fn grantable(tx: &Tx, cx: &Context, scope: &OrgScope, role: Option<RoleId>) -> Result<Option<RoleRecord>> {
    let Some(role) = role else { return Ok(None) };
    let role = roles::find(tx, scope, role)
        .await?
        .ok_or_else(|| Error::invalid("role", Problem::Unknown))?;
    if cx.ceiling().covers(&role.permissions) {
        Ok(Some(role))
    } else {
        Err(Error::Forbidden)
    }
}

/// Writes a changed record with everything that follows from the change. Nothing new is nothing done.
async fn save(
    tx: Tx,
    cx: &Context,
    scope: &OrgScope,
    action: &'static str,
    before: &UserRecord,
    mut record: UserRecord,
) -> Result<()> {
    if record == *before {
        return Ok(());
    }
    guard_last_administrator(&tx, scope, before, &record).await?;
    record.version += 1;
    record.updated_at = cx.now().max(before.updated_at);
    users::update(&tx, scope, before, &record).await?;
    logins::follow_change(&tx, before, &record, record.updated_at).await?;
    let target = Target::new("user", record.id, record.user_name.clone());
    audit::record(
        &tx,
        cx,
        Some(scope),
        Event::done(action, target, changes_between(Some(before), &record)),
    )
    .await?;
    Ok(tx.commit().await?)
}

fn keep<T>(faults: &mut Vec<FieldError>, field: &str, outcome: std::result::Result<T, Problem>) -> Option<T> {
    outcome.map_err(|problem| faults.push(FieldError::new(field, problem))).ok()
}

/// The role field of a form: empty for none.
fn role_field(faults: &mut Vec<FieldError>, text: &str) -> Option<RoleId> {
    if text.is_empty() {
        return None;
    }
    keep(faults, "role", RoleId::parse(text).map_err(|_| Problem::Unknown))
}

/// What differs between two records, field by field, for the audit and provisioning logs.
pub(in crate::service) fn changes_between(before: Option<&UserRecord>, after: &UserRecord) -> Vec<FieldChange> {
    let empty = AttributeMap::new();
    let fields = |record: &UserRecord| -> Vec<(&'static str, Option<String>)> {
        let text = |value: &Option<String>| value.clone();
        vec![
            ("user_name", Some(record.user_name.clone())),
            ("external_id", text(&record.external_id)),
            ("is_active", Some(record.is_active.to_string())),
            ("display_name", text(&record.display_name)),
            ("given_name", text(&record.given_name)),
            ("family_name", text(&record.family_name)),
            ("email", text(&record.email)),
            ("user_type", record.user_type.map(|kind| kind.name().to_owned())),
            ("role", record.role.map(|role| role.to_string())),
        ]
    };
    let old = before.map(fields).unwrap_or_default();
    let mut changes: Vec<FieldChange> = fields(after)
        .into_iter()
        .filter_map(|(name, value)| {
            let before = old
                .iter()
                .find(|(other, _)| *other == name)
                .and_then(|(_, value)| value.clone());
            FieldChange::between(name, before.as_deref(), value.as_deref())
        })
        .collect();
    let old = before.map_or(&empty, |record| &record.attributes);
    let mut names: Vec<&String> = old.keys().chain(after.attributes.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let shown = |map: &AttributeMap| map.get(name).map(|value| shown_value(value).into_owned());
        changes.extend(FieldChange::between(
            name,
            shown(old).as_deref(),
            shown(&after.attributes).as_deref(),
        ));
    }
    changes
}

fn shown_value(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => text.as_str().into(),
        other => other.to_string().into(),
    }
}

/// Attributes for the Profile tab: what has a tab of its own (roles, folders, metadata) left out.
fn profile_attributes(attributes: &AttributeMap) -> Vec<ProfileAttribute> {
    let mut shown = Vec::new();
    for (name, value) in attributes {
        match value {
            Value::Array(elements) if name != "roles" => {
                for element in elements {
                    let kind = element.get("type").and_then(Value::as_str);
                    let name = kind.map_or_else(|| name.clone(), |kind| format!("{name}[{kind}]"));
                    let parts = ["formatted", "streetAddress", "postalCode", "locality", "region", "country"];
                    let text = match element.get("value") {
                        Some(value) => shown_value(value).into_owned(),
                        None if element.is_object() => parts
                            .iter()
                            .filter_map(|part| element.get(*part)?.as_str())
                            .collect::<Vec<_>>()
                            .join(", "),
                        None => shown_value(element).into_owned(),
                    };
                    shown.push(ProfileAttribute { name, value: text });
                }
            }
            Value::Array(_) => {}
            // Folders and metadata live below schemas that begin so; the enterprise extension does not.
            Value::Object(_) if name.starts_with("urn:ietf:params:scim:schemas:extension:2.0:") => {}
            Value::Object(parts) => {
                for (part, value) in parts {
                    let value = value.get("displayName").or_else(|| value.get("value")).unwrap_or(value);
                    shown.push(ProfileAttribute {
                        name: part.clone(),
                        value: shown_value(value).into_owned(),
                    });
                }
            }
            single => shown.push(ProfileAttribute {
                name: name.clone(),
                value: shown_value(single).into_owned(),
            }),
        }
    }
    shown
}

fn actions(cx: &Context, record: &UserRecord, role: Option<&RoleRecord>, live_sessions: u64) -> Vec<UserActionState> {
    let is_own = cx.own_user() == Some(record.id);
    let held = role.map(|role| role.permissions.clone()).unwrap_or_default();
    let general = if cx.demand(Permission::UsersManage).is_err() {
        Some(ActionRefusal::NotPermitted)
    } else if !cx.ceiling().covers(&held) {
        Some(ActionRefusal::StrongerAccount)
    } else {
        None
    };
    let own = is_own.then_some(ActionRefusal::OwnAccount);
    let managed = record.connector.is_some().then_some(ActionRefusal::DirectoryManaged);
    let mut states = vec![
        UserActionState {
            action: UserAction::Edit,
            refusal: general.or(managed),
        },
        UserActionState {
            action: UserAction::ChangeAccess,
            refusal: general.or(own),
        },
        UserActionState {
            action: UserAction::EndSessions,
            refusal: general.or((live_sessions == 0).then_some(ActionRefusal::NothingToDo)),
        },
    ];
    states.push(if record.is_active {
        UserActionState {
            action: UserAction::Deactivate,
            refusal: general.or(own),
        }
    } else {
        UserActionState {
            action: UserAction::Activate,
            refusal: general,
        }
    });
    states.push(UserActionState {
        action: UserAction::Delete,
        refusal: general.or(own).or(managed),
    });
    states
}

/// Names of roles and connectors, for showing records.
struct Names {
    roles: HashMap<RoleId, RoleRecord>,
    connectors: HashMap<ConnectorId, ConnectorRef>,
}

impl Names {
    async fn load(cx: &Context, scope: &OrgScope) -> Result<Self> {
        let roles = roles::list(cx.store(), scope)
            .await?
            .into_iter()
            .map(|role| (role.id, role))
            .collect();
        Ok(Self {
            roles,
            connectors: connector_names(cx, scope).await?,
        })
    }

    fn role(&self, id: Option<RoleId>) -> Option<&RoleRecord> {
        self.roles.get(&id?)
    }

    fn connector(&self, id: Option<ConnectorId>) -> Option<ConnectorRef> {
        self.connectors.get(&id?).cloned()
    }

    fn summary(&self, cx: &Context, record: &UserRecord) -> UserSummary {
        UserSummary {
            id: record.id,
            user_name: record.user_name.clone(),
            name: record.shown_name().into_owned(),
            email: record.email.clone(),
            is_active: record.is_active,
            role: self.role(record.role).map(|role| RoleRef {
                id: role.id,
                name: role.name.clone(),
                built_in: role.built_in,
            }),
            user_type: record.effective_user_type,
            login_connector: self.connector(record.login_connector),
            managed_by: self.connector(record.connector),
            is_external: record.is_external,
            is_incomplete: record.is_incomplete(),
            has_identity: record.identity.is_some(),
            invitation: record.invitation_at(cx.now()),
            last_sign_in_at: record.last_sign_in_at,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
}
