//! A server that logs everything it can, used as people and directories use it, with secrets in the right and in the wrong
//! places: none of them is written anywhere (security rule S49).

mod browser;
mod directory;

use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use self::browser::Browser;
use self::directory::provision;
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
