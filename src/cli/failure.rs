//! Why a command failed, and with which exit code.

use std::process::ExitCode;

use super::emulate::EmulateError;
use super::output::{Output, write_error};
use crate::config::Faults;
use crate::service::{self, error::causes};
use crate::store::StoreError;

/// Why a command failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// Settings are wrong.
    Configuration(Faults),
    /// It could not be done; one sentence.
    Failed(String),
    /// It ended badly and has said so already.
    Silent,
}

impl Failure {
    /// One sentence.
    pub fn failed(text: impl Into<String>) -> Self {
        Self::Failed(text.into())
    }

    /// The exit code.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Failed(_) | Self::Silent => 1,
            Self::Configuration(_) => 2,
        }
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Configuration(faults)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Failed(causes(&error))
    }
}

impl From<EmulateError> for Failure {
    fn from(error: EmulateError) -> Self {
        Self::Failed(causes(&error))
    }
}

impl From<service::Error> for Failure {
    fn from(error: service::Error) -> Self {
        use service::Error;
        Self::Failed(match &error {
            Error::Conflict { detail, .. } => detail.clone(),
            Error::NotFound => "there is nothing of this id or name".to_owned(),
            Error::ToolkitRequired => "the organisation's plan does not include the Enterprise Toolkit; `org create --enterprise-toolkit` or the Billing page switches it on".to_owned(),
            Error::Invalid(_)
            | Error::Stale
            | Error::Forbidden
            | Error::Unauthenticated
            | Error::WrongCredentials
            | Error::TooManyRequests { .. }
            | Error::LastAdministrator
            | Error::DirectoryManaged => error.to_string(),
            // Whoever runs the command is the one who reads logs, so that causes are told.
            Error::Unavailable(_) | Error::Internal(_) => causes(&error),
        })
    }
}

/// The command line was not understood, or help was asked for.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        drop(error.print());
        return ExitCode::SUCCESS;
    }
    if std::env::args_os().any(|argument| argument == "--json") {
        let text = error.to_string();
        // Where a command is missing the text is the help, which scripts do not read.
        let is_help = error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
        let first = if is_help {
            "a command is missing"
        } else {
            text.lines().next().unwrap_or_default().trim_start_matches("error: ")
        };
        write_error(&serde_json::json!({ "error": first }).to_string());
    } else {
        drop(error.print());
    }
    ExitCode::from(2)
}

impl Output {
    /// Tells the failure on standard error and gives the exit code.
    pub fn fail(&self, failure: &Failure) -> ExitCode {
        match failure {
            Failure::Silent => {}
            Failure::Failed(text) if self.is_json() => write_error(&serde_json::json!({ "error": text }).to_string()),
            Failure::Failed(text) => write_error(&format!("lanyard: {text}")),
            Failure::Configuration(faults) if self.is_json() => {
                let faults: Vec<_> = faults
                    .0
                    .iter()
                    .map(|fault| serde_json::json!({ "setting": fault.key, "problem": fault.problem }))
                    .collect();
                write_error(&serde_json::json!({ "error": "the configuration is wrong", "faults": faults }).to_string());
            }
            Failure::Configuration(faults) => write_error(&format!(
                "lanyard: the configuration is wrong:\n  {}",
                faults.to_string().replace('\n', "\n  ")
            )),
        }
        ExitCode::from(failure.code())
    }
}
