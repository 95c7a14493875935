//! The entry that each request of a known connector leaves in the provisioning log.
//!
//! The entry is opened before anything is done, so that a change and its row are written in one transaction, and closed with
//! the answer. What it keeps of the request is redacted: it is read by people.

use std::sync::Arc;
use std::time::Instant;

use axum::http::{Method, Uri};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::protocol::resource::{self, Ignored};
use super::protocol::{ScimError, json};
use super::reply::Reply;
use crate::domain::ids::ProvisioningEntryId;
use crate::domain::provisioning::{IgnoredReason, IgnoredValue};
use crate::domain::record::EntryRecord;
use crate::service::Services;
use crate::service::connectors::Authenticated;
use crate::service::provisioning_log::{BODY_LIMIT, Exchange};
use crate::service::tokens::SCIM_TOKEN_PREFIX;

/// The most ignored attributes that an entry lists.
const MAX_IGNORED: usize = 50;
/// The most characters of an address that an entry keeps.
const MAX_PATH: usize = 2_048;
const REDACTED: &str = "[redacted]";

/// Parameters whose values may be kept (RFC 7644 §3.4.2, §3.9, RFC 9865; the flag is Entra's). Of any other only the name is:
/// it might be a secret that was put in the wrong place.
const KNOWN_PARAMETERS: [&str; 9] = [
    "filter",
    "attributes",
    "excludedAttributes",
    "startIndex",
    "count",
    "sortBy",
    "sortOrder",
    "cursor",
    "aadOptscim062020",
];

/// What the log calls a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Query,
    Read,
    Create,
    Update,
    Replace,
    Delete,
    Discover,
}

impl Operation {
    const fn word(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Discover => "discover",
        }
    }

    /// The word for a request that leads nowhere.
    pub fn of_method(method: &Method) -> Self {
        match method.as_str() {
            "POST" => Self::Create,
            "PUT" => Self::Replace,
            "PATCH" => Self::Update,
            "DELETE" => Self::Delete,
            _ => Self::Read,
        }
    }
}

/// An open entry.
pub(super) struct Entry {
    exchange: Arc<Exchange>,
    started: Instant,
    last_used_at: Option<DateTime<Utc>>,
}

impl Entry {
    /// Opens the entry of a request and puts it into the context. `status` is that of success.
    pub fn open(
        asked: &mut Authenticated,
        method: &Method,
        uri: &Uri,
        operation: Operation,
        status: u16,
        started: Instant,
    ) -> Self {
        let context = &mut asked.context;
        let exchange = Arc::new(Exchange::new(EntryRecord {
            id: ProvisioningEntryId::from_uuid(context.new_uuid()),
            organisation: asked.organisation,
            connector: Some(asked.connector),
            credential: Some(asked.credential),
            at: context.now(),
            duration_us: 0,
            request_id: context.request.id.clone(),
            ip: context.request.ip.clone(),
            user_agent: context.request.user_agent.clone(),
            method: method.as_str().chars().take(16).collect(),
            path: shown_path(uri),
            operation: operation.word().to_owned(),
            target_kind: None,
            target_id: None,
            target_name: None,
            status,
            scim_type: None,
            detail: None,
            changes: Vec::new(),
            ignored: Vec::new(),
            request_body: None,
            response_body: None,
        }));
        context.exchange = Some(Arc::clone(&exchange));
        Self {
            exchange,
            started,
            last_used_at: asked.last_used_at,
        }
    }

    /// Notes the body of the request.
    pub fn note_body(&self, body: &[u8]) {
        let shown = shown_body(body);
        self.exchange.note(|entry| entry.request_body = shown);
    }

    /// Notes what of the request has no effect.
    pub fn note_ignored(&self, ignored: &[Ignored]) {
        let mut shown: Vec<IgnoredValue> = Vec::new();
        for value in ignored.iter().map(shown_ignored) {
            // Said once, though it may be so for each of a thousand elements.
            if shown.len() < MAX_IGNORED && !shown.contains(&value) {
                shown.push(value);
            }
        }
        self.exchange.note(|entry| entry.ignored = shown);
    }

    /// Completes the entry with the answer and hands it over.
    pub async fn close(self, services: &Services, error: Option<&ScimError>, reply: &Reply) {
        let mut entry = self.exchange.snapshot();
        entry.status = reply.status.as_u16();
        if let Some(error) = error {
            // The transaction that noted them was not committed.
            entry.changes = Vec::new();
            entry.scim_type = error.scim_type.map(|kind| kind.as_str().to_owned());
            entry.detail = Some(cut(&error.detail, BODY_LIMIT));
        }
        entry.response_body = reply.body.as_deref().map(|body| cut(body, BODY_LIMIT));
        entry.duration_us = i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX);
        services.recorder.answered(entry, self.last_used_at).await;
    }
}

fn shown_ignored(ignored: &Ignored) -> IgnoredValue {
    let reason = match ignored.reason {
        resource::IgnoredReason::Unknown => IgnoredReason::Unknown,
        resource::IgnoredReason::ReadOnly => IgnoredReason::ReadOnly,
    };
    IgnoredValue {
        attribute: clean(&cut(&ignored.path, 256)),
        reason,
    }
}

