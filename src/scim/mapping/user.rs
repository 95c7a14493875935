//! Users: which attribute of a resource is which field of a record, and where the rest is kept.
//!
//! What has no field of its own is kept and served back as it was sent: a directory compares what it reads with what it
//! wrote and would send a reformatted value again in every cycle.

use serde_json::{Value, json};

use super::super::protocol::resource::{Resource, finish};
use super::super::protocol::schema::{enterprise_user, folders, metadata};
use super::super::protocol::{ResourceSchema, ScimError};
use super::meta;
use crate::domain::directory::{METADATA_URN, extension_urn};
use crate::domain::ids::UserId;
use crate::domain::record::{GroupRecord, UserRecord};
use crate::service::provisioning::Vocabulary;
use crate::service::provisioning::users::{ProvisionedUser, SentUser};

/// Attributes of the server's own, which are derived when a resource is served and never stored.
const DERIVED: [&str; 4] = ["schemas", "id", "meta", "groups"];

/// Reads and renders the users of one connector.
pub(in crate::scim) struct UserMapping {
    /// The schema of users, as the connector's settings make it.
    pub schema: ResourceSchema,
    folders_urn: String,
    base: String,
}

impl UserMapping {
    /// From what the connector's schema depends on, and the absolute base address.
    pub fn new(vocabulary: &Vocabulary, base: &str) -> Self {
        let settings = &vocabulary.settings;
        let name = &settings.folders_extension_name;
        let folders_urn = extension_urn(name);
        let extensions = vec![
            enterprise_user(),
            folders(folders_urn.clone(), name, settings.is_folder_add_replacing),
            metadata(METADATA_URN, &vocabulary.metadata_keys),
        ];
        Self {
            schema: ResourceSchema::user(&vocabulary.roles, extensions),
            folders_urn,
            base: base.to_owned(),
        }
    }

    /// The address of a user.
    pub fn location(&self, id: UserId) -> String {
        format!("{}/Users/{id}", self.base)
    }

    /// A user as it is served.
    pub fn resource(&self, user: &ProvisionedUser) -> Resource {
        let record = &user.record;
        let mut resource = self.stored(record);
        resource.insert("id".to_owned(), record.id.to_string().into());
        if !user.groups.is_empty() {
            resource.insert(
                "groups".to_owned(),
                user.groups.iter().map(|group| self.group(group)).collect(),
            );
        }
        let location = self.location(record.id);
        resource.insert(
            "meta".to_owned(),
            meta("User", record.created_at, record.updated_at, record.version, &location),
        );
        finish(&mut resource, &self.schema);
        resource
    }

    /// What a client can write of a user, in canonical form.
    pub fn stored(&self, record: &UserRecord) -> Resource {
        let mut resource = Resource::new();
        for (key, value) in &record.attributes {
            match value {
                Value::Object(extension) if key.starts_with("urn:") && self.schema.extension(key).is_none() => {
                    // The extension was renamed in the connector's settings since.
                    if let Some(folders) = extension.get("folders") {
                        resource.insert(self.folders_urn.clone(), json!({ "folders": folders }));
                    }
                }
                value => {
                    resource.insert(key.clone(), value.clone());
                }
            }
        }
        let mut put = |key: &str, text: Option<&str>| {
            if let Some(text) = text {
                resource.insert(key.to_owned(), text.into());
            }
        };
        put("userName", Some(&record.user_name));
        put("externalId", record.external_id.as_deref());
        put("displayName", record.display_name.as_deref());
        // The connector's default is effective without being served (product decision 16).
        put("userType", record.user_type.map(|kind| kind.name()));
        resource.insert("active".to_owned(), record.is_active.into());
        let mut name = match resource.remove("name") {
            Some(Value::Object(name)) => name,
            Some(_) | None => Resource::new(),
        };
        for (key, text) in [("givenName", &record.given_name), ("familyName", &record.family_name)] {
            if let Some(text) = text {
                name.insert(key.to_owned(), text.as_str().into());
            }
        }
        if !name.is_empty() {
            resource.insert("name".to_owned(), Value::Object(name));
        }
        resource
    }

    fn group(&self, group: &GroupRecord) -> Value {
        let address = format!("{}/Groups/{}", self.base, group.id);
        json!({ "value": group.id.to_string(), "$ref": address, "display": group.name, "type": "direct" })
    }

    /// A user as a directory describes it, from a resource in canonical form.
    ///
    /// # Errors
    /// 400 `invalidValue` without `userName`, which no operation can take away.
    pub fn sent(&self, mut resource: Resource) -> Result<SentUser, ScimError> {
        for name in DERIVED {
            resource.remove(name);
        }
        let user_name = take_text(&mut resource, "userName").ok_or_else(|| ScimError::invalid_value("userName is required."))?;
        let external_id = take_text(&mut resource, "externalId");
        let display_name = take_text(&mut resource, "displayName");
        let user_type = take_text(&mut resource, "userType");
        // Absent means active (product decision 18).
        let is_active = resource.remove("active").and_then(|active| active.as_bool()).unwrap_or(true);
        let (mut given_name, mut family_name) = (None, None);
        if let Some(Value::Object(name)) = resource.get_mut("name") {
            given_name = take_text(name, "givenName");
            family_name = take_text(name, "familyName");
            if name.is_empty() {
                resource.remove("name");
            }
        }
        Ok(SentUser {
            user_name,
            external_id,
            is_active,
            display_name,
            given_name,
            family_name,
            email: email(&resource),
            user_type,
            folders: self.folders(&resource),
            metadata: metadata_values(&resource),
            attributes: resource,
        })
    }

    fn folders(&self, resource: &Resource) -> Vec<String> {
        let listed = resource.get(&self.folders_urn).and_then(|extension| extension.get("folders"));
        listed
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }
}

fn take_text(object: &mut Resource, name: &str) -> Option<String> {
    match object.remove(name) {
        Some(Value::String(text)) => Some(text),
        Some(_) | None => None,
    }
}

fn elements<'r>(resource: &'r Resource, name: &str) -> impl Iterator<Item = &'r Value> {
    resource.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn text_of<'v>(element: &'v Value, name: &str) -> Option<&'v str> {
    element.get(name).and_then(Value::as_str)
}

fn is_primary(element: &Value) -> bool {
    element.get("primary").and_then(Value::as_bool).unwrap_or(false)
}

/// The address that stands for the person: the primary one, else that of type `work`, else the first.
fn email(resource: &Resource) -> Option<String> {
    let addresses = || elements(resource, "emails").filter(|element| text_of(element, "value").is_some());
    let is_work = |element: &&Value| text_of(element, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("work"));
    let chosen = addresses()
        .find(|element| is_primary(element))
        .or_else(|| addresses().find(is_work))
        .or_else(|| addresses().next());
    chosen.and_then(|element| text_of(element, "value")).map(str::to_owned)
}

fn metadata_values(resource: &Resource) -> Vec<(String, String)> {
    let values = resource.get(METADATA_URN).and_then(Value::as_object).into_iter().flatten();
    values
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}
