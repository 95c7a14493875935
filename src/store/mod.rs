//! Persistence: SeaORM over SQLite or PostgreSQL. The only place that knows tables, columns and SQL.
//!
//! Reads take anything that [`Reader`] describes (the store or a running transaction); writes take a [`Tx`], so that nothing is
//! written outside a transaction. Everything that belongs to an organisation asks for an [`OrgScope`], which only the
//! functions that look up a session, a secret or an organisation for the operator can make (security rule S1).

pub mod audit;
pub mod connect;
pub mod connectors;
mod entities;
pub mod error;
pub mod filter;
pub mod folders;
pub mod groups;
pub mod identities;
pub mod installation;
pub mod links;
pub mod metadata;
pub mod organisations;
mod paging;
pub mod provisioning;
pub mod roles;
pub mod scope;
pub mod sealed;
pub mod sessions;
pub mod tx;
pub mod users;

pub use error::StoreError;
pub use scope::OrgScope;
pub use tx::{Reader, Store, Tx};
