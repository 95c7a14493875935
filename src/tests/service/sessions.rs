use lanyard::domain::role::BuiltInRole;
use lanyard::domain::user::AccessEdit;
use lanyard::service::{sessions, users};
use secrecy::ExposeSecret;

use crate::app::TestApp;

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
