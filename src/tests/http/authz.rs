//! Every server function and page, called by everybody (security rules S4, S5, S6).

use std::collections::BTreeMap;

use lanyard::domain::permission::Permission;
use lanyard::domain::role::BuiltInRole;
use lanyard::server_fns::table::{Access, FUNCTIONS, OTHERS, PAGES};
use lanyard::service::{groups, sessions, users};
use secrecy::SecretString;

use super::browser::{app_router, call, call_json, get};
use crate::app::{TestApp, TestOrganisation};

/// An id that is nobody's.
const NOBODY: &str = "0193a2b4-c5d6-7e8f-9012-3456789abcde";

/// A body that each function can read, so that what answers is the guard and not the parser.
fn body(path: &str) -> (bool, String) {
    let form = |text: &str| (false, text.to_owned());
    let json = |text: &str| (true, text.to_owned());
    match path.strip_prefix("/api/").unwrap() {
        "account/sign-in" => form("input[email]=nobody%40x.example&input[password]=x"),
        "account/setup-status" | "account/recovery-status" => form("input=x"),
        "account/complete-setup" => form("input[token]=x&input[name]=x&input[email]=x&input[password]=x&input[organisation]=x"),
        "account/complete-recovery" => form("input[token]=x&input[password]=x"),
        "account/switch-organisation" => form(&format!("input[organisation]={NOBODY}")),
        "account/change-password" => form("input[current]=x&input[password]=x"),
        "audit/list" | "users/list" | "groups/list" | "provisioning/list" => json(r#"{"input":{}}"#),
        "groups/members" => json(&format!(r#"{{"input":{{"group":"{NOBODY}"}}}}"#)),
        "billing/set-toolkit" => form("input[is_on]=true"),
        "connectors/create" => form("input[kind]=entra"),
        "connectors/update" => form(&format!(
            "input[id]={NOBODY}&input[version]=1&input[name]=x&input[folders_extension_name]=x&input[default_user_type]=Standard&input[adoption]=ask"
        )),
        "connectors/rotate" => form(&format!("input[id]={NOBODY}&input[overlap_hours]=1")),
        "connectors/revoke" => form(&format!("input[connector]={NOBODY}&input[credential]={NOBODY}")),
        "connectors/delete" | "users/delete" => form(&format!("input[id]={NOBODY}&input[confirmation]=x")),
        "groups/create" => form("input[name]="),
        "groups/rename" => form(&format!("input[id]={NOBODY}&input[version]=1&input[name]=x")),
        "groups/add-member" | "groups/remove-member" => form(&format!("input[group]={NOBODY}&input[user_name]=x")),
        "organisations/rename" => form("input[version]=999&input[name]=x"),
        "organisations/create" => form("input[name]="),
        "organisations/decide-toolkit" => form(&format!("input[organisation]={NOBODY}&input[is_on]=true")),
        "preferences/set" => form("input[theme]=dark"),
        "users/create" => form("input[email]=&input[role]=&input[user_type]=Standard"),
        "users/update-profile" => form(&format!("input[id]={NOBODY}&input[version]=1")),
        "users/update-access" => form(&format!(
            "input[id]={NOBODY}&input[version]=1&input[role]=&input[user_type]=Standard"
        )),
        "account/viewer"
        | "account/sign-out"
        | "account/sessions"
        | "account/end-other-sessions"
        | "audit/verify"
        | "billing/get"
        | "connectors/list"
        | "home/get"
        | "organisations/current"
        | "organisations/list"
        | "roles/list" => form(""),
        // One id.
        _ => form(&format!("input={NOBODY}")),
    }
}

struct Caller {
    name: &'static str,
    cookie: Option<SecretString>,
    permissions: Vec<Permission>,
    is_operator: bool,
    is_signed_in: bool,
}

async fn callers(app: &TestApp, org: &TestOrganisation) -> Vec<Caller> {
    let nobody = |name, cookie| Caller {
        name,
        cookie,
        permissions: Vec::new(),
        is_operator: false,
        is_signed_in: false,
    };
    let mut callers = vec![
        nobody("anonymous", None),
        nobody("forged cookie", Some(SecretString::from("f".repeat(64)))),
    ];
    for (name, role) in [
        ("read only", BuiltInRole::ReadOnly),
        ("user", BuiltInRole::User),
        ("admin", BuiltInRole::Admin),
        ("enterprise admin", BuiltInRole::EnterpriseAdmin),
    ] {
        let email = format!("{}@contoso.example", name.replace(' ', "."));
        app.user(org, &email, Some(role)).await;
        let cookie = app.sign_in(org, &email).await;
        callers.push(Caller {
            name,
            cookie: Some(cookie),
            permissions: role.permissions().iter().collect(),
            is_operator: false,
            is_signed_in: true,
        });
    }
    let gone = app
        .user(org, "gone@contoso.example", Some(BuiltInRole::EnterpriseAdmin))
        .await;
    let cookie = app.sign_in(org, "gone@contoso.example").await;
    users::deactivate(&org.admin, gone).await.unwrap();
    callers.push(nobody("deactivated", Some(cookie)));
    app.user(org, "late@contoso.example", Some(BuiltInRole::EnterpriseAdmin))
        .await;
    let cookie = app.sign_in(org, "late@contoso.example").await;
    sessions::sign_out(&app.holder(&cookie).await).await.unwrap();
    callers.push(nobody("ended session", Some(cookie)));
    let all = Permission::ALL.to_vec();
    callers.push(Caller {
        name: "operator",
        cookie: Some(org.cookie.clone()),
        permissions: all,
        is_operator: true,
        is_signed_in: true,
    });
    callers
}

fn expected(access: Access, caller: &Caller) -> Option<u16> {
    let allowed = match access {
        Access::Public => true,
        Access::SignedIn => caller.is_signed_in,
        Access::Operator => caller.is_operator,
        Access::Permission(permission) => caller.permissions.contains(&permission),
        Access::Connector => false,
    };
    match (allowed, caller.is_signed_in) {
        (true, _) => None,
        (false, true) => Some(403),
        (false, false) => Some(401),
    }
}

/// All functions; what ends the caller's session comes last.
fn functions() -> impl Iterator<Item = &'static (&'static str, Access)> {
    let is_last = |(path, _): &&(&str, Access)| *path == "/api/account/sign-out";
    FUNCTIONS
        .iter()
        .filter(move |function| !is_last(function))
        .chain(FUNCTIONS.iter().filter(is_last))
}

#[tokio::test]
async fn s04_every_server_function_refuses_whoever_may_not() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let router = app_router(&app);
    let mut answers: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for caller in callers(&app, &org).await {
        for (path, access) in functions() {
            let (is_json, body) = body(path);
            let answer = if is_json {
                call_json(&router, path, caller.cookie.as_ref(), &body).await
            } else {
                call(&router, path, caller.cookie.as_ref(), &body).await
            };
            let status = answer.status.as_u16();
            answers.entry(path).or_default().push(format!("{}: {status}", caller.name));
            match expected(*access, &caller) {
                Some(refusal) => assert_eq!(status, refusal, "{} by {}: {}", path, caller.name, answer.body),
                None => {
                    let public_401 = *path == "/api/account/sign-in";
                    assert!(
                        public_401 || !matches!(status, 401 | 403),
                        "{} by {}: {status} {}",
                        path,
                        caller.name,
                        answer.body
                    );
                    assert!(status < 500, "{} by {}: {status} {}", path, caller.name, answer.body);
                    assert!(
                        !answer.body.contains("outdated"),
                        "{path}: the body of this test does not fit: {}",
                        answer.body
                    );
                }
            }
        }
    }
    let table: String = answers
        .into_iter()
        .map(|(path, answers)| format!("{path}\n    {}\n", answers.join(", ")))
        .collect();
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn s04_everything_else_answers_as_the_table_says() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let router = app_router(&app);
    for (path, access) in OTHERS {
        let path = path.replace("{*file}", "none.js").replace("{*path}", "Users");
        for cookie in [None, Some(&org.cookie)] {
            let status = get(&router, &path, cookie).await.status.as_u16();
            match access {
                // No browser's session opens what is for directories.
                Access::Connector => assert_eq!(status, 401, "{path}"),
                Access::Public => assert!(matches!(status, 200 | 404), "{path}: {status}"),
                Access::SignedIn | Access::Operator | Access::Permission(_) => panic!("{path} is no page"),
            }
        }
    }
}

#[tokio::test]
async fn s05_no_page_shows_a_viewer_what_they_may_not_see() {
    const CANARY: &str = "canary7f3a";
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let theirs = app.another(&org, &format!("Org {CANARY}")).await;
    let foreign_user = app
        .user(&theirs, &format!("{CANARY}@fabrikam.example"), Some(BuiltInRole::User))
        .await;
    let foreign_group = groups::create(&theirs.admin, &format!("Group {CANARY}")).await.unwrap();
    let foreign_connector = app.connector(&theirs).await.id;
    let router = app_router(&app);
    for caller in callers(&app, &org).await {
        for (path, access) in PAGES {
            if caller.is_operator && *path == "/organisations" {
                continue;
            }
            let id = match *path {
                "/groups/{id}" => foreign_group.to_string(),
                "/connectors/{id}" => foreign_connector.to_string(),
                _ => foreign_user.to_string(),
            };
            let address = path.replace("{id}", &id).replace("{token}", "guess");
            let answer = get(&router, &address, caller.cookie.as_ref()).await;
            let status = answer.status.as_u16();
            // The operator is a member of both: the switcher names the other organisation.
            let shown = caller.is_operator;
            assert!(
                shown || !answer.body.contains(CANARY),
                "{address} shows {} what is not theirs",
                caller.name
            );
            assert!(status < 500, "{address} by {}: {status}", caller.name);
            match expected(*access, &caller) {
                Some(401) => assert!(
                    status == 401 || answer.header("location").starts_with("/sign-in"),
                    "{address} by {}: {status}",
                    caller.name
                ),
                Some(_) => assert!(status == 403 || status == 404, "{address} by {}: {status}", caller.name),
                None if path.contains("{id}") => assert_eq!(status, 404, "{address} by {}", caller.name),
                None => assert!(
                    status == 200 || (status == 302 && *path == "/sign-in"),
                    "{address} by {}: {status}",
                    caller.name
                ),
            }
        }
    }
}

#[tokio::test]
async fn s06_ids_of_another_organisation_change_nothing() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let theirs = app.another(&org, "Fabrikam").await;
    let victim = app.user(&theirs, "victim@fabrikam.example", Some(BuiltInRole::User)).await;
    let group = groups::create(&theirs.admin, "Theirs").await.unwrap();
    let connector = app.connector(&theirs).await.id;
    app.user(&org, "boss@contoso.example", Some(BuiltInRole::EnterpriseAdmin))
        .await;
    let boss = app.sign_in(&org, "boss@contoso.example").await;
    let router = app_router(&app);
    let before = users::get(&theirs.admin, victim).await.unwrap();
    for (path, access) in FUNCTIONS {
        if matches!(access, Access::Public | Access::SignedIn) {
            continue;
        }
        let id = match path.split('/').nth(2).unwrap() {
            "groups" => group.to_string(),
            "connectors" => connector.to_string(),
            _ => victim.to_string(),
        };
        let (is_json, body) = body(path);
        if !body.contains(NOBODY) {
            continue;
        }
        let body = body.replace(NOBODY, &id);
        let answer = if is_json {
            call_json(&router, path, Some(&boss), &body).await
        } else {
            call(&router, path, Some(&boss), &body).await
        };
        let harmless = *path == "/api/connectors/acknowledge-secret";
        assert!(
            harmless || matches!(answer.status.as_u16(), 403 | 404),
            "{path}: {} {}",
            answer.status,
            answer.body
        );
    }
    assert_eq!(users::get(&theirs.admin, victim).await.unwrap(), before);
    assert_eq!(groups::get(&theirs.admin, group).await.unwrap().version, 1);
}
