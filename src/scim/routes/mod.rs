//! From a request to one call of the service layer and back.

// A new variant is decided here, not let through (security rule S10).
#![deny(clippy::wildcard_enum_match_arm)]

mod body;
mod discovery;
mod groups;
mod path;
mod query;
mod users;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use serde_json::Value;
use tracing::Instrument;

use self::path::{Action, Kind};
use self::query::Parameters;
use super::error::Failure;
use super::log::{Entry, Operation};
use super::protocol::{ListQuery, ScimError};
use super::reply::{REQUEST_ID, Reply};
use super::{Door, auth};
use crate::service::connectors::Authenticated;
use crate::service::{Context, RequestInfo, Services};

/// A request that has been authenticated.
struct Call {
    /// The connector, and the entry that the service layer completes.
    context: Context,
    /// The absolute base address, for links; without the flag that Entra puts behind it.
    base: String,
    /// Decoded query parameters.
    parameters: Parameters,
    /// Its entry in the provisioning log.
    entry: Entry,
}

/// Answers everything under the base address.
///
/// The work is a task of its own: a client that hangs up takes nothing away from under it. What was begun is carried out and
/// logged, and no database connection is lost in the middle of a statement.
pub(super) async fn answer(State(door): State<Arc<Door>>, request: Request) -> Response {
    let work = async move {
        let started = Instant::now();
        let (parts, body) = request.into_parts();
        let info = request_info(&door.services, &parts);
        let (request_id, is_head) = (info.id.clone(), parts.method == Method::HEAD);
        let reply = match auth::authenticate(&door, &parts.headers, info).await {
            Ok(asked) => serve(&door, asked, &parts, body, started).await,
            Err(failure) => failure.reply(&request_id).1,
        };
        reply.into_response(&request_id, is_head)
    };
    match tokio::spawn(work.in_current_span()).await {
        Ok(response) => response,
        Err(stopped) => match stopped.try_into_panic() {
            // For the layer that counts panics and answers 500 (security rule S57).
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Failure::Scim(ScimError::new(503, "The server is shutting down."))
                .reply("")
                .1
                .into_response("", false),
        },
    }
}

async fn serve(door: &Door, mut asked: Authenticated, parts: &Parts, body: Body, started: Instant) -> Reply {
    let request_id = asked.context.request.id.clone();
    let throttled = door.limiters.request(asked.connector).err();
    if let Some(wait) = throttled
        && !door.limiters.is_notice_due(asked.connector)
    {
        return throttle(wait).reply(&request_id).1;
    }
    let parameters = Parameters::parse(parts.uri.query().unwrap_or_default());
    let action = Action::parse(&parts.method, parts.uri.path());
    let (operation, success) = match &action {
        Ok(action) => (action.operation(), action.success(parameters.names_attributes())),
        Err(_) => (Operation::of_method(&parts.method), StatusCode::OK),
    };
    let entry = Entry::open(&mut asked, &parts.method, &parts.uri, operation, success.as_u16(), started);
    let base = asked
        .scim_url
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_owned();
    let call = Call {
        context: asked.context,
        base,
        parameters,
        entry,
    };
    let outcome = match (throttled, action) {
        (Some(wait), _) => Err(throttle(wait)),
        (None, Err(failure)) => Err(failure),
        (None, Ok(action)) => perform(&call, action, &parts.headers, body).await,
    };
    let (error, reply) = match outcome {
        Ok(reply) => (None, reply),
        Err(failure) => {
            let (error, reply) = failure.reply(&request_id);
            (Some(error), reply)
        }
    };
    call.entry.close(&door.services, error.as_ref(), &reply).await;
    reply
}

async fn perform(call: &Call, action: Action, headers: &HeaderMap, body: Body) -> Result<Reply, Failure> {
    let body = if action.has_body() {
        body::read(headers, body, &call.entry).await?
    } else {
        Value::Null
    };
    call.parameters.check()?;
    match action {
        Action::List(Kind::User) => users::list(call, &call.parameters.list()?).await,
        Action::List(Kind::Group) => groups::list(call, &call.parameters.list()?).await,
        Action::Search(Kind::User) => users::list(call, &ListQuery::from_search(&body)?).await,
        Action::Search(Kind::Group) => groups::list(call, &ListQuery::from_search(&body)?).await,
        Action::Read(Kind::User, id) => users::get(call, &id).await,
        Action::Read(Kind::Group, id) => groups::get(call, &id).await,
        Action::Create(Kind::User) => users::create(call, &body).await,
        Action::Create(Kind::Group) => groups::create(call, &body).await,
        Action::Replace(Kind::User, id) => users::replace(call, &id, &body).await,
        Action::Replace(Kind::Group, id) => groups::replace(call, &id, &body).await,
        Action::Update(Kind::User, id) => users::update(call, &id, &body).await,
        Action::Update(Kind::Group, id) => groups::update(call, &id, &body).await,
        Action::Delete(Kind::User, id) => users::delete(call, &id).await,
        Action::Delete(Kind::Group, id) => groups::delete(call, &id).await,
        Action::Discover(document) => discovery::document(call, &document).await,
    }
}

fn throttle(wait: std::time::Duration) -> Failure {
    Failure::Throttled(wait, "Too many requests of this connector.")
}

/// What is known of the request: what the HTTP layer found out, else what the request says.
fn request_info(services: &Services, parts: &Parts) -> RequestInfo {
    if let Some(info) = parts.extensions.get::<RequestInfo>() {
        return info.clone();
    }
    let text = |name, max: usize| -> Option<String> {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some(value.chars().take(max).collect()).filter(|text: &String| !text.is_empty())
    };
    let address = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip().to_string());
    RequestInfo {
        id: text(REQUEST_ID, 128).unwrap_or_else(|| services.new_uuid().to_string()),
        ip: address.unwrap_or_default(),
        user_agent: text(USER_AGENT, 256).unwrap_or_default(),
    }
}
