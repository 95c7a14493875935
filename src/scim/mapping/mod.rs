//! Between SCIM resources and the records of the service layer.

mod filter;
mod group;
#[cfg(test)]
mod tests;
mod user;

pub(super) use self::filter::{group_filter, user_filter};
pub(super) use self::group::{GroupMapping, Member, group_steps};
pub(super) use self::user::UserMapping;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::reply::etag;

/// `meta` (RFC 7643 §3.1). Times are given as exactly as they are kept, so that a filter on what was served finds it.
fn meta(resource_type: &str, created: DateTime<Utc>, changed: DateTime<Utc>, version: i64, location: &str) -> Value {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    json!({
        "resourceType": resource_type,
        "created": time(created),
        "lastModified": time(changed),
        "version": etag(version),
        "location": location,
    })
}
