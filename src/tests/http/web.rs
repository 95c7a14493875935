//! What holds for every answer: forgery, redirects, sizes, headers, hosts (security rules S14 to S21).

use axum::body::Body;
use axum::http::{Method, header};
use lanyard::domain::role::BuiltInRole;
use lanyard::server_fns::table::{FUNCTIONS, PAGES};
use lanyard::service::{groups, users};
use secrecy::ExposeSecret;

use super::browser::{ORIGIN, app_router, call, call_json, get, request, send};
use crate::app::{PASSWORD, TestApp};

#[tokio::test]
async fn s14_requests_that_another_site_could_cause_are_refused() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let router = app_router(&app);
    let origins: [(Option<&str>, Option<&str>); 11] = [
        (None, None),
        (Some("null"), None),
        (Some("http://evil.localhost:3000"), None),
        (Some("http://localhost:3000.evil.example"), None),
        (Some("http://localhost:3001"), None),
        (Some("https://localhost:3000"), None),
        (Some("http://localhost:3000@evil.example"), None),
        (Some(""), None),
        (None, Some("cross-site")),
        (None, Some("same-site")),
        (None, Some("none")),
    ];
    for (origin, site) in origins {
        for (content_type, body) in [
            ("application/x-www-form-urlencoded", "input[name]=Forged"),
            (
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=\"input[name]\"\r\n\r\nForged\r\n--x--\r\n",
            ),
            ("text/plain", "input[name]=Forged"),
            ("application/json", r#"{"input":{"name":"Forged"}}"#),
        ] {
            let mut forged = request(Method::POST, "/api/groups/create")
                .header(header::COOKIE, format!("lanyard={}", org.cookie.expose_secret()))
                .header(header::CONTENT_TYPE, content_type);
            if let Some(origin) = origin {
                forged = forged.header(header::ORIGIN, origin);
            }
            if let Some(site) = site {
                forged = forged.header("sec-fetch-site", site);
            }
            let answer = send(&router, forged.body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.status.as_u16(), 403, "{origin:?} {site:?} {content_type}");
        }
    }
    assert_eq!(groups::list(&org.admin, &Default::default()).await.unwrap().items.len(), 0);
    // What our own pages send goes through, with either header.
    assert!(
        call(&router, "/api/groups/create", Some(&org.cookie), "input[name]=One")
            .await
            .status
            .as_u16()
            < 400
    );
    let same = request(Method::POST, "/api/groups/create")
        .header(header::COOKIE, format!("lanyard={}", org.cookie.expose_secret()))
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert!(
        send(&router, same.body(Body::from("input[name]=Two")).unwrap())
            .await
            .status
            .as_u16()
            < 400
    );
}

#[tokio::test]
async fn s14_reading_changes_nothing() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let router = app_router(&app);
    for (path, _) in FUNCTIONS {
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::PATCH, Method::DELETE] {
            let asked = request(method.clone(), path)
                .header(header::COOKIE, format!("lanyard={}", org.cookie.expose_secret()))
                .header(header::ORIGIN, ORIGIN)
                .body(Body::empty())
                .unwrap();
            let status = send(&router, asked).await.status.as_u16();
            assert!(status >= 400, "{method} {path}: {status}");
        }
    }
}

#[tokio::test]
async fn s15_redirects_stay_on_our_origin() {
    let app = TestApp::new().await;
    app.set_up().await;
    let router = app_router(&app);
    // A form without script, sent from a page that claims to be elsewhere.
    for referer in [
        "https://evil.example/",
        "http://localhost:3000.evil.example/x",
        "//evil.example",
        "javascript:alert(1)",
        "http://localhost:3000/sign-in",
    ] {
        for (email, return_to) in [
            ("olive@vendor.example", "//evil.example"),
            ("olive@vendor.example", "/users"),
            ("nobody@vendor.example", "/\\evil.example"),
        ] {
            let form = format!(
                "input[email]={}&input[password]={}&input[return_to]={}",
                email.replace('@', "%40"),
                PASSWORD.replace(' ', "+"),
                return_to.replace('/', "%2F").replace('\\', "%5C")
            );
            let posted = request(Method::POST, "/api/account/sign-in")
                .header(header::ORIGIN, ORIGIN)
                .header(header::REFERER, referer)
                .header(header::ACCEPT, "text/html")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let answer = send(&router, posted.body(Body::from(form)).unwrap()).await;
            let location = answer.header("location");
            let is_ours = location.is_empty()
                || (location.starts_with('/') && !location.starts_with("//") && !location.contains('\\'))
                || location.starts_with("http://localhost:3000/");
            assert!(is_ours, "{referer} {return_to}: {location}");
            assert!(!location.contains("evil"), "{location}");
        }
    }
}

