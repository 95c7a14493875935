//! Groups: the list and a group's own page.

mod detail;
mod list;
mod members;

pub use detail::GroupPage;
pub use list::GroupsPage;
