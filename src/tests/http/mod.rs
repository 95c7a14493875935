//! The web surface, through the real router.

mod authz;
mod browser;
mod names;
mod web;
