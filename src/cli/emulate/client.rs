//! Entra's HTTP behaviour: bearer token, the flag on the address, the media types it sends, no redirects.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use reqwest::{Method, Url};
use serde_json::Value;

use super::ambient::{Pace, Stopwatch};
use super::answer::Answer;
use super::dialect::Dialect;
use super::error::EmulateError;

/// Answers larger than this are cut off: an emulator must not be filled up by the server it tests.
const BODY_LIMIT: usize = 32 * 1024 * 1024;
/// So many requests in a row without any answer end the run.
const GIVE_UP_AFTER: u32 = 8;
/// So often a request that met 429 is sent again.
const THROTTLE_TRIES: u32 = 30;

/// Who the request claims to come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The configured token.
    Token,
    /// A token the server has never issued.
    Wrong,
    /// No `Authorization` header at all.
    None,
}

/// One request before it is sent.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// HTTP method.
    pub method: Method,
    /// Path below the base address, beginning with `/`.
    pub path: String,
    /// Query parameters, not yet encoded.
    pub query: Vec<(&'a str, String)>,
    /// JSON body.
    pub body: Option<Value>,
    /// Decides the flag on the address and the exact media type.
    pub dialect: Dialect,
    /// Decides the `Authorization` header.
    pub credential: Credential,
    /// Media type to send instead of the usual one.
    pub media_type: Option<&'static str>,
}

/// A connection to one SCIM server with one token.
pub struct EntraClient {
    http: reqwest::Client,
    base: Url,
    bearer: HeaderValue,
    pace: Pace,
    requests: AtomicU64,
    throttled: AtomicU64,
    silent: AtomicU32,
}

/// The one HTTP client of the emulator. Redirects are not followed, because they would carry the token elsewhere.
///
/// # Errors
/// If the TLS configuration of the process cannot be used.
#[expect(
    clippy::disallowed_methods,
    reason = "the emulator plays a directory: its client is made here and passed on"
)]
pub fn http_client() -> Result<reqwest::Client, EmulateError> {
    // Fails only if a provider is installed already, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .user_agent(concat!("Lanyard-Entra-Emulator/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(60))
        .build()
        .map_err(EmulateError::Client)
}

impl EntraClient {
    /// Prepares requests to `url` (a flag at its end is taken off, the dialect decides about it) with `token`.
    ///
    /// # Errors
    /// If the address or the token cannot be used.
    pub fn new(http: reqwest::Client, url: &str, token: &str, rate: f64) -> Result<Self, EmulateError> {
        let mut base = Url::parse(url.trim()).map_err(|error| EmulateError::Address(error.to_string()))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(EmulateError::Address(url.to_owned()));
        }
        base.set_query(None);
        base.set_fragment(None);
        let path = base.path().trim_end_matches('/').to_owned();
        base.set_path(&path);
        if token.is_empty() {
            return Err(EmulateError::Token);
        }
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| EmulateError::Token)?;
        bearer.set_sensitive(true);
        Ok(Self {
            http,
            base,
            bearer,
            pace: Pace::per_second(rate),
            requests: AtomicU64::new(0),
            throttled: AtomicU64::new(0),
            silent: AtomicU32::new(0),
        })
    }

    /// The base address without flag and trailing slash.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Requests sent so far.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Answers 429 so far.
    #[must_use]
    pub fn throttled(&self) -> u64 {
        self.throttled.load(Ordering::Relaxed)
    }

    /// Sends one request and reads the answer. A request that gets no answer is an `Answer` with status 0, so that one
    /// dropped connection costs one check.
    ///
    /// # Errors
    /// If the server has not answered several requests in a row.
    pub async fn send(&self, call: Call<'_>) -> Result<Answer, EmulateError> {
        let mut tries = 0;
        loop {
            let (answer, wait) = self.send_once(&call).await;
            if answer.status == 0 {
                let silent = self.silent.fetch_add(1, Ordering::Relaxed) + 1;
                if silent >= GIVE_UP_AFTER {
                    return Err(EmulateError::Unreachable(answer.trouble.unwrap_or_default()));
                }
            } else {
                self.silent.store(0, Ordering::Relaxed);
            }
            // Entra counts 429 as a failure and comes back in a later cycle; here the later cycle is a moment later.
            if answer.status == 429 && tries < THROTTLE_TRIES {
                tries += 1;
                self.throttled.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(wait.unwrap_or(Duration::from_secs(1)).max(Duration::from_millis(50))).await;
                continue;
            }
            return Ok(answer);
        }
    }

    /// Sends a request and hangs up after `patience`, as a client does whose connection breaks.
    pub async fn send_and_hang_up(&self, call: &Call<'_>, patience: Duration) {
        drop(tokio::time::timeout(patience, self.send_once(call)).await);
    }

    async fn send_once(&self, call: &Call<'_>) -> (Answer, Option<Duration>) {
        self.pace.wait().await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let url = self.address(call);
        let mut request = self
            .http
            .request(call.method.clone(), url.clone())
            .header(ACCEPT, "application/scim+json, application/json");
        request = match call.credential {
            Credential::Token => request.header(AUTHORIZATION, self.bearer.clone()),
            Credential::Wrong => request.header(AUTHORIZATION, "Bearer this-token-was-never-issued"),
            Credential::None => request,
        };
        if let Some(body) = &call.body {
            let media_type = call.media_type.unwrap_or_else(|| call.dialect.media_type());
            request = request.header(CONTENT_TYPE, media_type).body(body.to_string());
        }
        let watch = Stopwatch::start();
        let label = label(&call.method, &self.base, &url);
        match request.send().await {
            Ok(response) => read(response, label, watch).await,
            Err(error) => (silence(label, &error, watch), None),
        }
    }

    /// The address with query. Blanks are `+` in one dialect and `%20` in the other: both occur, both are legal.
    fn address(&self, call: &Call<'_>) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{}", self.base.path().trim_end_matches('/'), call.path));
        if !call.query.is_empty() {
            url.query_pairs_mut()
                .extend_pairs(call.query.iter().map(|(name, value)| (*name, value.as_str())));
        }
        if call.dialect == Dialect::Flag {
            let spelled = url.query().map(|query| query.replace('+', "%20"));
            let query = spelled.map_or_else(|| "aadOptscim062020".to_owned(), |query| format!("{query}&aadOptscim062020"));
            url.set_query(Some(&query));
        }
        url
    }
}

