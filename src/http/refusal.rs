//! Answers that the layers give themselves, each in the form that the caller reads: a directory SCIM's, the console's program
//! that of server functions, a person a page.

use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use axum::response::Response;

use crate::server_fns::{UiError, UiErrorCode};
use crate::service::RequestInfo;

/// Which door a request goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// `/scim`, in any spelling.
    Scim,
    /// `/api/…`: server functions.
    Functions,
    /// Everything else.
    Pages,
}

impl Door {
    /// The door of a path.
    pub fn of(path: &str) -> Self {
        if is_scim(path) {
            Self::Scim
        } else if path.starts_with("/api/") || path == "/api" {
            Self::Functions
        } else {
            Self::Pages
        }
    }
}

/// Whether a path means the SCIM door, however it is spelled: nothing that could be taken for it by anything on the way may
/// answer without credentials (security rule S25).
fn is_scim(path: &str) -> bool {
    let mut decoded = path.to_ascii_lowercase();
    // Encoded twice is the most that is ever undone by accident.
    for _ in 0..2 {
        decoded = percent_decoded(&decoded).to_ascii_lowercase();
    }
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded
        .split(['/', '\\'])
        .map(|segment| segment.split(';').next().unwrap_or_default().trim())
    {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    segments.first() == Some(&"scim") || path.to_ascii_lowercase().trim_start_matches('/').starts_with("scim/")
}

/// Undoes percent-encoding. What is no encoding, or not text, stays.
pub(super) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let encoded = (*first == b'%')
            .then(|| after.get(..2).and_then(|digits| hex::decode(digits).ok()))
            .flatten();
        match encoded {
            Some(byte) => {
                bytes.extend(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Knows how to refuse a request, also when the request itself is gone.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    door: Door,
    wants_page: bool,
    request_id: String,
}

impl Refusal {
    /// For this request.
    pub fn of(request: &Request<Body>) -> Self {
        Self {
            door: Door::of(request.uri().path()),
            wants_page: accepts_html(request.headers()),
            request_id: request
                .extensions()
                .get::<RequestInfo>()
                .map(|info| info.id.clone())
                .unwrap_or_default(),
        }
    }

    /// The answer. `text` is one sentence that holds nothing of the request.
    pub fn answer(&self, status: StatusCode, text: &str) -> Response {
        let (kind, body) = match self.door {
            Door::Scim => ("application/scim+json", scim_body(status, text)),
            Door::Functions if !self.wants_page => {
                let error = UiError {
                    code: code(status),
                    fields: Vec::new(),
                    request_id: Some(self.request_id.clone()),
                };
                ("application/json", serde_json::to_string(&error).unwrap_or_default())
            }
            Door::Functions | Door::Pages if self.wants_page => {
                ("text/html; charset=utf-8", page(status, text, &self.request_id))
            }
            Door::Functions | Door::Pages => ("text/plain; charset=utf-8", format!("{text}\nRequest {}\n", self.request_id)),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// Whether a page is what the caller reads.
pub(super) fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// RFC 7644 section 3.12.
fn scim_body(status: StatusCode, text: &str) -> String {
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.as_u16().to_string(),
        "detail": text,
    })
    .to_string()
}

/// What the console's program makes a sentence of.
fn code(status: StatusCode) -> UiErrorCode {
    match status.as_u16() {
        400 | 404 | 405 | 415 => UiErrorCode::Outdated,
        403 | 421 => UiErrorCode::Forbidden,
        413 => UiErrorCode::Invalid,
        408 | 503 => UiErrorCode::Unavailable,
        _ => UiErrorCode::Internal,
    }
}

/// A page without style or script: it must come out when nothing else works.
fn page(status: StatusCode, text: &str, request_id: &str) -> String {
    let title = status.canonical_reason().unwrap_or("Error");
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} · Lanyard</title></head><body><main><h1>{title}</h1><p>{text}</p><p>Request <code>{request_id}</code></p>\
         <p><a href=\"/\">Home</a></p></main></body></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s25_every_spelling_of_scim_is_scim() {
        for path in [
            "/scim",
            "/scim/",
            "/scim/v2",
            "/scim/v2/Users",
            "/scim/v1/Users",
            "/SCIM/v2/Users",
            "/Scim/V2/users",
            "//scim/v2/Users",
            "///scim//v2//Users",
            "/scim//v2/Users",
            "/%73cim/v2/Users",
            "/scim%2fv2/Users",
            "/scim%2Fv2%2FUsers",
            "/%2fscim/v2/Users",
            "/./scim/v2/Users",
            "/x/../scim/v2/Users",
            "/scim;a=b/v2/Users",
            "/scim/v2/Users;x",
            "/scim/../scim/v2/Users",
            "/%2573cim/v2/Users",
            "/scim\\v2\\Users",
            "/scim/../users",
            "/scim /v2/Users",
        ] {
            assert_eq!(Door::of(path), Door::Scim, "{path}");
        }
        for path in ["/", "/users", "/scimitar", "/users/scim", "/pkg/scim.js", "/healthz"] {
            assert_eq!(Door::of(path), Door::Pages, "{path}");
        }
        assert_eq!(Door::of("/api/users/list"), Door::Functions);
    }

    #[test]
    fn percent_encoding_is_undone_once() {
        for (text, expected) in [
            ("%2f", "/"),
            ("%2F", "/"),
            ("%252f", "%2f"),
            ("%", "%"),
            ("%2", "%2"),
            ("%zz", "%zz"),
            ("a%20b", "a b"),
            ("%ff", "\u{fffd}"),
        ] {
            assert_eq!(percent_decoded(text), expected, "{text}");
        }
    }
}
