//! Conditions on users and groups as one typed tree. Each protocol translates into it; one function of the store turns it into
//! SQL. Attribute names are variants, values are bound: nothing that was sent becomes part of a statement.

use chrono::{DateTime, Utc};

/// A condition over attributes of type `A`.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter<A> {
    /// Every part holds. No part at all holds for everything.
    All(Vec<Filter<A>>),
    /// At least one part holds. No part at all holds for nothing.
    Any(Vec<Filter<A>>),
    /// The part does not hold.
    Not(Box<Filter<A>>),
    /// The attribute compares so with the operand.
    Compare {
        /// What is compared.
        attribute: A,
        /// How.
        operator: Operator,
        /// With what.
        operand: Operand,
    },
    /// The attribute has a value.
    Present(A),
}

impl<A> Filter<A> {
    /// The condition that holds for everything.
    pub const fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// The condition that holds for nothing.
    pub const fn nothing() -> Self {
        Self::Any(Vec::new())
    }
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The same.
    Equal,
    /// Not the same.
    NotEqual,
    /// Holds the operand.
    Contains,
    /// Begins with the operand.
    StartsWith,
    /// Ends with the operand.
    EndsWith,
    /// After the operand.
    Greater,
    /// After the operand or the same.
    GreaterOrEqual,
    /// Before the operand.
    Less,
    /// Before the operand or the same.
    LessOrEqual,
}

/// What an attribute is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// Text, compared as the attribute demands (case-exact or folded).
    Text(String),
    /// Yes or no.
    Bool(bool),
    /// A point in time.
    Time(DateTime<Utc>),
    /// Absence.
    Null,
}

/// What a user can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum UserAttribute {
    /// Our id, case-exact.
    Id,
    /// The directory's id, case-exact.
    ExternalId,
    /// Login name, folded.
    UserName,
    /// Display name, folded.
    DisplayName,
    /// First name, folded.
    GivenName,
    /// Last name, folded.
    FamilyName,
    /// Whether the account may be used.
    IsActive,
    /// User type as the directory sent it, case-exact.
    UserType,
    /// When the record was made.
    CreatedAt,
    /// When the record last changed.
    UpdatedAt,
    /// Membership in the group of this id (as text).
    Group,
    /// Values of an attribute without column: one that has several values, or one that is seldom asked for. Present when one
    /// and the same value meets the inner condition.
    Values {
        /// Canonical name, with its schema URN where it is not of the core schema (`emails`, `title`).
        name: String,
        /// What the value must meet.
        condition: Box<Filter<ValuePart>>,
    },
}

/// The parts of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValuePart {
    /// The value itself, folded.
    Value,
    /// The value itself, case-exact.
    ExactValue,
    /// Its kind (`work`), folded.
    Kind,
    /// Whether it is the preferred one.
    IsPrimary,
}

/// What a group can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupAttribute {
    /// Our id, case-exact.
    Id,
    /// The directory's id, case-exact.
    ExternalId,
    /// Name, folded.
    DisplayName,
    /// When the record was made.
    CreatedAt,
    /// When the record last changed.
    UpdatedAt,
    /// Membership of the user of this id (as text).
    Member,
}
