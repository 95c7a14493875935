//! The one error that server functions answer with: a code, the fields concerned, and the request id. Never internal text.

use std::fmt;

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::domain::error::FieldError;

/// What went wrong, for the message catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UiErrorCode {
    /// Fields need correction.
    Invalid,
    /// The record does not exist, or not for this viewer.
    NotFound,
    /// Something of that name exists.
    Conflict,
    /// Somebody else changed the record meanwhile.
    Stale,
    /// The viewer may not do this.
    Forbidden,
    /// The viewer is not signed in, or no longer.
    Unauthenticated,
    /// E-mail address or password is wrong.
    WrongCredentials,
    /// Too many tries; wait.
    TooManyRequests,
    /// It would leave nobody able to administer.
    LastAdministrator,
    /// The account or group is managed by a directory.
    DirectoryManaged,
    /// The plan does not include it.
    ToolkitRequired,
    /// The server is busy or its database is away; try again.
    Unavailable,
    /// The browser could not reach the server.
    Network,
    /// The page is older than the server.
    Outdated,
    /// A fault of the server; the request id finds it in the log.
    Internal,
}

impl UiErrorCode {
    /// The status of an answer that ends so.
    pub const fn status(self) -> u16 {
        match self {
            Self::Outdated => 400,
            Self::Unauthenticated | Self::WrongCredentials => 401,
            Self::Forbidden | Self::ToolkitRequired => 403,
            Self::NotFound => 404,
            Self::Conflict | Self::Stale | Self::LastAdministrator | Self::DirectoryManaged => 409,
            Self::Invalid => 422,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Unavailable | Self::Network => 503,
        }
    }
}

/// The error of every server function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UiError {
    /// What went wrong.
    pub code: UiErrorCode,
    /// Which fields need correction, if any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// The request id, as in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl UiError {
    /// An error that concerns no field and no request.
    pub const fn of(code: UiErrorCode) -> Self {
        Self {
            code,
            fields: Vec::new(),
            request_id: None,
        }
    }

    /// The error of one field.
    pub fn field(&self, name: &str) -> Option<&FieldError> {
        self.fields.iter().find(|error| error.field == name)
    }
}

impl fmt::Display for UiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.code)
    }
}

impl std::error::Error for UiError {}

impl FromServerFnError for UiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        // The text of these errors may quote what was sent or how the server is built, so that none of it is passed on.
        Self::of(match error {
            ServerFnErrorErr::Request(_) => UiErrorCode::Network,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                UiErrorCode::Outdated
            }
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Response(_) => UiErrorCode::Internal,
        })
    }
}
