//! What each request leaves in the provisioning log.

use lanyard::domain::connector::{ConnectorHealth, Finding};
use lanyard::domain::provisioning::{ProvisioningDetail, ProvisioningQuery};
use lanyard::scim::Limits;
use lanyard::service::{connectors, provisioning_log};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{Call, Directory, FOLD, UNLIMITED, person, start};
use crate::app::{TestApp, TestOrganisation};

/// All entries in full, oldest first.
async fn entries(app: &TestApp, organisation: &TestOrganisation) -> Vec<ProvisioningDetail> {
    app.services.recorder.flush().await;
    let page = provisioning_log::list(
        &organisation.admin,
        &ProvisioningQuery {
            limit: Some(200),
            ..ProvisioningQuery::default()
        },
    )
    .await
    .unwrap();
    let mut entries = Vec::new();
    for summary in page.items.into_iter().rev() {
        entries.push(provisioning_log::get(&organisation.admin, summary.id).await.unwrap());
    }
    entries
}

#[tokio::test]
async fn every_request_is_one_entry() {
    let (app, organisation, directory) = start().await;
    directory
        .query("/Users", "userName eq \"ada@contoso.example\"")
        .await
        .expect(200);
    let id = directory.user("ada@contoso.example").await;
    let path = format!("/Users/{id}");
    directory
        .patch(
            &path,
            json!([{ "op": "Replace", "path": "displayName", "value": "Countess" }]),
        )
        .await
        .expect(200);
    directory
        .patch(
            &path,
            json!([{ "op": "Replace", "path": "displayName", "value": "Countess" }]),
        )
        .await
        .expect(200);
    directory.put(&path, &person("ada@contoso.example")).await.expect(200);
    directory.get(&path).await.expect(200);
    directory.delete(&path).await.expect(204);
    directory.get("/Schemas").await.expect(200);
    directory.post("/Bulk", &json!({})).await.refused(501, None);
    let found: Vec<_> = entries(&app, &organisation).await;
    let words: Vec<_> = found
        .iter()
        .map(|entry| (entry.summary.operation.as_str(), entry.summary.status, entry.changes.len()))
        .collect();
    assert_eq!(
        words,
        [
            ("query", 200, 0),
            ("create", 201, words[1].2),
            ("update", 200, 1),
            ("update", 200, 0),
            ("replace", 200, 1),
            ("read", 200, 0),
            ("delete", 204, 0),
            ("discover", 200, 0),
            ("create", 501, 0)
        ]
    );
    assert!(words[1].2 >= 5, "a creation lists what was set");
    assert_eq!(found[0].summary.path, "/Users?filter=userName eq \"ada@contoso.example\"");
    let change = &found[2].changes[0];
    assert_eq!(
        (change.field.as_str(), change.before.as_deref(), change.after.as_deref()),
        ("display_name", Some("Ada Lovelace"), Some("Countess"))
    );
    for entry in &found[1..7] {
        assert_eq!(
            (entry.summary.target.as_deref(), entry.target_kind.as_deref()),
            (Some("ada@contoso.example"), Some("user")),
            "{}",
            entry.summary.operation
        );
        assert_eq!(entry.target_id.as_deref(), Some(id.as_str()), "{}", entry.summary.operation);
        assert_eq!(entry.summary.connector.as_ref().unwrap().id, directory.connector);
    }
    assert!(
        found[1]
            .request_body
            .as_deref()
            .unwrap()
            .contains("\"userName\":\"ada@contoso.example\"")
    );
    assert!(found[1].response_body.as_deref().unwrap().contains(&id));
    assert!(
        found
            .iter()
            .all(|entry| !entry.request_id.is_empty() && entry.summary.duration_us >= 0)
    );
    let page = connectors::get(&organisation.admin, directory.connector).await.unwrap();
    assert!(page.summary.last_request_at.is_some() && page.credentials[0].last_used_at.is_some());
}

#[tokio::test]
async fn a_refusal_says_why_and_lists_no_change() {
    let (app, organisation, directory) = start().await;
    let id = directory.user("ada@contoso.example").await;
    directory.user("bob@contoso.example").await;
    directory.patch(&format!("/Users/{id}"), json!([{ "op": "replace", "path": "displayName", "value": "X" }, { "op": "replace", "path": "userName", "value": "bob@contoso.example" }])).await.refused(409, Some("uniqueness"));
    directory
        .patch(
            &format!("/Users/{id}"),
            json!([{ "op": "replace", "path": "userType", "value": "gold" }]),
        )
        .await
        .refused(400, Some("invalidValue"));
    directory.get("/Users/1").await.refused(404, None);
    let found = entries(&app, &organisation).await;
    let [.., taken, wrong, gone] = found.as_slice() else {
        panic!()
    };
    assert_eq!(
        (taken.summary.status, taken.scim_type.as_deref(), taken.changes.len()),
        (409, Some("uniqueness"), 0)
    );
    assert_eq!(
        taken.detail.as_deref(),
        Some("userName 'bob@contoso.example' is already taken")
    );
    assert!(wrong.detail.as_deref().unwrap().contains("userType"));
    assert_eq!(wrong.target_id.as_deref(), Some(id.as_str()));
    assert_eq!(
        (gone.summary.status, gone.scim_type.as_deref(), gone.summary.path.as_str()),
        (404, None, "/Users/1")
    );
}

