use lanyard::domain::account::{LinkStatus, SetupForm};
use lanyard::domain::user::AccessEdit;
use lanyard::service::{Error, setup, users};

use crate::app::{PASSWORD, TestApp};

fn form(token: &str) -> SetupForm {
    SetupForm {
        token: token.to_owned(),
        name: "Eve".to_owned(),
        email: "eve@attacker.example".to_owned(),
        password: PASSWORD.to_owned(),
        organisation: "Evil".to_owned(),
    }
}

#[tokio::test]
async fn s48_set_up_happens_once_whoever_is_left() {
    let app = TestApp::new().await;
    let first = setup::create_link(&app.cli()).await.unwrap();
    let second = setup::create_link(&app.cli()).await.unwrap();
    let token = |link: &setup::SetupLink| link.url.rsplit('/').next().unwrap().to_owned();
    // A newer link kills the older one.
    assert_eq!(
        setup::status(&app.anonymous(), &token(&first)).await.unwrap(),
        LinkStatus::Unusable
    );
    assert!(matches!(
        setup::status(&app.anonymous(), &token(&second)).await.unwrap(),
        LinkStatus::Usable { .. }
    ));
    // Asking does not use it up.
    setup::complete(&app.anonymous(), form(&token(&second))).await.unwrap();
    assert_eq!(
        setup::status(&app.anonymous(), &token(&second)).await.unwrap(),
        LinkStatus::AlreadySetUp
    );
    assert!(matches!(
        setup::complete(&app.anonymous(), form(&token(&second))).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(setup::create_link(&app.cli()).await, Err(Error::Conflict { .. })));
}

#[tokio::test]
async fn s48_a_link_lives_an_hour_and_only_the_command_line_makes_one() {
    let app = TestApp::new().await;
    let link = setup::create_link(&app.cli()).await.unwrap();
    let token = link.url.rsplit('/').next().unwrap().to_owned();
    app.clock.advance(chrono::Duration::minutes(61));
    assert_eq!(setup::status(&app.anonymous(), &token).await.unwrap(), LinkStatus::Unusable);
    assert!(matches!(
        setup::complete(&app.anonymous(), form(&token)).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        setup::create_link(&app.anonymous()).await,
        Err(Error::Unauthenticated)
    ));
    assert!(matches!(
        setup::complete(&app.anonymous(), form("guess")).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn s48_of_many_at_once_one_sets_up() {
    let app = TestApp::with_pool().await;
    let link = setup::create_link(&app.cli()).await.unwrap();
    let token = link.url.rsplit('/').next().unwrap().to_owned();
    let tries = (0..8).map(|_| {
        let (cx, form) = (app.anonymous(), form(&token));
        tokio::spawn(async move { setup::complete(&cx, form).await.is_ok() })
    });
    let outcomes = futures::future::join_all(tries).await;
    assert_eq!(outcomes.into_iter().filter(|outcome| *outcome.as_ref().unwrap()).count(), 1);
}

#[tokio::test]
async fn bad_input_names_every_field_and_spends_nothing() {
    let app = TestApp::new().await;
    let link = setup::create_link(&app.cli()).await.unwrap();
    let token = link.url.rsplit('/').next().unwrap().to_owned();
    let bad = SetupForm {
        token: token.clone(),
        name: " ".to_owned(),
        email: "nobody".to_owned(),
        password: "short".to_owned(),
        organisation: String::new(),
    };
    let Err(Error::Invalid(faults)) = setup::complete(&app.anonymous(), bad).await.map(|_| ()) else {
        panic!("accepted")
    };
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["name", "email", "organisation", "password"]);
    setup::complete(&app.anonymous(), form(&token)).await.unwrap();
}

#[tokio::test]
async fn s09_the_only_administrator_cannot_be_demoted_by_the_command_line_either() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let cli = app.cli().within(org.id).await.unwrap();
    let admin = org.admin.own_user().unwrap();
    let detail = users::get(&cli, admin).await.unwrap();
    let edit = AccessEdit {
        id: admin,
        version: detail.version,
        role: String::new(),
        user_type: detail.summary.user_type,
    };
    assert!(matches!(
        users::update_access(&cli, &edit).await,
        Err(Error::LastAdministrator)
    ));
    assert!(matches!(users::deactivate(&cli, admin).await, Err(Error::LastAdministrator)));
    assert!(matches!(
        users::delete(&cli, admin, "olive@vendor.example").await,
        Err(Error::LastAdministrator)
    ));
}
