//! The Users page and the user record.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::error::UiError;
use crate::domain::audit::AuditEntry;
use crate::domain::ids::UserId;
use crate::domain::page::Page;
use crate::domain::user::{AccessEdit, NewUser, ProfileEdit, SessionView, UserDetail, UserQuery, UserSummary};

#[cfg(feature = "ssr")]
use super::context;
#[cfg(feature = "ssr")]
use crate::{domain::permission::Permission, service::users};

/// A user and the text typed to confirm.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserConfirmation {
    /// Which user.
    pub id: UserId,
    /// The user's login name, typed.
    pub confirmation: String,
}

/// A page of users.
#[server(endpoint = "users/list", input = Json)]
pub async fn list_users(input: UserQuery) -> Result<Page<UserSummary>, UiError> {
    let cx = context::require(Permission::UsersRead).await?;
    context::answer(&cx, users::list(&cx, &input).await)
}

/// One user in full.
#[server(endpoint = "users/get")]
pub async fn get_user(input: UserId) -> Result<UserDetail, UiError> {
    let cx = context::require(Permission::UsersRead).await?;
    context::answer(&cx, users::get(&cx, input).await)
}

/// Makes a user and opens the record.
#[server(endpoint = "users/create")]
pub async fn create_user(input: NewUser) -> Result<(), UiError> {
    let cx = context::require(Permission::UsersManage).await?;
    let id = context::write(&cx, || users::create(&cx, &input)).await?;
    leptos_axum::redirect(&format!("/users/{id}"));
    Ok(())
}

/// Saves the Profile tab.
#[server(endpoint = "users/update-profile")]
pub async fn update_user_profile(input: ProfileEdit) -> Result<(), UiError> {
    let cx = context::require(Permission::UsersManage).await?;
    context::write(&cx, || users::update_profile(&cx, &input)).await
}

/// Saves role and user type.
#[server(endpoint = "users/update-access")]
pub async fn update_user_access(input: AccessEdit) -> Result<(), UiError> {
    let cx = context::require(Permission::UsersManage).await?;
    context::write(&cx, || users::update_access(&cx, &input)).await
}

/// Takes access away and ends sessions.
#[server(endpoint = "users/deactivate")]
pub async fn deactivate_user(input: UserId) -> Result<(), UiError> {
    let cx = context::require(Permission::UsersManage).await?;
    context::write(&cx, || users::deactivate(&cx, input)).await
}

/// Gives access back.
#[server(endpoint = "users/activate")]
pub async fn activate_user(input: UserId) -> Result<(), UiError> {
    let cx = context::require(Permission::UsersManage).await?;
    context::write(&cx, || users::activate(&cx, input)).await
}

/// Ends all sessions of a user.
#[server(endpoint = "users/end-sessions")]
pub async fn end_user_sessions(input: UserId) -> Result<(), UiError> {
    let cx = context::require(Permission::UsersManage).await?;
    context::write(&cx, || users::end_sessions(&cx, input)).await
}

/// Deletes a user and goes to the Users page.
#[server(endpoint = "users/delete")]
pub async fn delete_user(input: UserConfirmation) -> Result<(), UiError> {
    let cx = context::require(Permission::UsersManage).await?;
    context::write(&cx, || users::delete(&cx, input.id, &input.confirmation)).await?;
    leptos_axum::redirect("/users");
    Ok(())
}

/// The live sessions of a user, newest first.
#[server(endpoint = "users/sessions")]
pub async fn list_user_sessions(input: UserId) -> Result<Vec<SessionView>, UiError> {
    let cx = context::require(Permission::UsersManage).await?;
    context::answer(&cx, users::list_sessions(&cx, input).await)
}

/// The last 100 audited changes of a user, newest first.
#[server(endpoint = "users/activity")]
pub async fn list_user_activity(input: UserId) -> Result<Vec<AuditEntry>, UiError> {
    let cx = context::require(Permission::UsersRead).await?;
    context::answer(&cx, users::activity(&cx, input).await)
}
