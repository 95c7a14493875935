//! The errors of the service layer. Each door translates them in one exhaustive `match`.

use std::time::Duration;

use crate::domain::error::{FieldError, Problem};
use crate::store::StoreError;

/// What a service function answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fields need correction.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// It does not exist, or not for this actor.
    #[error("not found")]
    NotFound,
    /// Something else has this value already.
    #[error("{field} is already taken")]
    Conflict {
        /// Which field.
        field: &'static str,
        /// What the door may tell about it, in plain words.
        detail: String,
    },
    /// Somebody else changed it meanwhile.
    #[error("changed meanwhile by somebody else")]
    Stale,
    /// The actor may not do this.
    #[error("not permitted")]
    Forbidden,
    /// Nobody is signed in, or no longer.
    #[error("not authenticated")]
    Unauthenticated,
    /// Login name or password is wrong.
    #[error("wrong credentials")]
    WrongCredentials,
    /// Too many tries.
    #[error("too many tries")]
    TooManyRequests {
        /// When to try again.
        retry_after: Duration,
    },
    /// It would leave the organisation without an administrator who can sign in.
    #[error("it would leave nobody able to administer the organisation")]
    LastAdministrator,
    /// A directory manages the account or group.
    #[error("managed by a directory")]
    DirectoryManaged,
    /// The plan does not include it.
    #[error("the plan does not include the Enterprise Toolkit")]
    ToolkitRequired,
    /// The database is busy or away; trying again may help.
    #[error("temporarily unavailable")]
    Unavailable(#[source] StoreError),
    /// A fault of ours. The source is for the log alone.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// One wrong field.
    pub fn invalid(field: &str, problem: Problem) -> Self {
        Self::Invalid(vec![FieldError::new(field, problem)])
    }

    /// An error of the store, where a name that is taken is a fault of the form's field.
    pub fn name_taken(error: StoreError) -> Self {
        Self::from(error).on_conflict("name", || Self::invalid("name", Problem::Taken))
    }

    /// A conflict over this field told in other words; any other error as it is.
    pub(in crate::service) fn on_conflict(self, field: &str, told: impl FnOnce() -> Self) -> Self {
        if matches!(&self, Self::Conflict { field: found, .. } if *found == field) {
            told()
        } else {
            self
        }
    }

    /// A fault of ours.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// Whether repeating the whole operation may help: a lock was not to be had.
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Unavailable(source) => source.is_retryable(),
            Self::Invalid(_)
            | Self::NotFound
            | Self::Conflict { .. }
            | Self::Stale
            | Self::Forbidden
            | Self::Unauthenticated
            | Self::WrongCredentials
            | Self::TooManyRequests { .. }
            | Self::LastAdministrator
            | Self::DirectoryManaged
            | Self::ToolkitRequired
            | Self::Internal(_) => false,
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken { field } => Self::Conflict {
                field,
                detail: "is already taken".to_owned(),
            },
            StoreError::Busy(_) | StoreError::Unavailable(_) => Self::Unavailable(error),
            StoreError::Damaged(_) | StoreError::Database(_) => Self::Internal(Box::new(error)),
        }
    }
}

/// An error with what caused it, in their own words, for logs and the command line: the debug form of a database error may quote
/// values.
pub fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        // Some errors repeat their cause.
        if !text.ends_with(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

/// Repeats an operation that met a lock, at most five times with growing, jittered pauses (reliability rule R4).
///
/// # Errors
/// The operation's own error; after the last try [`Error::Unavailable`].
pub async fn retrying<T, F, Fut, E>(operation: F) -> std::result::Result<T, E>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = std::result::Result<T, E>>,
    E: Retryable,
{
    use backon::{ExponentialBuilder, Retryable as _};
    let pauses = ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(15))
        .with_max_delay(Duration::from_millis(400))
        .with_max_times(5)
        .with_jitter();
    operation.retry(pauses).when(Retryable::is_retryable).await
}

/// An error that can tell whether trying again may help.
pub trait Retryable {
    /// Whether trying again may help.
    fn is_retryable(&self) -> bool;
}

impl Retryable for Error {
    fn is_retryable(&self) -> bool {
        Self::is_retryable(self)
    }
}
