//! A user record: its row, and what is derived from it.

use chrono::{DateTime, Utc};
use sea_orm::prelude::Uuid;
use serde::Serialize;
use serde_json::Value;

use super::super::entities::{user_values, users};
use super::super::{OrgScope, StoreError};
use crate::domain::ids::{ConnectorId, GroupId, IdentityId, RoleId, UserId};
use crate::domain::record::UserRecord;
use crate::domain::text::{fold, search_words};
use crate::domain::user::UserType;

impl UserRecord {
    pub(in crate::store) fn from_row(row: users::Model) -> Result<Self, StoreError> {
        let kind = |name: &str| UserType::from_name(name).ok_or_else(|| StoreError::Damaged(format!("user type {name}")));
        Ok(Self {
            id: UserId::from_uuid(row.id),
            identity: row.identity_id.map(IdentityId::from_uuid),
            connector: row.connector_id.map(ConnectorId::from_uuid),
            user_name: row.user_name,
            external_id: row.external_id,
            is_active: row.is_active,
            display_name: row.display_name,
            given_name: row.given_name,
            family_name: row.family_name,
            email: row.email,
            user_type: row.user_type.as_deref().map(kind).transpose()?,
            effective_user_type: kind(&row.effective_user_type)?,
            role: row.role_id.map(RoleId::from_uuid),
            is_role_manual: row.is_role_manual,
            is_role_capped: row.is_role_capped,
            login_connector: row.login_connector_id.map(ConnectorId::from_uuid),
            is_login_method_manual: row.is_login_method_manual,
            is_external: row.is_external,
            attributes: serde_json::from_str(&row.attributes)
                .map_err(|error| StoreError::Damaged(format!("user attributes: {error}")))?,
            invited_at: row.invited_at,
            invitation_expires_at: row.invitation_expires_at,
            invitation_accepted_at: row.invitation_accepted_at,
            last_sign_in_at: row.last_sign_in_at,
            last_provisioned_at: row.last_provisioned_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }

    pub(in crate::store) fn row(&self, scope: &OrgScope) -> Result<users::Model, StoreError> {
        Ok(users::Model {
            id: self.id.as_uuid(),
            organisation_id: scope.uuid(),
            identity_id: self.identity.map(|id| id.as_uuid()),
            connector_id: self.connector.map(|id| id.as_uuid()),
            user_name: self.user_name.clone(),
            user_name_key: fold(&self.user_name),
            external_id: self.external_id.clone(),
            is_active: self.is_active,
            display_name: self.display_name.clone(),
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            email: self.email.clone(),
            email_key: self.email.as_deref().map(fold),
            sort_key: self.sort_key(),
            user_type: self.user_type.map(|kind| kind.name().to_owned()),
            effective_user_type: self.effective_user_type.name().to_owned(),
            role_id: self.role.map(|id| id.as_uuid()),
            is_role_manual: self.is_role_manual,
            is_role_capped: self.is_role_capped,
            login_connector_id: self.login_connector.map(|id| id.as_uuid()),
            is_login_method_manual: self.is_login_method_manual,
            is_external: self.is_external,
            is_incomplete: self.is_incomplete(),
            attributes: serde_json::to_string(&self.attributes).map_err(|error| StoreError::Damaged(error.to_string()))?,
            invited_at: self.invited_at,
            invitation_expires_at: self.invitation_expires_at,
            invitation_accepted_at: self.invitation_accepted_at,
            last_sign_in_at: self.last_sign_in_at,
            last_provisioned_at: self.last_provisioned_at,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }

    /// By what the list of names is ordered: words without case and accents.
    fn sort_key(&self) -> String {
        search_words([self.shown_name().as_ref()]).join(" ")
    }

    /// The words by which the console finds the user, sorted.
    pub(super) fn words(&self) -> Vec<String> {
        let texts = [
            &self.display_name,
            &self.given_name,
            &self.family_name,
            &self.email,
            &self.external_id,
        ];
        let mut words = search_words(
            texts
                .into_iter()
                .flatten()
                .map(String::as_str)
                .chain([self.user_name.as_str()]),
        );
        words.sort();
        words
    }

    /// The values by which a directory filters, one row each; none for users that no directory manages.
    pub(super) fn values(&self) -> Vec<user_values::Model> {
        let Some(connector) = self.connector else { return Vec::new() };
        let mut rows = Vec::new();
        for (name, value) in &self.attributes {
            // The name of a schema: one level deeper are its attributes.
            if let (true, Value::Object(extension)) = (name.starts_with("urn:"), value) {
                for (attribute, value) in extension {
                    self.add_values(&mut rows, connector, &format!("{name}:{attribute}"), value);
                }
            } else if let Value::Object(parts) = value {
                for (part, value) in parts {
                    self.add_values(&mut rows, connector, &format!("{name}.{part}"), value);
                }
            } else {
                self.add_values(&mut rows, connector, name, value);
            }
        }
        rows
    }

    fn add_values(&self, rows: &mut Vec<user_values::Model>, connector: ConnectorId, attribute: &str, value: &Value) {
        let elements = match value {
            Value::Array(elements) => elements.as_slice(),
            single => std::slice::from_ref(single),
        };
        for (element, position) in elements.iter().zip(0_i64..) {
            let part = |name: &str| element.get(name).unwrap_or(&Value::Null);
            let text = match element {
                Value::Object(_) => scalar(part("value")),
                other => scalar(other),
            };
            if let Some(text) = text {
                rows.push(user_values::Model {
                    user_id: self.id.as_uuid(),
                    connector_id: connector.as_uuid(),
                    attribute: attribute.to_owned(),
                    position,
                    kind: scalar(part("type")),
                    value_key: fold(&text),
                    value: text,
                    is_primary: part("primary").as_bool().unwrap_or(false),
                });
            }
        }
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What is kept of a deleted user until its personal data is purged, so that one step restores everything.
#[derive(Serialize)]
pub(super) struct Snapshot<'a> {
    user_name: &'a str,
    identity: Option<Uuid>,
    external_id: Option<&'a str>,
    is_active: bool,
    display_name: Option<&'a str>,
    given_name: Option<&'a str>,
    family_name: Option<&'a str>,
    email: Option<&'a str>,
    user_type: Option<&'a str>,
    role: Option<Uuid>,
    is_role_manual: bool,
    login_connector: Option<Uuid>,
    is_login_method_manual: bool,
    is_external: bool,
    attributes: &'a str,
    created_at: DateTime<Utc>,
    groups: &'a [GroupId],
}

impl<'a> Snapshot<'a> {
    pub(super) fn of(row: &'a users::Model, groups: &'a [GroupId]) -> Self {
        Self {
            user_name: &row.user_name,
            identity: row.identity_id,
            external_id: row.external_id.as_deref(),
            is_active: row.is_active,
            display_name: row.display_name.as_deref(),
            given_name: row.given_name.as_deref(),
            family_name: row.family_name.as_deref(),
            email: row.email.as_deref(),
            user_type: row.user_type.as_deref(),
            role: row.role_id,
            is_role_manual: row.is_role_manual,
            login_connector: row.login_connector_id,
            is_login_method_manual: row.is_login_method_manual,
            is_external: row.is_external,
            attributes: &row.attributes,
            created_at: row.created_at,
            groups,
        }
    }
}
