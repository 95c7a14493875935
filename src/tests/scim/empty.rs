//! Requests that ask for nothing are refused and never taken for consent (security rule S10).

use serde_json::json;

use super::{Call, GROUP, PATCH, USER, start};

#[tokio::test]
async fn s10_empty_requests_are_refused_and_change_nothing() {
    let (_, _, directory) = start().await;
    let user = format!("/Users/{}", directory.user("ada@contoso.example").await);
    let group = format!("/Groups/{}", directory.group("Engineers").await);
    for path in [&user, &group] {
        let before = directory.get(path).await.expect(200);
        for body in [
            json!({}),
            json!([]),
            json!({ "schemas": [] }),
            json!({ "schemas": [PATCH] }),
            json!({ "schemas": [], "Operations": [{ "op": "add", "value": { "displayName": "X" } }] }),
            json!({ "schemas": [PATCH], "Operations": [] }),
            json!({ "schemas": [PATCH], "Operations": {} }),
            json!({ "schemas": [PATCH], "Operations": [{}] }),
            json!({ "schemas": [PATCH], "Operations": [[]] }),
            json!({ "schemas": [PATCH], "Operations": [{ "op": "" , "path": "displayName", "value": "X" }] }),
            json!({ "schemas": [PATCH], "Operations": [{ "op": "set", "path": "displayName", "value": "X" }] }),
            json!({ "schemas": [PATCH], "Operations": [{ "op": "add" }] }),
            json!({ "schemas": [PATCH], "Operations": [{ "op": "add", "value": {} }] }),
            json!({ "schemas": [PATCH], "Operations": [{ "op": "replace", "value": {} }] }),
            json!({ "schemas": [PATCH], "Operations": [{ "op": "remove" }] }),
            // What is right beside it is not done either.
            json!({ "schemas": [PATCH], "Operations": [{ "op": "add", "path": "displayName", "value": "X" }, { "op": "add", "value": {} }] }),
        ] {
            let answer = directory.send(Call::new("PATCH", path).json(&body)).await;
            assert_eq!(answer.status, 400, "{body}: {}", answer.text);
        }
        assert_eq!(directory.get(path).await.expect(200), before, "{path}");
    }
    for (path, schema) in [("/Users", USER), ("/Groups", GROUP)] {
        for body in [json!({}), json!({ "schemas": [] }), json!({ "schemas": [schema] })] {
            let made = directory.post(path, &body).await;
            assert_eq!(made.status, 400, "{path} {body}: {}", made.text);
        }
    }
    for (path, body) in [(&user, json!({})), (&user, json!({ "schemas": [USER] })), (&group, json!({}))] {
        let answer = directory.put(path, &body).await;
        assert_eq!(answer.status, 400, "{path} {body}: {}", answer.text);
    }
}
