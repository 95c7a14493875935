//! A provisioning job: one connection, one mapping, the links it keeps and where its checks are reported.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use futures::stream::{self, StreamExt as _};
use reqwest::Method;
use serde_json::Value;
use uuid::Uuid;

use super::answer::Answer;
use super::bodies::Mapping;
use super::client::{Call, Credential, EntraClient};
use super::dialect::Dialect;
use super::dice::Dice;
use super::error::EmulateError;
use super::expect::Expect;
use super::links::Links;
use super::score::CheckResult;

/// Receives every check as it is made, from several tasks at once.
pub trait Recorder: Send + Sync {
    /// Takes one result.
    fn record(&self, result: &CheckResult);
}

/// A recorder made of a closure.
pub struct Relay<F>(Mutex<F>);

impl<F: FnMut(&CheckResult) + Send> Relay<F> {
    /// Calls `closure` for every check.
    pub fn new(closure: F) -> Self {
        Self(Mutex::new(closure))
    }

    /// Gives the closure back.
    pub fn into_inner(self) -> F {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F: FnMut(&CheckResult) + Send> Recorder for Relay<F> {
    fn record(&self, result: &CheckResult) {
        let mut closure = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        closure(result);
    }
}

/// Everything a scenario works with.
pub struct Job<'j> {
    /// The server.
    pub client: EntraClient,
    /// The attribute mapping.
    pub mapping: Mapping,
    /// Source object to SCIM id.
    pub links: Links,
    /// Requests in flight at once.
    pub concurrency: usize,
    recorder: &'j dyn Recorder,
    dice: Mutex<Dice>,
    extras: Mutex<Vec<String>>,
}

impl<'j> Job<'j> {
    /// A job that reports every check to `recorder`.
    pub fn new(client: EntraClient, mapping: Mapping, links: Links, concurrency: usize, recorder: &'j dyn Recorder) -> Self {
        Self {
            client,
            mapping,
            links,
            concurrency: concurrency.clamp(1, 64),
            recorder,
            dice: Mutex::new(Dice::new(super::ambient::fresh_seed())),
            extras: Mutex::new(Vec::new()),
        }
    }

    /// The job seen from one scenario, which speaks one dialect.
    #[must_use]
    pub fn stage(&self, scenario: &'static str, dialect: Dialect) -> Stage<'_> {
        Stage {
            job: self,
            scenario,
            dialect,
            shows_dialect: true,
        }
    }

    /// A GUID that names nothing on the server, as Entra's connection test sends it.
    #[must_use]
    pub fn random_guid(&self) -> Uuid {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner).uuid()
    }

    /// Remembers a resource (`/Users/…`) that is no part of the sample tenant, so that it can be deleted at the end.
    pub fn remember_extra(&self, path: String) {
        self.extras.lock().unwrap_or_else(PoisonError::into_inner).push(path);
    }

    /// Takes the list of such resources.
    #[must_use]
    pub fn take_extras(&self) -> Vec<String> {
        std::mem::take(&mut *self.extras.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One scenario in one dialect.
#[derive(Clone, Copy)]
pub struct Stage<'j> {
    /// The job.
    pub job: &'j Job<'j>,
    /// The dialect of this round.
    pub dialect: Dialect,
    scenario: &'static str,
    shows_dialect: bool,
}

impl<'j> Stage<'j> {
    /// For scenarios in which the dialect makes no difference: played once, shown without dialect.
    #[must_use]
    pub fn in_any_dialect(mut self) -> Self {
        self.shows_dialect = false;
        self
    }

    /// The same scenario, speaking the other dialect for some requests.
    #[must_use]
    pub fn speaking(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Name of the scenario.
    #[must_use]
    pub fn scenario(&self) -> &'static str {
        self.scenario
    }

    /// The dialect, where it makes a difference.
    #[must_use]
    pub fn shown_dialect(&self) -> Option<Dialect> {
        self.shows_dialect.then_some(self.dialect)
    }

    /// Begins a check.
    pub fn expect<'s>(&'s self, check: impl Into<Cow<'static, str>>, answer: &Answer) -> Expect<'s, 'j> {
        Expect::new(self, check, answer)
    }

    /// Reports a finished check.
    pub fn record(&self, result: &CheckResult) {
        self.job.recorder.record(result);
    }

    /// A request with the job's token.
    #[must_use]
    pub fn call<'a>(&self, method: Method, path: &str) -> Call<'a> {
        Call {
            method,
            path: path.to_owned(),
            query: Vec::new(),
            body: None,
            dialect: self.dialect,
            credential: Credential::Token,
            media_type: None,
        }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// If the server is gone for good.
    pub async fn send(&self, call: Call<'_>) -> Result<Answer, EmulateError> {
        self.job.client.send(call).await
    }

    /// `GET` with query parameters.
    ///
    /// # Errors
    /// If the server is gone for good.
    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Answer, EmulateError> {
        let mut call = self.call(Method::GET, path);
        call.query = query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.send(call).await
    }

    /// `GET` with a filter.
    ///
    /// # Errors
    /// If the server is gone for good.
    pub async fn query(&self, path: &str, filter: &str) -> Result<Answer, EmulateError> {
        self.get(path, &[("filter", filter)]).await
    }

    /// `POST`.
    ///
    /// # Errors
    /// If the server is gone for good.
    pub async fn post(&self, path: &str, body: Value) -> Result<Answer, EmulateError> {
        let mut call = self.call(Method::POST, path);
        call.body = Some(body);
        self.send(call).await
    }

    /// `PATCH` with these operations.
    ///
    /// # Errors
    /// If the server is gone for good.
    pub async fn patch(&self, path: &str, operations: Vec<Value>) -> Result<Answer, EmulateError> {
        let mut call = self.call(Method::PATCH, path);
        call.body = Some(self.dialect.patch(operations));
        self.send(call).await
    }

    /// `DELETE`.
    ///
    /// # Errors
    /// If the server is gone for good.
    pub async fn delete(&self, path: &str) -> Result<Answer, EmulateError> {
        self.send(self.call(Method::DELETE, path)).await
    }

    /// Runs these requests with as many in flight as the job allows, and waits for all. The first error wins.
    ///
    /// # Errors
    /// If one of them failed.
    pub async fn in_parallel<T>(&self, work: Vec<impl Future<Output = Result<T, EmulateError>>>) -> Result<Vec<T>, EmulateError> {
        let results: Vec<Result<T, EmulateError>> = stream::iter(work).buffer_unordered(self.job.concurrency).collect().await;
        results.into_iter().collect()
    }
}

/// A text as a filter literal: JSON string rules (RFC 7644 section 3.4.2.2).
#[must_use]
pub fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}
