//! Why a run could not be played to its end. A wrong answer is not an error: it is a failed check on the score card.

use std::path::PathBuf;

/// A run that could not start or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum EmulateError {
    /// The SCIM base address is missing or not an http(s) address.
    #[error("--url must be the http or https address of a SCIM service, such as https://host/scim/v2: {0}")]
    Address(String),

    /// The token cannot be sent in a header.
    #[error("--token is missing or contains characters that cannot be sent in a header")]
    Token,

    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),

    /// The server stopped answering.
    #[error("the server does not answer (last error: {0})")]
    Unreachable(String),

    /// No such scenario.
    #[error("there is no scenario \"{0}\"; --scenario list prints them")]
    UnknownScenario(String),

    /// The state file could not be read or written.
    #[error("the state file {path} could not be used")]
    State {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },

    /// The state file is not one of ours, or damaged before its last line.
    #[error("line {line} of the state file {path} is not understood")]
    StateFormat {
        /// The file.
        path: PathBuf,
        /// Line number, from one.
        line: usize,
    },

    /// The state file belongs to another sample tenant.
    #[error("the state file belongs to seed {found}, but --seed is {wanted}")]
    StateSeed {
        /// Seed in the file.
        found: u64,
        /// Seed asked for.
        wanted: u64,
    },
}
