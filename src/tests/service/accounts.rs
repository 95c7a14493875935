use lanyard::domain::account::PasswordChange;
use lanyard::domain::audit::AuditQuery;
use lanyard::domain::role::BuiltInRole;
use lanyard::service::{Context, Error, RequestInfo, accounts, audit, users};
use secrecy::SecretString;

use crate::app::{PASSWORD, TestApp};

fn from_address(cx: Context, ip: &str) -> Context {
    Context {
        request: RequestInfo {
            ip: ip.to_owned(),
            ..cx.request.clone()
        },
        ..cx
    }
}

#[tokio::test]
async fn s23_unknown_names_and_wrong_passwords_get_one_answer() {
    let app = TestApp::new().await;
    app.set_up().await;
    for (email, password) in [
        ("olive@vendor.example", "wrong password here"),
        ("nobody@vendor.example", PASSWORD),
    ] {
        let answer = accounts::sign_in(&app.anonymous(), email, SecretString::from(password)).await;
        assert!(matches!(answer, Err(Error::WrongCredentials)), "{email}");
    }
    // The name is recognised however it is spelled.
    accounts::sign_in(&app.anonymous(), " OLIVE@Vendor.Example", SecretString::from(PASSWORD))
        .await
        .unwrap();
}

#[tokio::test]
async fn s23_guessing_slows_the_attacker_and_not_the_owner() {
    let app = TestApp::new().await;
    app.set_up().await;
    let attacker = from_address(app.anonymous(), "203.0.113.9");
    // Spelling the name differently does not begin a new count.
    for spelling in [
        "olive@vendor.example",
        "OLIVE@vendor.example",
        "Olive@Vendor.Example",
        "olive@VENDOR.example",
        " olive@vendor.example",
    ]
    .repeat(2)
    {
        assert!(matches!(
            accounts::sign_in(&attacker, spelling, SecretString::from("guess")).await,
            Err(Error::WrongCredentials)
        ));
    }
    assert!(matches!(
        accounts::sign_in(&attacker, "olive@vendor.example", SecretString::from(PASSWORD)).await,
        Err(Error::TooManyRequests { .. })
    ));
    accounts::sign_in(&app.anonymous(), "olive@vendor.example", SecretString::from(PASSWORD))
        .await
        .unwrap();
    app.clock.advance(chrono::Duration::minutes(16));
    accounts::sign_in(&attacker, "olive@vendor.example", SecretString::from(PASSWORD))
        .await
        .unwrap();
}

#[tokio::test]
async fn s23_an_ipv6_customer_is_one_address() {
    let app = TestApp::new().await;
    app.set_up().await;
    for n in 1..=10 {
        let attacker = from_address(app.anonymous(), &format!("2001:db8:1:2::{n}"));
        assert!(matches!(
            accounts::sign_in(&attacker, "olive@vendor.example", SecretString::from("guess")).await,
            Err(Error::WrongCredentials)
        ));
    }
    let attacker = from_address(app.anonymous(), "2001:db8:1:2:ffff::1");
    assert!(matches!(
        accounts::sign_in(&attacker, "olive@vendor.example", SecretString::from(PASSWORD)).await,
        Err(Error::TooManyRequests { .. })
    ));
    let neighbour = from_address(app.anonymous(), "2001:db8:1:3::1");
    accounts::sign_in(&neighbour, "olive@vendor.example", SecretString::from(PASSWORD))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s23_guesses_at_once_are_no_more_than_one_after_the_other() {
    let app = TestApp::with_pool().await;
    app.set_up().await;
    let attacker = from_address(app.anonymous(), "203.0.113.9");
    let guess = |cx: Context| async move { accounts::sign_in(&cx, "olive@vendor.example", SecretString::from("guess")).await };
    let tries = (0..30).map(|_| tokio::spawn(guess(attacker.clone())));
    let mut looked_at = 0;
    for outcome in futures::future::join_all(tries).await {
        match outcome.unwrap() {
            Err(Error::WrongCredentials) => looked_at += 1,
            Err(Error::TooManyRequests { .. }) => {}
            other => panic!("{:?}", other.err()),
        }
    }
    // What was refused does not count: the tries that are left can still be made.
    while matches!(guess(attacker.clone()).await, Err(Error::WrongCredentials)) {
        looked_at += 1;
    }
    assert_eq!(looked_at, 10);
}

#[tokio::test]
async fn s23_a_right_password_is_no_failure() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    for _ in 0..12 {
        accounts::sign_in(&app.anonymous(), "olive@vendor.example", SecretString::from(PASSWORD))
            .await
            .unwrap();
        let short = PasswordChange {
            current: PASSWORD.to_owned(),
            password: "short".to_owned(),
        };
        assert!(matches!(
            accounts::change_password(&org.admin, short).await,
            Err(Error::Invalid(_))
        ));
    }
}

