//! Answers (RFC 7644 §3.1): media type, status, and the headers that go with a resource.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::Value;

/// The media type of everything that is answered, errors included (RFC 7644 §8.1).
pub(super) const MEDIA_TYPE: &str = "application/scim+json";
/// Name of the request in answers and logs.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An answer.
pub(super) struct Reply {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers beyond those that every answer has.
    pub headers: HeaderMap,
    /// Body as JSON text; none for 204.
    pub body: Option<String>,
}

impl Reply {
    /// An answer with a body.
    pub fn json(status: StatusCode, body: &Value) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Some(body.to_string()),
        }
    }

    /// 200 with a body.
    pub fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    /// Adds a header. Text that no header can carry is left out.
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Adds the version of the resource that is answered with (RFC 7644 §3.14); it is the same as in `meta`.
    pub fn with_version(self, version: i64) -> Self {
        self.with(ETAG, &etag(version))
    }

    /// Adds the address of the resource that was made, the same as in `meta` (RFC 7644 §3.3).
    pub fn with_location(self, location: &str) -> Self {
        self.with(LOCATION, location)
    }

    /// The HTTP answer. HEAD has the headers of GET and no body (RFC 9110 §9.3.2).
    pub fn into_response(self, request_id: &str, is_head: bool) -> Response {
        let has_body = self.body.is_some();
        let body = self.body.filter(|_| !is_head).map_or_else(Body::empty, Body::from);
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if has_body {
            response
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        }
        if let Ok(id) = HeaderValue::from_str(request_id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
}

/// A weak entity tag: the same version may be served in different spellings.
pub(super) fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}
