//! Rows as the database holds them, one file a table. Private to `store`: nothing outside sees or serialises a row.
#![allow(
    missing_docs,
    reason = "columns are documented in `migrations`; a comment for each would say its name again"
)]

pub mod account_matches;
pub mod audit_details;
pub mod audit_heads;
pub mod audit_log;
pub mod connector_credentials;
pub mod connectors;
pub mod deleted_resources;
pub mod federated_identities;
pub mod folder_access;
pub mod folders;
pub mod group_members;
pub mod groups;
pub mod identities;
pub mod installation_facts;
pub mod local_credentials;
pub mod metadata_keys;
pub mod metadata_values;
pub mod one_time_links;
pub mod organisations;
pub mod provisioning_log;
pub mod role_permissions;
pub mod roles;
pub mod sessions;
pub mod sign_in_failures;
pub mod user_values;
pub mod user_words;
pub mod users;
