//! SCIM 2.0 as a library: RFC 7643 (schema) and RFC 7644 (protocol), with what identity providers really send.
//!
//! Owns the meaning of every SCIM body, path, filter and query parameter. Pure: no I/O, no clock, nothing of the rest of
//! the product. A resource is a `serde_json::Map` in *canonical form*: attribute names as the schema spells them,
//! extensions nested under their URN, no nulls and no empty arrays. [`resource::canonicalise`] makes that form from a
//! POST or PUT body, [`patch::apply`] keeps it, [`resource::finish`] and [`resource::project`] make an answer of it.
//!
//! Default behaviour is the *tolerant* dialect, which every known client can use; the RFC section is cited where the
//! tolerant reading differs from the text.

pub mod error;
pub mod filter;
pub mod group_patch;
pub mod json;
pub mod list;
pub mod patch;
pub mod path;
pub mod query;
pub mod resource;
pub mod schema;
pub mod text;
pub mod urn;

#[cfg(test)]
mod fixtures;

pub use error::{ScimError, ScimType};
pub use filter::Filter;
pub use group_patch::{GroupChange, GroupPatch, MemberRef};
pub use list::ListResponse;
pub use patch::{PatchOptions, PatchOutcome, PatchRequest};
pub use query::ListQuery;
pub use resource::{Ignored, IgnoredReason};
pub use schema::ResourceSchema;
