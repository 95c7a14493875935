//! Whole answers, kept in files: whatever changes in what a directory is served shows there.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::{ENT, FOLD, GROUP, META, USER, id_of, start};

/// The answer with names in place of the ids and times, which differ from run to run.
fn steady(answer: &Value, ids: &[(&str, &str)]) -> Value {
    let mut answer = answer.clone();
    if let Some(meta) = answer.get_mut("meta") {
        meta["created"] = "[time]".into();
        meta["lastModified"] = "[time]".into();
    }
    let mut text = answer.to_string();
    for (id, name) in ids {
        text = text.replace(id, name);
    }
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn discovery_is_as_it_was() {
    let (_, _, directory) = start().await;
    for name in ["ServiceProviderConfig", "ResourceTypes", "Schemas"] {
        let answer = directory.get(&format!("/{name}")).await.expect(200);
        assert_json_snapshot!(name, answer);
    }
}

#[tokio::test]
async fn resources_are_as_they_were() {
    let (_, _, directory) = start().await;
    let body = json!({
        "schemas": [USER, ENT],
        "userName": "ada@contoso.example",
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "active": "True",
        "displayName": "Ada Lovelace",
        "name": { "givenName": "Ada", "familyName": "Lovelace", "formatted": "Ada Lovelace" },
        "emails": [{ "primary": true, "type": "work", "value": "ada@contoso.example" }],
        "roles": [{ "primary": "True", "type": "WindowsAzureActiveDirectoryRole", "value": "Admin" }],
        "userType": "Premium",
        ENT: { "department": "R&D", "employeeNumber": "7" },
        FOLD: { "folders": [{ "value": "Site Plans" }, { "value": "EXT-9" }] },
        META: { "Cost Centre": "4711", "on.site": true },
    });
    let made = directory.post("/Users", &body).await.expect(201);
    let user = id_of(&made);
    let group = directory
        .post(
            "/Groups",
            &json!({ "schemas": [GROUP], "displayName": "Staff", "externalId": "staff", "members": [{ "value": user }] }),
        )
        .await
        .expect(201);
    let id = id_of(&group);
    let ids = [(user.as_str(), "[user]"), (id.as_str(), "[group]")];
    assert_json_snapshot!("group", steady(&group, &ids));
    let read = directory.get(&format!("/Users/{user}")).await.expect(200);
    assert_json_snapshot!("user", steady(&read, &ids));
    let list = directory
        .get("/Users?filter=userName+eq+%22ADA@contoso.example%22&attributes=userName")
        .await
        .expect(200);
    assert_json_snapshot!("list", steady(&list, &ids));
    let nothing = directory.get("/Users?filter=userName+eq+%22nobody%22").await.expect(200);
    assert_json_snapshot!("empty_list", nothing);
}

#[tokio::test]
async fn refusals_are_as_they_were() {
    let (_, _, directory) = start().await;
    directory.user("ada@contoso.example").await;
    for (name, answer) in [
        ("not_found", directory.get(&format!("/Users/{}", super::NOBODY)).await),
        (
            "taken",
            directory
                .post("/Users", &json!({ "schemas": [USER], "userName": "ADA@contoso.example" }))
                .await,
        ),
        ("no_user_name", directory.post("/Users", &json!({ "schemas": [USER] })).await),
        ("bad_filter", directory.get("/Users?filter=userName+eq").await),
        (
            "unknown_role",
            directory
                .post(
                    "/Users",
                    &json!({ "schemas": [USER], "userName": "x@contoso.example", "roles": [{ "value": "Emperor" }] }),
                )
                .await,
        ),
    ] {
        assert_json_snapshot!(name, answer.body);
    }
}
