//! What a directory may say about people, and about whom.

use super::*;

#[tokio::test]
async fn what_a_directory_sends_is_seen_in_the_console() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let directory = app.directory(&connector.secret).await;
    let mut new = sent("ada@contoso.example");
    new.folders = vec!["Finance".to_owned(), "HR".to_owned()];
    new.metadata = vec![("CostCenter".to_owned(), "4711".to_owned())];
    new.attributes = roles(&["user"]);
    let id = users::create(&directory, new).await.unwrap().record.id;
    let detail = lanyard::service::users::get(&org.admin, id).await.unwrap();
    assert_eq!(detail.summary.name, "Ada Lovelace");
    assert_eq!(detail.summary.role.unwrap().name, "User");
    assert_eq!(
        detail
            .folders
            .iter()
            .map(|folder| (folder.value.as_str(), folder.folder))
            .collect::<Vec<_>>(),
        [("Finance", None), ("HR", None)]
    );
    assert_eq!(detail.metadata[0].value, "4711");
    assert!(detail.identity.is_some(), "a Global User Id is reserved");
    assert!(detail.locked_fields.contains(&"email".to_owned()));
    let page = connectors::get(&org.admin, connector.id).await.unwrap();
    assert_eq!(page.summary.users, 1);
    assert_eq!(page.unknown_folders.len(), 2);
}

#[tokio::test]
async fn s02_accounts_that_the_connector_does_not_manage_are_not_touched() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let other = app.connector(&org).await;
    let directory = app.directory(&connector.secret).await;
    let others = app.directory(&other.secret).await;
    let local = app
        .user(&org, "local@contoso.example", Some(BuiltInRole::EnterpriseAdmin))
        .await;
    let foreign = users::create(&others, sent("foreign@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    let owner = org.admin.own_user().unwrap();
    for id in [local, foreign, owner] {
        assert!(matches!(users::get(&directory, id).await, Err(Error::NotFound)));
        assert!(matches!(
            update(&directory, id, sent("x@contoso.example")).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(users::delete(&directory, id).await, Err(Error::NotFound)));
        let group = SentGroup {
            display_name: format!("With {id}"),
            external_id: None,
            members: vec![id.to_string()],
        };
        assert!(matches!(groups::create(&directory, group).await, Err(Error::Invalid(_))));
    }
    for name in [
        "local@contoso.example",
        "LOCAL@contoso.example",
        "foreign@contoso.example",
        "olive@vendor.example",
    ] {
        assert!(
            matches!(
                users::create(&directory, sent(name)).await,
                Err(Error::Conflict { field: "user_name", .. })
            ),
            "{name}"
        );
    }
    let page = connectors::get(&org.admin, connector.id).await.unwrap();
    let wanted: Vec<_> = page.matches.iter().map(|found| (found.user, found.times)).collect();
    assert!(
        wanted.contains(&(local, 2)) && wanted.contains(&(owner, 1)) && wanted.len() == 2,
        "{wanted:?}"
    );
    assert!(
        lanyard::service::users::get(&org.admin, local)
            .await
            .unwrap()
            .summary
            .managed_by
            .is_none()
    );
}

#[tokio::test]
async fn s03_external_ids_are_never_ours() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let owner = org.admin.own_user().unwrap();
    let mut ids = HashSet::from([owner]);
    let own = owner.to_string();
    let spellings = [
        own.clone(),
        own.to_uppercase(),
        own.replace('-', ""),
        format!("{{{own}}}"),
        format!("urn:uuid:{own}"),
        format!(" {own} "),
    ];
    for (n, external) in ["0", "1", "-1", "admin", "me"]
        .into_iter()
        .map(str::to_owned)
        .chain(spellings)
        .enumerate()
    {
        let user = SentUser {
            external_id: Some(external.clone()),
            ..sent(&format!("u{n}@contoso.example"))
        };
        let made = users::create(&directory, user).await.unwrap().record;
        assert!(ids.insert(made.id), "{external}: an id was given twice");
        assert_eq!(made.external_id.as_deref(), Some(external.as_str()), "kept as sent");
    }
    let detail = lanyard::service::users::get(&org.admin, owner).await.unwrap();
    assert_eq!(detail.version, 1);
}

#[tokio::test]
async fn s12_deactivation_by_the_directory_ends_sessions_at_once() {
    let app = TestApp::new().await;
    let replica = app.replica();
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let with_role = SentUser {
        attributes: roles(&["User"]),
        ..sent("ada@contoso.example")
    };
    let id = users::create(&directory, with_role.clone()).await.unwrap().record.id;
    for delete in [false, true] {
        let cookie = app.sign_in(&org, "ada@contoso.example").await;
        assert!(replica.holder(&cookie).await.person().is_ok());
        if delete {
            users::delete(&directory, id).await.unwrap();
        } else {
            update(
                &directory,
                id,
                SentUser {
                    is_active: false,
                    ..with_role.clone()
                },
            )
            .await
            .unwrap();
        }
        assert!(app.holder(&cookie).await.person().is_err());
        assert!(replica.holder(&cookie).await.person().is_err());
        if !delete {
            update(&directory, id, with_role.clone()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_equal_description_changes_nothing() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let made = users::create(&directory, sent("ada@contoso.example")).await.unwrap();
    app.clock.advance(chrono::Duration::minutes(5));
    let same = update(&directory, made.record.id, sent("ada@contoso.example")).await.unwrap();
    assert_eq!(
        (same.record.version, same.record.updated_at),
        (made.record.version, made.record.updated_at)
    );
}

#[tokio::test]
async fn look_alike_metadata_keys_are_refused_by_name() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    for twins in [["Größe", "GRÖSSE"], ["Site", "S\u{131}te"], ["Team", "Te\u{200b}am"]] {
        let new = SentUser {
            metadata: twins.map(|key| (key.to_owned(), "1".to_owned())).to_vec(),
            ..sent("ada@contoso.example")
        };
        let Err(Error::Invalid(faults)) = users::create(&directory, new).await else {
            panic!("{twins:?} was accepted")
        };
        assert!(faults[0].field.contains(twins[1]), "{faults:?}");
    }
}

#[tokio::test]
async fn s02_renaming_to_an_account_of_others_is_noted_too() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let directory = app.directory(&connector.secret).await;
    let local = app.user(&org, "local@contoso.example", None).await;
    let ada = users::create(&directory, sent("ada@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    users::create(&directory, sent("bob@contoso.example")).await.unwrap();
    for name in ["LOCAL@contoso.example", "bob@contoso.example"] {
        assert!(
            matches!(
                update(&directory, ada, sent(name)).await,
                Err(Error::Conflict { field: "user_name", .. })
            ),
            "{name}"
        );
    }
    let page = connectors::get(&org.admin, connector.id).await.unwrap();
    let wanted: Vec<_> = page.matches.iter().map(|found| found.user).collect();
    assert_eq!(wanted, [local], "a login name of its own people is nothing to decide");
    let same = update(&directory, ada, sent("ADA@contoso.example")).await.unwrap().record;
    assert_eq!(same.user_name, "ADA@contoso.example", "its own name in another spelling");
}
