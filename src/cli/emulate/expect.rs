//! Checking answers. One `Expect` is one line on the score card, however many details it looks at.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;

use super::answer::Answer;
use super::compare::{Want, differences, short};
use super::job::Stage;
use super::score::CheckResult;

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
/// Problems spelled out per check.
const KEPT_PROBLEMS: usize = 6;

/// A check in the making.
#[must_use = "a check counts only after `done`"]
pub struct Expect<'s, 'j> {
    stage: &'s Stage<'j>,
    check: Cow<'static, str>,
    answer: Answer,
    blamed: Option<Answer>,
    elapsed: Duration,
    problems: Vec<String>,
    /// Nothing more is said about an answer that never came or has the wrong status: it would only repeat the same thing.
    is_settled: bool,
}

impl<'s, 'j> Expect<'s, 'j> {
    /// Begins a check on this answer.
    pub fn new(stage: &'s Stage<'j>, check: impl Into<Cow<'static, str>>, answer: &Answer) -> Self {
        let check = Self {
            stage,
            check: check.into(),
            answer: answer.clone(),
            blamed: None,
            elapsed: answer.elapsed,
            problems: Vec::new(),
            is_settled: false,
        };
        check.complete()
    }

    /// Goes on with a further answer that belongs to the same check.
    pub fn also(mut self, answer: &Answer) -> Self {
        self.elapsed += answer.elapsed;
        self.answer = answer.clone();
        self.is_settled = false;
        self.complete()
    }

    /// The answer arrived and is JSON.
    fn complete(self) -> Self {
        let trouble = self.answer.trouble.clone();
        let is_silent = self.answer.status == 0;
        let mut check = self.that(trouble.is_none(), || trouble.unwrap_or_default());
        check.is_settled = is_silent;
        check
    }

    /// Any condition.
    pub fn that(mut self, holds: bool, problem: impl FnOnce() -> String) -> Self {
        if !holds && !self.is_settled {
            self.problems.push(problem());
            if self.blamed.is_none() {
                self.blamed = Some(self.answer.clone());
            }
        }
        self
    }

    /// This status and no other.
    pub fn status(self, wanted: u16) -> Self {
        self.one_of(&[wanted])
    }

    /// One of these statuses.
    pub fn one_of(self, wanted: &[u16]) -> Self {
        let status = self.answer.status;
        let said = self
            .answer
            .body
            .get("detail")
            .and_then(Value::as_str)
            .map(|detail| format!(" ({detail})"))
            .unwrap_or_default();
        let is_right = wanted.contains(&status);
        let mut check = self.that(is_right, || {
            format!("status {status} instead of {}{said}", alternatives(wanted))
        });
        check.is_settled |= !is_right;
        check
    }

    /// `application/scim+json`, which the gallery validator asks of every answer with a body (RFC 7644 section 3.1).
    pub fn scim(self) -> Self {
        let kind = self.answer.content_type.clone();
        let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        self.that(essence == "application/scim+json", || {
            format!("content type \"{kind}\" instead of application/scim+json")
        })
    }

    /// An answer without a body.
    pub fn empty(self) -> Self {
        let length = self.answer.length;
        self.that(length == 0, || format!("a body of {length} bytes where none belongs"))
    }

    /// A SCIM error (RFC 7644 section 3.12): the status is text, the detail is for people.
    pub fn error(self, status: u16, scim_type: Option<&str>) -> Self {
        let body = self.answer.body.clone();
        let shown = body.get("status").cloned().unwrap_or(Value::Null);
        let kind = body.get("scimType").cloned().unwrap_or(Value::Null);
        let has_detail = body
            .get("detail")
            .and_then(Value::as_str)
            .is_some_and(|detail| !detail.trim().is_empty());
        let mut check = self
            .status(status)
            .scim()
            .that(lists_schema(&body, ERROR), || "an error without the Error schema".to_owned())
            .that(shown == Value::String(status.to_string()), || {
                format!("\"status\" is {shown} instead of \"{status}\"")
            })
            .that(has_detail, || "an error without \"detail\"".to_owned());
        if let Some(wanted) = scim_type {
            check = check.that(kind == wanted, || format!("\"scimType\" is {kind} instead of \"{wanted}\""));
        }
        check
    }

    /// A list answer (RFC 7644 section 3.4.2); the numbers are JSON integers.
    pub fn list(self) -> Self {
        let body = self.answer.body.clone();
        let total = body.get("totalResults").cloned().unwrap_or(Value::Null);
        let shown = self.answer.resources().len() as u64;
        let optional = |name: &str| body.get(name).is_none_or(Value::is_u64);
        let has_page = optional("startIndex") && optional("itemsPerPage");
        let is_array = body.get("Resources").is_none_or(Value::is_array);
        self.status(200)
            .scim()
            .that(lists_schema(&body, LIST), || {
                "a list without the ListResponse schema".to_owned()
            })
            .that(total.is_u64(), || format!("\"totalResults\" is {total}, not an integer"))
            .that(has_page, || "\"startIndex\" or \"itemsPerPage\" is not an integer".to_owned())
            .that(is_array, || "\"Resources\" is not an array".to_owned())
            .that(total.as_u64().is_none_or(|total| total >= shown), || {
                format!("{shown} resources, but \"totalResults\" {total}")
            })
    }

