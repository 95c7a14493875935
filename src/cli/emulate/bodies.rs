//! The bodies of `POST`, and what the server must give back for them.
//!
//! The attribute mapping is Entra's default one (Learn, "Develop and plan provisioning for a SCIM endpoint") with
//! `objectId` mapped to `externalId`, plus roles, user type, folders and metadata.

use serde_json::{Map, Value, json};

use super::dialect::{ADSCIM_GROUP, ENTERPRISE, GROUP, METADATA, USER, folders_urn};
use super::directory::{SourceGroup, SourceUser};

/// The connector's attribute mapping, as far as it differs between installations.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// URN of the folders extension.
    pub folders_urn: String,
}

impl Mapping {
    /// The mapping with this name in the URN of the folders extension.
    #[must_use]
    pub fn new(folders_extension: &str) -> Self {
        Self {
            folders_urn: folders_urn(folders_extension),
        }
    }
}

/// The creation request for a user, with everything that makes Entra's bodies awkward: extension objects whose URN is
/// missing from `schemas`, nulls, empty arrays and a `meta` that only the server may write (RFC 7643 sections 2.5, 3.1).
#[must_use]
pub fn create_user(user: &SourceUser, mapping: &Mapping) -> Value {
    let mut body = json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": user.object_id,
        "userName": user.user_principal_name,
        "active": user.is_active,
        "displayName": user.display_name,
        "name": { "formatted": user.display_name, "familyName": user.surname, "givenName": user.given_name },
        "nickName": null,
        "title": user.job_title,
        "preferredLanguage": user.preferred_language,
        "emails": emails(user, "Value"),
        "phoneNumbers": phones(user),
        "addresses": addresses(user, "Formatted"),
        "roles": roles(user),
        "meta": { "resourceType": "User" },
    });
    let Some(members) = body.as_object_mut() else { return body };
    if let Some(user_type) = &user.user_type {
        members.insert("userType".to_owned(), json!(user_type));
    }
    if user.employee_id.is_some() || user.department.is_some() {
        members.insert(
            ENTERPRISE.to_owned(),
            json!({ "employeeNumber": user.employee_id, "department": user.department }),
        );
    }
    if !user.folders.is_empty() {
        members.insert(mapping.folders_urn.clone(), json!({ "folders": folders(user) }));
    }
    if !user.metadata.is_empty() {
        members.insert(METADATA.to_owned(), json!(user.metadata));
    }
    body
}

/// What `GET` must show for a user: the same values, folders as texts, metadata as texts. The manager comes later.
#[must_use]
pub fn expected_user(user: &SourceUser, mapping: &Mapping) -> Value {
    let mut members = Map::new();
    members.insert("externalId".to_owned(), json!(user.object_id));
    members.insert("userName".to_owned(), json!(user.user_principal_name));
    members.insert("active".to_owned(), json!(user.is_active));
    members.insert("displayName".to_owned(), json!(user.display_name));
    members.insert(
        "name".to_owned(),
        json!({ "formatted": user.display_name, "familyName": user.surname, "givenName": user.given_name }),
    );
    members.insert("title".to_owned(), json!(user.job_title));
    members.insert("preferredLanguage".to_owned(), json!(user.preferred_language));
    members.insert("userType".to_owned(), json!(user.user_type));
    members.insert("emails".to_owned(), emails(user, "value"));
    members.insert("phoneNumbers".to_owned(), phones(user));
    members.insert("addresses".to_owned(), addresses(user, "formatted"));
    members.insert(
        "roles".to_owned(),
        user.app_roles.iter().map(|role| json!({ "value": role })).collect(),
    );
    members.insert(
        ENTERPRISE.to_owned(),
        json!({ "employeeNumber": user.employee_id, "department": user.department }),
    );
    members.insert(mapping.folders_urn.clone(), json!({ "folders": user.folders }));
    let metadata: Map<String, Value> = user
        .metadata
        .iter()
        .map(|(key, value)| (key.clone(), as_text(value)))
        .collect();
    members.insert(METADATA.to_owned(), Value::Object(metadata));
    Value::Object(members)
}

/// The creation request for a group: no members, and a schema nobody else knows.
#[must_use]
pub fn create_group(group: &SourceGroup) -> Value {
    json!({
        "schemas": [GROUP, ADSCIM_GROUP],
        "externalId": group.object_id,
        "displayName": group.display_name,
        "meta": { "resourceType": "Group" },
    })
}

/// What `GET …?excludedAttributes=members` must show for a group.
#[must_use]
pub fn expected_group(group: &SourceGroup) -> Value {
    json!({ "externalId": group.object_id, "displayName": group.display_name })
}

/// Metadata values are kept as text: a number or boolean becomes its JSON text.
#[must_use]
pub fn as_text(value: &Value) -> Value {
    match value {
        Value::String(_) => value.clone(),
        other => json!(other.to_string()),
    }
}

/// The mapping target `emails[type eq "other"].Value` has a capital V, so the body has one too; attribute names are
/// case-insensitive (RFC 7643 section 2.1).
fn emails(user: &SourceUser, other_value: &str) -> Value {
    let mut emails = vec![json!({ "primary": true, "type": "work", "value": user.mail })];
    if let Some(address) = &user.proxy_address {
        emails.push(json!({ "type": "other", other_value: address }));
    }
    Value::Array(emails)
}

fn phones(user: &SourceUser) -> Value {
    let phone = |kind: &str, number: &Option<String>| number.as_ref().map(|number| json!({ "type": kind, "value": number }));
    [phone("work", &user.telephone), phone("mobile", &user.mobile)]
        .into_iter()
        .flatten()
        .collect()
}

fn addresses(user: &SourceUser, formatted: &str) -> Value {
    let mut addresses = Vec::new();
    if user.street.is_some() || user.country.is_some() {
        let mut work = json!({
            "type": "work",
            "streetAddress": user.street,
            "locality": user.city,
            "postalCode": user.postal_code,
            "country": user.country,
        });
        if let (Some(state), Some(members)) = (&user.state, work.as_object_mut()) {
            members.insert("region".to_owned(), json!(state));
        }
        addresses.push(work);
    }
    if let Some(office) = &user.office {
        addresses.push(json!({ "type": "other", formatted: office }));
    }
    Value::Array(addresses)
}

/// The three shapes of Entra's role functions at creation (Learn, "Customize attribute mappings"): single, complex
/// (label in `displayName`), assertive complex (label in `display`).
fn roles(user: &SourceUser) -> Value {
    user.app_roles
        .iter()
        .map(|role| match user.shape % 3 {
            0 => json!({ "primary": true, "type": "WindowsAzureActiveDirectoryRole", "value": role }),
            1 => json!({ "primary": false, "type": "WindowsAzureActiveDirectoryRole", "value": role, "displayName": role }),
            _ => json!({ "primary": false, "type": "WindowsAzureActiveDirectoryRole", "value": role, "display": role }),
        })
        .collect()
}

/// Folders as objects, as texts, or as one text with commas and a blank, which is what `Split` of "A, B" leaves.
fn folders(user: &SourceUser) -> Value {
    match user.shape % 3 {
        0 => user.folders.iter().map(|folder| json!({ "value": folder })).collect(),
        1 => json!(user.folders),
        _ => json!(user.folders.join(", ")),
    }
}
