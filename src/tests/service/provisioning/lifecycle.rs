//! Secrets of a connector, its pause and its end.

use super::*;

#[tokio::test]
async fn s26_rotation_overlaps_and_ends_to_the_second() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let second = connectors::rotate(&org.admin, connector.id, 24).await.unwrap();
    let works = async |secret: &secrecy::SecretString| {
        use secrecy::ExposeSecret;
        connectors::authenticate(
            &app.services,
            app.request(),
            connectors::Presented::Bearer(secret.expose_secret()),
        )
        .await
        .is_ok()
    };
    assert!(works(&connector.secret).await && works(&second).await);
    app.clock.advance(chrono::Duration::hours(24) - chrono::Duration::seconds(1));
    assert!(works(&connector.secret).await);
    app.clock.advance(chrono::Duration::seconds(1));
    assert!(!works(&connector.secret).await && works(&second).await);
    // Two at most are alive.
    let third = connectors::rotate(&org.admin, connector.id, 168).await.unwrap();
    let fourth = connectors::rotate(&org.admin, connector.id, 168).await.unwrap();
    assert!(!works(&second).await && works(&third).await && works(&fourth).await);
    assert!(matches!(
        connectors::rotate(&org.admin, connector.id, 169).await,
        Err(Error::Invalid(_))
    ));
    let live = connectors::get(&org.admin, connector.id).await.unwrap().credentials;
    let revoked = live.iter().find(|credential| credential.is_live).unwrap();
    connectors::revoke(&org.admin, connector.id, revoked.id).await.unwrap();
    assert!(!works(&fourth).await && works(&third).await);
    app.clock.advance(chrono::Duration::days(366));
    assert!(!works(&third).await, "every secret ends");
}

#[tokio::test]
async fn s13_a_paused_connector_and_an_ended_plan_refuse_the_directory() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let works = async || {
        use secrecy::ExposeSecret;
        connectors::authenticate(
            &app.services,
            app.request(),
            connectors::Presented::Bearer(connector.secret.expose_secret()),
        )
        .await
        .is_ok()
    };
    connectors::set_paused(&org.admin, connector.id, true).await.unwrap();
    assert!(!works().await);
    connectors::set_paused(&org.admin, connector.id, false).await.unwrap();
    assert!(works().await);
    lanyard::service::billing::set_toolkit(&org.admin, false).await.unwrap();
    assert!(!works().await);
    assert!(matches!(
        connectors::create(&org.admin, lanyard::domain::connector::ConnectorKind::Okta, None).await,
        Err(Error::ToolkitRequired)
    ));
}

#[tokio::test]
async fn s26_no_usable_secret_is_in_the_database() {
    use secrecy::ExposeSecret;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let app = TestApp::at(&format!("sqlite://{}", path.display())).await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let copy = folder.path().join("copy.db");
    lanyard::store::connect::copy_sqlite(&app.services.store, &copy)
        .await
        .unwrap();
    let dump = std::fs::read(copy).unwrap();
    for secret in [
        connector.secret.expose_secret(),
        org.cookie.expose_secret(),
        crate::app::PASSWORD,
    ] {
        assert!(!dump.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

#[tokio::test]
async fn removing_a_connector_leaves_its_people() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let directory = app.directory(&connector.secret).await;
    let id = users::create(&directory, sent("ada@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    groups::create(
        &directory,
        SentGroup {
            display_name: "All".to_owned(),
            external_id: None,
            members: vec![id.to_string()],
        },
    )
    .await
    .unwrap();
    assert!(matches!(
        connectors::delete(&org.admin, connector.id, "wrong").await,
        Err(Error::Invalid(_))
    ));
    connectors::delete(&org.admin, connector.id, "Microsoft Entra ID")
        .await
        .unwrap();
    let detail = lanyard::service::users::get(&org.admin, id).await.unwrap();
    assert!(detail.summary.managed_by.is_none() && detail.locked_fields.is_empty());
    assert_eq!(detail.groups.len(), 1);
    assert!(
        provisioning_log::list(&org.admin, &ProvisioningQuery::default())
            .await
            .is_ok()
    );
}

/// What the door hands over when it has answered a request.
fn answered(org: &TestOrganisation, connector: ConnectorId, method: &str, status: u16) -> EntryRecord {
    EntryRecord {
        id: ProvisioningEntryId::from_uuid(org.admin.new_uuid()),
        organisation: org.id,
        connector: Some(connector),
        credential: None,
        at: org.admin.now(),
        duration_us: 1,
        request_id: "test-request".to_owned(),
        ip: "192.0.2.1".to_owned(),
        user_agent: "test".to_owned(),
        method: method.to_owned(),
        path: "/Users".to_owned(),
        operation: "query".to_owned(),
        target_kind: None,
        target_id: None,
        target_name: None,
        status,
        scim_type: None,
        detail: None,
        changes: Vec::new(),
        ignored: Vec::new(),
        request_body: None,
        response_body: None,
    }
}

#[tokio::test]
async fn entries_of_a_removed_connector_do_not_take_others_with_them() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let gone = app.connector(&org).await;
    let other = app.connector(&org).await;
    let credential = connectors::get(&org.admin, gone.id).await.unwrap().credentials[0].id;
    connectors::delete(&org.admin, gone.id, "Microsoft Entra ID").await.unwrap();
    // Handed over before the connector was removed, written after.
    let recorder = &app.services.recorder;
    let mut late = answered(&org, gone.id, "GET", 200);
    late.credential = Some(credential);
    recorder.answered(late, None).await;
    recorder.answered(answered(&org, other.id, "GET", 200), None).await;
    recorder.flush().await;
    let page = provisioning_log::list(&org.admin, &ProvisioningQuery::default())
        .await
        .unwrap();
    let of: Vec<_> = page
        .items
        .iter()
        .map(|entry| entry.connector.as_ref().map(|found| found.id))
        .collect();
    assert_eq!(of, [Some(other.id), None]);
    let summary = connectors::get(&org.admin, other.id).await.unwrap().summary;
    assert!(summary.last_request_at.is_some());
}
