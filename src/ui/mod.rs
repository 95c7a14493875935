//! The web console: pages, their layout and the components they are made of. May use `domain` and `server_fns`, nothing else
//! of ours; the browser build enforces it.

pub mod app;
pub mod components;
#[cfg(feature = "ssr")]
mod document;
pub mod layout;
pub mod pages;
pub mod preferences;
