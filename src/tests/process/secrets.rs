//! A server that logs everything it can, used as people and directories use it, with secrets in the right and in the wrong
//! places: none of them is written anywhere (security rule S49).

use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use super::{Installation, Server, client};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Secrets, each with a name for the failure that tells of it.
#[derive(Default)]
struct Canaries(Vec<(&'static str, String)>);

impl Canaries {
    /// A new one. Long enough for a password, and of letters alone, so that no encoding changes it.
    fn make(&mut self, name: &'static str) -> String {
        let letters = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
        let n = self.0.len();
        let text = format!("Qx{}{}vkwjzhgfWpdmTrlbNs", letters(n / 26), letters(n));
        self.0.push((name, text.clone()));
        text
    }

    /// One that the server made.
    fn know(&mut self, name: &'static str, text: &str) -> String {
        assert!(text.len() >= 16, "{name}: {text}");
        self.0.push((name, text.to_owned()));
        text.to_owned()
    }

    fn none_in(&self, place: &str, text: &[u8]) {
        for (name, secret) in &self.0 {
            let found = text.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{name} is in {place}");
        }
    }
}

/// What a person's browser does. Everything that comes back is kept.
struct Browser<'a> {
    server: &'a Server,
    client: reqwest::Client,
    cookie: String,
    /// Where it came from, and what.
    seen: Vec<(String, String)>,
}

struct Answer {
    status: u16,
    location: String,
    cookies: Vec<String>,
    body: String,
}

impl Browser<'_> {
    async fn send(&mut self, request: reqwest::RequestBuilder, name: &str) -> Answer {
        let answer = request.header(COOKIE, self.cookie.clone()).send().await.unwrap();
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned();
        let location = answer.headers().get(LOCATION).map(text).unwrap_or_default();
        let cookies: Vec<String> = answer.headers().get_all(SET_COOKIE).iter().map(text).collect();
        let status = answer.status().as_u16();
        // Cookies hand a session over, on purpose; all other headers are looked through.
        let headers: Vec<String> = answer
            .headers()
            .iter()
            .filter(|(name, _)| *name != SET_COOKIE)
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        let body = answer.text().await.unwrap();
        self.seen
            .push((format!("{name} ({status})"), format!("{}\n{body}", headers.join("\n"))));
        Answer {
            status,
            location,
            cookies,
            body,
        }
    }

    async fn page(&mut self, path: &str) -> Answer {
        let request = self
            .client
            .get(format!("{}{path}", self.server.origin))
            .header(ACCEPT, "text/html");
        self.send(request, &format!("page {}", path.split(['?']).next().unwrap()))
            .await
    }

    async fn call_as(&mut self, function: &str, kind: &str, accept: &str, body: String) -> Answer {
        let request = self
            .client
            .post(format!("{}/api/{function}", self.server.origin))
            .header(ORIGIN, self.server.origin.clone())
            .header(CONTENT_TYPE, kind)
            .header(ACCEPT, accept)
            .body(body);
        self.send(request, function).await
    }

    async fn call(&mut self, function: &str, form: &str) -> Answer {
        self.call_as(
            function,
            "application/x-www-form-urlencoded",
            "application/json",
            form.to_owned(),
        )
        .await
    }

    /// Keeps the session of an answer; the cookie's value.
    fn keep(&mut self, answer: &Answer, name: &str) -> String {
        let line = answer.cookies.iter().find(|line| line.starts_with(&format!("{name}=")));
        let pair = line.unwrap_or_else(|| panic!("no {name} in {:?}: {}", answer.cookies, answer.body));
        let pair = pair.split(';').next().unwrap();
        self.cookie = if self.cookie.is_empty() || name == "lanyard" {
            pair.to_owned()
        } else {
            format!("{}; {pair}", self.cookie)
        };
        pair.split_once('=').unwrap().1.to_owned()
    }
}

