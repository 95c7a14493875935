//! Requests that arrive at the same time.

use std::collections::HashSet;

use serde_json::json;

use super::{Directory, GROUP, UNLIMITED, id_of, person};
use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r03_parallel_changes_of_one_group_lose_no_member() {
    let app = TestApp::with_pool().await;
    let organisation = app.set_up().await;
    let directory = Directory::new(&app, &organisation).await;
    let replica = Directory {
        router: axum::Router::new().nest_service("/scim/v2", lanyard::scim::router(app.replica().services.clone(), UNLIMITED)),
        ..directory.clone()
    };
    let group = directory.group("All").await;
    let mut people = Vec::new();
    for n in 0..60 {
        people.push(directory.user(&format!("m{n}@contoso.example")).await);
    }
    let path = format!("/Groups/{group}");
    let tries = people.iter().cloned().enumerate().map(|(n, user)| {
        let (door, path) = (if n % 2 == 0 { directory.clone() } else { replica.clone() }, path.clone());
        tokio::spawn(async move {
            door.patch(
                &path,
                json!([{ "op": "Add", "path": "members", "value": [{ "value": user }] }]),
            )
            .await
            .expect(204);
            if n % 3 == 0 {
                door.patch(
                    &path,
                    json!([{ "op": "Remove", "path": "members", "value": [{ "value": user }] }]),
                )
                .await
                .expect(204);
            }
            if n % 10 == 0 {
                door.patch(
                    &path,
                    json!([{ "op": "Replace", "path": "displayName", "value": format!("All {n}") }]),
                )
                .await
                .expect(204);
            }
        })
    });
    for outcome in futures::future::join_all(tries).await {
        outcome.unwrap();
    }
    let members: HashSet<String> = directory.members(&group).await.into_iter().collect();
    let expected: HashSet<String> = people
        .into_iter()
        .enumerate()
        .filter(|(n, _)| n % 3 != 0)
        .map(|(_, id)| id)
        .collect();
    assert_eq!(members, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r04_of_many_equal_creations_one_succeeds() {
    let app = TestApp::with_pool().await;
    let directory = Directory::new(&app, &app.set_up().await).await;
    for round in 0..5 {
        let name = format!("race{round}@contoso.example");
        for (path, body) in [
            ("/Users", person(&name)),
            ("/Groups", json!({ "schemas": [GROUP], "displayName": name })),
        ] {
            let tries = (0..32).map(|_| {
                let (door, body) = (directory.clone(), body.clone());
                tokio::spawn(async move { door.post(path, &body).await })
            });
            let mut made = Vec::new();
            for answer in futures::future::join_all(tries).await {
                let answer = answer.unwrap();
                if answer.status == 201 {
                    made.push(id_of(&answer.body));
                } else {
                    answer.refused(409, Some("uniqueness"));
                }
            }
            let filter = format!("{} eq \"{name}\"", if path == "/Users" { "userName" } else { "displayName" });
            assert_eq!(made.len(), 1);
            assert_eq!(
                directory.found(path, &filter).await,
                made,
                "and it is found, so that a retry is harmless (R2)"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r03_parallel_changes_of_one_user_all_take_effect() {
    let app = TestApp::with_pool().await;
    let directory = Directory::new(&app, &app.set_up().await).await;
    let path = format!("/Users/{}", directory.user("ada@contoso.example").await);
    let meta = super::META;
    let tries = (0..40).map(|n| {
        let (door, path) = (directory.clone(), path.clone());
        tokio::spawn(async move {
            door.patch(
                &path,
                json!([{ "op": "add", "path": format!("{meta}:key{n}"), "value": n.to_string() }]),
            )
            .await
            .expect(200)
        })
    });
    for outcome in futures::future::join_all(tries).await {
        outcome.unwrap();
    }
    let user = directory.get(&path).await.expect(200);
    assert_eq!(user[meta].as_object().unwrap().len(), 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r02_a_client_that_hangs_up_leaves_nothing_half_done() {
    let app = TestApp::new().await;
    let directory = Directory::new(&app, &app.set_up().await).await;
    for n in 0_u64..30 {
        let name = format!("cut{n}@contoso.example");
        let patience = std::time::Duration::from_micros(n * 200);
        let creation = tokio::time::timeout(patience, directory.post("/Users", &person(&name))).await;
        let again = directory.post("/Users", &person(&name)).await;
        assert!(matches!(again.status, 201 | 409), "{creation:?}: {}", again.text);
        assert_eq!(directory.found("/Users", &format!("userName eq \"{name}\"")).await.len(), 1);
    }
}
