//! The SCIM door: a service provider after RFC 7643 and RFC 7644 under `/scim/v2`, for Entra, Okta and other directories.
//!
//! Owns everything between an HTTP request and one call of `service::provisioning`: credentials, limits, routes, the mapping
//! between resources and records, error bodies, and the entry that each request leaves in the provisioning log. May use
//! `domain` and `service`; never `store`. What bodies, filters and paths mean is [`protocol`]'s business, which is pure.
//!
//! | file | what it holds |
//! |---|---|
//! | `auth`, `limits` | who asks, and how often |
//! | `routes` | what is asked: addresses, methods, one function each |
//! | `mapping` | resources to records and back, filters to conditions |
//! | `reply`, `error` | answers |
//! | `log` | the provisioning log |

// Security rule S57: nothing that a directory sends makes this module panic.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::panic
    )
)]

mod auth;
mod error;
mod limits;
mod log;
mod mapping;
pub mod protocol;
mod reply;
mod routes;

use std::sync::Arc;

use axum::Router;
use axum::routing::any;

use crate::service::Services;

use self::limits::Limiters;
pub use self::limits::Limits;

/// What every request is answered with.
struct Door {
    services: Services,
    limiters: Limiters,
}

/// The door, to be mounted at `/scim/v2`.
///
/// One handler takes every method and path, so that credentials are asked for before anything about the request is looked at
/// (security rule S25). Mount it with `nest_service`, which covers `/scim/v2/` as well. Of the request's extensions it reads
/// [`RequestInfo`](crate::service::RequestInfo), else `ConnectInfo<SocketAddr>` and the headers.
pub fn router(services: Services, limits: Limits) -> Router {
    let door = Arc::new(Door {
        services,
        limiters: Limiters::new(limits),
    });
    Router::new()
        .route("/", any(routes::answer))
        .route("/{*path}", any(routes::answer))
        .fallback(routes::answer)
        .with_state(door)
}