#[tokio::test]
async fn s11_unexpected_arguments_are_refused() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let router = app_router(&app);
    for extra in ["org_id", "role", "is_admin", "id", "password_hash"] {
        let beside = format!("input[name]=Extra&{extra}=1");
        assert_eq!(
            call(&router, "/api/groups/create", Some(&org.cookie), &beside)
                .await
                .status
                .as_u16(),
            400,
            "{beside}"
        );
        let within = format!("input[name]=Extra&input[{extra}]=1");
        let answer = call(&router, "/api/groups/create", Some(&org.cookie), &within).await;
        assert_eq!(answer.status.as_u16(), 400, "{within}: {}", answer.body);
        let json = format!(r#"{{"input":{{}},"{extra}":1}}"#);
        assert_eq!(
            call_json(&router, "/api/users/list", Some(&org.cookie), &json)
                .await
                .status
                .as_u16(),
            400,
            "{json}"
        );
        let json = format!(r#"{{"input":{{"{extra}":1}}}}"#);
        assert_eq!(
            call_json(&router, "/api/users/list", Some(&org.cookie), &json)
                .await
                .status
                .as_u16(),
            400,
            "{json}"
        );
    }
    assert_eq!(groups::list(&org.admin, &Default::default()).await.unwrap().items.len(), 0);
}

#[tokio::test]
async fn s11_a_form_that_lost_its_role_takes_none_away() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let router = app_router(&app);
    let id = app.user(&org, "ada@contoso.example", Some(BuiltInRole::User)).await;
    let access = format!("input[id]={id}&input[version]=1&input[user_type]=Standard");
    let answer = call(&router, "/api/users/update-access", Some(&org.cookie), &access).await;
    assert_eq!(answer.status.as_u16(), 400, "{}", answer.body);
    let new = "input[email]=bob%40contoso.example&input[user_type]=Standard";
    let answer = call(&router, "/api/users/create", Some(&org.cookie), new).await;
    assert_eq!(answer.status.as_u16(), 400, "{}", answer.body);
    let detail = users::get(&org.admin, id).await.unwrap();
    assert_eq!(detail.summary.role.unwrap().built_in, Some(BuiltInRole::User));
    // The choice "none" is sent, and empty.
    let none = format!("{access}&input[role]=");
    call(&router, "/api/users/update-access", Some(&org.cookie), &none).await;
    assert!(users::get(&org.admin, id).await.unwrap().summary.role.is_none());
}

#[tokio::test]
async fn s16_bodies_are_bounded_and_never_unpacked() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let router = app_router(&app);
    let large = format!("input[name]={}", "x".repeat(70_000));
    assert_eq!(
        call(&router, "/api/groups/create", Some(&org.cookie), &large)
            .await
            .status
            .as_u16(),
        413
    );
    // Without a length told beforehand.
    let chunks = futures::stream::iter((0..2_000).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 1_024])));
    let streamed = request(Method::POST, "/api/groups/create")
        .header(header::ORIGIN, ORIGIN)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from_stream(chunks))
        .unwrap();
    assert_eq!(send(&router, streamed).await.status.as_u16(), 413);
    for path in ["/api/groups/create", "/scim/v2/Users"] {
        let packed = request(Method::POST, path)
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_ENCODING, "gzip")
            .body(Body::from(vec![0x1f, 0x8b]))
            .unwrap();
        let status = send(&router, packed).await.status.as_u16();
        assert!(
            status == 415 || (path.starts_with("/scim") && status == 401),
            "{path}: {status}"
        );
    }
}

#[tokio::test]
async fn s19_the_policy_carries_a_fresh_nonce_that_every_script_has() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let router = app_router(&app);
    let mut nonces = std::collections::HashSet::new();
    for _ in 0..50 {
        for (path, cookie) in [("/sign-in", None), ("/users", Some(&org.cookie))] {
            let answer = get(&router, path, cookie).await;
            let policy = answer.header("content-security-policy").to_owned();
            for part in [
                "default-src 'none'",
                "'wasm-unsafe-eval'",
                "frame-ancestors 'none'",
                "base-uri 'none'",
                "object-src 'none'",
                "form-action 'self'",
                "connect-src 'self'",
            ] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
                "{policy}"
            );
            let nonce = policy
                .split("'nonce-")
                .nth(1)
                .and_then(|rest| rest.split('\'').next())
                .unwrap_or_else(|| panic!("{path}: {policy}"))
                .to_owned();
            let page = scraper::Html::parse_document(&answer.body);
            let inline = scraper::Selector::parse("script:not([src]), style").unwrap();
            // One without text runs nothing.
            for element in page.select(&inline).filter(|element| !element.inner_html().trim().is_empty()) {
                assert_eq!(
                    element.value().attr("nonce"),
                    Some(nonce.as_str()),
                    "{path}: {}",
                    element.html()
                );
            }
            assert!(nonces.insert(nonce), "a nonce came twice");
        }
    }
}

