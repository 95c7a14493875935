//! The web surface, through the real router.

mod authz;
mod browser;
mod escaping;
mod names;
mod web;
