//! Figures for monitoring, on a listener of their own. Labels are fixed sets: routes as they are declared, known methods and
//! statuses, so that no request can make a new one (security rule S51).

use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use metrics::{counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder};

/// Upper bounds of the buckets of durations, in seconds.
const BUCKETS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// Starts counting and gives the router of the listener. Without it nothing is counted.
///
/// # Errors
/// When something else counts in this process already.
pub fn install() -> Result<Router, BuildError> {
    let handle = PrometheusBuilder::new().set_buckets(BUCKETS)?.install_recorder()?;
    describe_counter!("lanyard_requests_total", "Requests answered, by route, method and status.");
    describe_histogram!("lanyard_request_duration_seconds", "How long answers took, by route.");
    describe_counter!("lanyard_panics_total", "Faults of the program that were caught.");
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            upkeep.run_upkeep();
        }
    });
    Ok(Router::new().route(
        "/metrics",
        get(move || async move { ([(CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()) }),
    ))
}

/// Counts an answer. `route` is the declared one.
pub(super) fn answered(route: &str, method: &Method, status: StatusCode, duration: Duration) {
    let route = route.to_owned();
    counter!("lanyard_requests_total", "route" => route.clone(), "method" => method_label(method), "status" => status.as_u16().to_string()).increment(1);
    histogram!("lanyard_request_duration_seconds", "route" => route).record(duration.as_secs_f64());
}

/// Counts a fault that was caught.
pub(super) fn panicked() {
    counter!("lanyard_panics_total").increment(1);
}

/// Anybody can invent a method.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
