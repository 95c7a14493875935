//! Users as people manage them in the console, and the rules about users that every door shares.

mod changes;
mod deletion;
mod guard;
mod view;

pub(in crate::service) use self::changes::changes_between;
pub(in crate::service) use self::deletion::remove;
pub(in crate::service) use self::guard::guard_last_administrator;
use self::guard::{grantable, lock_for};
pub use self::view::{activity, get, list, list_sessions};
use super::audit::{self, Event, Target};
use super::context::Context;
use super::{Error, Result, logins};
use crate::domain::error::{FieldError, Problem};
use crate::domain::ids::{RoleId, UserId};
use crate::domain::permission::Permission;
use crate::domain::provisioning::FieldChange;
use crate::domain::record::UserRecord;
use crate::domain::text;
use crate::domain::user::{AccessEdit, NewUser, ProfileEdit, UserAction};
use crate::store::{OrgScope, Tx, sessions, users};

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
    let tx = cx.store().begin().await?;
    let role = grantable(&tx, cx, &scope, role).await?;
    let record = UserRecord {
        given_name,
        family_name,
        email: Some(email.clone()),
        user_type: Some(new.user_type),
        effective_user_type: new.user_type,
        role: role.map(|role| role.id),
        is_role_manual: true,
        ..UserRecord::new(UserId::from_uuid(cx.new_uuid()), email, cx.now())
    };
    users::create(&tx, &scope, &record)
        .await
        // The form has one field for both.
        .map_err(|error| Error::from(error).on_conflict("user_name", || Error::invalid("email", Problem::Taken)))?;
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
    let before = lock_for(&tx, cx, &scope, edit.id, UserAction::Edit).await?;
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
    let before = lock_for(&tx, cx, &scope, edit.id, UserAction::ChangeAccess).await?;
    if before.version != edit.version {
        return Err(Error::Stale);
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
    let before = lock_for(&tx, cx, &scope, id, UserAction::Deactivate).await?;
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
    let before = lock_for(&tx, cx, &scope, id, UserAction::Activate).await?;
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
    let record = lock_for(&tx, cx, &scope, id, UserAction::EndSessions).await?;
    let ended = sessions::end_of_user(&tx, &scope, id).await?;
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
    let record = lock_for(&tx, cx, &scope, id, UserAction::Delete).await?;
    if text::fold(confirmation) != text::fold(&record.user_name) {
        return Err(Error::invalid("confirmation", Problem::NotConfirmed));
    }
    remove(&tx, cx, &scope, &record).await?;
    Ok(tx.commit().await?)
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
    logins::follow_change(&tx, scope, before, &record, record.updated_at).await?;
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
