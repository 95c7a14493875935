//! Refuses requests for hosts that are not ours: DNS rebinding and poisoned links begin with one (security rule S20).

use axum::body::Body;
use axum::extract::State;
use axum::http::header::HOST;
use axum::http::{Request, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::config::PublicUrl;
use crate::http::refusal::Refusal;
use crate::http::state::AppState;

/// The layer. Probes ask by address, and what they are told is not worth stealing.
pub(in crate::http) async fn check(State(state): State<AppState>, request: Request<Body>, next: Next) -> Response {
    if matches!(request.uri().path(), "/healthz" | "/readyz") || is_ours(&request, &state.settings.public_url) {
        return next.run(request).await;
    }
    Refusal::of(&request).answer(
        StatusCode::MISDIRECTED_REQUEST,
        "This server does not answer for the host that was asked for.",
    )
}

/// The host that a request asks for, when it asks for one alone: `Host`, or the authority in the request line (HTTP/2, and
/// HTTP/1.1 to a proxy).
pub(super) fn asked<B>(request: &Request<B>) -> Option<&str> {
    let mut lines = request.headers().get_all(HOST).iter();
    let header = lines.next().map(|line| line.to_str());
    if lines.next().is_some() {
        return None;
    }
    let header = header.transpose().ok()?;
    let authority = request.uri().authority().map(axum::http::uri::Authority::as_str);
    match (authority, header) {
        (Some(authority), Some(header)) => authority.eq_ignore_ascii_case(header).then_some(authority),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => None,
    }
}

fn is_ours<B>(request: &Request<B>, public: &PublicUrl) -> bool {
    asked(request).is_some_and(|host| public.serves(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s20_one_host_and_ours() {
        let public = PublicUrl::parse("https://id.example.org").unwrap();
        let verdict = |uri: &str, hosts: &[&str]| {
            let mut request = Request::builder().uri(uri);
            for host in hosts {
                request = request.header(HOST, *host);
            }
            is_ours(&request.body(()).unwrap(), &public)
        };
        assert!(verdict("/", &["id.example.org"]));
        assert!(verdict("https://id.example.org/", &[]));
        assert!(verdict("https://id.example.org/", &["id.example.org"]));
        for (uri, hosts) in [
            ("/", &[][..]),
            ("/", &["evil.org"]),
            ("/", &["id.example.org", "evil.org"]),
            ("/", &["id.example.org", "id.example.org"]),
            ("https://evil.org/", &["id.example.org"]),
            ("https://id.example.org/", &["evil.org"]),
            ("https://evil.org/", &[]),
            ("/", &["id.example.org:8443"]),
            ("/", &["localhost"]),
        ] {
            assert!(!verdict(uri, hosts), "{uri} {hosts:?}");
        }
    }

    #[test]
    fn s42_forwarded_hosts_are_not_looked_at() {
        let public = PublicUrl::parse("https://id.example.org").unwrap();
        for name in [
            "x-forwarded-host",
            "forwarded",
            "x-host",
            "x-original-host",
            "x-forwarded-server",
        ] {
            let request = Request::builder()
                .uri("/")
                .header(HOST, "evil.org")
                .header(name, "id.example.org")
                .body(())
                .unwrap();
            assert!(!is_ours(&request, &public), "{name}");
        }
    }
}
