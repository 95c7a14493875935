//! One answer of the server, read completely, with what the checks need.

use std::time::Duration;

use serde_json::Value;

/// What came back for one request.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Method and address without the host, as in `GET /Users?filter=…`.
    pub request: String,
    /// HTTP status; 0 if no answer arrived.
    pub status: u16,
    /// `Content-Type`, empty if there was none.
    pub content_type: String,
    /// `Location`, empty if there was none.
    pub location: String,
    /// `WWW-Authenticate`, empty if there was none.
    pub challenge: String,
    /// The body as JSON; `Null` if it was empty or not JSON.
    pub body: Value,
    /// Length of the body in bytes.
    pub length: usize,
    /// Why the body is not JSON, or why no answer arrived.
    pub trouble: Option<String>,
    /// The server's own name for this request, to find it in its log.
    pub request_id: Option<String>,
    /// Time until the body was complete.
    pub elapsed: Duration,
}

impl Answer {
    /// `id` of the resource, empty if there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        self.body.get("id").and_then(Value::as_str).unwrap_or_default()
    }

    /// The resources of a list answer.
    #[must_use]
    pub fn resources(&self) -> &[Value] {
        self.body
            .get("Resources")
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// `id` of the only resource of a list answer.
    #[must_use]
    pub fn only_id(&self) -> Option<String> {
        match self.resources() {
            [only] => only.get("id").and_then(Value::as_str).map(str::to_owned),
            _ => None,
        }
    }
}