#[tokio::test]
async fn s52_failed_and_successful_sign_ins_are_audited() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    drop(
        accounts::sign_in(
            &app.anonymous(),
            "olive@vendor.example",
            SecretString::from("wrong password here"),
        )
        .await,
    );
    let entries = audit::list(
        &org.admin,
        &AuditQuery {
            action: "session.begin".to_owned(),
            ..AuditQuery::default()
        },
    )
    .await
    .unwrap()
    .items;
    let results: Vec<_> = entries.iter().map(|entry| entry.result.name()).collect();
    assert_eq!(results, ["denied", "success"]);
    assert_eq!(entries[0].ip.as_deref(), Some("192.0.2.1"));
}

#[tokio::test]
async fn a_person_without_console_role_is_refused_and_the_refusal_is_audited() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    app.user(&org, "grace@contoso.example", Some(BuiltInRole::User)).await;
    app.sign_in(&org, "grace@contoso.example").await;
    let grace = users::list(&org.admin, &Default::default())
        .await
        .unwrap()
        .items
        .into_iter()
        .find(|user| user.user_name.starts_with("grace"))
        .unwrap();
    let detail = users::get(&org.admin, grace.id).await.unwrap();
    let edit = lanyard::domain::user::AccessEdit {
        id: grace.id,
        version: detail.version,
        role: String::new(),
        user_type: grace.user_type,
    };
    users::update_access(&org.admin, &edit).await.unwrap();
    let answer = accounts::sign_in(&app.anonymous(), "grace@contoso.example", SecretString::from(PASSWORD)).await;
    assert!(matches!(answer, Err(Error::Forbidden)));
    let entries = audit::list(
        &org.admin,
        &AuditQuery {
            action: "session.begin".to_owned(),
            ..AuditQuery::default()
        },
    )
    .await
    .unwrap()
    .items;
    assert_eq!(entries[0].result.name(), "denied");
}

#[tokio::test]
async fn s21_a_new_password_ends_every_other_session_and_renews_this_one() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let other = accounts::sign_in(&app.anonymous(), "olive@vendor.example", SecretString::from(PASSWORD))
        .await
        .unwrap()
        .token;
    let new = "seven grey herons over the lake";
    let wrong = PasswordChange {
        current: "not the password".to_owned(),
        password: new.to_owned(),
    };
    assert!(matches!(
        accounts::change_password(&org.admin, wrong).await,
        Err(Error::Invalid(_))
    ));
    let renewed = accounts::change_password(
        &org.admin,
        PasswordChange {
            current: PASSWORD.to_owned(),
            password: new.to_owned(),
        },
    )
    .await
    .unwrap();
    assert!(app.holder(&org.cookie).await.person().is_err(), "the old cookie is dead");
    assert!(app.holder(&other).await.person().is_err(), "the other session is over");
    assert!(app.holder(&renewed.token).await.person().is_ok());
    assert!(
        accounts::sign_in(&app.anonymous(), "olive@vendor.example", SecretString::from(PASSWORD))
            .await
            .is_err()
    );
    accounts::sign_in(&app.anonymous(), "olive@vendor.example", SecretString::from(new))
        .await
        .unwrap();
}

/// Compares how long wrong passwords take for known and unknown names. Medians of interleaved samples, so that a busy machine
/// slows both alike.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s23_unknown_names_take_as_long_as_known_ones() {
    let app = TestApp::with_pool().await;
    let org = app.set_up().await;
    // The person has accounts in several organisations: as many rows in as many chains tell of each failure.
    for n in 0..4 {
        app.another(&org, &format!("Organisation {n}")).await;
    }
    let samples = if std::env::var_os("LANYARD_TEST_LONG").is_some() {
        500
    } else {
        40
    };
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for n in 0..samples {
        let cx = from_address(app.anonymous(), &format!("198.51.{}.{}", n / 200, n % 200));
        let mut pair = [("olive@vendor.example", true), ("nobody@vendor.example", false)];
        // Neither always comes after the other.
        pair.rotate_left(n % 2);
        for (email, is_known) in pair {
            app.clock.advance(chrono::Duration::minutes(16));
            let start = std::time::Instant::now();
            let answer = accounts::sign_in(&cx, email, SecretString::from("guess")).await;
            assert!(matches!(answer, Err(Error::WrongCredentials)));
            if is_known { &mut known } else { &mut unknown }.push(start.elapsed().as_secs_f64());
        }
    }
    let median = |samples: &mut Vec<f64>| {
        samples.sort_by(f64::total_cmp);
        samples[samples.len() / 2]
    };
    let (known, unknown) = (median(&mut known), median(&mut unknown));
    assert!(
        (known - unknown).abs() / known < 0.05,
        "known {known:.4} s, unknown {unknown:.4} s"
    );
}
