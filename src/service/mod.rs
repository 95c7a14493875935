//! Use cases: what can be done, by whom, and what it leaves behind. All doors end here.
//!
//! A service function authorises, validates, changes, and writes the audit entry in the same transaction. It may use `domain`,
//! `store` and the traits in [`ports`]; it knows nothing of HTTP, SCIM or pages.

// It is decided here who may do what, and what an operation means: a new variant is decided, not let through (security rule S10).
#![deny(clippy::wildcard_enum_match_arm)]

pub mod accounts;
mod attempts;
pub mod audit;
pub mod billing;
pub mod connectors;
pub mod context;
mod entry;
pub mod error;
pub mod groups;
pub mod home;
pub mod keys;
mod logins;
pub mod maintenance;
pub mod organisations;
pub mod passwords;
pub mod ports;
pub mod provisioning;
pub mod provisioning_log;
pub mod rekey;
pub mod roles;
pub mod sessions;
pub mod setup;
pub mod tokens;
pub mod users;

pub use context::{Actor, Context, Person, RequestInfo, Services};
pub use error::{Error, Result};
