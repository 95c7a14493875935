//! A browser in miniature: keeps a cookie, sends what browsers send, reads the whole answer.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use lanyard::config::{Config, Sources};
use lanyard::http::{AppState, HttpSettings, router};
use secrecy::ExposeSecret;
use tower::ServiceExt;

use crate::app::TestApp;

pub const ORIGIN: &str = "http://localhost:3000";

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The router with the settings that are compiled in.
pub fn app_router(app: &TestApp) -> Router {
    let config = Config::load(&Sources::default()).unwrap();
    router(AppState::new(app.services.clone(), HttpSettings::from(&config), None))
}

pub fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost:3000")
}

pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body
        .collect()
        .await
        .map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned())
        .unwrap_or_default();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

/// A page, as a navigation asks for it.
pub async fn get(router: &Router, path: &str, cookie: Option<&secrecy::SecretString>) -> Answer {
    let mut request = request(Method::GET, path).header(header::ACCEPT, "text/html");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, format!("lanyard={}", cookie.expose_secret()));
    }
    send(router, request.body(Body::empty()).unwrap()).await
}

/// A server function, as the browser's program calls it.
pub async fn call(router: &Router, path: &str, cookie: Option<&secrecy::SecretString>, form: &str) -> Answer {
    post(router, path, cookie, "application/x-www-form-urlencoded", form).await
}

/// The same with a JSON body.
pub async fn call_json(router: &Router, path: &str, cookie: Option<&secrecy::SecretString>, json: &str) -> Answer {
    post(router, path, cookie, "application/json", json).await
}

async fn post(router: &Router, path: &str, cookie: Option<&secrecy::SecretString>, content_type: &str, body: &str) -> Answer {
    let mut request = request(Method::POST, path)
        .header(header::ORIGIN, ORIGIN)
        .header(header::CONTENT_TYPE, content_type)
        .header(header::ACCEPT, "application/json");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, format!("lanyard={}", cookie.expose_secret()));
    }
    send(router, request.body(Body::from(body.to_owned())).unwrap()).await
}
