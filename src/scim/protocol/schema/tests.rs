use serde_json::{Value, json};

use super::super::fixtures::{FOLD, META};
use super::super::urn;
use super::*;

fn user_type() -> ResourceSchema {
    let roles: Vec<String> = ["ReadOnly", "User"].map(String::from).to_vec();
    ResourceSchema::user(
        &roles,
        vec![
            enterprise_user(),
            folders(FOLD, "CustomExtensionName", false),
            metadata(META, &[]),
        ],
    )
}

fn named<'v>(list: &'v Value, name: &str) -> &'v Value {
    list.as_array().unwrap().iter().find(|item| item["name"] == name).unwrap()
}

#[test]
fn lookup_ignores_case() {
    let schema = user_type();
    assert_eq!(schema.find("USERNAME").unwrap().name, "userName");
    assert_eq!(schema.find("externalid").unwrap().name, "externalId");
    assert_eq!(schema.find("emails").unwrap().sub("Value").unwrap().name, "value");
    assert!(schema.extension(&urn::ENTERPRISE_USER.to_uppercase()).is_some());
    assert!(schema.find("password").is_none());
}

#[test]
fn characteristics_follow_rfc_7643() {
    let user = user(&[]);
    let user_name = user.find("userName").unwrap();
    assert!(user_name.required && !user_name.case_exact);
    assert_eq!(user_name.uniqueness, Uniqueness::Server);
    assert!(user.find("groups").unwrap().is_read_only());
    assert!(user.find("active").unwrap().required);
    let schema = user_type();
    let external_id = schema.find("externalId").unwrap();
    assert!(external_id.case_exact && external_id.uniqueness == Uniqueness::None);
    let group = group();
    assert!(
        group
            .find("members")
            .unwrap()
            .sub_attributes
            .iter()
            .all(|sub| sub.mutability == Mutability::Immutable)
    );
}

#[test]
fn schemas_document_lists_each_schema_once_and_has_no_nulls() {
    let (user, group) = (user_type(), ResourceSchema::group());
    let list = schemas(&[&user, &group, &user], "https://x/scim/v2");
    assert_eq!(list["totalResults"], 5);
    let core = named(&list["Resources"], "User");
    assert_eq!(core["meta"]["location"], format!("https://x/scim/v2/Schemas/{}", urn::USER));
    assert_eq!(
        named(&core["attributes"], "userType")["canonicalValues"],
        json!(["Premium", "Standard"])
    );
    let roles = named(&core["attributes"], "roles");
    assert_eq!(
        named(&roles["subAttributes"], "value")["canonicalValues"],
        json!(["ReadOnly", "User"])
    );
    assert!(
        named(&list["Resources"], "Metadata")["attributes"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(!list.to_string().contains("null"));
    assert!(!list.to_string().contains("password"));
}

#[test]
fn resource_types_name_their_extensions() {
    let list = resource_types(&[&user_type(), &ResourceSchema::group()], "https://x/scim/v2");
    let user = named(&list["Resources"], "User");
    assert_eq!(user["endpoint"], "/Users");
    assert_eq!(
        user["schemaExtensions"][0],
        json!({"schema": urn::ENTERPRISE_USER, "required": false})
    );
}

#[test]
fn s27_bulk_is_advertised_as_unsupported_without_limits() {
    let config = ServiceProviderConfig {
        documentation_uri: None,
        patch: true,
        bulk: None,
        filter_max_results: 200,
        change_password: false,
        sort: false,
        etag: false,
        authentication_schemes: vec![AuthenticationScheme {
            kind: "oauthbearertoken",
            name: "Token".to_owned(),
            description: "Bearer token".to_owned(),
            spec_uri: Some("https://www.rfc-editor.org/rfc/rfc6750".to_owned()),
            primary: true,
        }],
    }
    .to_json("https://x/scim/v2");
    assert_eq!(
        config["bulk"],
        json!({"supported": false, "maxOperations": 0, "maxPayloadSize": 0})
    );
    assert_eq!(config["filter"], json!({"supported": true, "maxResults": 200}));
    assert_eq!(config["authenticationSchemes"][0]["type"], "oauthbearertoken");
    assert!(config.get("documentationUri").is_none());
}
