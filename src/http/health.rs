//! Whether the process lives, and whether it can work. Neither tells anything else, so both answer under any host name.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;

use super::state::AppState;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The process takes new work, and its database answers.
pub(super) async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.readiness.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match tokio::time::timeout(PATIENCE, state.services.store.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n"),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
