//! The Users page and the user record.

mod access;
mod activity;
mod capabilities;
mod confirm;
mod filters;
mod list;
mod new;
mod profile;
mod query;
mod record;
mod related;
mod role_picker;
mod row;

pub use list::UsersPage;
pub use record::UserPage;