#[tokio::test]
async fn s20_headers_are_on_every_answer() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let router = app_router(&app);
    let pages = PAGES
        .iter()
        .map(|(path, _)| path.replace("{id}", "x").replace("{token}", "x"));
    for path in pages.chain(["/nowhere", "/api/nowhere", "/scim/v2/Users", "/healthz", "/readyz"].map(str::to_owned)) {
        for cookie in [None, Some(&org.cookie)] {
            let answer = get(&router, &path, cookie).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
            assert!(
                answer.header("cache-control").contains("no-store"),
                "{path}: {}",
                answer.header("cache-control")
            );
            assert!(!answer.header("x-request-id").is_empty(), "{path}");
            assert!(
                answer.header("server").is_empty() && answer.header("access-control-allow-origin").is_empty(),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn s20_another_host_is_misdirected() {
    let app = TestApp::new().await;
    app.set_up().await;
    let router = app_router(&app);
    for host in [
        "evil.example",
        "localhost:3000.evil.example",
        "localhost.evil.example",
        "localhost:3000@evil.example",
        "xn--localhost-x",
        "",
    ] {
        let asked = axum::http::Request::builder()
            .uri("/sign-in")
            .header(header::HOST, host)
            .body(Body::empty())
            .unwrap();
        let status = send(&router, asked).await.status.as_u16();
        assert!(matches!(status, 400 | 421), "{host}: {status}");
    }
}

#[tokio::test]
async fn s21_signing_in_replaces_a_planted_cookie() {
    let app = TestApp::new().await;
    app.set_up().await;
    let router = app_router(&app);
    let planted = secrecy::SecretString::from("a".repeat(64));
    let form = format!(
        "input[email]=olive%40vendor.example&input[password]={}",
        PASSWORD.replace(' ', "+")
    );
    let answer = call(&router, "/api/account/sign-in", Some(&planted), &form).await;
    assert!(answer.status.as_u16() < 400, "{}", answer.body);
    let cookie = answer.header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("lanyard=")
            && cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && cookie.contains("Path=/"),
        "{cookie}"
    );
    assert!(!cookie.contains(planted.expose_secret()));
    assert!(
        get(&router, "/users", Some(&planted)).await.status.as_u16() != 200,
        "the planted cookie is nobody's"
    );
}

#[tokio::test]
async fn s25_scim_answers_nobody_without_a_token() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let router = app_router(&app);
    let spellings = [
        "/scim/v2",
        "/scim/v2/",
        "/scim/v2/Users",
        "/scim/v2/users",
        "/scim/v2/USERS",
        "/scim/v2//Users",
        "/scim//v2/Users",
        "/scim/v2/Users/",
        "/scim/v2/Users/%2e%2e/Groups",
        "/scim/v2/../v2/Users",
        "/scim/v2/Users;x=1",
        "/scim/v2/%55sers",
        "/scim/v2/Users%2f1",
        "/SCIM/v2/Users",
        "/scim/v2/Schemas",
        "/scim/v2/ServiceProviderConfig",
        "/scim/v2/ResourceTypes",
        "/scim/v2/Bulk",
        "/scim/v2/Me",
        "/scim/v2/nowhere",
        "/scim",
        "/scim/v1/Users",
    ];
    for path in spellings {
        for method in [
            "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND",
        ] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            for authorization in [
                None,
                Some("Bearer"),
                Some("Bearer x"),
                Some("Basic !!!"),
                Some("Bearer lanyard_scim_0000000000000000_0"),
                Some("Digest x"),
            ] {
                let mut asked = request(method.clone(), path)
                    .header(header::COOKIE, format!("lanyard={}", org.cookie.expose_secret()))
                    .header("x-http-method-override", "GET")
                    .header(header::CONTENT_TYPE, "application/scim+json");
                if let Some(authorization) = authorization {
                    asked = asked.header(header::AUTHORIZATION, authorization);
                }
                let answer = send(&router, asked.body(Body::empty()).unwrap()).await;
                let status = answer.status.as_u16();
                assert!(matches!(status, 401 | 429), "{method} {path} {authorization:?}: {status}");
                if status == 401 {
                    assert!(answer.header("www-authenticate").contains("Bearer"), "{method} {path}");
                }
            }
        }
    }
}

#[tokio::test]
async fn s26_tokens_count_in_the_authorization_header_alone() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let secret = app.connector(&org).await.secret;
    let router = app_router(&app);
    let token = secret.expose_secret();
    let asked = request(Method::GET, &format!("/scim/v2/Users?access_token={token}&token={token}"))
        .header(header::COOKIE, format!("lanyard={token}; token={token}"))
        .body(Body::empty())
        .unwrap();
    assert_eq!(send(&router, asked).await.status.as_u16(), 401);
    let asked = request(Method::GET, "/scim/v2/Users")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    let answer = send(&router, asked).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    assert!(answer.header("content-type").starts_with("application/scim+json"));
}

#[tokio::test]
async fn pages_are_rendered_by_the_server() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    app.user(&org, "grace@contoso.example", None).await;
    let router = app_router(&app);
    let page = get(&router, "/users", Some(&org.cookie)).await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.body.contains("Grace Hopper"), "the list is in the page");
    let away = get(&router, "/users", None).await;
    assert!(
        away.header("location").starts_with("/sign-in"),
        "{} {}",
        away.status,
        away.header("location")
    );
    assert_eq!(get(&router, "/nowhere", Some(&org.cookie)).await.status.as_u16(), 404);
    assert_eq!(get(&router, "/healthz", None).await.status.as_u16(), 200);
    assert_eq!(get(&router, "/readyz", None).await.status.as_u16(), 200);
}
