//! `/Groups` (RFC 7644 §3.3–§3.6). Members are read only when the answer shows them.

use std::sync::LazyLock;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::error::Failure;
use super::super::mapping::{GroupMapping, Member, group_filter, group_steps};
use super::super::protocol::group_patch::members_of;
use super::super::protocol::resource::{self, Resource};
use super::super::protocol::{GroupPatch, ListQuery, ListResponse, PatchRequest, ResourceSchema};
use super::super::reply::Reply;
use super::Call;
use super::query::{check_offered, is_shown, shown};
use crate::domain::filter::Filter;
use crate::domain::ids::GroupId;
use crate::domain::record::GroupRecord;
use crate::service::Error;
use crate::service::error::retrying;
use crate::service::provisioning::groups::{self, GroupChange, SentGroup};

/// The schema of groups is the same for everybody.
pub(super) static SCHEMA: LazyLock<ResourceSchema> = LazyLock::new(ResourceSchema::group);

/// A page ends early when its groups have more members than this together: the rest comes with the next page (RFC 7644
/// §3.4.2.4 lets a server give fewer than asked for). A member list itself is never cut.
const MAX_LISTED_MEMBERS: usize = 20_000;

/// An id that is not one of ours belongs to no group (security rule S3).
fn parse(id: &str) -> Result<GroupId, Failure> {
    GroupId::parse(id).map_err(|_| Failure::Service(Error::NotFound))
}

pub(super) async fn list(call: &Call, query: &ListQuery) -> Result<Reply, Failure> {
    check_offered(query)?;
    let filter = match query.filter(&SCHEMA)? {
        Some(filter) => group_filter(&filter)?,
        None => Filter::everything(),
    };
    let found = groups::list(&call.context, &filter, query.start_index.saturating_sub(1), query.count).await?;
    let mapping = GroupMapping::new(&call.base);
    let with_members = shows_members(query)?;
    let mut resources = Vec::with_capacity(found.items.len());
    let mut listed = 0;
    for group in &found.items {
        if listed > MAX_LISTED_MEMBERS {
            break;
        }
        let members = if with_members {
            members(call, group.id).await?
        } else {
            Some(Vec::new())
        };
        // A group that was deleted since the page was read is not shown any more.
        let Some(members) = members else { continue };
        listed += members.len();
        resources.push(Value::Object(shown(&mapping.resource(group, &members), query, &SCHEMA)?));
    }
    Ok(Reply::ok(
        &ListResponse {
            total_results: found.total,
            start_index: query.start_index,
            resources,
        }
        .to_json(),
    ))
}

pub(super) async fn get(call: &Call, id: &str) -> Result<Reply, Failure> {
    let id = parse(id)?;
    let query = call.parameters.shown()?;
    let group = groups::get(&call.context, id).await?;
    reply(call, &query, &group, StatusCode::OK).await
}

pub(super) async fn create(call: &Call, body: &Value) -> Result<Reply, Failure> {
    let query = call.parameters.shown()?;
    let (resource, ignored) = resource::canonicalise(body, &SCHEMA)?;
    call.entry.note_ignored(&ignored);
    let sent = SentGroup {
        display_name: text(&resource, "displayName").unwrap_or_default(),
        external_id: text(&resource, "externalId"),
        members: member_values(&resource),
    };
    let group = retrying(|| groups::create(&call.context, sent.clone())).await?;
    let location = GroupMapping::new(&call.base).location(group.id);
    Ok(reply(call, &query, &group, StatusCode::CREATED)
        .await?
        .with_location(&location))
}

/// PUT replaces name and external id. Members are replaced when the body has a member list, even an empty one; without one
/// they stay, because a client that only renames would empty the group (RFC 7644 §3.5.1 leaves this to the server).
pub(super) async fn replace(call: &Call, id: &str, body: &Value) -> Result<Reply, Failure> {
    let id = parse(id)?;
    let query = call.parameters.shown()?;
    let (resource, ignored) = resource::canonicalise(body, &SCHEMA)?;
    call.entry.note_ignored(&ignored);
    let mut steps = vec![
        GroupChange::SetDisplayName(text(&resource, "displayName").unwrap_or_default()),
        GroupChange::SetExternalId(text(&resource, "externalId")),
    ];
    let lists_members = body
        .as_object()
        .is_some_and(|body| body.keys().any(|key| key.eq_ignore_ascii_case("members")));
    if lists_members {
        let members = member_values(&resource);
        steps.push(if members.is_empty() {
            GroupChange::ClearMembers
        } else {
            GroupChange::ReplaceMembers(members)
        });
    }
    let group = retrying(|| groups::update(&call.context, id, steps.clone())).await?;
    reply(call, &query, &group, StatusCode::OK).await
}

/// PATCH becomes single changes of members; the list is never read to be written back (reliability rule R3). The answer is
/// 204 unless attributes are asked for, so that a change of one member does not answer with a hundred thousand.
pub(super) async fn update(call: &Call, id: &str, body: &Value) -> Result<Reply, Failure> {
    let id = parse(id)?;
    let query = call.parameters.shown()?;
    let plan = GroupPatch::plan(&PatchRequest::parse(body)?, &SCHEMA)?;
    call.entry.note_ignored(&plan.ignored);
    let steps = group_steps(plan.changes);
    let group = retrying(|| groups::update(&call.context, id, steps.clone())).await?;
    if query.attributes.is_empty() {
        return Ok(Reply::no_content().with_version(group.version));
    }
    reply(call, &query, &group, StatusCode::OK).await
}

pub(super) async fn delete(call: &Call, id: &str) -> Result<Reply, Failure> {
    let id = parse(id)?;
    retrying(|| groups::delete(&call.context, id)).await?;
    Ok(Reply::no_content())
}

async fn reply(call: &Call, query: &ListQuery, group: &GroupRecord, status: StatusCode) -> Result<Reply, Failure> {
    let members = if shows_members(query)? {
        // Deleted since it was read: then it is not there.
        members(call, group.id).await?.ok_or(Error::NotFound)?
    } else {
        Vec::new()
    };
    reply_with(call, query, group, &members, status)
}

fn reply_with(
    call: &Call,
    query: &ListQuery,
    group: &GroupRecord,
    members: &[Member],
    status: StatusCode,
) -> Result<Reply, Failure> {
    let resource = GroupMapping::new(&call.base).resource(group, members);
    Ok(Reply::json(status, &Value::Object(shown(&resource, query, &SCHEMA)?)).with_version(group.version))
}

/// The members of a group; none when the group is gone.
async fn members(call: &Call, id: GroupId) -> Result<Option<Vec<Member>>, Failure> {
    match groups::members_of(&call.context, id).await {
        Ok(members) => Ok(Some(members)),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

fn shows_members(query: &ListQuery) -> Result<bool, Failure> {
    let sample = json!([{ "value": "1", "$ref": "1", "type": "User" }]);
    Ok(is_shown("members", sample, query, &SCHEMA)?)
}

fn text(resource: &Resource, name: &str) -> Option<String> {
    resource.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn member_values(resource: &Resource) -> Vec<String> {
    members_of(resource).into_iter().map(|member| member.value).collect()
}
