//! Organisations: made by operators and the command line, named by their own administrators.

use super::audit::{self, Event, Target};
use super::context::{Context, Person};
use super::roles::create_built_in;
use super::{Error, Result};
use crate::domain::ids::{IdentityId, OrganisationId, RoleId, UserId};
use crate::domain::organisation::{OrganisationDetail, OrganisationSummary};
use crate::domain::permission::Permission;
use crate::domain::provisioning::FieldChange;
use crate::domain::record::UserRecord;
use crate::domain::role::BuiltInRole;
use crate::domain::text;
use crate::domain::user::UserType;
use crate::store::organisations::{self, OrganisationRecord};
use crate::store::users;
use crate::store::{OrgScope, Tx, roles as role_rows};

/// The plan of an organisation that nothing else was agreed with.
const DEFAULT_PLAN: &str = "Business";

/// The organisation in view.
///
/// # Errors
/// [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConsoleAccess`].
pub async fn current(cx: &Context) -> Result<OrganisationDetail> {
    let scope = cx.demand(Permission::ConsoleAccess)?;
    let record = organisations::get(cx.store(), &scope).await?;
    Ok(OrganisationDetail {
        id: record.id,
        name: record.name,
        version: record.version,
        created_at: record.created_at,
        is_editable: cx.demand(Permission::BillingManage).is_ok(),
    })
}

/// Renames the organisation in view.
///
/// # Errors
/// [`Error::Invalid`] for the name, [`Error::Stale`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::BillingManage`].
pub async fn update(cx: &Context, version: i64, name: &str) -> Result<()> {
    let scope = cx.demand(Permission::BillingManage)?;
    let name = text::name(name).map_err(|problem| Error::invalid("name", problem))?;
    let tx = cx.store().begin().await?;
    let before = organisations::get_for_update(&tx, &scope).await?;
    if before.version != version {
        return Err(Error::Stale);
    }
    let changes: Vec<FieldChange> = FieldChange::between("name", Some(&before.name), Some(&name))
        .into_iter()
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    let record = OrganisationRecord {
        name,
        version: before.version + 1,
        updated_at: cx.now(),
        ..before
    };
    organisations::update(&tx, &scope, &record).await.map_err(Error::name_taken)?;
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("organisation.update", target(&record), changes),
    )
    .await?;
    Ok(tx.commit().await?)
}

/// All organisations by name.
///
/// # Errors
/// [`Error::Forbidden`] for who is no operator.
///
/// # Permissions
/// Operators and the command line.
pub async fn list(cx: &Context) -> Result<Vec<OrganisationSummary>> {
    cx.demand_operator()?;
    let own: Vec<OrganisationId> = match cx.person() {
        Ok(person) => users::list_of_identity(cx.store(), person.identity)
            .await?
            .into_iter()
            .map(|(_, scope)| scope.organisation())
            .collect(),
        Err(_) => Vec::new(),
    };
    Ok(organisations::list_as_operator(cx.store())
        .await?
        .into_iter()
        .map(|counted| OrganisationSummary {
            id: counted.record.id,
            is_member: own.contains(&counted.record.id),
            name: counted.record.name,
            has_enterprise_toolkit: counted.record.has_enterprise_toolkit,
            is_toolkit_reserved: counted.record.is_toolkit_reserved,
            is_toolkit_requested: counted.record.is_toolkit_requested,
            users: counted.users,
            connectors: counted.connectors,
            created_at: counted.record.created_at,
        })
        .collect())
}

/// Makes an organisation without anybody in it.
///
/// # Errors
/// [`Error::Invalid`] for the name, [`Error::Forbidden`] for who is no operator.
///
/// # Permissions
/// Operators and the command line.
pub async fn create(cx: &Context, name: &str, has_enterprise_toolkit: bool) -> Result<OrganisationId> {
    cx.demand_operator()?;
    let tx = cx.store().begin().await?;
    let (scope, _) = create_in(&tx, cx, name, has_enterprise_toolkit).await?;
    tx.commit().await?;
    Ok(scope.organisation())
}

/// Makes an organisation with the operator as its first EnterpriseAdmin.
///
/// # Errors
/// As [`create`].
///
/// # Permissions
/// Operators, in person.
pub async fn create_by_operator(cx: &Context, name: &str, has_enterprise_toolkit: bool) -> Result<OrganisationId> {
    cx.demand_operator()?;
    let person = cx.person()?;
    let tx = cx.store().begin().await?;
    let (scope, role) = create_in(&tx, cx, name, has_enterprise_toolkit).await?;
    let member = Member {
        identity: person.identity,
        login_name: &person.login_name,
        name: &person.name,
    };
    create_enterprise_admin(&tx, cx, &scope, role, &member).await?;
    tx.commit().await?;
    Ok(scope.organisation())
}

