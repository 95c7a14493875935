//! The translation of what a service function answers, once for all server functions.

use std::time::Duration;

use axum::http::header::{ACCEPT, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::super::error::{UiError, UiErrorCode};
use super::Asking;
use crate::domain::error::{FieldError, Problem};
use crate::service::audit::{self, Event, Target};
use crate::service::error::{causes, retrying};
use crate::service::{self, Context};

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

pub(super) fn translate(cx: &Context, error: service::Error) -> UiError {
    use service::Error;

    let mut fields = Vec::new();
    let mut retry_after = None;
    let code = match error {
        Error::Invalid(faults) => {
            fields = faults;
            UiErrorCode::Invalid
        }
        Error::NotFound => UiErrorCode::NotFound,
        Error::Conflict { field, .. } => {
            fields.push(FieldError::new(field, Problem::Taken));
            UiErrorCode::Conflict
        }
        Error::Stale => UiErrorCode::Stale,
        Error::Forbidden => {
            audit_denial(cx);
            UiErrorCode::Forbidden
        }
        Error::Unauthenticated => UiErrorCode::Unauthenticated,
        Error::WrongCredentials => UiErrorCode::WrongCredentials,
        Error::TooManyRequests { retry_after: wait } => {
            retry_after = Some(wait);
            UiErrorCode::TooManyRequests
        }
        Error::LastAdministrator => UiErrorCode::LastAdministrator,
        Error::DirectoryManaged => UiErrorCode::DirectoryManaged,
        Error::ToolkitRequired => UiErrorCode::ToolkitRequired,
        Error::Unavailable(cause) => {
            tracing::warn!(request_id = %cx.request.id, error = causes(&cause), "the database is busy or away");
            retry_after = Some(Duration::from_secs(2));
            UiErrorCode::Unavailable
        }
        Error::Internal(cause) => {
            tracing::error!(request_id = %cx.request.id, error = causes(cause.as_ref()), "internal error");
            UiErrorCode::Internal
        }
    };
    set_status(code, retry_after);
    UiError {
        code,
        fields,
        request_id: Some(cx.request.id.clone()),
    }
}

fn set_status(code: UiErrorCode, retry_after: Option<Duration>) {
    let (Some(parts), Some(response)) = (use_context::<Parts>(), use_context::<ResponseOptions>()) else {
        return;
    };
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
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
