//! Server functions: the door between the console's pages and the service layer, private to this console.
//!
//! Each one opens with its guard, calls one service function and converts; nothing is decided here. Each takes at most one
//! argument, named `input`, so that the HTTP layer can refuse whatever else is sent (security rule S11). Reads that carry a
//! structured question use JSON; everything a form can send uses the form encoding, so that it works before WASM has loaded.

#![expect(
    missing_docs,
    reason = "the macro makes a struct with an undocumented field for each argument; the functions themselves are documented"
)]

pub mod account;
pub mod audit;
pub mod billing;
pub mod connectors;
pub mod error;
pub mod groups;
pub mod home;
pub mod organisations;
pub mod preferences;
pub mod provisioning;
pub mod roles;
pub mod users;

#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod table;

pub use error::{UiError, UiErrorCode};
