//! Users and groups that a scenario makes for itself, outside the sample tenant.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::bodies::create_group;
use super::super::dialect::{ENTERPRISE, USER};
use super::super::dice::Dice;
use super::super::directory::{Directory, SourceGroup};
use super::super::error::EmulateError;
use super::super::job::{Stage, quoted};

/// A resource under test.
#[derive(Debug, Clone)]
pub struct Subject {
    /// SCIM id.
    pub id: String,
    /// `/Users/…` or `/Groups/…`.
    pub path: String,
    /// `User` or `Group`.
    pub resource_type: &'static str,
    /// `userName` or `displayName`.
    pub name: String,
    /// `externalId`.
    pub external_id: Uuid,
}

/// The user name of a test person; unique per seed, scenario and dialect.
#[must_use]
pub fn user_name(stage: &Stage<'_>, directory: &Directory, label: &str) -> String {
    format!(
        "Test-{}-{label}-{}@{}",
        stage.scenario(),
        stage.dialect.name(),
        directory.domain
    )
}

/// The object id of a test person or group: always the same for one seed and name.
#[must_use]
pub fn object_id(directory: &Directory, name: &str) -> Uuid {
    let hash = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    Dice::new(directory.seed ^ hash).uuid()
}

/// A small creation body.
#[must_use]
pub fn plain_user(name: &str, external_id: Uuid) -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": external_id,
        "userName": name,
        "active": true,
        "displayName": "Grete Test",
        "name": { "formatted": "Grete Test", "familyName": "Test", "givenName": "Grete" },
        "emails": [{ "primary": true, "type": "work", "value": name }],
        "roles": [],
        "meta": { "resourceType": "User" },
    })
}

impl Subject {
    /// Makes a test person, after deleting what an interrupted run may have left. Failing to is a failed check.
    ///
    /// # Errors
    /// If the server is gone for good.
    pub async fn user(stage: &Stage<'_>, directory: &Directory, label: &str) -> Result<Option<Self>, EmulateError> {
        Self::user_with(stage, directory, label, |_| {}).await
    }

    /// The same with changes to the creation body.
    ///
    /// # Errors
    /// If the server is gone for good.
    pub async fn user_with(
        stage: &Stage<'_>,
        directory: &Directory,
        label: &str,
        change: impl FnOnce(&mut Value),
    ) -> Result<Option<Self>, EmulateError> {
        let name = user_name(stage, directory, label);
        let external_id = object_id(directory, &name);
        let mut body = plain_user(&name, external_id);
        change(&mut body);
        Self::make(stage, "User", name, external_id, body).await
    }

    /// Makes an empty test group.
    ///
    /// # Errors
    /// If the server is gone for good.
    pub async fn group(stage: &Stage<'_>, directory: &Directory, label: &str) -> Result<Option<Self>, EmulateError> {
        let name = format!("Test {} {label} {} {}", stage.scenario(), stage.dialect.name(), directory.tag);
        let external_id = object_id(directory, &name);
        let body = create_group(&SourceGroup {
            object_id: external_id,
            display_name: name.clone(),
            members: Vec::new(),
        });
        Self::make(stage, "Group", name, external_id, body).await
    }

    async fn make(
        stage: &Stage<'_>,
        resource_type: &'static str,
        name: String,
        external_id: Uuid,
        body: Value,
    ) -> Result<Option<Self>, EmulateError> {
        let collection = format!("/{resource_type}s");
        let attribute = if resource_type == "User" { "userName" } else { "displayName" };
        let left_over = stage.query(&collection, &format!("{attribute} eq {}", quoted(&name))).await?;
        if let Some(id) = left_over.only_id() {
            stage.delete(&format!("{collection}/{id}")).await?;
        }
        let made = stage.post(&collection, body).await?;
        let passed = stage
            .expect(format!("make a test {}", resource_type.to_lowercase()), &made)
            .created(resource_type)
            .done();
        if made.id().is_empty() || (!passed && made.status != 201) {
            return Ok(None);
        }
        let path = format!("{collection}/{}", made.id());
        stage.job.remember_extra(path.clone());
        Ok(Some(Self {
            id: made.id().to_owned(),
            path,
            resource_type,
            name,
            external_id,
        }))
    }
}
