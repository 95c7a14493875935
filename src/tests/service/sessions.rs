use lanyard::domain::account::PasswordChange;
use lanyard::domain::role::BuiltInRole;
use lanyard::domain::user::AccessEdit;
use lanyard::service::{Error, accounts, sessions, users};
use secrecy::{ExposeSecret, SecretString};

use crate::app::{PASSWORD, TestApp};

#[tokio::test]
async fn s21_sessions_end_when_idle_and_at_their_absolute_end() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    app.clock.advance(chrono::Duration::minutes(59));
    assert!(app.holder(&org.cookie).await.person().is_ok());
    app.clock.advance(chrono::Duration::minutes(61));
    assert!(app.holder(&org.cookie).await.person().is_err(), "idle for an hour");

    let app = TestApp::new().await;
    let org = app.set_up().await;
    for _ in 0..13 {
        app.clock.advance(chrono::Duration::minutes(54));
        assert!(app.holder(&org.cookie).await.person().is_ok());
    }
    app.clock.advance(chrono::Duration::minutes(54));
    assert!(app.holder(&org.cookie).await.person().is_err(), "twelve hours are over");
}

#[tokio::test]
async fn s21_odd_cookies_are_nobody() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let token = org.cookie.expose_secret();
    for odd in [
        "",
        "x",
        &token[1..],
        &token.to_uppercase(),
        &format!("{token}0"),
        "é",
        &"a".repeat(10_000),
        "' OR 1=1 --",
    ] {
        let (cx, renewed) = sessions::authenticate(&app.services, app.request(), Some(odd)).await.unwrap();
        assert!(cx.person().is_err() && renewed.is_none(), "{odd}");
    }
}

#[tokio::test]
async fn s21_a_role_change_renews_the_cookie_and_rights_are_read_anew() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let grace = app.user(&org, "grace@contoso.example", Some(BuiltInRole::Admin)).await;
    let cookie = app.sign_in(&org, "grace@contoso.example").await;
    assert!(users::list(&app.holder(&cookie).await, &Default::default()).await.is_ok());
    let detail = users::get(&org.admin, grace).await.unwrap();
    let edit = AccessEdit {
        id: grace,
        version: detail.version,
        role: app.role(&org.admin, BuiltInRole::ReadOnly).await,
        user_type: detail.summary.user_type,
    };
    users::update_access(&org.admin, &edit).await.unwrap();
    let (cx, renewed) = sessions::authenticate(&app.services, app.request(), Some(cookie.expose_secret()))
        .await
        .unwrap();
    assert!(
        cx.demand(lanyard::domain::permission::Permission::UsersManage).is_err(),
        "the old rights are gone"
    );
    let renewed = renewed.expect("a new cookie");
    assert!(app.holder(&cookie).await.person().is_err(), "the old cookie is dead");
    assert!(app.holder(&renewed.token).await.person().is_ok());
}

#[tokio::test]
async fn s12_deactivation_and_deletion_end_sessions_on_every_replica() {
    let app = TestApp::new().await;
    let replica = app.replica();
    let org = app.set_up().await;
    for (email, delete) in [("ada@contoso.example", false), ("bob@contoso.example", true)] {
        let user = app.user(&org, email, Some(BuiltInRole::User)).await;
        let cookie = app.sign_in(&org, email).await;
        assert!(replica.holder(&cookie).await.person().is_ok());
        if delete {
            users::delete(&org.admin, user, email).await.unwrap();
        } else {
            users::deactivate(&org.admin, user).await.unwrap();
        }
        assert!(app.holder(&cookie).await.person().is_err());
        assert!(replica.holder(&cookie).await.person().is_err());
    }
}

#[tokio::test]
async fn sessions_can_be_listed_and_ended_by_their_owner_alone() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    app.user(&org, "ada@contoso.example", Some(BuiltInRole::User)).await;
    let ada = app.sign_in(&org, "ada@contoso.example").await;
    let ada_cx = app.holder(&ada).await;
    let own = sessions::list_own(&ada_cx).await.unwrap();
    assert_eq!(own.len(), 1);
    assert!(own[0].is_current);
    let foreign = sessions::list_own(&org.admin).await.unwrap()[0].id;
    assert!(sessions::end_own(&ada_cx, foreign).await.is_err());
    sessions::end_own(&ada_cx, own[0].id).await.unwrap();
    assert!(app.holder(&ada).await.person().is_err());
    assert!(app.holder(&org.cookie).await.person().is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s12_of_requests_at_once_after_a_role_change_one_renews_the_cookie() {
    let app = TestApp::with_pool().await;
    let org = app.set_up().await;
    let grace = app.user(&org, "grace@contoso.example", Some(BuiltInRole::Admin)).await;
    let mut cookie = app.sign_in(&org, "grace@contoso.example").await;
    for role in [
        BuiltInRole::User,
        BuiltInRole::Admin,
        BuiltInRole::User,
        BuiltInRole::ReadOnly,
    ] {
        let detail = users::get(&org.admin, grace).await.unwrap();
        let edit = AccessEdit {
            id: grace,
            version: detail.version,
            role: app.role(&org.admin, role).await,
            user_type: detail.summary.user_type,
        };
        users::update_access(&org.admin, &edit).await.unwrap();
        let requests = (0..16).map(|_| {
            let (services, request, cookie) = (app.services.clone(), app.request(), cookie.clone());
            tokio::spawn(async move { sessions::authenticate(&services, request, Some(cookie.expose_secret())).await })
        });
        let mut renewed = Vec::new();
        for outcome in futures::future::join_all(requests).await {
            renewed.extend(outcome.unwrap().unwrap().1);
        }
        assert_eq!(renewed.len(), 1);
        assert!(app.holder(&cookie).await.person().is_err(), "the old cookie is dead");
        cookie = renewed.remove(0).token;
        assert!(app.holder(&cookie).await.person().is_ok());
    }
}

#[tokio::test]
async fn s12_a_session_that_was_ended_is_not_replaced() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let elsewhere = app.another(&org, "Fabrikam").await;
    sessions::sign_out(&org.admin).await.unwrap();
    // Requests that had been let in before go on now.
    assert!(matches!(
        sessions::switch_organisation(&org.admin, elsewhere.id).await,
        Err(Error::Unauthenticated)
    ));
    let change = PasswordChange {
        current: PASSWORD.to_owned(),
        password: "seven grey herons over the lake".to_owned(),
    };
    assert!(matches!(
        accounts::change_password(&org.admin, change).await,
        Err(Error::Unauthenticated)
    ));
    accounts::sign_in(&app.anonymous(), "olive@vendor.example", SecretString::from(PASSWORD))
        .await
        .unwrap();
}
