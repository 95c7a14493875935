//! The SCIM door through its router: credentials, addresses, bodies of real directories, limits, the log.

mod access;
mod empty;
mod emulator;
mod entra;
mod groups;
mod limits;
mod log;
mod others;
mod protocol;
mod races;
mod snapshots;
mod tenancy;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Request};
use lanyard::domain::ids::ConnectorId;
use lanyard::scim::{Limits, router};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::app::{TestApp, TestOrganisation};

pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub const ENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub const FOLD: &str = "urn:ietf:params:scim:schemas:extension:2.0:CustomExtensionName";
pub const META: &str = "urn:ietf:params:scim:schemas:extension:2.0:Metadata";
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
pub const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// An id that nothing has.
pub const NOBODY: &str = "0193a2b4-c5d6-7e8f-9012-3456789abcde";

/// A directory may ask as often as it likes; wrong secrets are counted as they are compiled in.
pub const UNLIMITED: Limits = Limits {
    per_second: 0,
    burst: 0,
    failures_per_minute: 20,
};

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body, where the status is the expected one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if status != 204 {
            assert_eq!(self.header("content-type"), "application/scim+json");
        }
        self.body
    }

    /// Checks a SCIM error and hands its detail out.
    #[track_caller]
    pub fn refused(self, status: u16, scim_type: Option<&str>) -> String {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/scim+json", "{}", self.text);
        assert_eq!(self.body["schemas"], json!([ERROR]));
        assert_eq!(self.body["status"], json!(status.to_string()));
        assert_eq!(self.body.get("scimType").and_then(Value::as_str), scim_type, "{}", self.text);
        self.body["detail"].as_str().unwrap().to_owned()
    }
}

/// A directory that talks to the door.
#[derive(Clone)]
pub struct Directory {
    pub router: Router,
    pub secret: SecretString,
    pub user_name: String,
    pub connector: ConnectorId,
}

/// One request.
pub struct Call {
    request: axum::http::request::Builder,
    body: Body,
}

impl Call {
    pub fn new(method: &str, path: &str) -> Self {
        let uri = format!("/scim/v2{path}");
        Self {
            request: Request::builder()
                .method(Method::from_bytes(method.as_bytes()).unwrap())
                .uri(uri),
            body: Body::empty(),
        }
    }

    pub fn header(mut self, name: impl AsRef<str>, value: &str) -> Self {
        self.request = self.request.header(name.as_ref(), value);
        self
    }

    pub fn raw(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.header(CONTENT_TYPE, "application/scim+json").raw(body.to_string())
    }
}

impl Directory {
    pub async fn new(app: &TestApp, organisation: &TestOrganisation) -> Self {
        Self::limited(app, organisation, UNLIMITED).await
    }

    pub async fn limited(app: &TestApp, organisation: &TestOrganisation, limits: Limits) -> Self {
        let made = app.connector(organisation).await;
        let router = Router::new().nest_service("/scim/v2", router(app.services.clone(), limits));
        Self {
            router,
            secret: made.secret,
            user_name: made.user_name,
            connector: made.id,
        }
    }

    /// As it is, without credentials.
    pub async fn anonymous(&self, call: Call) -> Answer {
        let request = call.request.body(call.body).unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap()
        };
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
            text,
        }
    }

    pub async fn send(&self, call: Call) -> Answer {
        let bearer = format!("Bearer {}", self.secret.expose_secret());
        self.anonymous(call.header(AUTHORIZATION, &bearer)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Call::new("GET", path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Call::new("POST", path).json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Call::new("PUT", path).json(body)).await
    }

    pub async fn patch(&self, path: &str, operations: Value) -> Answer {
        let body = json!({ "schemas": [PATCH], "Operations": operations });
        self.send(Call::new("PATCH", path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Call::new("DELETE", path)).await
    }

    pub async fn query(&self, path: &str, filter: &str) -> Answer {
        let encoded: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        self.get(&format!("{path}?filter={encoded}")).await
    }

    /// The ids that a filter finds.
    pub async fn found(&self, path: &str, filter: &str) -> Vec<String> {
        let list = self.query(path, filter).await.expect(200);
        list["Resources"].as_array().unwrap().iter().map(id_of).collect()
    }

    /// Makes a user; answers its id.
    pub async fn user(&self, user_name: &str) -> String {
        id_of(&self.post("/Users", &person(user_name)).await.expect(201))
    }

    /// Makes an empty group; answers its id.
    pub async fn group(&self, name: &str) -> String {
        id_of(
            &self
                .post("/Groups", &json!({ "schemas": [GROUP], "displayName": name }))
                .await
                .expect(201),
        )
    }

    /// The ids of a group's members.
    pub async fn members(&self, group: &str) -> Vec<String> {
        let group = self.get(&format!("/Groups/{group}")).await.expect(200);
        group["members"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|member| member["value"].as_str().unwrap().to_owned())
            .collect()
    }
}

pub fn id_of(resource: &Value) -> String {
    resource["id"].as_str().unwrap().to_owned()
}

/// What is sent to make a plain user.
pub fn person(user_name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": user_name,
        "externalId": format!("ext-{user_name}"),
        "displayName": "Ada Lovelace",
        "active": true,
        "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "emails": [{ "type": "work", "value": user_name, "primary": true }],
    })
}

/// An application with one organisation and its directory.
pub async fn start() -> (TestApp, TestOrganisation, Directory) {
    let app = TestApp::new().await;
    let organisation = app.set_up().await;
    let directory = Directory::new(&app, &organisation).await;
    (app, organisation, directory)
}
