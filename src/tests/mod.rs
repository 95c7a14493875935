//! The integration tests: everything through real services over a real database; what is a door is tested through its router.
//!
//! The suite runs on in-memory SQLite, and on PostgreSQL when `TEST_DATABASE_URL` names one (a schema for each test).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests stop at the first surprise and need no docs"
)]

mod app;
mod architecture;
#[path = "../benches/mod.rs"]
mod benches;
mod http;
mod process;
mod scim;
mod service;
mod store;
mod supply_chain;
