//! Schemas and bodies that the tests of this library share.

use serde_json::{Map, Value, json};

use super::schema::{ResourceSchema, enterprise_user, folders, metadata};

/// Enterprise extension.
pub const ENT: &str = super::urn::ENTERPRISE_USER;
/// Folders extension.
pub const FOLD: &str = "urn:ietf:params:scim:schemas:extension:2.0:CustomExtensionName";
/// Metadata extension.
pub const META: &str = "urn:ietf:params:scim:schemas:extension:2.0:Metadata";

/// Users as the product serves them.
pub fn user_schema() -> ResourceSchema {
    user_schema_with(false)
}

/// Users, with the "Add replaces" switch for folders.
pub fn user_schema_with(add_replaces: bool) -> ResourceSchema {
    let roles: Vec<String> = ["ReadOnly", "User", "Admin", "EnterpriseAdmin"].map(String::from).to_vec();
    let keys = ["knownKey".to_owned()];
    ResourceSchema::user(
        &roles,
        vec![
            enterprise_user(),
            folders(FOLD, "CustomExtensionName", add_replaces),
            metadata(META, &keys),
        ],
    )
}

/// The object of a JSON literal.
pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("not an object: {other}"),
    }
}

/// A user in canonical form, as a store would hand it out.
pub fn ada() -> Map<String, Value> {
    object(json!({
        "schemas": [super::urn::USER, ENT],
        "id": "2819c223",
        "externalId": "ada",
        "meta": {"resourceType": "User", "created": "2026-01-02T03:04:05Z", "lastModified": "2026-01-02T03:04:05Z"},
        "userName": "ada@example.org",
        "displayName": "Ada L",
        "title": "Engineer",
        "active": true,
        "name": {"givenName": "Ada", "familyName": "L"},
        "emails": [{"type": "work", "value": "ada@example.org", "primary": true}, {"type": "home", "value": "ada@home.example"}],
        "roles": [{"value": "User", "primary": true}],
        ENT: {"department": "R&D", "manager": {"value": "m1", "$ref": "../Users/m1", "displayName": "Boss"}},
    }))
}
