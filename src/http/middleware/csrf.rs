//! Refuses writes that pages of other sites make a browser send (security rule S14).
//!
//! `SameSite` alone does not help against pages of neighbouring hosts, and server functions have no protection of their own. A
//! browser says with each write where it comes from; a client that does not say so is no browser of ours. SCIM never looks at
//! cookies and is exempt.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::ORIGIN;
use axum::http::{HeaderName, Method, Request, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::host;
use crate::config::PublicUrl;
use crate::http::refusal::{Door, Refusal};
use crate::http::state::AppState;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The layer.
pub(in crate::http) async fn check(State(state): State<AppState>, request: Request<Body>, next: Next) -> Response {
    if Door::of(request.uri().path()) == Door::Scim || is_own(&request, &state.settings.public_url) {
        return next.run(request).await;
    }
    Refusal::of(&request).answer(
        StatusCode::FORBIDDEN,
        "This request did not come from a page of this site. Load the page again and repeat what you did.",
    )
}

fn is_own<B>(request: &Request<B>, public: &PublicUrl) -> bool {
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return true;
    }
    let mut origins = request.headers().get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (Some(origin), None) => {
            let host = host::asked(request).unwrap_or_default();
            origin.to_str().is_ok_and(|origin| public.is_own_origin(origin, host))
        }
        (Some(_), Some(_)) => false,
        // Some browsers leave it out where source and target are the same.
        (None, _) => {
            let mut sites = request.headers().get_all(FETCH_SITE).iter();
            sites.next().is_some_and(|site| site == "same-origin") && sites.next().is_none()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::HOST;

    use super::*;

    fn verdict(method: &str, headers: &[(&str, &str)]) -> bool {
        let public = PublicUrl::parse("https://id.example.org").unwrap();
        let mut request = Request::builder()
            .method(method)
            .uri("/api/users/delete")
            .header(HOST, "id.example.org");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        is_own(&request.body(()).unwrap(), &public)
    }

    #[test]
    fn s14_writes_come_from_our_own_pages() {
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"] {
            assert!(verdict(method, &[("origin", "https://id.example.org")]), "{method}");
            assert!(verdict(method, &[("sec-fetch-site", "same-origin")]), "{method}");
            assert!(!verdict(method, &[]), "{method}");
            for origin in [
                "null",
                "",
                "https://evil.org",
                "http://id.example.org",
                "https://id.example.org:8443",
                "https://id.example.org:443",
                "https://app.id.example.org",
                "https://example.org",
                "https://id.example.org.evil.org",
                "https://evil-id.example.org",
                "https://id.example.orgevil.org",
                "https://ID.example.org",
                "https://id.example.org/",
                "https://id.example.org@evil.org",
                "https://evil.org#https://id.example.org",
                "https://localhost",
                "file://",
                "https://id.example.org https://evil.org",
            ] {
                for site in [None, Some("same-origin"), Some("same-site"), Some("cross-site"), Some("none")] {
                    let mut headers = vec![("origin", origin)];
                    headers.extend(site.map(|site| ("sec-fetch-site", site)));
                    assert!(!verdict(method, &headers), "{method} {headers:?}");
                }
            }
            for site in [
                "same-site",
                "cross-site",
                "none",
                "",
                "same-origin, same-origin",
                "SAME-ORIGIN",
            ] {
                assert!(!verdict(method, &[("sec-fetch-site", site)]), "{method} {site}");
            }
            assert!(!verdict(
                method,
                &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]
            ));
            assert!(!verdict(
                method,
                &[("origin", "https://id.example.org"), ("origin", "https://evil.org")]
            ));
        }
    }

    #[test]
    fn s14_reads_may_come_from_anywhere() {
        for method in ["GET", "HEAD"] {
            assert!(
                verdict(method, &[("origin", "https://evil.org"), ("sec-fetch-site", "cross-site")]),
                "{method}"
            );
        }
    }

    #[test]
    fn s14_method_override_is_not_looked_at() {
        for name in ["x-http-method-override", "x-method-override", "x-http-method"] {
            assert!(!verdict("POST", &[(name, "GET")]), "{name}");
        }
    }
}
