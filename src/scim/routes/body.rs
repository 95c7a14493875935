//! Reading the body of a request (RFC 7644 §3.1, §3.8).

use std::io;

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use serde_json::Value;

use super::super::log::Entry;
use super::super::protocol::{ScimError, json};

/// The largest body that is read, whatever the HTTP layer was told to let through; its own limit is far lower.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// Reads the body as JSON and notes it in the log.
///
/// # Errors
/// 415 for another media type, 413 beyond the limit, 400 `invalidSyntax` for anything but JSON.
pub(super) async fn read(headers: &HeaderMap, body: Body, entry: &Entry) -> Result<Value, ScimError> {
    check_media_type(headers)?;
    // A small compressed body could become a large one.
    let is_encoded = |value: &HeaderValue| !value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity");
    if headers.get_all(CONTENT_ENCODING).iter().any(is_encoded) {
        return Err(ScimError::new(415, "Compressed bodies are not accepted."));
    }
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length > MAX_BODY as u64) {
        return Err(too_large());
    }
    let bytes = to_bytes(body, MAX_BODY).await.map_err(|error| broken_off(&error))?;
    entry.note_body(&bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(ScimError::invalid_syntax("The body is empty."));
    }
    let value = json::parse(&bytes)?;
    if has_nul(&value) {
        return Err(ScimError::invalid_value(
            "A text holds the character NUL, which cannot be stored.",
        ));
    }
    Ok(value)
}

fn too_large() -> ScimError {
    ScimError::too_large("The body is too large.")
}

/// A missing type is taken as JSON; some clients send none.
fn check_media_type(headers: &HeaderMap) -> Result<(), ScimError> {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let text = value.to_str().unwrap_or_default();
    let mut parts = text.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let is_json = ["application/scim+json", "application/json"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(media_type));
    // JSON is UTF-8 (RFC 8259 §8.1); a client that says otherwise would be misread.
    let is_utf8 = parts.filter_map(|part| part.split_once('=')).all(|(name, value)| {
        !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    if is_json && is_utf8 {
        return Ok(());
    }
    Err(ScimError::new(
        415,
        "The body must be application/scim+json or application/json, in UTF-8.",
    ))
}

/// Why a body could not be read: a limit, our own or one that the HTTP layer put around it, or a connection that broke.
fn broken_off(error: &axum::Error) -> ScimError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        match inner.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::FileTooLarge) => return too_large(),
            Some(io::ErrorKind::TimedOut) => return ScimError::new(408, "The body took too long."),
            Some(_) | None if inner.is::<http_body_util::LengthLimitError>() => return too_large(),
            Some(_) | None => cause = inner.source(),
        }
    }
    ScimError::invalid_syntax("The body could not be read to its end.")
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(object) => object.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types() {
        let check = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
            check_media_type(&headers).map_err(|error| error.status)
        };
        for good in [
            "application/scim+json",
            "application/scim+json; charset=utf-8",
            "application/SCIM+JSON;charset=\"UTF-8\"",
            "application/json",
            "application/json ; charset = utf-8; x=y",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "text/plain",
            "application/xml",
            "application/x-www-form-urlencoded",
            "application/json; charset=iso-8859-1",
            "multipart/form-data",
        ] {
            assert_eq!(check(bad), Err(415), "{bad}");
        }
        assert_eq!(check_media_type(&HeaderMap::new()), Ok(()));
    }
}
