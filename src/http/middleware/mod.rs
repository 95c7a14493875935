//! What is asked of every request and added to every answer, from the outside in:
//!
//! | layer | what it does | rule |
//! |---|---|---|
//! | `request` | names the request, logs and counts it, catches faults of the program | S51, S57 |
//! | `headers` | adds security headers | S20 |
//! | `host` | refuses requests for other hosts | S20 |
//! | `limits` | bounds size and time, refuses compressed bodies | S16, S54 |
//! | `csrf` | refuses writes that other sites' pages ask for | S14 |
//! | `referer` | keeps redirects of forms on our own origin | S15 |
//! | `arguments` | refuses arguments that no server function has | S11 |
//! | `document` | ends a page's HTML behind its last script | |

// A new variant is decided here, not let through (security rule S10).
#![deny(clippy::wildcard_enum_match_arm)]

pub(super) mod arguments;
mod client_address;
pub(super) mod csrf;
pub(super) mod document;
pub(super) mod headers;
pub(super) mod host;
pub(super) mod limits;
pub(super) mod referer;
pub(super) mod request;
