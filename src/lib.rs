//! Lanyard: the identity admin console that a SaaS vendor puts in front of its product.
//!
//! Three doors to one set of rules: the web console, a SCIM 2.0 service provider, a command line.
//! Each authenticates, builds a context, calls one function of `service` and translates the result.
//!
//! Modules marked "server" are gated here, so that the browser build never reads their files.

// Leptos builds one type per view; deep pages exceed the default.
#![recursion_limit = "512"]
// What can fail says so to its caller; the modules that read requests deny more (security rule S57).
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used))]

#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod config;
pub mod domain;
#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "ssr")]
pub mod scim;
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
pub mod ui;

// The text catalogue, made from `src/locales` at build time: module `i18n`.
include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

/// Takes over the page that the server rendered. The page's own script calls it.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(ui::app::App);
}
