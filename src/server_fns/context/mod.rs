//! What every server function begins and ends with: who asks, and the translation of the answer. Server only.
//!
//! While a page is rendered, Leptos calls server functions as plain functions: no HTTP layer runs (security rule S5). So each
//! one begins with a guard from here. Who asks is found out once for each request and kept for the others in it, because finding
//! out may renew the session's cookie.

// A new variant is decided here, not let through (security rule S10).
#![deny(clippy::wildcard_enum_match_arm)]
// Security rule S57: nothing that a request brings makes this module panic.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)
)]

mod answer;
mod cookies;
mod flash;
mod local_path;
mod session;
mod visit;

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::request::Parts;
use leptos::prelude::{provide_context, use_context};
use tokio::sync::OnceCell;
use tokio_util::task::TaskTracker;

use self::answer::translate;
pub use self::answer::{answer, write};
pub use self::cookies::set_preference;
pub use self::flash::{clear_flash, find_flash, set_flash};
pub use self::local_path::local_path;
use self::session::session_cookie;
pub use self::session::{clear_session, set_session};
pub use self::visit::Visit;
use super::error::{UiError, UiErrorCode};
use crate::domain::permission::Permission;
use crate::service::error::retrying;
use crate::service::{Actor, Context, RequestInfo, Services, sessions};

/// What is known about the request that is being answered.
#[derive(Clone)]
struct Asking {
    services: Services,
    background: TaskTracker,
    found: Arc<OnceCell<Context>>,
}

/// Makes the services known to the server functions of one request. `background` ends after what was handed to it.
pub fn provide(services: &Services, background: &TaskTracker) {
    provide_context(Asking {
        services: services.clone(),
        background: background.clone(),
        found: Arc::default(),
    });
}

/// Whoever asks, known or not.
///
/// # Errors
/// When it cannot be found out.
pub async fn anyone() -> Result<Context, UiError> {
    let (Some(asking), Some(parts)) = (use_context::<Asking>(), use_context::<Parts>()) else {
        tracing::error!("a server function was called outside a request");
        return Err(UiError::of(UiErrorCode::Internal));
    };
    let find = || async {
        let request = parts.extensions.get::<RequestInfo>().cloned();
        let request = request.unwrap_or_else(|| RequestInfo::internal(asking.services.new_uuid().to_string()));
        let (cx, renewed) = authenticate(&asking.services, request, &parts.headers).await?;
        if let Some(cookie) = renewed {
            cookies::give(&cookie);
        }
        Ok(cx)
    };
    asking.found.get_or_try_init(find).await.cloned()
}

/// Who sends a request, and the cookie of a renewed session.
async fn authenticate(
    services: &Services,
    request: RequestInfo,
    headers: &HeaderMap,
) -> Result<(Context, Option<String>), UiError> {
    let token = cookies::find(headers, &cookies::name(services, cookies::SESSION));
    match retrying(|| sessions::authenticate(services, request.clone(), token.as_deref())).await {
        Ok((cx, renewed)) => {
            let cookie = renewed.map(|session| session_cookie(&cx, &session));
            Ok((cx, cookie))
        }
        Err(error) => {
            let nobody = Context::new(services.clone(), request, Actor::Anonymous);
            Err(translate(&nobody, error))
        }
    }
}

/// Whoever is signed in.
///
/// # Errors
/// [`UiErrorCode::Unauthenticated`] for everybody else.
pub async fn signed_in() -> Result<Context, UiError> {
    let cx = anyone().await?;
    answer(&cx, cx.person().map(|_| ()))?;
    Ok(cx)
}

/// A person of the vendor's staff.
///
/// # Errors
/// [`UiErrorCode::Unauthenticated`] for nobody, [`UiErrorCode::Forbidden`] for everybody else; that is audited.
pub async fn operator() -> Result<Context, UiError> {
    let cx = anyone().await?;
    answer(&cx, cx.demand_operator())?;
    Ok(cx)
}

/// Somebody who holds a permission in the organisation in view.
///
/// # Errors
/// [`UiErrorCode::Unauthenticated`] for nobody, [`UiErrorCode::Forbidden`] for everybody else; that is audited.
pub async fn require(permission: Permission) -> Result<Context, UiError> {
    let cx = anyone().await?;
    answer(&cx, cx.demand(permission).map(|_| ()))?;
    Ok(cx)
}
