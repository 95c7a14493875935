//! The web server: connections, what is asked of every request and added to every answer, and which door a request goes to.
//!
//! Assembles all other modules; decides nothing about users or rights.
//!
//! | file | what it holds |
//! |---|---|
//! | `state` | what the layers and handlers work with |
//! | `router` | doors and layers, in their order |
//! | `middleware` | the layers, one file each |
//! | `refusal` | answers of the layers themselves |
//! | `health`, `site`, `metrics` | is it up, the browser's files, figures |
//! | `serve` | connections and their limits, the orderly end |

// Security rule S57: nothing that a request brings makes this module panic.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)
)]

mod health;
pub mod metrics;
mod middleware;
mod refusal;
mod router;
pub mod serve;
mod site;
mod state;

pub use router::router;
pub use site::{Site, SiteMissing};
pub use state::{AppState, HttpSettings, Readiness};
