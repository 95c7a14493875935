//! The mapping of users and groups; filters have a file of their own.

mod filter;

use rstest::rstest;
use serde_json::{Value, json};

use super::super::protocol::resource::{Resource, canonicalise};
use super::super::protocol::urn::{ENTERPRISE_USER as ENT, USER};
use super::super::protocol::{PatchOptions, PatchRequest, ScimType, patch, urn};
use super::*;
use crate::domain::connector::ProvisioningSettings;
use crate::domain::directory::METADATA_URN as META;
use crate::domain::directory::sent_roles;
use crate::domain::ids::{GroupId, UserId};
use crate::domain::record::{GroupRecord, UserRecord};
use crate::domain::user::UserType;
use crate::service::provisioning::Vocabulary;
use crate::service::provisioning::users::{ProvisionedUser, SentUser};

const FOLD: &str = "urn:ietf:params:scim:schemas:extension:2.0:CustomExtensionName";
const BASE: &str = "https://id.example/scim/v2";

fn mapping_with(settings: ProvisioningSettings) -> UserMapping {
    let roles = ["ReadOnly", "User", "Admin", "EnterpriseAdmin"].map(str::to_owned).to_vec();
    UserMapping::new(
        &Vocabulary {
            settings,
            roles,
            metadata_keys: vec!["CostCenter".to_owned()],
        },
        BASE,
    )
}

fn mapping() -> UserMapping {
    mapping_with(ProvisioningSettings::default())
}

