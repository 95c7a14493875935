//! Doors and layers, in their order.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_async_with_context};
use tower::{ServiceBuilder, ServiceExt};

use super::health;
use super::middleware::{arguments, csrf, document, headers, host, limits, referer, request};
use super::refusal::{Door, Refusal};
use super::state::AppState;
use crate::scim;
use crate::server_fns::context::{self, Visit};
use crate::service::RequestInfo;
use crate::ui::app::{App, shell};

/// Everything that answers. `scim` limits each connector.
pub fn router(state: AppState) -> Router {
    let limits = &state.settings.limits;
    let scim = scim::router(
        state.services.clone(),
        scim::Limits {
            per_second: limits.scim_per_second,
            burst: limits.scim_burst,
            failures_per_minute: limits.scim_failures_per_minute,
        },
    );
    let give = provider(&state);
    let options = state.options.clone();
    let files = state.site.as_ref().map(super::site::Site::routes);
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(state.clone(), request::describe))
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .layer(from_fn_with_state(state.clone(), host::check))
        .layer(from_fn_with_state(state.clone(), limits::bound))
        .layer(from_fn_with_state(state.clone(), csrf::check))
        .layer(from_fn_with_state(state.clone(), referer::keep_local))
        .layer(from_fn_with_state(state.clone(), arguments::check))
        .layer(from_fn(document::end_last));
    let lost = Lost {
        state: state.clone(),
        scim: scim.clone(),
    };

    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .nest_service("/scim/v2", scim)
        // Server functions that exist are routed beside this; a page older than the server asks for others.
        .route("/api/{*path}", any(no_function))
        // The server functions; pages have a handler of their own.
        .leptos_routes_with_context(&state, Vec::new(), give, move || shell(options.clone()))
        .leptos_routes_with_handler(pages(), page)
        .merge(files.unwrap_or_default())
        .fallback(move |request: Request| lost.clone().answer(request))
        // Bodies are bounded by `limits`.
        .layer(DefaultBodyLimit::disable())
        .layer(layers)
        .with_state(state)
}

/// The pages of the console.
fn pages() -> Vec<AxumRouteListing> {
    generate_route_list(App)
}

/// What server functions find in their context.
fn provider(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let (services, background) = (state.services.clone(), state.background.clone());
    move || context::provide(&services, &background)
}

/// Renders the page at the request's address. Who asks is found out first: what all pages stand in needs no waiting then, and
/// each page is built once. (Content that waits is built anew when what it waits for comes early, and then counts its resources
/// twice, but in the browser once.)
async fn page(State(state): State<AppState>, request: Request) -> Response {
    let info = request.extensions().get::<RequestInfo>().cloned();
    let info = info.unwrap_or_else(|| RequestInfo::internal(state.services.new_uuid().to_string()));
    let visit = Visit::of(&state.services, &info, request.headers()).await;
    let (services, background, options) = (state.services.clone(), state.background.clone(), state.options.clone());
    let give = move || visit.provide(&services, &background);
    render_app_async_with_context(give, move || shell(options.clone()))(request).await
}

async fn no_function(State(_): State<AppState>, request: Request) -> Response {
    Refusal::of(&request).answer(StatusCode::NOT_FOUND, "There is no such function. Load the page again.")
}

/// Answers what no route takes.
#[derive(Clone)]
struct Lost {
    state: AppState,
    scim: Router,
}

impl Lost {
    async fn answer(self, request: Request<Body>) -> Response {
        if Door::of(request.uri().path()) == Door::Scim {
            // Other spellings of /scim: credentials first, then 404 (security rule S25).
            return match self.scim.oneshot(request).await {
                Ok(response) => response.into_response(),
                Err(never) => match never {},
            };
        }
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return Refusal::of(&request).answer(StatusCode::NOT_FOUND, "There is nothing at this address.");
        }
        let mut response = page(State(self.state), request).await;
        if response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server_fns::table;

    #[tokio::test]
    async fn s04_every_page_is_in_the_table() {
        let pages = pages();
        let paths: Vec<&str> = pages.iter().map(AxumRouteListing::path).collect();
        assert_eq!(table::check_pages(&paths), Ok(()));
    }
}