/// Path and query below the base, decoded for people.
fn shown_path(uri: &Uri) -> String {
    let mut shown = without_tokens(&clean(uri.path()));
    let Some(query) = uri.query() else {
        return cut(&shown, MAX_PATH);
    };
    let mut separator = '?';
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(32) {
        let is_known = KNOWN_PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(&name));
        let is_telling = value.to_ascii_lowercase().contains("password");
        shown.push(separator);
        shown.push_str(&without_tokens(&clean(&cut(&name, 64))));
        if is_known && !is_telling {
            if !value.is_empty() {
                shown.push('=');
                shown.push_str(&without_tokens(&clean(&value)));
            }
        } else {
            shown.push('=');
            shown.push_str(REDACTED);
        }
        separator = '&';
    }
    cut(&shown, MAX_PATH)
}

/// A request body without passwords and tokens, cut.
fn shown_body(body: &[u8]) -> Option<String> {
    if body.is_empty() {
        return None;
    }
    let text = String::from_utf8_lossy(body);
    let is_telling = text.to_ascii_lowercase().contains("password") || text.contains("\\u");
    let shown = if is_telling {
        match json::parse(body) {
            Ok(mut value) => {
                redact(&mut value);
                value.to_string()
            }
            // Where it ends cannot be told.
            Err(_) => return Some(REDACTED.to_owned()),
        }
    } else {
        text.into_owned()
    };
    Some(cut(&without_tokens(&shown.replace('\0', "\u{fffd}")), BODY_LIMIT))
}

/// Takes the values of everything called `password` out: as a member, or as the value of a PATCH operation with that path.
fn redact(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::Object(object) => {
            let names_password = |text: &str| text.to_ascii_lowercase().contains("password");
            let is_operation = object
                .iter()
                .any(|(key, path)| key.eq_ignore_ascii_case("path") && path.as_str().is_some_and(names_password));
            for (key, value) in object {
                if names_password(key) || (is_operation && key.eq_ignore_ascii_case("value")) {
                    *value = REDACTED.into();
                } else {
                    redact(value);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Takes out SCIM tokens of ours, wherever they were pasted.
fn without_tokens(text: &str) -> String {
    let mut parts = text.split(SCIM_TOKEN_PREFIX);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str(REDACTED);
        shown.push_str(part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_'));
    }
    shown
}

/// Control characters would disturb whoever reads the log, and NUL the database.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// The first characters.
fn cut(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> String {
        shown_path(&text.parse().unwrap())
    }

    #[test]
    fn paths_are_readable() {
        assert_eq!(
            path("/Users?filter=userName+eq+%22a%40b.c%22&count=1&aadOptscim062020"),
            "/Users?filter=userName eq \"a@b.c\"&count=1&aadOptscim062020"
        );
        assert_eq!(path("/Users/1"), "/Users/1");
        assert_eq!(path("/Users?filter=a%00b%0d"), "/Users?filter=a\u{fffd}b\u{fffd}");
        assert_eq!(path(&format!("/{}", "x".repeat(5_000))).len(), MAX_PATH);
    }

    #[test]
    fn s49_secrets_in_the_address_are_not_kept() {
        let token = format!("{SCIM_TOKEN_PREFIX}0123_abcdef");
        for text in [
            format!("/Users?access_token={token}"),
            "/Users?secret=abcdef".to_owned(),
            format!("/Users/{token}"),
            format!("/Users?{token}"),
            format!("/Users?filter=userName+eq+%22{token}%22"),
            "/Users?filter=password+eq+%22abcdef%22".to_owned(),
        ] {
            let shown = path(&text);
            assert!(!shown.contains("abcdef") && shown.contains(REDACTED), "{shown}");
        }
    }

    #[test]
    fn s49_passwords_in_bodies_are_not_kept() {
        let shown = |body: &str| shown_body(body.as_bytes()).unwrap();
        for body in [
            r#"{"userName":"a","password":"hunter2"}"#,
            r#"{"PassWord":"hunter2"}"#,
            r#"{"\u0070assword":"hunter2"}"#,
            r#"{"Operations":[{"op":"replace","path":"password","value":"hunter2"}]}"#,
            r#"{"Operations":[{"op":"replace","Path":"urn:ietf:params:scim:schemas:core:2.0:User:password","VALUE":[{"value":"hunter2"}]}]}"#,
            r#"{"Operations":[{"op":"replace","value":{"password":"hunter2"}}]}"#,
            r#"{"Operations":[{"op":"replace","value":{"urn:ietf:params:scim:schemas:core:2.0:User:password":"hunter2"}}]}"#,
            "password=hunter2&x=y",
            r#"{"password":"hunter2""#,
        ] {
            assert!(!shown(body).contains("hunter2"), "{body}");
        }
        assert_eq!(
            shown(r#"{"userName":"a","password":"x"}"#),
            r#"{"password":"[redacted]","userName":"a"}"#
        );
        assert_eq!(
            shown(&format!(r#"{{"title":"{SCIM_TOKEN_PREFIX}abc_def"}}"#)),
            r#"{"title":"[redacted]"}"#
        );
    }

    #[test]
    fn bodies_are_kept_as_sent_and_cut() {
        assert_eq!(shown_body(b"{ \"a\" : 1 }").unwrap(), "{ \"a\" : 1 }");
        assert_eq!(shown_body(b""), None);
        assert_eq!(shown_body(b"\xff\x00").unwrap(), "\u{fffd}\u{fffd}");
        assert_eq!(
            shown_body("ä".repeat(BODY_LIMIT + 1).as_bytes()).unwrap().chars().count(),
            BODY_LIMIT
        );
    }
}