fn id(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

/// The record that the service layer would make of a description.
fn record(sent: SentUser) -> UserRecord {
    let at = chrono::DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap();
    UserRecord {
        id: UserId::from_uuid(id(1)),
        identity: None,
        connector: None,
        user_name: sent.user_name,
        external_id: sent.external_id,
        is_active: sent.is_active,
        display_name: sent.display_name,
        given_name: sent.given_name,
        family_name: sent.family_name,
        email: sent.email,
        user_type: sent.user_type.as_deref().and_then(UserType::from_name),
        effective_user_type: UserType::Standard,
        role: None,
        is_role_manual: false,
        is_role_capped: false,
        login_connector: None,
        is_login_method_manual: false,
        is_external: false,
        attributes: sent.attributes,
        invited_at: None,
        invitation_expires_at: None,
        invitation_accepted_at: None,
        last_sign_in_at: None,
        last_provisioned_at: None,
        version: 3,
        created_at: at,
        updated_at: at,
    }
}

fn group(name: &str) -> GroupRecord {
    let at = chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let id = GroupId::from_uuid(id(2));
    GroupRecord {
        id,
        connector: None,
        name: name.to_owned(),
        external_id: Some("g-1".to_owned()),
        version: 5,
        created_at: at,
        updated_at: at,
    }
}

fn sent(body: Value) -> SentUser {
    let mapping = mapping();
    mapping.sent(canonicalise(&body, &mapping.schema).unwrap().0).unwrap()
}

fn with(extra: Value) -> Value {
    let mut body = json!({"schemas": [USER], "userName": "ada"});
    body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    body
}

fn served(body: Value) -> Resource {
    mapping().resource(&ProvisionedUser {
        record: record(sent(body)),
        groups: Vec::new(),
    })
}

fn full() -> Value {
    json!({
        "schemas": [USER, ENT, FOLD, META],
        "externalId": "o-1", "userName": "Ada@Example.org", "active": false, "displayName": "Ada L", "nickName": "ada",
        "title": "Engineer", "userType": "Premium", "locale": "en-GB", "preferredLanguage": "en", "timezone": "Europe/London",
        "profileUrl": "https://example.org/ada",
        "name": {"formatted": "Ada King L", "familyName": "L", "givenName": "Ada", "middleName": "King"},
        "emails": [{"type": "home", "value": "ada@home.example"}, {"type": "work", "value": "ada@example.org", "primary": true}],
        "phoneNumbers": [{"type": "work", "value": "+44 (0) 20-7946 0000"}],
        "addresses": [{"type": "work", "streetAddress": "1 Main St\nFloor 2", "country": "United States"}],
        "roles": [{"value": "Admin", "primary": true, "type": "WindowsAzureActiveDirectoryRole"}],
        ENT: {"department": "R&D", "employeeNumber": "7", "manager": {"value": "m-1"}},
        FOLD: {"folders": ["North", "South"]},
        META: {"CostCenter": "7", "Free Key.v2": "yes"},
    })
}

#[test]
fn what_is_sent_is_served() {
    let served = served(full());
    let mut expected = full();
    expected["id"] = json!(id(1).to_string());
    expected["meta"] = json!({
        "resourceType": "User", "created": "2023-11-14T22:13:20.123456Z", "lastModified": "2023-11-14T22:13:20.123456Z",
        "version": "W/\"3\"", "location": format!("{BASE}/Users/{}", id(1)),
    });
    assert_eq!(Value::Object(served.clone()), expected);
    // Okta sends back what it read, as a whole.
    assert_eq!(sent(Value::Object(served)), sent(full()));
}

#[test]
fn fields_of_their_own_are_kept_once() {
    let sent = sent(full());
    assert_eq!(
        (sent.user_name.as_str(), sent.external_id.as_deref(), sent.is_active),
        ("Ada@Example.org", Some("o-1"), false)
    );
    assert_eq!(
        (
            sent.given_name.as_deref(),
            sent.family_name.as_deref(),
            sent.user_type.as_deref()
        ),
        (Some("Ada"), Some("L"), Some("Premium"))
    );
    assert_eq!(
        sent.attributes.get("name"),
        Some(&json!({"formatted": "Ada King L", "middleName": "King"}))
    );
    for name in [
        "userName",
        "externalId",
        "active",
        "displayName",
        "userType",
        "id",
        "meta",
        "schemas",
        "groups",
    ] {
        assert!(!sent.attributes.contains_key(name), "{name}");
    }
}

#[test]
fn the_least_that_can_be_sent() {
    let sent = sent(with(json!({"name": {"givenName": "Ada"}})));
    assert!(sent.is_active && sent.attributes.is_empty() && sent.email.is_none());
    let served = served(with(json!({})));
    let keys: Vec<&String> = served.keys().collect();
    assert_eq!(keys.len(), 5, "{keys:?}");
    assert_eq!(served["schemas"], json!([USER]));
}

#[rstest]
#[case(json!([{"value": "a"}, {"value": "b", "type": "work"}, {"value": "c", "primary": true}]), Some("c"))]
#[case(json!([{"value": "a"}, {"value": "b", "type": "WORK"}]), Some("b"))]
#[case(json!([{"value": "a", "type": "home"}, {"value": "b", "type": "other"}]), Some("a"))]
#[case(json!({"value": "a", "type": "work"}), Some("a"))]
#[case(json!([]), None)]
fn the_address_that_stands_for_the_person(#[case] emails: Value, #[case] expected: Option<&str>) {
    assert_eq!(sent(with(json!({"emails": emails}))).email.as_deref(), expected);
}

#[rstest]
#[case(json!("F1, F2,,F1 "), &["F1", "F2"])]
#[case(json!(["F1", " F2"]), &["F1", "F2"])]
#[case(json!([{"value": "F1"}, {"value": " F2 "}]), &["F1", "F2"])]
#[case(json!([]), &[])]
#[case(json!(""), &[])]
fn folders_in_every_shape(#[case] folders: Value, #[case] expected: &[&str]) {
    let body = with(json!({FOLD: {"folders": folders}}));
    assert_eq!(sent(body.clone()).folders, expected);
    let shown = served(body).get(FOLD).map(|extension| extension["folders"].clone());
    assert_eq!(shown, (!expected.is_empty()).then(|| json!(expected)));
}

#[rstest]
#[case(json!("text"), "text")]
#[case(json!(7), "7")]
#[case(json!(true), "true")]
#[case(json!(1.5), "1.5")]
fn metadata_is_text(#[case] value: Value, #[case] expected: &str) {
    let sent = sent(with(json!({META: {"Odd key.2": value}})));
    assert_eq!(sent.metadata, [("Odd key.2".to_owned(), expected.to_owned())]);
}

#[test]
fn metadata_keys_have_the_organisations_spelling() {
    assert_eq!(
        sent(with(json!({META: {"COSTCENTER": "7"}}))).metadata,
        [("CostCenter".to_owned(), "7".to_owned())]
    );
}

#[rstest]
#[case(json!([{"primary": true, "type": "WindowsAzureActiveDirectoryRole", "value": "admin"}]), &[("Admin", true)])]
#[case(json!([{"value": "{\"id\":\"1\",\"value\":\"READONLY\",\"displayName\":\"R\"}"}]), &[("ReadOnly", false)])]
#[case(json!([{"value": "User", "display": "U"}, {"value": "Admin", "primary": "False"}]), &[("User", false), ("Admin", false)])]
#[case(json!("User"), &[("User", false)])]
#[case(json!([]), &[])]
fn roles_in_every_shape(#[case] roles: Value, #[case] expected: &[(&str, bool)]) {
    let roles = sent_roles(&sent(with(json!({"roles": roles}))).attributes);
    let found: Vec<(&str, bool)> = roles.iter().map(|role| (role.value.as_str(), role.is_primary)).collect();
    assert_eq!(found, expected);
}

#[test]
fn an_unknown_role_is_refused() {
    let error = canonicalise(&with(json!({"roles": [{"value": "Root"}]})), &mapping().schema).unwrap_err();
    assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidValue)));
    assert!(error.detail.contains("roles"), "{}", error.detail);
}

