//! What can be wrong with a value that somebody sent, said so that it can be put right.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that is wrong with one field. The console words it from its message catalogue; SCIM and the command line use
/// the English [`Display`](fmt::Display) form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// Nothing was given.
    Required,
    /// Longer than `max` characters.
    TooLong {
        /// The most characters allowed.
        max: u32,
    },
    /// Shorter than `min` characters.
    TooShort {
        /// The fewest characters allowed.
        min: u32,
    },
    /// Holds control characters or line breaks.
    ControlCharacters,
    /// Is not of the form `name@domain`.
    NotAnEmail,
    /// Is none of the allowed values.
    NotAllowed {
        /// What may be sent instead.
        allowed: Vec<String>,
    },
    /// Is in use by something else of the organisation.
    Taken,
    /// Names something that does not exist here.
    Unknown,
    /// A password that is easily guessed.
    TooGuessable,
    /// The current password was not right.
    WrongPassword,
    /// The text typed to confirm is not the name asked for.
    NotConfirmed,
    /// A number outside what is allowed.
    NotInRange {
        /// The least.
        min: u32,
        /// The most.
        max: u32,
    },
    /// Cannot be the name of a schema, or is one that is taken.
    NotASchemaName,
    /// Said more than once, in several spellings.
    Repeated,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("is required"),
            Self::TooLong { max } => write!(f, "is longer than {max} characters"),
            Self::TooShort { min } => write!(f, "is shorter than {min} characters"),
            Self::ControlCharacters => f.write_str("holds control characters or line breaks"),
            Self::NotAnEmail => f.write_str("is not an e-mail address of the form name@domain"),
            Self::NotAllowed { allowed } => write!(f, "must be one of: {}", allowed.join(", ")),
            Self::Taken => f.write_str("is already taken"),
            Self::Unknown => f.write_str("names something that does not exist"),
            Self::TooGuessable => f.write_str("is too easy to guess"),
            Self::WrongPassword => f.write_str("is not the current password"),
            Self::NotConfirmed => f.write_str("is not the name that was asked for"),
            Self::NotInRange { min, max } => write!(f, "must be a number from {min} to {max}"),
            Self::NotASchemaName => f.write_str("must be letters, digits, - and _, and not Metadata"),
            Self::Repeated => f.write_str("must have one value, however the name is spelled"),
        }
    }
}

/// A field and what is wrong with it. `field` is the name the sender used (`user_name`, `email`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Name of the field in snake case.
    pub field: String,
    /// What is wrong with it.
    pub problem: Problem,
}

impl FieldError {
    /// A field error.
    pub fn new(field: impl Into<String>, problem: Problem) -> Self {
        Self {
            field: field.into(),
            problem,
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.problem)
    }
}
