//! Types and rules that every door shares, compiled for the server and for the browser.
//!
//! Owns: identifiers, vocabulary types, permissions, validation of text that people and directories send, the shapes of
//! lists and views. May use nothing else of ours, and no framework: only the standard library, `serde`, ids and time.

pub mod account;
pub mod audit;
pub mod connector;
pub mod directory;
pub mod error;
pub mod filter;
pub mod group;
pub mod home;
pub mod ids;
#[cfg(feature = "ssr")]
pub mod network;
pub mod organisation;
pub mod page;
pub mod permission;
pub mod provisioning;
#[cfg(feature = "ssr")]
pub mod record;
pub mod role;
pub mod sentence;
// Folding tables are large, and only the server decides about names.
#[cfg(feature = "ssr")]
pub mod text;
pub mod user;