/// Gives the operator an EnterpriseAdmin account in an organisation. Who has one already keeps it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] for who is no operator, [`Error::Conflict`] when another account there has the
/// operator's login name.
///
/// # Permissions
/// Operators, in person.
pub async fn join(cx: &Context, id: OrganisationId) -> Result<()> {
    cx.demand_operator()?;
    let person: &Person = cx.person()?;
    let (_, scope) = organisations::find_as_operator(cx.store(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let own = users::list_of_identity(cx.store(), person.identity).await?;
    if own.iter().any(|(_, other)| *other == scope) {
        return Ok(());
    }
    let tx = cx.store().begin().await?;
    let role = role_rows::list(&tx, &scope)
        .await?
        .into_iter()
        .find(|role| role.built_in == Some(BuiltInRole::EnterpriseAdmin));
    let role = role
        .ok_or_else(|| Error::internal("an organisation without built-in roles"))?
        .id;
    let member = Member {
        identity: person.identity,
        login_name: &person.login_name,
        name: &person.name,
    };
    create_enterprise_admin(&tx, cx, &scope, role, &member).await?;
    Ok(tx.commit().await?)
}

/// Decides whether an organisation has the Enterprise Toolkit, and whether that stays the operator's decision.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] for who is no operator.
///
/// # Permissions
/// Operators and the command line.
pub async fn decide_toolkit(cx: &Context, id: OrganisationId, is_on: bool, is_reserved: bool) -> Result<()> {
    cx.demand_operator()?;
    let (_, scope) = organisations::find_as_operator(cx.store(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let tx = cx.store().begin().await?;
    let before = organisations::get_for_update(&tx, &scope).await?;
    let record = OrganisationRecord {
        has_enterprise_toolkit: is_on,
        is_toolkit_reserved: is_reserved,
        is_toolkit_requested: before.is_toolkit_requested && !is_on,
        version: before.version + 1,
        updated_at: cx.now(),
        ..before.clone()
    };
    let changes = toolkit_changes(&before, &record);
    if changes.is_empty() {
        return Ok(());
    }
    organisations::update(&tx, &scope, &record).await?;
    let event = Event::done("organisation.decide_toolkit", target(&record), changes);
    audit::record(&tx, cx, Some(&scope), event).await?;
    Ok(tx.commit().await?)
}

/// What changed about the toolkit.
pub(in crate::service) fn toolkit_changes(before: &OrganisationRecord, after: &OrganisationRecord) -> Vec<FieldChange> {
    let flag =
        |field: &str, before: bool, after: bool| FieldChange::between(field, Some(&before.to_string()), Some(&after.to_string()));
    [
        flag(
            "has_enterprise_toolkit",
            before.has_enterprise_toolkit,
            after.has_enterprise_toolkit,
        ),
        flag("is_toolkit_reserved", before.is_toolkit_reserved, after.is_toolkit_reserved),
        flag(
            "is_toolkit_requested",
            before.is_toolkit_requested,
            after.is_toolkit_requested,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the audit log calls an organisation.
pub(in crate::service) fn target(record: &OrganisationRecord) -> Target {
    Target::new("organisation", record.id, record.name.clone())
}

/// Makes an organisation with its roles; tells its scope and its strongest role.
pub(in crate::service) async fn create_in(
    tx: &Tx,
    cx: &Context,
    name: &str,
    has_enterprise_toolkit: bool,
) -> Result<(OrgScope, RoleId)> {
    let name = text::name(name).map_err(|problem| Error::invalid("name", problem))?;
    let now = cx.now();
    let record = OrganisationRecord {
        id: OrganisationId::from_uuid(cx.new_uuid()),
        name,
        plan: DEFAULT_PLAN.to_owned(),
        has_enterprise_toolkit,
        is_toolkit_reserved: false,
        is_toolkit_requested: false,
        premium_limit: None,
        standard_limit: None,
        is_active: true,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let scope = organisations::create(tx, &record).await.map_err(Error::name_taken)?;
    let role = create_built_in(tx, cx, &scope).await?;
    let changes = FieldChange::between("name", None, Some(&record.name)).into_iter().collect();
    audit::record(
        tx,
        cx,
        Some(&scope),
        Event::done("organisation.create", target(&record), changes),
    )
    .await?;
    Ok((scope, role))
}

/// A person who becomes a member.
pub(in crate::service) struct Member<'a> {
    /// The person.
    pub identity: IdentityId,
    /// Login name.
    pub login_name: &'a str,
    /// Name to show.
    pub name: &'a str,
}

/// Makes an EnterpriseAdmin account with built-in login.
pub(in crate::service) async fn create_enterprise_admin(
    tx: &Tx,
    cx: &Context,
    scope: &OrgScope,
    role: RoleId,
    member: &Member<'_>,
) -> Result<UserId> {
    let (given_name, family_name) = match member.name.rsplit_once(' ') {
        Some((given, family)) => (Some(given.to_owned()), Some(family.to_owned())),
        None => (None, None),
    };
    let record = UserRecord {
        identity: Some(member.identity),
        display_name: Some(member.name.to_owned()),
        given_name,
        family_name,
        email: Some(member.login_name.to_owned()),
        user_type: Some(UserType::Standard),
        role: Some(role),
        is_role_manual: true,
        is_login_method_manual: true,
        ..UserRecord::new(UserId::from_uuid(cx.new_uuid()), member.login_name.to_owned(), cx.now())
    };
    users::create(tx, scope, &record).await?;
    let target = Target::new("user", record.id, record.user_name.clone());
    audit::record(
        tx,
        cx,
        Some(scope),
        Event::done("user.create", target, super::users::changes_between(None, &record)),
    )
    .await?;
    Ok(record.id)
}
