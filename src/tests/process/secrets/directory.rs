//! A directory that puts secrets where none belong.

use super::*;

/// A directory that puts secrets where none belong.
pub(super) async fn provision(browser: &mut Browser<'_>, canaries: &mut Canaries, token: &str) {
    let base = format!("{}/scim/v2", browser.server.origin);
    let person = |name: &str, more: Value| {
        let mut person = json!({ "schemas": [USER], "userName": format!("{name}@contoso.example"), "externalId": name });
        person.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        person
    };
    let http = browser.client.clone();
    let scim = |method: &str, path: &str| http.request(method.parse().unwrap(), format!("{base}{path}"));
    let created = person("ada", json!({ "password": canaries.make("SCIM password") }));
    let answer = browser
        .send(scim("POST", "/Users").bearer_auth(token).json(&created), "POST user")
        .await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let id = serde_json::from_str::<Value>(&answer.body).unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut extended = person("bob", json!({}));
    extended[format!("{USER}:password")] = canaries.make("password in full spelling").into();
    extended["PassWord"] = canaries.make("password in other letters").into();
    browser
        .send(scim("POST", "/Users").bearer_auth(token).json(&extended), "POST extended")
        .await;
    for (name, operation) in [
        (
            "password by path",
            json!({ "op": "replace", "path": "password", "value": canaries.make("password by path") }),
        ),
        (
            "password by member",
            json!({ "op": "add", "value": { "password": canaries.make("password by member") } }),
        ),
        (
            "password by urn",
            json!({ "op": "Add", "path": format!("{USER}:password"), "value": canaries.make("password by urn") }),
        ),
    ] {
        let body = json!({ "schemas": [PATCH], "Operations": [operation] });
        browser
            .send(scim("PATCH", &format!("/Users/{id}")).bearer_auth(token).json(&body), name)
            .await;
    }
    let put = person("ada", json!({ "password": canaries.make("password in PUT") }));
    browser
        .send(scim("PUT", &format!("/Users/{id}")).bearer_auth(token).json(&put), "PUT user")
        .await;
    let broken = format!(
        r#"{{"userName":"eve@contoso.example","password":"{}""#,
        canaries.make("password in broken JSON")
    );
    browser
        .send(scim("POST", "/Users").bearer_auth(token).body(broken), "broken JSON")
        .await;
    let twice = format!(r#"{{"password":"{}","password":"x"}}"#, canaries.make("password given twice"));
    browser
        .send(scim("POST", "/Users").bearer_auth(token).body(twice), "twice")
        .await;
    let form = format!("grant_type=password&password={}", canaries.make("password in a form"));
    browser
        .send(scim("POST", "/Users").bearer_auth(token).body(form), "form")
        .await;
    let filter = format!("/Users?filter=password+eq+%22{}%22", canaries.make("password in a filter"));
    browser.send(scim("GET", &filter).bearer_auth(token), "filter").await;
    let query = format!(
        "/Users?access_token={}&client_secret={}",
        canaries.make("token in the query"),
        canaries.make("secret in the query")
    );
    browser.send(scim("GET", &query).bearer_auth(token), "query").await;
    browser
        .send(
            scim("GET", &format!("/Users?access_token={token}")),
            "real token in the query",
        )
        .await;
    browser
        .send(
            scim("GET", &format!("/Users/{token}")).bearer_auth(token),
            "real token in the path",
        )
        .await;
    // Refused before anything is known of the caller.
    browser
        .send(scim("GET", "/Users").bearer_auth(canaries.make("wrong token")), "wrong token")
        .await;
    browser
        .send(
            scim("GET", "/Users").basic_auth("contoso", Some(canaries.make("wrong Basic password"))),
            "wrong Basic",
        )
        .await;
    browser
        .send(
            scim("GET", "/Users").header("Authorization", format!("Digest {}", canaries.make("unknown scheme"))),
            "scheme",
        )
        .await;
    browser
        .send(
            scim("GET", "/Users").header("X-Api-Key", canaries.make("key in a header")),
            "header",
        )
        .await;
    browser
        .send(
            scim("GET", "/Users").header("Cookie", format!("token={}", canaries.make("token in a cookie"))),
            "cookie",
        )
        .await;
    // Over HTTP/2 as well, whose library writes logs of its own.
    let h2 = reqwest_h2();
    let over = h2
        .get(format!("{base}/Users"))
        .bearer_auth(token)
        .header("X-Secret", canaries.make("header of HTTP/2"));
    assert_eq!(browser.send(over, "HTTP/2").await.status, 200);
}
