//! `/Users` (RFC 7644 §3.3–§3.6).

use axum::http::StatusCode;
use serde_json::Value;

use super::super::error::Failure;
use super::super::mapping::{UserMapping, user_filter};
use super::super::protocol::{ListQuery, ListResponse, PatchOptions, PatchRequest, patch, resource};
use super::super::reply::Reply;
use super::Call;
use super::query::{check_offered, shown};
use crate::domain::filter::Filter;
use crate::domain::ids::UserId;
use crate::service::Error;
use crate::service::error::retrying;
use crate::service::provisioning::users::{self, ProvisionedUser, SentUser};
use crate::service::provisioning::vocabulary;

async fn mapping(call: &Call) -> Result<UserMapping, Failure> {
    Ok(UserMapping::new(&vocabulary(&call.context).await?, &call.base))
}

/// An id that is not one of ours belongs to nobody (security rule S3).
fn parse(id: &str) -> Result<UserId, Failure> {
    UserId::parse(id).map_err(|_| Failure::Service(Error::NotFound))
}

pub(super) async fn list(call: &Call, query: &ListQuery) -> Result<Reply, Failure> {
    check_offered(query)?;
    let mapping = mapping(call).await?;
    let filter = match query.filter(&mapping.schema)? {
        Some(filter) => user_filter(&filter, &mapping.schema)?,
        None => Filter::everything(),
    };
    let found = users::list(&call.context, &filter, query.start_index.saturating_sub(1), query.count).await?;
    let mut resources = Vec::with_capacity(found.items.len());
    for user in &found.items {
        resources.push(Value::Object(shown(&mapping.resource(user), query, &mapping.schema)?));
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
    let mapping = mapping(call).await?;
    let user = users::get(&call.context, id).await?;
    reply(call, &mapping, &user, StatusCode::OK)
}

pub(super) async fn create(call: &Call, body: &Value) -> Result<Reply, Failure> {
    let mapping = mapping(call).await?;
    // Found out before anything is done: what cannot be answered must not be carried out.
    call.parameters.shown()?;
    let sent = read(call, &mapping, body)?;
    let user = retrying(|| users::create(&call.context, sent.clone())).await?;
    Ok(reply(call, &mapping, &user, StatusCode::CREATED)?.with_location(&mapping.location(user.record.id)))
}

/// PUT describes the whole user: what it leaves out is gone (RFC 7644 §3.5.1). It never creates one.
pub(super) async fn replace(call: &Call, id: &str, body: &Value) -> Result<Reply, Failure> {
    let id = parse(id)?;
    let mapping = mapping(call).await?;
    call.parameters.shown()?;
    let sent = read(call, &mapping, body)?;
    let change = |_: &ProvisionedUser| -> Result<SentUser, Failure> { Ok(sent.clone()) };
    let user = retrying(|| users::update(&call.context, id, &change)).await?;
    reply(call, &mapping, &user, StatusCode::OK)
}

/// PATCH is applied to the user as it is under lock, all operations or none (RFC 7644 §3.5.2).
pub(super) async fn update(call: &Call, id: &str, body: &Value) -> Result<Reply, Failure> {
    let id = parse(id)?;
    let mapping = mapping(call).await?;
    call.parameters.shown()?;
    let request = PatchRequest::parse(body)?;
    let change = |before: &ProvisionedUser| -> Result<SentUser, Failure> {
        let mut changed = mapping.stored(&before.record);
        let outcome = patch::apply(&request, &mut changed, &mapping.schema, &PatchOptions::default())?;
        call.entry.note_ignored(&outcome.ignored);
        Ok(mapping.sent(changed)?)
    };
    let user = retrying(|| users::update(&call.context, id, &change)).await?;
    reply(call, &mapping, &user, StatusCode::OK)
}

pub(super) async fn delete(call: &Call, id: &str) -> Result<Reply, Failure> {
    let id = parse(id)?;
    retrying(|| users::delete(&call.context, id)).await?;
    Ok(Reply::no_content())
}

fn read(call: &Call, mapping: &UserMapping, body: &Value) -> Result<SentUser, Failure> {
    let (resource, ignored) = resource::canonicalise(body, &mapping.schema)?;
    call.entry.note_ignored(&ignored);
    Ok(mapping.sent(resource)?)
}

fn reply(call: &Call, mapping: &UserMapping, user: &ProvisionedUser, status: StatusCode) -> Result<Reply, Failure> {
    let resource = shown(&mapping.resource(user), &call.parameters.shown()?, &mapping.schema)?;
    Ok(Reply::json(status, &Value::Object(resource)).with_version(user.record.version))
}
