//! Provisioning: what a directory does to the users and groups of its connector. All functions act for [`Actor::Connector`] and
//! see nothing but what that connector manages (security rules S1, S2).
//!
//! [`Actor::Connector`]: super::Actor::Connector

pub mod groups;
mod roles;
pub mod users;

use super::{Context, Result};
use crate::domain::connector::ProvisioningSettings;
use crate::domain::role::BuiltInRole;
use crate::store::{connectors, metadata, roles as role_rows};

/// A page by position.
pub struct Listing<T> {
    /// The rows of the page.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: u64,
}

/// What a connector's schema depends on.
pub struct Vocabulary {
    /// How provisioning behaves for the connector.
    pub settings: ProvisioningSettings,
    /// Names of the organisation's roles, in their canonical spelling.
    pub roles: Vec<String>,
    /// Metadata keys of the organisation, in their canonical spelling.
    pub metadata_keys: Vec<String>,
}

/// What the schema of the acting connector depends on.
///
/// # Errors
/// [`super::Error::Forbidden`] for who is no connector.
///
/// # Permissions
/// A connector's directory; it sees what the connector manages.
pub async fn vocabulary(cx: &Context) -> Result<Vocabulary> {
    let (scope, connector) = cx.connector()?;
    let connector = connectors::find(cx.store(), &scope, connector)
        .await?
        .ok_or(super::Error::Unauthenticated)?;
    let roles = role_rows::list(cx.store(), &scope).await?;
    let keys = metadata::list_keys(cx.store(), &scope).await?;
    Ok(Vocabulary {
        settings: connector.settings,
        roles: roles.into_iter().map(|role| role.name).collect(),
        metadata_keys: keys.into_iter().map(|key| key.name).collect(),
    })
}

/// The role as which an administrative one acts that a directory may not grant.
const CAPPED_TO: BuiltInRole = BuiltInRole::User;
