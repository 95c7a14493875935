//! One folder for each area of the console, one page a file.

pub mod account;
pub mod groups;
pub mod home;
pub mod integrations;
pub mod logs;
pub mod organisation;
pub mod users;