#[tokio::test]
async fn s29_what_was_sent_and_not_used_is_listed() {
    let (app, organisation, directory) = start().await;
    let mut body = person("ada@contoso.example");
    body["shoeSize"] = json!(42);
    body["password"] = json!("hunter2hunter2");
    body["groups"] = json!([{ "value": "1" }]);
    body["urn:example:other:2.0:User"] = json!({ "x": "y" });
    let made = directory.post("/Users", &body).await.expect(201);
    directory.patch(&format!("/Users/{}", super::id_of(&made)), json!([{ "op": "add", "path": "urn:example:other:2.0:User:x", "value": "z" }, { "op": "add", "path": format!("{FOLD}:colour"), "value": "red" }])).await.expect(200);
    let found = entries(&app, &organisation).await;
    let ignored = |n: usize| -> Vec<String> { found[n].ignored.iter().map(|ignored| ignored.attribute.clone()).collect() };
    for name in ["shoeSize", "groups", "urn:example:other:2.0:User", "password"] {
        assert!(
            ignored(0).iter().any(|found| found.contains(name)),
            "{name}: {:?}",
            ignored(0)
        );
    }
    assert_eq!(
        ignored(1),
        ["urn:example:other:2.0:User:x".to_owned(), format!("{FOLD}:colour")]
    );
}

#[tokio::test]
async fn s49_secrets_are_not_kept() {
    let (app, organisation, directory) = start().await;
    let secret = directory.secret.expose_secret().to_owned();
    let mut body = person("ada@contoso.example");
    body["password"] = json!("hunter2hunter2");
    body["title"] = json!(format!("pasted {secret}"));
    let id = super::id_of(&directory.post("/Users", &body).await.expect(201));
    directory
        .patch(
            &format!("/Users/{id}"),
            json!([{ "op": "replace", "path": "password", "value": "hunter2hunter2" }]),
        )
        .await
        .expect(200);
    directory.get(&format!("/Users?access_token={secret}")).await.expect(200);
    directory.get(&format!("/Users/{secret}")).await.refused(404, None);
    directory
        .send(Call::new("POST", "/Users").raw("{\"password\":\"hunter2hunter2\""))
        .await
        .refused(400, Some("invalidSyntax"));
    let found = entries(&app, &organisation).await;
    assert_eq!(found.len(), 5);
    for entry in found {
        let text = serde_json::to_string(&ProvisioningDetail {
            response_body: None,
            changes: Vec::new(),
            ..entry
        })
        .unwrap();
        assert!(!text.contains("hunter2hunter2") && !text.contains(&secret), "{text}");
    }
}

#[tokio::test]
async fn requests_over_the_limit_do_not_flood_the_log() {
    let app = TestApp::new().await;
    let organisation = app.set_up().await;
    let directory = Directory::limited(
        &app,
        &organisation,
        Limits {
            per_second: 1,
            burst: 3,
            ..UNLIMITED
        },
    )
    .await;
    for _ in 0..30 {
        directory.get("/ServiceProviderConfig").await;
    }
    let found = entries(&app, &organisation).await;
    let throttled = found.iter().filter(|entry| entry.summary.status == 429).count();
    assert!((1..5).contains(&throttled) && found.len() < 10, "{} {throttled}", found.len());
}

#[tokio::test]
async fn a_connector_that_gets_nothing_written_is_failing() {
    let (app, organisation, directory) = start().await;
    let health = async || {
        app.services.recorder.flush().await;
        let page = connectors::get(&organisation.admin, directory.connector).await.unwrap();
        let listed = connectors::list(&organisation.admin).await.unwrap();
        assert_eq!(listed[0].health, page.summary.health);
        page.summary.health
    };
    let refused = async |n: usize| {
        let name = format!("refused{n}@contoso.example");
        assert_eq!(directory.found("/Users", &format!("userName eq \"{name}\"")).await.len(), 0);
        let mut body = person(&name);
        body["userType"] = json!("gold");
        directory.post("/Users", &body).await.refused(400, Some("invalidValue"));
        directory.get("/Schemas").await.expect(200);
    };
    refused(0).await;
    assert_eq!(health().await, ConnectorHealth::Healthy, "one odd person");
    refused(1).await;
    refused(2).await;
    assert_eq!(health().await, ConnectorHealth::Failing);
    let checks = connectors::test(&organisation.admin, directory.connector).await.unwrap();
    assert!(checks.contains(&Finding::WritesRefused), "{checks:?}");
    directory.user("ada@contoso.example").await;
    assert_eq!(health().await, ConnectorHealth::Healthy, "one was accepted");
    refused(3).await;
    directory.get("/Users/1").await.refused(404, None);
    assert_eq!(health().await, ConnectorHealth::Healthy);
}
