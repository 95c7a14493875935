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

use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{ACCEPT, RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use chrono::{DateTime, Utc};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;
use tokio_util::task::TaskTracker;

use super::error::{UiError, UiErrorCode};
use crate::domain::account::Viewer;
use crate::domain::ids::ConnectorId;
use crate::domain::permission::Permission;
use crate::service::audit::{self, Event, Target};
use crate::service::error::{causes, retrying};
use crate::service::sessions::{self, NewSession};
use crate::service::{self, Actor, Context, RequestInfo, Services, accounts};

mod cookies;
mod local_path;

pub use local_path::local_path;

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

/// Who opens a page, found out before the page is rendered.
#[derive(Clone)]
pub struct Visit {
    found: Option<Context>,
    viewer: Result<Option<Viewer>, UiError>,
    /// The renewed session.
    cookie: Option<String>,
}

impl Visit {
    /// Finds out who sends a request.
    pub async fn of(services: &Services, request: &RequestInfo, headers: &HeaderMap) -> Self {
        match authenticate(services, request.clone(), headers).await {
            Ok((cx, cookie)) => Self {
                viewer: answer(&cx, accounts::find_viewer(&cx).await),
                found: Some(cx),
                cookie,
            },
            Err(error) => Self {
                found: None,
                viewer: Err(error),
                cookie: None,
            },
        }
    }

    /// Makes the services and the visitor known while the page is rendered.
    pub fn provide(&self, services: &Services, background: &TaskTracker) {
        provide_context(Asking {
            services: services.clone(),
            background: background.clone(),
            found: Arc::new(OnceCell::new_with(self.found.clone())),
        });
        provide_context(self.clone());
        if let (Some(cookie), Some(response)) = (&self.cookie, use_context::<ResponseOptions>()) {
            append(&response, SET_COOKIE, cookie);
        }
    }

    /// Who looks at the page that is being rendered; none where no page is.
    pub fn viewer() -> Option<Result<Option<Viewer>, UiError>> {
        use_context::<Self>().map(|visit| visit.viewer)
    }
}

/// How a server function is called.
enum Call {
    /// By the browser's program, which reads status and body.
    Program,
    /// By a form, before the program has loaded: the answer is a redirect, whose status must stay.
    Form,
    /// While a page is rendered, whose status is the page's business.
    Page,
}

impl Call {
    fn of(parts: &Parts) -> Self {
        if parts.method != Method::POST {
            return Self::Page;
        }
        let accepts_html = parts
            .headers
            .get(ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
        if accepts_html { Self::Form } else { Self::Program }
    }
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
        if let (Some(cookie), Some(response)) = (renewed, use_context::<ResponseOptions>()) {
            append(&response, SET_COOKIE, &cookie);
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

/// Passes the answer of a service function on. An error becomes a code, fields and the request id; its cause goes to the log, a
/// denial to the audit log.
///
/// # Errors
/// The error, translated.
pub fn answer<T>(cx: &Context, result: service::Result<T>) -> Result<T, UiError> {
    result.map_err(|error| translate(cx, error))
}

/// Does a write and passes its answer on as [`answer`] does. What meets a lock is repeated (reliability rule R4): a service
/// function that fails has committed nothing that a repetition would do twice.
///
/// # Errors
/// The error, translated.
pub async fn write<T, F, Fut>(cx: &Context, operation: F) -> Result<T, UiError>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = service::Result<T>>,
{
    answer(cx, retrying(operation).await)
}

fn translate(cx: &Context, error: service::Error) -> UiError {
    use service::Error;

    let mut fields = Vec::new();
    let mut retry_after = None;
    let (code, status) = match error {
        Error::Invalid(faults) => {
            fields = faults;
            (UiErrorCode::Invalid, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Error::NotFound => (UiErrorCode::NotFound, StatusCode::NOT_FOUND),
        Error::Conflict { field, .. } => {
            fields.push(crate::domain::error::FieldError::new(
                field,
                crate::domain::error::Problem::Taken,
            ));
            (UiErrorCode::Conflict, StatusCode::CONFLICT)
        }
        Error::Stale => (UiErrorCode::Stale, StatusCode::CONFLICT),
        Error::Forbidden => {
            audit_denial(cx);
            (UiErrorCode::Forbidden, StatusCode::FORBIDDEN)
        }
        Error::Unauthenticated => (UiErrorCode::Unauthenticated, StatusCode::UNAUTHORIZED),
        Error::WrongCredentials => (UiErrorCode::WrongCredentials, StatusCode::UNAUTHORIZED),
        Error::TooManyRequests { retry_after: wait } => {
            retry_after = Some(wait);
            (UiErrorCode::TooManyRequests, StatusCode::TOO_MANY_REQUESTS)
        }
        Error::LastAdministrator => (UiErrorCode::LastAdministrator, StatusCode::CONFLICT),
        Error::DirectoryManaged => (UiErrorCode::DirectoryManaged, StatusCode::CONFLICT),
        Error::ToolkitRequired => (UiErrorCode::ToolkitRequired, StatusCode::FORBIDDEN),
        Error::Unavailable(cause) => {
            tracing::warn!(request_id = %cx.request.id, error = causes(&cause), "the database is busy or away");
            retry_after = Some(Duration::from_secs(2));
            (UiErrorCode::Unavailable, StatusCode::SERVICE_UNAVAILABLE)
        }
        Error::Internal(cause) => {
            tracing::error!(request_id = %cx.request.id, error = causes(cause.as_ref()), "internal error");
            (UiErrorCode::Internal, StatusCode::INTERNAL_SERVER_ERROR)
        }
    };
    set_status(status, retry_after);
    UiError {
        code,
        fields,
        request_id: Some(cx.request.id.clone()),
    }
}

fn set_status(status: StatusCode, retry_after: Option<Duration>) {
    let (Some(parts), Some(response)) = (use_context::<Parts>(), use_context::<ResponseOptions>()) else {
        return;
    };
    match Call::of(&parts) {
        Call::Program => response.set_status(status),
        Call::Page if status.is_server_error() => response.set_status(status),
        Call::Page | Call::Form => return,
    }
    if let Some(wait) = retry_after {
        response.insert_header(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
}

/// Security rule S52: a denial leaves a row, in the organisation where it happened. Nobody is not audited, or the log could be
/// filled from outside. The answer does not wait for the row; a stop of the server does.
fn audit_denial(cx: &Context) {
    let (Ok(person), Some(asking)) = (cx.person(), use_context::<Asking>()) else {
        return;
    };
    let scope = person.membership.as_ref().map(|membership| membership.scope);
    let path = use_context::<Parts>()
        .map(|parts| parts.uri.path().to_owned())
        .unwrap_or_default();
    let cx = cx.clone();
    asking.background.spawn(async move {
        let event = Event::denied("access.deny", Some(Target::new("route", &path, path.clone())));
        if let Err(error) = audit::record_denial(&cx, scope.as_ref(), event).await {
            tracing::error!(request_id = %cx.request.id, error = causes(&error), "a denial could not be audited");
        }
    });
}

/// Gives the session to the browser.
pub fn set_session(cx: &Context, session: &NewSession) {
    if let Some(response) = use_context::<ResponseOptions>() {
        append(&response, SET_COOKIE, &session_cookie(cx, session));
    }
}

fn session_cookie(cx: &Context, session: &NewSession) -> String {
    let seconds = (session.expires_at - cx.now()).num_seconds().max(0);
    cookies::set(
        &cx.services,
        cookies::SESSION,
        session.token.expose_secret(),
        seconds,
        cookies::SameSite::Lax,
    )
}

/// Takes the session from the browser.
pub fn clear_session(cx: &Context) {
    if let Some(response) = use_context::<ResponseOptions>() {
        append(
            &response,
            SET_COOKIE,
            &cookies::set(&cx.services, cookies::SESSION, "", 0, cookies::SameSite::Lax),
        );
        append(
            &response,
            SET_COOKIE,
            &cookies::set(&cx.services, cookies::FLASH, "", 0, cookies::SameSite::Strict),
        );
    }
}

/// How long a new secret can be seen.
const FLASH_SECONDS: i64 = 300;

/// Hands a secret that was just made to the browser, sealed, for the page that shows it once. Nothing of it is kept here.
pub fn set_flash(cx: &Context, connector: ConnectorId, secret: &SecretString) {
    let (Some(place), Some(response)) = (flash_place(cx, connector), use_context::<ResponseOptions>()) else {
        return;
    };
    let text = zeroize::Zeroizing::new(format!(
        "{} {}",
        (cx.now() + chrono::Duration::seconds(FLASH_SECONDS)).timestamp(),
        secret.expose_secret()
    ));
    match cx.services.keys.seal(cx.services.random.as_ref(), &place, text.as_bytes()) {
        Ok(sealed) => append(
            &response,
            SET_COOKIE,
            &cookies::set(
                &cx.services,
                cookies::FLASH,
                &sealed,
                FLASH_SECONDS,
                cookies::SameSite::Strict,
            ),
        ),
        Err(error) => tracing::error!(request_id = %cx.request.id, error = ?error, "a new secret could not be sealed"),
    }
}

/// The secret that was made a moment ago in this session for this connector. It stays until it is acknowledged or too old.
pub fn find_flash(cx: &Context, connector: ConnectorId) -> Option<String> {
    let place = flash_place(cx, connector)?;
    let sealed = cookies::find(&use_context::<Parts>()?.headers, &cookies::name(&cx.services, cookies::FLASH))?;
    let opened = cx.services.keys.open(&place, &sealed).ok()?;
    let (until, secret) = std::str::from_utf8(&opened).ok()?.split_once(' ')?;
    let until = DateTime::<Utc>::from_timestamp(until.parse().ok()?, 0)?;
    (cx.now() < until).then(|| secret.to_owned())
}

/// Puts the secret out of sight for good.
pub fn clear_flash(cx: &Context) {
    if let Some(response) = use_context::<ResponseOptions>() {
        append(
            &response,
            SET_COOKIE,
            &cookies::set(&cx.services, cookies::FLASH, "", 0, cookies::SameSite::Strict),
        );
    }
}

/// A sealed secret opens for the session that made it and the connector it belongs to alone.
fn flash_place(cx: &Context, connector: ConnectorId) -> Option<String> {
    cx.person().ok().map(|person| format!("flash/{connector}/{}", person.session))
}

fn append(response: &ResponseOptions, name: HeaderName, value: &str) {
    match HeaderValue::from_str(value) {
        Ok(mut value) => {
            value.set_sensitive(true);
            response.append_header(name, value);
        }
        Err(_) => tracing::error!("a cookie holds what no header can carry"),
    }
}
