//! What a directory does, through the service layer.

mod lifecycle;
mod people;
mod races;
mod settings;

use std::collections::HashSet;

use lanyard::domain::connector::{ConnectorEdit, ProvisioningSettings};
use lanyard::domain::ids::{ConnectorId, ProvisioningEntryId, UserId};
use lanyard::domain::permission::Permission;
use lanyard::domain::provisioning::ProvisioningQuery;
use lanyard::domain::record::EntryRecord;
use lanyard::domain::role::BuiltInRole;
use lanyard::domain::user::{AccessEdit, UserType};
use lanyard::service::error::retrying;
use lanyard::service::provisioning::groups::{self, GroupChange, SentGroup};
use lanyard::service::provisioning::users::{self, SentUser};
use lanyard::service::{Context, Error, connectors, provisioning_log};

use crate::app::{TestApp, TestOrganisation};

pub(super) fn sent(user_name: &str) -> SentUser {
    SentUser {
        user_name: user_name.to_owned(),
        external_id: Some(format!("ext-{user_name}")),
        is_active: true,
        display_name: Some("Ada Lovelace".to_owned()),
        given_name: Some("Ada".to_owned()),
        family_name: Some("Lovelace".to_owned()),
        email: Some(user_name.to_owned()),
        user_type: Some("Premium".to_owned()),
        folders: Vec::new(),
        metadata: Vec::new(),
        attributes: serde_json::Map::new(),
    }
}

/// Attributes that say nothing but these roles, the first of them primary.
fn roles(names: &[&str]) -> serde_json::Map<String, serde_json::Value> {
    let sent: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(n, name)| serde_json::json!({ "value": name, "primary": n == 0 }))
        .collect();
    [("roles".to_owned(), sent.into())].into_iter().collect()
}

/// A user with these roles.
pub(super) fn with_roles(user_name: &str, names: &[&str]) -> SentUser {
    SentUser {
        attributes: roles(names),
        ..sent(user_name)
    }
}

pub(super) async fn update(cx: &Context, id: UserId, new: SentUser) -> Result<users::ProvisionedUser, Error> {
    users::update::<Error, _>(cx, id, |_| Ok(new)).await
}
