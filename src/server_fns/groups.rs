//! The Groups page and a group's own page.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::error::UiError;
use crate::domain::group::{GroupDetail, GroupMember, GroupQuery, GroupSummary};
use crate::domain::ids::GroupId;
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use super::context;
#[cfg(feature = "ssr")]
use crate::{domain::permission::Permission, service::groups};

/// A question for a page of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberQuery {
    /// Whose members.
    pub group: GroupId,
    /// Where the page begins; none for the first.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A new group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
}

/// A new name for a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRename {
    /// Which group.
    pub id: GroupId,
    /// The version that the editor saw.
    pub version: i64,
    /// Its new name.
    pub name: String,
}

/// A member to add or to remove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberChange {
    /// Which group.
    pub group: GroupId,
    /// Login name (to add) of the user.
    pub user_name: String,
}

/// A page of groups.
#[server(endpoint = "groups/list", input = Json)]
pub async fn list_groups(input: GroupQuery) -> Result<Page<GroupSummary>, UiError> {
    let cx = context::require(Permission::GroupsRead).await?;
    context::answer(&cx, groups::list(&cx, &input).await)
}

/// One group.
#[server(endpoint = "groups/get")]
pub async fn get_group(input: GroupId) -> Result<GroupDetail, UiError> {
    let cx = context::require(Permission::GroupsRead).await?;
    context::answer(&cx, groups::get(&cx, input).await)
}

/// A page of a group's members.
#[server(endpoint = "groups/members", input = Json)]
pub async fn list_group_members(input: MemberQuery) -> Result<Page<GroupMember>, UiError> {
    let cx = context::require(Permission::GroupsRead).await?;
    context::answer(&cx, groups::list_members(&cx, input.group, input.cursor.as_deref()).await)
}

/// Makes a group and opens it.
#[server(endpoint = "groups/create")]
pub async fn create_group(input: NewGroup) -> Result<(), UiError> {
    let cx = context::require(Permission::GroupsManage).await?;
    let id = context::write(&cx, || groups::create(&cx, &input.name)).await?;
    leptos_axum::redirect(&format!("/groups/{id}"));
    Ok(())
}

/// Renames a group.
#[server(endpoint = "groups/rename")]
pub async fn rename_group(input: GroupRename) -> Result<(), UiError> {
    let cx = context::require(Permission::GroupsManage).await?;
    context::write(&cx, || groups::update(&cx, input.id, input.version, &input.name)).await
}

/// Deletes a group and goes to the Groups page.
#[server(endpoint = "groups/delete")]
pub async fn delete_group(input: GroupId) -> Result<(), UiError> {
    let cx = context::require(Permission::GroupsManage).await?;
    context::write(&cx, || groups::delete(&cx, input)).await?;
    leptos_axum::redirect("/groups");
    Ok(())
}

/// Adds a member by login name.
#[server(endpoint = "groups/add-member")]
pub async fn add_group_member(input: MemberChange) -> Result<(), UiError> {
    let cx = context::require(Permission::GroupsManage).await?;
    context::write(&cx, || groups::add_member(&cx, input.group, &input.user_name)).await
}

/// Removes a member by login name.
#[server(endpoint = "groups/remove-member")]
pub async fn remove_group_member(input: MemberChange) -> Result<(), UiError> {
    let cx = context::require(Permission::GroupsManage).await?;
    context::write(&cx, || groups::remove_member(&cx, input.group, &input.user_name)).await
}
