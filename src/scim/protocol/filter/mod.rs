//! Filters (RFC 7644 §3.4.2.2): parsed, resolved against the schema and ready to be evaluated or translated.
//!
//! What leaves this module is typed: attributes are schema attributes in canonical spelling, values have the attribute's
//! type. A store translates that with bound values and never sees client text where a name belongs.

mod lexer;
mod matches;
mod resolve;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use chrono::{DateTime, Utc};
use scim_v2::filter as grammar;
use serde_json::Value;

use super::error::ScimError;
use super::path::{AttrPath, Target};
use super::schema::{AttributeType, ResourceSchema};

/// Longest filter accepted, in bytes.
pub const MAX_LENGTH: usize = 4096;
/// Most brackets of either kind open at once.
pub const MAX_DEPTH: usize = 16;
/// Most comparisons in one filter.
pub const MAX_TERMS: usize = 64;

/// A filter expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All hold. At least two.
    And(Vec<Filter>),
    /// Any holds. At least two.
    Or(Vec<Filter>),
    /// Does not hold.
    Not(Box<Filter>),
    /// Compares a value.
    Compare {
        /// What is compared.
        path: FilterPath,
        /// How.
        op: CompareOp,
        /// With what.
        value: CompareValue,
    },
    /// There is a value.
    Present {
        /// Of what.
        path: FilterPath,
    },
    /// One element of a multi-valued attribute satisfies the whole inner filter. Inner paths are full paths
    /// (`emails.type`), to be read within the element.
    ValuePath {
        /// The attribute.
        path: FilterPath,
        /// What one element must satisfy.
        filter: Box<Filter>,
    },
}

/// The attribute side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterPath {
    /// A schema attribute.
    Known(AttrRef),
    /// Some other name, as sent. No resource has a value for it (RFC 7644 §3.4.2.1).
    Unknown(String),
}

/// A schema attribute with what a comparison needs to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AttrRef {
    /// Where the value is. A complex attribute compared as a whole stands for its `value`.
    pub path: AttrPath,
    /// Type of the value.
    pub kind: AttributeType,
    /// Whether case matters.
    pub case_exact: bool,
    /// Whether the attribute (not the sub-attribute) is a list.
    pub multi_valued: bool,
}

/// Comparison operators (RFC 7644 table 3); `pr` is [`Filter::Present`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// Equal.
    Eq,
    /// Not equal, see [`Filter::matches`].
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
}

/// The value side of a comparison, in the type of the attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum CompareValue {
    /// No value; with `Eq` and `Ne` only.
    Null,
    /// For boolean attributes, with `Eq` and `Ne` only.
    Bool(bool),
    /// For numeric attributes.
    Number(f64),
    /// For time attributes.
    DateTime(DateTime<Utc>),
    /// For all others, and for unknown attributes.
    Text(String),
}

impl Filter {
    /// Parses the `filter` of a query.
    ///
    /// Tolerates what Entra sends besides the grammar: unquoted literals, and a sub-attribute after a value path
    /// (`emails[type eq "work"].value eq "x"`).
    ///
    /// # Errors
    /// 400 `invalidFilter` when it is malformed, beyond a limit, or compares what cannot be compared.
    pub fn parse(text: &str, schema: &ResourceSchema) -> Result<Self, ScimError> {
        let normal = lexer::normalise(text)?;
        let parsed = grammar::Filter::from_str(&normal.text).map_err(malformed)?;
        resolve::Resolver {
            schema,
            names: &normal.names,
        }
        .filter(&parsed)
    }

    /// Parses what stands between the brackets of a PATCH path; `target` is the multi-valued attribute before them.
    ///
    /// # Errors
    /// 400 `invalidFilter`, as [`Filter::parse`].
    pub fn parse_elements(text: &str, target: &Target<'_>) -> Result<Self, ScimError> {
        let normal = lexer::normalise(text)?;
        match grammar::PatchPath::from_str(&format!("x[{}]", normal.text)).map_err(malformed)? {
            grammar::PatchPath::Value(path) => resolve::elements(&path.filter, target, &normal.names),
            grammar::PatchPath::Attr(_) => Err(ScimError::invalid_filter("The filter is empty.")),
        }
    }

    /// The comparisons of a filter made of `eq`, alone or joined by `and`: what an element must look like to match.
    /// None when the filter says anything else.
    pub fn equalities(&self) -> Option<Vec<(&AttrRef, &CompareValue)>> {
        match self {
            Self::Compare {
                path: FilterPath::Known(path),
                op: CompareOp::Eq,
                value,
            } => Some(vec![(path, value)]),
            Self::And(parts) => {
                let parts: Option<Vec<_>> = parts.iter().map(Self::equalities).collect();
                parts.map(|lists| lists.into_iter().flatten().collect())
            }
            Self::Compare { .. } | Self::Or(_) | Self::Not(_) | Self::Present { .. } | Self::ValuePath { .. } => None,
        }
    }
}

impl CompareValue {
    /// The value as JSON.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(value) => (*value).into(),
            Self::DateTime(value) => value.to_rfc3339().into(),
            Self::Text(value) => value.as_str().into(),
        }
    }
}

fn malformed(error: grammar::ParseError) -> ScimError {
    // The grammar's own message speaks of placeholder names, which would puzzle the reader.
    match error {
        grammar::ParseError::User { error } => ScimError::invalid_filter(format!("The filter is malformed: {error}.")),
        grammar::ParseError::InvalidToken { .. }
        | grammar::ParseError::UnrecognizedEof { .. }
        | grammar::ParseError::UnrecognizedToken { .. }
        | grammar::ParseError::ExtraToken { .. } => ScimError::invalid_filter("The filter is malformed."),
    }
}
