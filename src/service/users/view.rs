//! Users as the console shows them.

use std::collections::HashMap;

use super::guard::{demand_action, is_last_administrator, refusal};
use crate::domain::audit::AuditEntry;
use crate::domain::directory::{profile, sent_roles};
use crate::domain::ids::{ConnectorId, RoleId, UserId};
use crate::domain::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page};
use crate::domain::permission::Permission;
use crate::domain::record::UserRecord;
use crate::domain::role::RoleRef;
use crate::domain::user::{
    ActionRefusal, ConnectorRef, FolderAccess, GroupRef, MetadataEntry, SessionView, UserAction, UserActionState, UserDetail,
    UserQuery, UserSummary,
};
use crate::service::provisioning_log::connector_names;
use crate::service::sessions::{idle_since, live_views};
use crate::service::{Context, Error, Result, audit};
use crate::store::roles::RoleRecord;
use crate::store::{OrgScope, folders, groups, metadata, roles, sessions, users};

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
    let live_sessions = sessions::count_of_user(cx.store(), &scope, id, cx.now(), idle_since(cx)).await?;
    let role = names.role(record.role);
    let is_last_administrator = is_last_administrator(cx.store(), &scope, &record).await?;
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
        attributes: profile(&record.attributes),
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
        actions: actions(cx, &record, role, live_sessions, is_last_administrator),
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
    demand_action(cx.store(), cx, &scope, &record, UserAction::EndSessions).await?;
    Ok(live_views(cx, sessions::list_of_user(cx.store(), &scope, id).await?))
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

fn actions(
    cx: &Context,
    record: &UserRecord,
    role: Option<&RoleRecord>,
    live_sessions: u64,
    is_last_administrator: bool,
) -> Vec<UserActionState> {
    let held = role.map(|role| role.permissions.clone()).unwrap_or_default();
    let offered = [
        UserAction::Edit,
        UserAction::ChangeAccess,
        UserAction::EndSessions,
        if record.is_active {
            UserAction::Deactivate
        } else {
            UserAction::Activate
        },
        UserAction::Delete,
    ];
    let state = |action| {
        // What the action finds when it is allowed.
        let found = match action {
            UserAction::EndSessions if live_sessions == 0 => Some(ActionRefusal::NothingToDo),
            UserAction::Deactivate | UserAction::Delete if is_last_administrator => Some(ActionRefusal::LastAdministrator),
            UserAction::Edit
            | UserAction::ChangeAccess
            | UserAction::EndSessions
            | UserAction::Activate
            | UserAction::Deactivate
            | UserAction::Delete => None,
        };
        UserActionState {
            action,
            refusal: refusal(cx, record, &held, action).or(found),
        }
    };
    offered.into_iter().map(state).collect()
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
