//! Keeps redirects of forms on our own origin (security rule S15).
//!
//! A form that is sent before the console's program has loaded is answered with a redirect to `Referer`, which the client
//! writes. So a foreign one is dropped before Leptos sees it, and the address that leaves is made a path.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{LOCATION, REFERER};
use axum::http::{HeaderValue, Request};
use axum::middleware::Next;
use axum::response::Response;
use url::Url;

use super::host;
use crate::config::PublicUrl;
use crate::http::refusal::Door;
use crate::http::state::AppState;

/// The layer; only server functions answer with such redirects.
pub(in crate::http) async fn keep_local(State(state): State<AppState>, mut request: Request<Body>, next: Next) -> Response {
    if Door::of(request.uri().path()) != Door::Functions {
        return next.run(request).await;
    }
    let public = &state.settings.public_url;
    let host = host::asked(&request).unwrap_or_default().to_owned();
    let kept = request
        .headers()
        .get(REFERER)
        .and_then(|value| value.to_str().ok())
        .and_then(|referer| own_page(referer, public, &host));
    request.headers_mut().remove(REFERER);
    if let Some(referer) = kept.and_then(|page| HeaderValue::from_str(page.as_str()).ok()) {
        request.headers_mut().insert(REFERER, referer);
    }
    let mut response = next.run(request).await;
    let location = response.headers().get(LOCATION).map(|value| {
        value
            .to_str()
            .map(|location| local(location, public, &host))
            .unwrap_or_else(|_| "/".to_owned())
    });
    if let Some(location) = location {
        response.headers_mut().insert(
            LOCATION,
            HeaderValue::from_str(&location).unwrap_or(HeaderValue::from_static("/")),
        );
    }
    response
}

/// The page that sent the form, when it is one of ours, without what an earlier failure has put into its address.
fn own_page(referer: &str, public: &PublicUrl, host: &str) -> Option<Url> {
    let mut url = Url::parse(referer).ok()?;
    if !public.is_own_origin(&url.origin().ascii_serialization(), host) || !url.username().is_empty() || url.password().is_some()
    {
        return None;
    }
    url.set_fragment(None);
    if url.query().is_some() {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| name != "__err" && name != "__path")
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        if kept.is_empty() {
            url.set_query(None);
        } else {
            url.query_pairs_mut().clear().extend_pairs(kept);
        }
    }
    Some(url)
}

/// The path of an address of ours; Home for any other.
fn local(location: &str, public: &PublicUrl, host: &str) -> String {
    let path = if location.starts_with('/') {
        location.to_owned()
    } else {
        match Url::parse(location) {
            Ok(url) if public.is_own_origin(&url.origin().ascii_serialization(), host) => url
                .query()
                .map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path())),
            Ok(_) | Err(_) => "/".to_owned(),
        }
    };
    // Two slashes at the beginning, or one that browsers read as two, would name a host.
    let is_path = !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(|character| character.is_control() || character == ' ');
    if is_path { path } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public() -> PublicUrl {
        PublicUrl::parse("https://id.example.org").unwrap()
    }

    #[test]
    fn s15_a_foreign_referer_is_dropped() {
        let kept = |referer: &str| own_page(referer, &public(), "id.example.org").map(|url| url.to_string());
        assert_eq!(
            kept("https://id.example.org/users?search=a#x").as_deref(),
            Some("https://id.example.org/users?search=a")
        );
        assert_eq!(
            kept("https://id.example.org/users?__err=x&search=a&__path=y").as_deref(),
            Some("https://id.example.org/users?search=a")
        );
        assert_eq!(
            kept("https://id.example.org/users?__err=x").as_deref(),
            Some("https://id.example.org/users")
        );
        for foreign in [
            "",
            "/",
            "/users",
            "//evil.org",
            "https://evil.org/",
            "http://id.example.org/",
            "https://id.example.org:8443/",
            "https://id.example.org.evil.org/",
            "https://id.example.org@evil.org/",
            "https://evil.org@id.example.org/",
            "https://evil.org/https://id.example.org/",
            "javascript:alert(1)",
            "data:text/html,x",
            "about:blank",
            "null",
            "https:///evil.org",
            "https://evil.org\\@id.example.org/",
        ] {
            assert_eq!(kept(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn s15_a_redirect_stays_here() {
        for (location, expected) in [
            ("/users", "/users"),
            ("/users?a=b", "/users?a=b"),
            ("https://id.example.org/users?a=b", "/users?a=b"),
            ("https://id.example.org", "/"),
            ("https://id.example.org//evil.org", "/"),
            ("https://evil.org/users", "/"),
            ("http://id.example.org/users", "/"),
            ("//evil.org", "/"),
            ("/\\evil.org", "/"),
            ("\\\\evil.org", "/"),
            ("javascript:alert(1)", "/"),
            ("users", "/"),
            ("", "/"),
            ("/\tevil", "/"),
        ] {
            assert_eq!(local(location, &public(), "id.example.org"), expected, "{location}");
        }
    }
}
