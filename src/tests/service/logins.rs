//! What becomes of credentials, links and sessions when accounts are renamed, deactivated and deleted (security rules S12, S40).

use lanyard::domain::account::RecoveryForm;
use lanyard::domain::ids::UserId;
use lanyard::domain::role::BuiltInRole;
use lanyard::service::provisioning::users::{self as provisioned, SentUser};
use lanyard::service::{Context, Error, accounts, users};
use secrecy::SecretString;

use super::provisioning::{update, with_roles};
use crate::app::{PASSWORD, TestApp};

const OTHER: &str = "seven grey herons over the lake";

fn with_role(user_name: &str) -> SentUser {
    with_roles(user_name, &["User"])
}

/// Uses a recovery link.
async fn recover(app: &TestApp, url: &str, password: &str) -> Result<(), Error> {
    let form = RecoveryForm {
        token: url.rsplit('/').next().unwrap().to_owned(),
        password: password.to_owned(),
    };
    accounts::complete_recovery(&app.anonymous(), form).await
}

/// The account that a name and password open.
async fn opens(app: &TestApp, name: &str, password: &str) -> Option<UserId> {
    let signed_in = accounts::sign_in(&app.anonymous(), name, SecretString::from(password)).await;
    app.holder(&signed_in.ok()?.token).await.own_user()
}

