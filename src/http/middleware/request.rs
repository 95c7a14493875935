//! Names the request, says who it comes from, logs and counts it, and answers for faults of the program (security rules S51,
//! S57).

use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, State};
use axum::http::header::USER_AGENT;
use axum::http::{HeaderName, HeaderValue, Request, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt;
use tracing::Instrument;

use super::client_address::client_address;
use crate::http::metrics;
use crate::http::refusal::{Door, Refusal};
use crate::http::state::AppState;
use crate::service::RequestInfo;

/// Name of the request in the answer. What a client sends under this name is not looked at: a name in our log is ours.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The most of `User-Agent` that is kept.
const USER_AGENT_BYTES: usize = 256;

/// The layer.
pub(in crate::http) async fn describe(State(state): State<AppState>, mut request: Request<Body>, next: Next) -> Response {
    let started = Instant::now();
    let id = state.services.new_uuid().to_string();
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip());
    let address = peer.map(|peer| client_address(peer, request.headers(), &state.settings.trusted_proxies));
    let info = RequestInfo {
        id: id.clone(),
        ip: address.as_ref().map(IpAddr::to_string).unwrap_or_default(),
        user_agent: user_agent(&request),
    };
    request.extensions_mut().insert(info);

    // The declared route, never the path itself: paths hold one-time tokens and are without number.
    let route = match Door::of(request.uri().path()) {
        Door::Scim => "/scim".to_owned(),
        Door::Functions | Door::Pages => request
            .extensions()
            .get::<MatchedPath>()
            .map_or("unmatched", MatchedPath::as_str)
            .to_owned(),
    };
    let method = request.method().clone();
    let refusal = Refusal::of(&request);
    let span = tracing::info_span!("request", request_id = %id);
    let mut response = caught(next.run(request), &refusal).instrument(span).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let (status, duration) = (response.status(), started.elapsed());
    metrics::answered(&route, &method, status, duration);
    let duration_us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    if matches!(route.as_str(), "/healthz" | "/readyz") {
        tracing::debug!(request_id = %id, %method, route, status = status.as_u16(), duration_us, "answered");
    } else {
        tracing::info!(request_id = %id, %method, route, status = status.as_u16(), duration_us, "answered");
    }
    response
}

/// The answer; in its place, where a fault of the program ends the work on it, 500.
async fn caught(answer: impl Future<Output = Response>, refusal: &Refusal) -> Response {
    AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| {
        // What went wrong is in the log already, by the hook that the start sets.
        metrics::panicked();
        refusal.answer(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
    })
}

/// As sent, without control characters and cut to a length that a log bears.
fn user_agent(request: &Request<Body>) -> String {
    let text = request
        .headers()
        .get(USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .unwrap_or_default();
    let mut kept: String = text.chars().filter(|character| !character.is_control()).collect();
    let end = (0..=USER_AGENT_BYTES.min(kept.len()))
        .rev()
        .find(|end| kept.is_char_boundary(*end))
        .unwrap_or(0);
    kept.truncate(end);
    kept
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    #[test]
    fn s57_a_fault_is_answered_and_counted() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let figures = recorder.handle();
        let faults = || figures.render().lines().any(|line| line == "lanyard_panics_total 1");
        let refusal = Refusal::of(&Request::new(Body::empty()));
        let status = |broken: bool| {
            let answer = async move {
                assert!(!broken, "on purpose");
                Response::new(Body::empty())
            };
            ::metrics::with_local_recorder(&recorder, || futures::executor::block_on(caught(answer, &refusal)).status())
        };
        assert_eq!(status(false), StatusCode::OK);
        assert!(!faults());
        assert_eq!(status(true), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(faults(), "{}", figures.render());
    }
}