#[test]
fn a_patch_keeps_what_it_does_not_name() {
    let mapping = mapping();
    let before = record(sent(full()));
    let operations = json!([{"op": "Replace", "path": "active", "value": "True"}, {"op": "Add", "path": format!("{FOLD}:folders"), "value": [{"value": "East"}]}]);
    let request = PatchRequest::parse(&json!({"schemas": [urn::PATCH_OP], "Operations": operations})).unwrap();
    let mut resource = mapping.stored(&before);
    assert!(
        patch::apply(&request, &mut resource, &mapping.schema, &PatchOptions::default())
            .unwrap()
            .changed
    );
    let after = mapping.sent(resource).unwrap();
    let folders = ["North", "South", "East"].map(str::to_owned).to_vec();
    let mut expected = sent(full());
    expected
        .attributes
        .insert(FOLD.to_owned(), json!({"folders": folders.clone()}));
    assert_eq!(
        after,
        SentUser {
            is_active: true,
            folders,
            ..expected
        }
    );
}

#[test]
fn folders_follow_a_renamed_extension() {
    let renamed = mapping_with(ProvisioningSettings {
        folders_extension_name: "Access".to_owned(),
        ..ProvisioningSettings::default()
    });
    let resource = renamed.resource(&ProvisionedUser {
        record: record(sent(full())),
        groups: Vec::new(),
    });
    assert!(!resource.contains_key(FOLD));
    assert_eq!(
        resource["urn:ietf:params:scim:schemas:extension:2.0:Access"],
        json!({"folders": ["North", "South"]})
    );
}

#[test]
fn groups_of_a_user_are_derived() {
    let user = ProvisionedUser {
        record: record(sent(with(json!({"groups": [{"value": "forged"}]})))),
        groups: vec![group("Staff")],
    };
    let shown = mapping().resource(&user);
    let address = format!("{BASE}/Groups/{}", id(2));
    assert_eq!(
        shown["groups"],
        json!([{"value": id(2).to_string(), "$ref": address, "display": "Staff", "type": "direct"}])
    );
}

#[test]
fn groups_are_served() {
    let mapping = GroupMapping::new(BASE);
    let shown = mapping.resource(&group("Staff"), &[UserId::from_uuid(id(1))]);
    let address = format!("{BASE}/Users/{}", id(1));
    assert_eq!(
        shown["members"],
        json!([{"value": id(1).to_string(), "$ref": address, "type": "User"}])
    );
    assert_eq!(
        (&shown["displayName"], &shown["externalId"], &shown["meta"]["version"]),
        (&json!("Staff"), &json!("g-1"), &json!("W/\"5\""))
    );
    assert!(!mapping.resource(&group("Empty"), &[]).contains_key("members"));
}