#[tokio::test]
async fn s40_a_renamed_person_keeps_the_login_and_the_name_is_free_for_another() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let first = provisioned::create(&directory, with_role("ada@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    app.sign_in(&org, "ada@contoso.example").await;
    update(&directory, first, with_role("ada.l@contoso.example")).await.unwrap();
    let second = provisioned::create(&directory, with_role("ada@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    let url = accounts::create_recovery_link(&app.cli(), "ada@contoso.example")
        .await
        .unwrap();
    recover(&app, &url, OTHER).await.unwrap();
    assert_eq!(opens(&app, "ada@contoso.example", OTHER).await, Some(second));
    assert_eq!(opens(&app, "ada@contoso.example", PASSWORD).await, None);
    assert_eq!(opens(&app, "ada.l@contoso.example", PASSWORD).await, Some(first));
    // By the new name the same credentials are found again.
    let url = accounts::create_recovery_link(&app.cli(), "ada.l@contoso.example")
        .await
        .unwrap();
    recover(&app, &url, OTHER).await.unwrap();
    assert_eq!(opens(&app, "ada.l@contoso.example", OTHER).await, Some(first));
}

#[tokio::test]
async fn s40_a_login_name_of_somebody_elsewhere_is_not_taken_by_a_rename() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let theirs = app.another(&org, "Fabrikam").await;
    let victim = app.user(&theirs, "vera@shared.example", Some(BuiltInRole::User)).await;
    app.sign_in(&theirs, "vera@shared.example").await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let ada = provisioned::create(&directory, with_role("ada@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    app.sign_in(&org, "ada@contoso.example").await;
    // The directory learns nothing of the other organisation, and nobody loses a login.
    update(&directory, ada, with_role("vera@shared.example")).await.unwrap();
    assert_eq!(opens(&app, "vera@shared.example", PASSWORD).await, Some(victim));
    assert_eq!(opens(&app, "ada@contoso.example", PASSWORD).await, Some(ada));
    // The link is for the account that was named, whatever its login name.
    let within = app.cli().within(org.id).await.unwrap();
    let url = accounts::create_recovery_link(&within, "vera@shared.example").await.unwrap();
    recover(&app, &url, OTHER).await.unwrap();
    assert_eq!(opens(&app, "vera@shared.example", PASSWORD).await, Some(victim));
    assert_eq!(opens(&app, "ada@contoso.example", OTHER).await, Some(ada));
}

#[tokio::test]
async fn s40_recovery_in_one_organisation_leaves_the_namesake_in_another_alone() {
    let app = TestApp::new().await;
    let ours = app.set_up().await;
    let theirs = app.another(&ours, "Fabrikam").await;
    let bob = app.user(&ours, "bob@shared.example", Some(BuiltInRole::User)).await;
    app.user(&theirs, "bob@shared.example", Some(BuiltInRole::User)).await;
    let ambiguous = accounts::create_recovery_link(&app.cli(), "bob@shared.example").await;
    assert!(
        matches!(&ambiguous, Err(Error::Conflict { detail, .. }) if detail.contains("--org")),
        "{ambiguous:?}"
    );
    app.sign_in(&ours, "bob@shared.example").await;
    // Now that one of them has credentials, it is no clearer who is meant.
    assert!(matches!(
        accounts::create_recovery_link(&app.cli(), "bob@shared.example").await,
        Err(Error::Conflict { .. })
    ));
    let within = app.cli().within(theirs.id).await.unwrap();
    let refused = accounts::create_recovery_link(&within, "bob@shared.example").await;
    assert!(
        matches!(&refused, Err(Error::Conflict { field: "email", detail }) if detail.contains("somebody else")),
        "{refused:?}"
    );
    assert_eq!(opens(&app, "bob@shared.example", PASSWORD).await, Some(bob));
    // An operator is found without an organisation, however many there are.
    accounts::create_recovery_link(&app.cli(), "olive@vendor.example")
        .await
        .unwrap();
    assert!(matches!(
        accounts::create_recovery_link(&app.cli(), "nobody@shared.example").await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        accounts::create_recovery_link(&ours.admin, "bob@shared.example").await,
        Err(Error::Forbidden)
    ));
}

#[tokio::test]
async fn s12_credentials_go_with_the_last_account() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    for by_directory in [false, true] {
        let name = format!("grace.{by_directory}@contoso.example");
        let mut ids = Vec::new();
        for _ in 0..2 {
            let id = if by_directory {
                provisioned::create(&directory, with_role(&name)).await.unwrap().record.id
            } else {
                app.user(&org, &name, Some(BuiltInRole::User)).await
            };
            assert_eq!(
                opens(&app, &name, PASSWORD).await,
                None,
                "not by the password of who was here before"
            );
            let cookie = app.sign_in(&org, &name).await;
            assert_eq!(app.holder(&cookie).await.own_user(), Some(id));
            delete(&app, &org.admin, &directory, by_directory, id, &name).await;
            assert!(app.holder(&cookie).await.person().is_err());
            ids.push(id);
        }
        assert_ne!(ids[0], ids[1]);
    }
    // Who has an account elsewhere keeps the login.
    let elsewhere = app.another(&org, "Fabrikam").await;
    let olive = elsewhere.admin.own_user().unwrap();
    let cli = app.cli().within(elsewhere.id).await.unwrap();
    app.user(&elsewhere, "second@fabrikam.example", Some(BuiltInRole::EnterpriseAdmin))
        .await;
    app.sign_in(&elsewhere, "second@fabrikam.example").await;
    users::delete(&cli, olive, "olive@vendor.example").await.unwrap();
    assert_eq!(opens(&app, "olive@vendor.example", PASSWORD).await, org.admin.own_user());
}

async fn delete(app: &TestApp, admin: &Context, directory: &Context, by_directory: bool, id: UserId, name: &str) {
    app.clock.advance(chrono::Duration::seconds(1));
    if by_directory {
        provisioned::delete(directory, id).await.unwrap();
    } else {
        users::delete(admin, id, name).await.unwrap();
    }
}

#[tokio::test]
async fn s12_links_die_with_the_access() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    for by_directory in [false, true] {
        for deletes in [false, true] {
            let name = format!("grace.{by_directory}.{deletes}@contoso.example");
            let id = if by_directory {
                provisioned::create(&directory, with_role(&name)).await.unwrap().record.id
            } else {
                app.user(&org, &name, Some(BuiltInRole::User)).await
            };
            let url = accounts::create_recovery_link(&app.cli(), &name).await.unwrap();
            match (deletes, by_directory) {
                (true, _) => delete(&app, &org.admin, &directory, by_directory, id, &name).await,
                (false, false) => users::deactivate(&org.admin, id).await.unwrap(),
                (false, true) => {
                    let inactive = SentUser {
                        is_active: false,
                        ..with_role(&name)
                    };
                    update(&directory, id, inactive).await.unwrap();
                }
            }
            assert!(matches!(recover(&app, &url, OTHER).await, Err(Error::NotFound)), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s12_a_deactivation_during_sign_in_leaves_no_session() {
    let app = TestApp::with_pool().await;
    let org = app.set_up().await;
    let grace = app.user(&org, "grace@contoso.example", Some(BuiltInRole::User)).await;
    app.sign_in(&org, "grace@contoso.example").await;
    for round in 0..12 {
        let cx = app.anonymous();
        let sign_in =
            tokio::spawn(async move { accounts::sign_in(&cx, "grace@contoso.example", SecretString::from(PASSWORD)).await });
        tokio::time::sleep(std::time::Duration::from_millis(round * 4)).await;
        users::deactivate(&org.admin, grace).await.unwrap();
        let answer = sign_in.await.unwrap();
        // A session that had been left behind would live again now.
        users::activate(&org.admin, grace).await.unwrap();
        match answer {
            Ok(session) => assert!(app.holder(&session.token).await.person().is_err(), "round {round}"),
            Err(Error::Forbidden | Error::WrongCredentials) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}
