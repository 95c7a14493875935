//! Who gets in.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lanyard::scim::Limits;
use lanyard::service::{billing, connectors};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{Call, Directory, UNLIMITED, person, start};
use crate::app::TestApp;

const CHALLENGE: &str = "Bearer realm=\"Lanyard SCIM\", Basic realm=\"Lanyard SCIM\"";

#[tokio::test]
async fn s25_nothing_answers_without_a_valid_token() {
    let (app, _, directory) = start().await;
    let addresses = [
        "",
        "/",
        "//",
        "/Users",
        "/Users/",
        "/users",
        "/Users/1",
        "/Users/1/2",
        "/Users/.search",
        "/Groups",
        "/Groups/1",
        "/Schemas",
        "/Schemas/x",
        "/ResourceTypes",
        "/ServiceProviderConfig",
        "/ServiceProviderConfig/",
        "/Bulk",
        "/Me",
        "/.search",
        "/nope",
        "/%55sers",
        "/Users%2f1",
        "/../admin",
        "/Users/..",
        "/Users?filter=((((",
        "/%ff",
        "/Users;x=y",
        "/healthz",
    ];
    for address in addresses {
        for method in ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"] {
            let answer = directory.anonymous(Call::new(method, address)).await;
            // The limit on refused credentials is part of the answer; it has a test of its own.
            if answer.status == 429 {
                continue;
            }
            assert_eq!(
                (answer.status, answer.header("www-authenticate")),
                (401, CHALLENGE),
                "{method} {address}"
            );
            assert_eq!(answer.header("content-type"), "application/scim+json", "{method} {address}");
        }
    }
    let fresh = Directory::new(&app, &app.another(&app_organisation(&app).await, "Fabrikam").await).await;
    fresh.anonymous(Call::new("GET", "/Users")).await.refused(401, None);
}

async fn app_organisation(app: &TestApp) -> crate::app::TestOrganisation {
    use lanyard::service::accounts;
    let cookie = accounts::sign_in(
        &app.anonymous(),
        "olive@vendor.example",
        secrecy::SecretString::from(crate::app::PASSWORD),
    )
    .await
    .unwrap()
    .token;
    let admin = app.holder(&cookie).await;
    crate::app::TestOrganisation {
        id: admin.scope().unwrap().organisation(),
        admin,
        cookie,
    }
}

#[tokio::test]
async fn s25_the_body_is_not_looked_at_before_the_token() {
    let (_, _, directory) = start().await;
    for body in ["{", "", "null", &"[".repeat(100_000)] {
        directory
            .anonymous(Call::new("POST", "/Users").raw(body.to_owned()))
            .await
            .refused(401, None);
    }
    let huge = vec![b'x'; 5 * 1024 * 1024];
    directory
        .anonymous(Call::new("POST", "/Users").raw(huge))
        .await
        .refused(401, None);
}

#[tokio::test]
async fn s25_tokens_count_in_the_authorization_header_alone() {
    let (_, _, directory) = start().await;
    let secret = directory.secret.expose_secret().to_owned();
    for call in [
        Call::new(
            "GET",
            &format!("/Users?access_token={secret}&token={secret}&Authorization=Bearer%20{secret}"),
        ),
        Call::new("GET", "/Users").header(
            "Cookie",
            &format!("token={secret}; lanyard_session={secret}; Authorization=Bearer {secret}"),
        ),
        Call::new("GET", "/Users")
            .header("X-Api-Key", &secret)
            .header("Proxy-Authorization", &format!("Bearer {secret}")),
        Call::new("GET", "/Users").header("Authorization", &secret),
        Call::new("GET", "/Users").header("Authorization", &format!("Digest {secret}")),
        Call::new("GET", "/Users")
            .header("Authorization", &format!("Bearer {secret}"))
            .header("Authorization", "Bearer x"),
        Call::new("POST", "/Users").json(&json!({ "access_token": secret })),
    ] {
        directory.anonymous(call).await.refused(401, None);
    }
}

