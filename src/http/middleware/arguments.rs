//! Refuses arguments that no server function has (security rule S11).
//!
//! Every function takes at most one argument, named `input`. Its type refuses unknown members; what stands beside it Leptos
//! would silently ignore, so that it is refused here: `input` and nothing else, once, in one of two media types.

use std::fmt;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, Method, Request, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};

use crate::http::refusal::{Door, Refusal, percent_decoded};
use crate::http::state::AppState;
use crate::server_fns::{UiError, UiErrorCode};

/// Leptos marks the answers that are errors with it.
const ERROR_MARK: HeaderName = HeaderName::from_static("serverfnerror");
/// An error's body is far smaller.
const ERROR_BYTES: usize = 64 * 1024;

/// The media types of arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Form,
    Json,
}

/// The layer.
pub(in crate::http) async fn check(State(state): State<AppState>, request: Request<Body>, next: Next) -> Response {
    if Door::of(request.uri().path()) != Door::Functions || request.method() != Method::POST {
        return next.run(request).await;
    }
    let refusal = Refusal::of(&request);
    let Some(encoding) = encoding(&request) else {
        return refusal.answer(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be a form or JSON.");
    };
    let (mut parts, body) = request.into_parts();
    // The limit that counts is the outer layer's, which also words the answer.
    let Ok(bytes) = to_bytes(body, state.settings.limits.body_bytes as usize).await else {
        return refusal.answer(StatusCode::BAD_REQUEST, "The body could not be read.");
    };
    let is_strict = match encoding {
        Encoding::Form => is_strict_form(&bytes),
        Encoding::Json => is_strict_json(&bytes),
    };
    if !is_strict {
        return refusal.answer(StatusCode::BAD_REQUEST, "The request holds something that is not asked for.");
    }
    parts.headers.remove(CONTENT_LENGTH);
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    blame_the_caller(response).await
}

fn encoding(request: &Request<Body>) -> Option<Encoding> {
    let mut lines = request.headers().get_all(CONTENT_TYPE).iter();
    let line = lines.next().filter(|_| lines.next().is_none())?.to_str().ok()?;
    let essence = line.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Some(Encoding::Form)
    } else if essence.eq_ignore_ascii_case("application/json") {
        Some(Encoding::Json)
    } else {
        None
    }
}

/// Whether every name in a form is `input` or begins `input[`. An empty form is one of a function without argument.
fn is_strict_form(body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else { return false };
    let names = text
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split('=').next().unwrap_or_default());
    let mut plain = 0;
    for name in names {
        let name = percent_decoded(&name.replace('+', " "));
        if name == "input" {
            plain += 1;
        } else if !name.starts_with("input[") {
            return false;
        }
    }
    plain <= 1
}

/// Whether a body is a JSON object whose only member is `input`.
fn is_strict_json(body: &[u8]) -> bool {
    struct OnlyInput;
    impl<'de> Visitor<'de> for OnlyInput {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object with the member input alone")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
            let mut seen = false;
            while let Some(name) = members.next_key::<String>()? {
                if name != "input" || seen {
                    return Err(serde::de::Error::custom("unexpected member"));
                }
                seen = true;
                members.next_value::<IgnoredAny>()?;
            }
            Ok(())
        }
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    reader.deserialize_map(OnlyInput).is_ok() && reader.end().is_ok()
}

/// Leptos answers 500 when an argument could not be read. That is not our fault: 400.
async fn blame_the_caller(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR || !response.headers().contains_key(ERROR_MARK) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, ERROR_BYTES).await.unwrap_or_default();
    if serde_json::from_slice::<UiError>(&bytes).is_ok_and(|error| error.code == UiErrorCode::Outdated) {
        parts.status = StatusCode::BAD_REQUEST;
    }
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s11_forms_hold_input_alone() {
        for good in [
            "",
            "input=a",
            "input%5Bname%5D=a",
            "input[name]=a&input[email]=b",
            "input[a][b]=c",
            "input[list][]=1&input[list][]=2",
            "&input=a&",
        ] {
            assert!(is_strict_form(good.as_bytes()), "{good}");
        }
        for bad in [
            "org_id=1",
            "input=a&org_id=1",
            "role=Admin&input[name]=a",
            "is_admin=true",
            "id=1",
            "password_hash=x",
            "Input=a",
            "inputs=a",
            "input.role=a",
            "input]=a",
            "xinput[a]=b",
            " input=a",
            "+input=a",
            "input+=a",
            "input%00=a",
            "%69nput=a&x",
            "input=a&input=b",
            "[input]=a",
            "=a",
            "input=a&%6frg_id=1",
            "__proto__=1",
        ] {
            assert!(!is_strict_form(bad.as_bytes()), "{bad}");
        }
        assert!(is_strict_form(b"%69nput=a"));
        assert!(!is_strict_form(&[0xff, 0xfe]));
    }

    #[test]
    fn s11_json_holds_input_alone() {
        for good in [
            r#"{"input":{}}"#,
            r#"{"input":{"a":[1,{"b":2}]}}"#,
            r#"{ "input" : null }"#,
            "{}",
            r#"{"\u0069nput":1}"#,
        ] {
            assert!(is_strict_json(good.as_bytes()), "{good}");
        }
        for bad in [
            "",
            "null",
            "[]",
            "1",
            r#""input""#,
            r#"[{"input":1}]"#,
            r#"{"input":1,"org_id":2}"#,
            r#"{"org_id":2,"input":1}"#,
            r#"{"input":1,"input":2}"#,
            r#"{"input":1,"\u0069nput":2}"#,
            r#"{"Input":1}"#,
            r#"{"input":1} {"input":2}"#,
            r#"{"input":1}x"#,
            r#"{"input":}"#,
            r#"{"role":1}"#,
            "{",
        ] {
            assert!(!is_strict_json(bad.as_bytes()), "{bad}");
        }
        let deep = format!("{{\"input\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
        // Depth costs nothing here; the reader of the argument itself stops at 128.
        assert!(is_strict_json(deep.as_bytes()));
    }

    #[test]
    fn s11_two_media_types_and_no_other() {
        let of = |types: &[&str]| {
            let mut request = Request::builder();
            for kind in types {
                request = request.header(CONTENT_TYPE, *kind);
            }
            encoding(&request.body(Body::empty()).unwrap())
        };
        assert_eq!(of(&["application/x-www-form-urlencoded"]), Some(Encoding::Form));
        assert_eq!(of(&["application/x-www-form-urlencoded;charset=UTF-8"]), Some(Encoding::Form));
        assert_eq!(of(&["Application/JSON"]), Some(Encoding::Json));
        for other in [
            &["text/plain"][..],
            &["multipart/form-data; boundary=x"],
            &["application/jsonp"],
            &["application/json, text/plain"],
            &[],
            &[""],
            &["application/json", "application/json"],
        ] {
            assert_eq!(of(other), None, "{other:?}");
        }
    }
}
