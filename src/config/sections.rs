//! The settings as they are written, before anybody has asked whether they make sense.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

/// Everything in `default.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub public_url: String,
    pub listen: String,
    pub allow_plain_http: bool,
    pub trusted_proxies: Vec<String>,
    pub master_key: SecretString,
    pub master_key_file: String,
    pub site_root: String,
    pub database: WrittenDatabase,
    pub sessions: WrittenSessions,
    pub scim: WrittenScim,
    pub provisioning_log: WrittenProvisioningLog,
    pub limits: Limits,
    pub log: WrittenLog,
    pub metrics: WrittenMetrics,
}

/// `[database]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenDatabase {
    pub url: SecretString,
    pub max_connections: u32,
}

/// `[sessions]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSessions {
    pub idle_minutes: u32,
    pub absolute_hours: u32,
}

/// `[scim]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenScim {
    pub token_days: u32,
}

/// `[provisioning_log]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenProvisioningLog {
    pub retention_days: u32,
}

/// `[log]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenLog {
    pub level: String,
    pub format: String,
}

/// `[metrics]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenMetrics {
    pub listen: String,
}

/// `[limits]`: security rules S16, S54 and S55.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests of one connector per second; 0 is no limit.
    pub scim_per_second: u32,
    /// How many of them may come at once.
    pub scim_burst: u32,
    /// Refused credentials that one address may present to `/scim` per minute.
    pub scim_failures_per_minute: u32,
    /// Largest body of a request to `/scim`.
    pub scim_body_bytes: u32,
    /// Largest body of any other request.
    pub body_bytes: u32,
    /// Largest head of a request.
    pub header_bytes: u32,
    /// How long the head of a request may take.
    pub header_seconds: u32,
    /// How long its body may take.
    pub body_seconds: u32,
    /// How long its answer may take.
    pub request_seconds: u32,
    /// How long the answer to a directory may take.
    pub scim_request_seconds: u32,
    /// How long a client may take to read an answer.
    pub response_seconds: u32,
    /// How long a connection stays open without a request.
    pub idle_seconds: u32,
    /// Connections at once.
    pub connections: u32,
    /// Connections of one address at once.
    pub connections_per_address: u32,
    /// Requests at once in one HTTP/2 connection.
    pub http2_streams: u32,
    /// How long a stop waits for requests that are being answered.
    pub shutdown_seconds: u32,
}

impl Limits {
    /// A number of seconds as a duration.
    pub(crate) const fn seconds(seconds: u32) -> Duration {
        Duration::from_secs(seconds as u64)
    }
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object on each line.
    Json,
    /// Lines for people.
    Text,
}