#[tokio::test]
async fn s26_bearer_and_basic_open_the_door() {
    let (_, _, directory) = start().await;
    let secret = directory.secret.expose_secret();
    let basic = |user: &str, password: &str| BASE64_STANDARD.encode(format!("{user}:{password}"));
    for header in [
        format!("Bearer {secret}"),
        format!("bearer  {secret}"),
        format!("BEARER {secret}"),
        format!("Basic {}", basic(&directory.user_name, secret)),
        format!("bAsIc {}", basic(&directory.user_name, secret).trim_end_matches('=')),
    ] {
        directory
            .anonymous(Call::new("GET", "/Users").header("Authorization", &header))
            .await
            .expect(200);
    }
    let flipped = |at: usize| {
        let mut text = secret.to_owned();
        let other = if &secret[at..=at] == "0" { "1" } else { "0" };
        text.replace_range(at..=at, other);
        text
    };
    for header in [
        format!("Bearer {}", flipped(20)),
        format!("Bearer {}", flipped(secret.len() - 20)),
        format!("Bearer {}", flipped(secret.len() - 1)),
        format!("Bearer {secret}0"),
        format!("Bearer {}", &secret[..secret.len() - 1]),
        format!("Bearer {}", secret.to_uppercase()),
        format!("Basic {}", basic("somebody", secret)),
        format!("Basic {}", basic("", secret)),
        format!("Basic {}", basic(&directory.user_name, "wrong")),
        format!("Basic {}", basic(&directory.user_name, &flipped(secret.len() - 30))),
    ] {
        directory
            .anonymous(Call::new("GET", "/Users").header("Authorization", &header))
            .await
            .refused(401, None);
    }
}

#[tokio::test]
async fn s13_a_closed_connector_is_refused_at_once() {
    let (app, organisation, directory) = start().await;
    directory.get("/Users").await.expect(200);
    connectors::set_paused(&organisation.admin, directory.connector, true)
        .await
        .unwrap();
    directory.get("/Users").await.refused(401, None);
    directory
        .post("/Users", &person("ada@contoso.example"))
        .await
        .refused(401, None);
    connectors::set_paused(&organisation.admin, directory.connector, false)
        .await
        .unwrap();
    directory.get("/Users").await.expect(200);
    billing::set_toolkit(&organisation.admin, false).await.unwrap();
    directory.get("/ServiceProviderConfig").await.refused(401, None);
    billing::set_toolkit(&organisation.admin, true).await.unwrap();
    app.clock.advance(chrono::Duration::days(366));
    directory.get("/Users").await.refused(401, None);
}

#[tokio::test]
async fn s26_the_use_of_a_token_is_noted_once_a_minute() {
    use sea_orm::{ConnectionTrait, Database, Statement};
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let app = TestApp::at(&url).await;
    let organisation = app.set_up().await;
    let directory = Directory::new(&app, &organisation).await;
    let raw = Database::connect(&url).await.unwrap();
    for statement in [
        "CREATE TABLE writes (of TEXT)",
        "CREATE TRIGGER counted AFTER UPDATE OF last_used_at ON connector_credentials BEGIN INSERT INTO writes VALUES (NEW.key_id); END",
    ] {
        raw.execute_unprepared(statement).await.unwrap();
    }
    let written = async || {
        app.services.recorder.flush().await;
        let count = Statement::from_string(raw.get_database_backend(), "SELECT COUNT(*) AS n FROM writes".to_owned());
        let row = raw.query_one_raw(count).await.unwrap().unwrap();
        row.try_get::<i64>("", "n").unwrap()
    };
    for n in 0..1_000 {
        directory.get("/ServiceProviderConfig").await.expect(200);
        if n % 100 == 0 {
            app.services.recorder.flush().await;
        }
    }
    assert_eq!(written().await, 1);
    app.clock.advance(chrono::Duration::seconds(59));
    directory.get("/ServiceProviderConfig").await.expect(200);
    assert_eq!(written().await, 1);
    app.clock.advance(chrono::Duration::seconds(2));
    directory.get("/ServiceProviderConfig").await.expect(200);
    assert_eq!(written().await, 2);
}

#[tokio::test]
async fn s55_refused_credentials_are_limited_and_a_valid_token_never_is() {
    let (_, _, directory) = start().await;
    let mut answers = Vec::new();
    for _ in 0..40 {
        answers.push(
            directory
                .anonymous(Call::new("GET", "/Users").header("Authorization", "Bearer wrong"))
                .await,
        );
        directory.get("/Users").await.expect(200);
    }
    let refused = answers.iter().filter(|answer| answer.status == 401).count();
    assert!((20..25).contains(&refused), "{refused}");
    let last = answers.pop().unwrap();
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
    last.refused(429, None);
}

#[tokio::test]
async fn s55_each_connector_is_limited_by_itself() {
    let app = TestApp::new().await;
    let organisation = app.set_up().await;
    let one = Directory::limited(
        &app,
        &organisation,
        Limits {
            per_second: 1,
            burst: 5,
            ..UNLIMITED
        },
    )
    .await;
    let made = app.connector(&organisation).await;
    let other = Directory {
        router: one.router.clone(),
        secret: made.secret,
        user_name: made.user_name,
        connector: made.id,
    };
    for _ in 0..5 {
        one.get("/Users").await.expect(200);
    }
    let answer = one.get("/Users").await;
    assert_eq!(answer.header("retry-after"), "1");
    answer.refused(429, None);
    other.get("/Users").await.expect(200);
}