/// A directory that puts secrets where none belong.
async fn provision(browser: &mut Browser<'_>, canaries: &mut Canaries, token: &str) {
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

fn reqwest_h2() -> reqwest::Client {
    #[expect(clippy::disallowed_methods, reason = "a client of ours, at our own server")]
    let builder = reqwest::Client::builder();
    builder.http2_prior_knowledge().build().unwrap()
}

#[tokio::test]
async fn s49_no_secret_is_written_anywhere() {
    let mut canaries = Canaries::default();
    let key = canaries.know("master key", &"5a7c".repeat(16));
    let installation = Installation::on_sqlite()
        .with("LOG_LEVEL", "trace")
        .with("MASTER_KEY_FILE", "")
        .with("MASTER_KEY", key);
    let server = installation.serve().await;
    let link = server.said["setup_url"].as_str().unwrap().to_owned();
    let setup = canaries.know("set-up link", link.rsplit('/').next().unwrap());
    let mut browser = Browser {
        server: &server,
        client: client(),
        cookie: String::new(),
        seen: Vec::new(),
    };

    // Set-up. The page of a link holds the link's token, for the form on it; it is not kept.
    browser.page(&format!("/setup/{setup}")).await;
    browser.seen.pop();
    let password = canaries.make("password of the operator");
    let form = |token: &str, password: &str| {
        format!(
            "input[token]={token}&input[name]=Olive&input[email]=olive%40vendor.example&input[password]={password}&input[organisation]=Contoso"
        )
    };
    browser
        .call(
            "account/complete-setup",
            &form(&canaries.make("wrong set-up token"), &canaries.make("password with it")),
        )
        .await;
    browser.call("account/complete-setup", &form(&setup, "short")).await;
    let answer = browser.call("account/complete-setup", &form(&setup, &password)).await;
    let session = browser.keep(&answer, "lanyard");
    canaries.know("session of the set-up", &session);
    browser.call("billing/set-toolkit", "input[is_on]=true").await;

    // A connector: its secret is shown once, on purpose, until it is acknowledged.
    let created = browser.call("connectors/create", "input[kind]=entra").await;
    let id = created.location.rsplit('/').next().unwrap().to_owned();
    let sealed = created
        .cookies
        .iter()
        .find(|line| line.contains("v1:"))
        .unwrap()
        .split(['=', ';'])
        .nth(1)
        .unwrap();
    canaries.know("sealed new secret", sealed);
    let with_session = browser.cookie.clone();
    let flash = created
        .cookies
        .iter()
        .find(|line| line.contains("v1:"))
        .unwrap()
        .split('=')
        .next()
        .unwrap()
        .to_owned();
    browser.keep(&created, &flash);
    let shown: Value = serde_json::from_str(&browser.call("connectors/get", &format!("input={id}")).await.body).unwrap();
    browser.seen.pop();
    let token = canaries.know("SCIM token", shown["new_secret"].as_str().unwrap());
    browser.page(&format!("/connectors/{id}")).await;
    let (page, shown) = browser.seen.pop().unwrap();
    assert!(shown.contains(&token), "{page}: {}", &shown[..shown.len().min(2_000)]);
    browser.call("connectors/acknowledge-secret", &format!("input={id}")).await;
    browser.cookie = with_session;
    provision(&mut browser, &mut canaries, &token).await;
    let orgs = installation.json(&["org", "list"]);
    let org = orgs["organisations"][0]["id"].as_str().unwrap();
    let rotated = installation.json(&["connector", "rotate", "--org", org, "--connector", &id]);
    canaries.know("rotated SCIM token", rotated["secret"].as_str().unwrap());

    // Signing in, rightly and wrongly, by the browser's program and by a form.
    let sign_in = |email: &str, password: &str| format!("input[email]={email}&input[password]={password}");
    let olive = "olive%40vendor.example";
    for accept in ["application/json", "text/html"] {
        for body in [
            sign_in(olive, &canaries.make("wrong password")),
            sign_in(&canaries.make("password typed as a name"), "x"),
            format!(
                "{}&input[return_to]=/users?token={}",
                sign_in(olive, "x"),
                canaries.make("token in return_to")
            ),
            format!(
                "{}&input[passwort]={}",
                sign_in(olive, "x"),
                canaries.make("password in an unknown field")
            ),
            format!("password={}", canaries.make("password without its form")),
        ] {
            browser
                .call_as("account/sign-in", "application/x-www-form-urlencoded", accept, body)
                .await;
        }
    }
    let json = format!(
        r#"{{"input":{{"email":"x","password":["{}"]}}}}"#,
        canaries.make("password of a wrong type")
    );
    browser
        .call_as("account/sign-in", "application/json", "application/json", json)
        .await;
    let broken = format!(
        r#"{{"input":{{"limit":"{}"}}}}"#,
        canaries.make("secret in place of a number")
    );
    browser
        .call_as("users/list", "application/json", "application/json", broken)
        .await;
    let answer = browser.call("account/sign-in", &sign_in(olive, &password)).await;
    let session = browser.keep(&answer, "lanyard");
    canaries.know("session of the sign-in", &session);
    let (wrong, new) = (canaries.make("wrong current password"), canaries.make("new password"));
    browser
        .call(
            "account/change-password",
            &format!("input[current]={wrong}&input[password]={new}"),
        )
        .await;
    let answer = browser
        .call(
            "account/change-password",
            &format!("input[current]={password}&input[password]={new}"),
        )
        .await;
    let session = browser.keep(&answer, "lanyard");
    canaries.know("session after the new password", &session);
    let recovery = installation.json(&["recover-account", "olive@vendor.example"]);
    let link = recovery["recovery_url"]
        .as_str()
        .or(recovery["url"].as_str())
        .unwrap_or_else(|| panic!("{recovery}"));
    let link = canaries.know("recovery link", link.rsplit('/').next().unwrap());
    browser.page(&format!("/recover/{link}")).await;
    browser.seen.pop();
    let recovered = canaries.make("password by recovery");
    browser
        .call(
            "account/complete-recovery",
            &format!("input[token]={link}&input[password]={recovered}"),
        )
        .await;
    let answer = browser.call("account/sign-in", &sign_in(olive, &recovered)).await;
    let session = browser.keep(&answer, "lanyard");
    canaries.know("last session", &session);
    let forged = canaries.make("forged session");
    let kept = std::mem::replace(&mut browser.cookie, format!("lanyard={forged}"));
    browser.page("/users").await;
    browser.cookie = kept;
    // Secrets in addresses that lead nowhere.
    browser.page(&format!("/?token={}", canaries.make("token of a page"))).await;
    browser
        .call(&format!("nothing?secret={}", canaries.make("secret of a function")), "")
        .await;

    // Everything that can be read afterwards.
    for path in [
        "/",
        "/account",
        "/users",
        "/groups",
        "/integrations",
        "/billing",
        "/settings",
        "/organisations",
        "/logs/provisioning",
        "/logs/audit",
    ] {
        assert_eq!(browser.page(path).await.status, 200, "{path}");
    }
    browser.page(&format!("/connectors/{id}")).await;
    let list = |limit: u32| format!(r#"{{"input":{{"limit":{limit}}}}}"#);
    let audit = browser
        .call_as("audit/list", "application/json", "application/json", list(200))
        .await
        .body;
    assert!(audit.matches("\"action\"").count() > 10, "{audit}");
    let log = browser
        .call_as("provisioning/list", "application/json", "application/json", list(200))
        .await
        .body;
    let entries: Value = serde_json::from_str(&log).unwrap();
    let entries = entries["items"].as_array().unwrap();
    assert!(entries.len() > 10, "{log}");
    for entry in entries {
        browser
            .call("provisioning/get", &format!("input={}", entry["id"].as_str().unwrap()))
            .await;
    }

    assert!(canaries.0.len() >= 30, "{}", canaries.0.len());
    for (place, text) in &browser.seen {
        canaries.none_in(place, text.as_bytes());
    }
    canaries.none_in("the metrics", server.metrics().await.as_bytes());
    server.has_no_faults().await;
    let mut server = server;
    // While it runs, a part of the database is in its write-ahead log.
    for is_running in [true, false] {
        if !is_running {
            server.process.terminate();
            assert_eq!(server.process.end(std::time::Duration::from_secs(20)).await, Some(0));
        }
        for entry in walkdir::WalkDir::new(installation.folder()) {
            let entry = entry.unwrap();
            // The link is in this file on purpose, for its owner alone.
            if entry.file_type().is_file() && entry.file_name() != "setup-link.txt" {
                canaries.none_in(&entry.path().display().to_string(), &std::fs::read(entry.path()).unwrap());
            }
        }
    }
    let log = server.log();
    assert!(log.contains("\"level\":\"TRACE\""), "nothing is logged at this level");
}