    /// A list answer with exactly so many hits, all of them shown.
    pub fn hits(self, wanted: usize) -> Self {
        let total = self.answer.body.get("totalResults").and_then(Value::as_u64);
        let shown = self.answer.resources().len();
        self.list()
            .that(total == Some(wanted as u64), || {
                format!("{} hits instead of {wanted}", total.unwrap_or_default())
            })
            .that(shown == wanted, || format!("{shown} resources shown instead of {wanted}"))
    }

    /// A list answer whose only hit is this resource.
    pub fn finds(self, id: &str) -> Self {
        let found = self.answer.only_id().unwrap_or_default();
        self.hits(1)
            .that(found == id, || format!("found \"{found}\" instead of \"{id}\""))
    }

    /// A full resource of this type with this id (any id if empty): schemas, `meta` and an absolute `location` without query.
    pub fn resource(self, resource_type: &str, id: &str) -> Self {
        let body = self.answer.body.clone();
        let shown = body.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let location = body
            .pointer("/meta/location")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let kind = body.pointer("/meta/resourceType").cloned().unwrap_or(Value::Null);
        let core = format!("urn:ietf:params:scim:schemas:core:2.0:{resource_type}");
        // RFC 7643 section 3: an extension that is present is listed.
        let unlisted: Vec<String> = body
            .as_object()
            .map(|members| {
                members
                    .keys()
                    .filter(|key| key.starts_with("urn:") && !lists_schema(&body, key))
                    .cloned()
                    .collect()
            })
            .unwrap_or_default();
        let is_absolute = location.starts_with("http://") || location.starts_with("https://");
        let ends_right = location.ends_with(&format!("/{resource_type}s/{shown}"));
        self.scim()
            .that(!shown.is_empty() && !shown.contains("bulkId"), || {
                format!("\"id\" is \"{shown}\"")
            })
            .that(id.is_empty() || shown == id, || {
                format!("\"id\" changed from \"{id}\" to \"{shown}\"")
            })
            .that(lists_schema(&body, &core), || format!("\"schemas\" does not list {core}"))
            .that(unlisted.is_empty(), || {
                format!("\"schemas\" does not list {}", unlisted.join(", "))
            })
            .that(kind == resource_type, || format!("meta.resourceType is {kind}"))
            .that(is_absolute && ends_right, || format!("meta.location is \"{location}\""))
    }

    /// The answer to a creation: 201, and `Location` says the same as `meta.location` (RFC 7644 section 3.3).
    pub fn created(self, resource_type: &str) -> Self {
        let header = self.answer.location.clone();
        let shown = self
            .answer
            .body
            .pointer("/meta/location")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        self.status(201)
            .resource(resource_type, "")
            .that(!header.is_empty() && header == shown, || {
                format!("Location is \"{header}\", meta.location is \"{shown}\"")
            })
    }

    /// The answer to a PATCH: 204 without a body, or 200 with the whole resource (RFC 7644 section 3.5.2).
    pub fn patched(self, resource_type: &str, id: &str) -> Self {
        match self.answer.status {
            204 => self.empty(),
            200 => self.resource(resource_type, id),
            _ => self.one_of(&[200, 204]),
        }
    }

    /// All values that were sent are shown verbatim.
    pub fn shows(self, expected: &Value) -> Self {
        let wrong = differences(expected, &self.answer.body);
        self.that(wrong.is_empty(), || wrong.join("; "))
    }

    /// All of these are true of the resource.
    pub fn wants(mut self, wants: &[Want]) -> Self {
        for want in wants {
            if let Some(problem) = want.problem(&self.answer.body) {
                self = self.that(false, || problem);
            }
        }
        self
    }

    /// The resource does not show this attribute.
    pub fn without(self, attribute: &str) -> Self {
        let shown = self.answer.body.get(attribute).cloned();
        self.that(shown.is_none(), || {
            format!("\"{attribute}\" is shown: {}", short(&shown.unwrap_or_default()))
        })
    }

    /// Puts the result on the score card. True if all was right.
    pub fn done(self) -> bool {
        let passed = self.problems.is_empty();
        let more = self.problems.len().saturating_sub(KEPT_PROBLEMS);
        let mut detail = self.problems.into_iter().take(KEPT_PROBLEMS).collect::<Vec<_>>().join("; ");
        if more > 0 {
            detail.push_str(&format!("; and {more} more"));
        }
        let answer = self.blamed.unwrap_or(self.answer);
        self.stage.record(&CheckResult {
            scenario: self.stage.scenario(),
            dialect: self.stage.shown_dialect(),
            check: self.check.into_owned(),
            passed,
            detail,
            request: answer.request,
            status: answer.status,
            request_id: answer.request_id,
            duration_ms: self.elapsed.as_secs_f64() * 1000.0,
        });
        passed
    }
}

/// "200", or "200 or 204".
fn alternatives(statuses: &[u16]) -> String {
    statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
}

fn lists_schema(body: &Value, urn: &str) -> bool {
    body.get("schemas")
        .and_then(Value::as_array)
        .is_some_and(|schemas| schemas.iter().any(|schema| schema == urn))
}
