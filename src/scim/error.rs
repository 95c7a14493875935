//! Failures as SCIM error bodies (RFC 7644 §3.12): the one place where errors of the service layer are translated.

use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};

use super::auth::CHALLENGE;
use super::protocol::{ScimError, ScimType};
use super::reply::Reply;
use crate::domain::error::FieldError;
use crate::service::Error;
use crate::service::error::{Retryable, causes};

/// Why a request was not carried out.
pub(super) enum Failure {
    /// The request itself is at fault.
    Scim(ScimError),
    /// The service layer refused or failed.
    Service(Error),
    /// No valid credentials.
    Unauthenticated,
    /// The address does not have this method; it has these.
    MethodNotAllowed(&'static str),
    /// Too many requests; how long to wait and what to say.
    Throttled(Duration, &'static str),
}

impl From<ScimError> for Failure {
    fn from(error: ScimError) -> Self {
        Self::Scim(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Service(error)
    }
}

impl Retryable for Failure {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Service(error) => error.is_retryable(),
            Self::Scim(_) | Self::Unauthenticated | Self::MethodNotAllowed(_) | Self::Throttled(..) => false,
        }
    }
}

/// How long a client is asked to wait when the database is away.
const UNAVAILABLE_FOR: Duration = Duration::from_secs(5);

impl Failure {
    /// The error and the answer that carries it.
    pub(super) fn reply(&self, request_id: &str) -> (ScimError, Reply) {
        let (error, header) = match self {
            Self::Scim(error) => (error.clone(), None),
            Self::Service(error) => service_error(error, request_id),
            Self::Unauthenticated => unauthenticated(),
            Self::MethodNotAllowed(allowed) => {
                let detail = format!("This address answers to {allowed} only.");
                (ScimError::new(405, detail), Some((ALLOW, (*allowed).to_owned())))
            }
            Self::Throttled(wait, detail) => (ScimError::new(429, *detail), retry_after(*wait)),
        };
        let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let reply = Reply::json(status, &error.to_json());
        let reply = match header {
            Some((name, value)) => reply.with(name, &value),
            None => reply,
        };
        (error, reply)
    }
}

type Header = Option<(axum::http::HeaderName, String)>;

fn service_error(error: &Error, request_id: &str) -> (ScimError, Header) {
    match error {
        Error::Invalid(faults) => {
            let detail = faults.iter().map(fault).collect::<Vec<_>>().join("; ");
            (ScimError::invalid_value(detail), None)
        }
        Error::NotFound => (ScimError::not_found("There is no such resource."), None),
        Error::Conflict { field, detail } => {
            let detail = format!("{} {detail}", attribute(field));
            (ScimError::typed(ScimType::Uniqueness, detail), None)
        }
        Error::Stale => (ScimError::precondition_failed("The resource was changed meanwhile."), None),
        Error::Forbidden => (ScimError::new(403, "The connector may not do this."), None),
        Error::Unauthenticated | Error::WrongCredentials => unauthenticated(),
        Error::TooManyRequests { retry_after: wait } => (ScimError::new(429, "Too many requests."), self::retry_after(*wait)),
        Error::LastAdministrator => {
            let detail = "This account is the last one that can administer the organisation and cannot be deactivated, \
                          deleted or given a lower role. Give another account an administrator role first.";
            (ScimError::new(409, detail), None)
        }
        Error::DirectoryManaged => (ScimError::new(409, "Another directory manages this resource."), None),
        Error::ToolkitRequired => (
            ScimError::new(403, "The organisation's plan does not include provisioning."),
            None,
        ),
        Error::Unavailable(source) => {
            tracing::warn!(request_id, error = %causes(source), "SCIM request not answered: database busy or away");
            (
                ScimError::new(503, "Temporarily unavailable. Try again in a moment."),
                retry_after(UNAVAILABLE_FOR),
            )
        }
        Error::Internal(source) => {
            tracing::error!(request_id, error = %causes(source.as_ref()), "SCIM request failed");
            (
                ScimError::new(500, format!("Internal error. Request id: {request_id}.")),
                None,
            )
        }
    }
}

fn unauthenticated() -> (ScimError, Header) {
    (
        ScimError::new(401, "Valid credentials are required."),
        Some((WWW_AUTHENTICATE, CHALLENGE.to_owned())),
    )
}

fn retry_after(wait: Duration) -> Header {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Some((RETRY_AFTER, seconds.max(1).to_string()))
}

/// One fault, under the attribute's SCIM name.
fn fault(fault: &FieldError) -> String {
    format!("{} {}", attribute(&fault.field), fault.problem)
}

/// The SCIM name of a field (RFC 7643 §4.1, §4.2).
fn attribute(field: &str) -> &str {
    match field {
        "user_name" => "userName",
        "display_name" | "name" => "displayName",
        "external_id" => "externalId",
        "given_name" => "name.givenName",
        "family_name" => "name.familyName",
        "email" => "emails",
        "user_type" => "userType",
        "role" => "roles",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::error::Problem;

    fn of(failure: Failure) -> (ScimError, Reply) {
        failure.reply("r1")
    }

    #[test]
    fn faults_name_the_scim_attribute() {
        let (error, _) = of(Error::invalid(
            "user_type",
            Problem::NotAllowed {
                allowed: vec!["Premium".to_owned()],
            },
        )
        .into());
        assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidValue)));
        assert_eq!(error.detail, "userType must be one of: Premium");
    }

    #[test]
    fn the_last_administrator_is_a_conflict_without_keyword() {
        let (error, reply) = of(Error::LastAdministrator.into());
        assert_eq!(
            (error.status, error.scim_type, reply.status),
            (409, None, StatusCode::CONFLICT)
        );
    }

    #[test]
    fn faults_of_ours_tell_the_request_id_alone() {
        let (error, reply) = of(Error::internal("connection string of the database").into());
        assert_eq!(
            (error.status, error.detail.as_str()),
            (500, "Internal error. Request id: r1.")
        );
        assert!(!reply.body.unwrap().contains("connection string"));
    }

    #[test]
    fn headers_say_what_to_do_next() {
        let (_, reply) = of(Failure::Unauthenticated);
        assert_eq!(reply.headers.get(WWW_AUTHENTICATE).unwrap(), CHALLENGE);
        let (_, reply) = of(Failure::MethodNotAllowed("GET, POST"));
        assert_eq!(
            (reply.status, reply.headers.get(ALLOW).unwrap().to_str().unwrap()),
            (StatusCode::METHOD_NOT_ALLOWED, "GET, POST")
        );
        for (wait, expected) in [(0, "1"), (1, "1"), (999, "1"), (1_001, "2")] {
            let (_, reply) = of(Failure::Throttled(Duration::from_millis(wait), "x"));
            assert_eq!(reply.headers.get(RETRY_AFTER).unwrap(), expected, "{wait} ms");
        }
    }
}