/// The address as it appears on the score card: without host, percent signs kept.
fn label(method: &Method, base: &Url, url: &Url) -> String {
    let path = url
        .path()
        .strip_prefix(base.path().trim_end_matches('/'))
        .unwrap_or(url.path());
    url.query()
        .map_or_else(|| format!("{method} {path}"), |query| format!("{method} {path}?{query}"))
}

async fn read(mut response: reqwest::Response, request: String, watch: Stopwatch) -> (Answer, Option<Duration>) {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let wait = text(&headers, RETRY_AFTER.as_str())
        .parse()
        .ok()
        .map(|seconds: u64| Duration::from_secs(seconds.min(60)));
    let mut bytes = Vec::new();
    let mut trouble = None;
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= BODY_LIMIT => bytes.extend_from_slice(&chunk),
            Ok(Some(_)) => {
                trouble = Some(format!("the body is larger than {BODY_LIMIT} bytes"));
                break;
            }
            Ok(None) => break,
            Err(error) => return (silence(request, &error, watch), None),
        }
    }
    let body = if bytes.is_empty() || trouble.is_some() {
        Value::Null
    } else {
        serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            trouble = Some(format!("the body is not JSON: {error}"));
            Value::Null
        })
    };
    let request_id = ["x-request-id", "request-id", "x-correlation-id"]
        .iter()
        .map(|name| text(&headers, name))
        .find(|id| !id.is_empty());
    let answer = Answer {
        request,
        status,
        content_type: text(&headers, CONTENT_TYPE.as_str()),
        location: text(&headers, LOCATION.as_str()),
        challenge: text(&headers, WWW_AUTHENTICATE.as_str()),
        body,
        length: bytes.len(),
        trouble,
        request_id,
        elapsed: watch.elapsed(),
    };
    (answer, wait)
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// The answer that never came. The innermost cause says most ("connection refused").
fn silence(request: String, error: &reqwest::Error, watch: Stopwatch) -> Answer {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Answer {
        request,
        status: 0,
        content_type: String::new(),
        location: String::new(),
        challenge: String::new(),
        body: Value::Null,
        length: 0,
        trouble: Some(format!("no answer: {cause}")),
        request_id: None,
        elapsed: watch.elapsed(),
    }
}
