//! "Test connection" and credentials.

use reqwest::Method;
use serde_json::json;

use super::super::client::Credential;
use super::super::error::EmulateError;
use super::super::job::{Stage, quoted};

/// The test queries for a random GUID; a 404 here would mean "not SCIM" and quarantine the job (Learn, "Quarantine
/// status").
pub async fn test_connection(stage: &Stage<'_>) -> Result<(), EmulateError> {
    for (check, path, attribute) in [
        ("unknown userName: an empty list", "/Users", "userName"),
        ("unknown externalId: an empty list", "/Users", "externalId"),
        ("unknown group displayName: an empty list", "/Groups", "displayName"),
        ("unknown group externalId: an empty list", "/Groups", "externalId"),
    ] {
        let filter = format!("{attribute} eq {}", quoted(&stage.job.random_guid().to_string()));
        let answer = stage.query(path, &filter).await?;
        stage.expect(check, &answer).hits(0).done();
    }
    let filter = format!("displayName eq {}", quoted(&stage.job.random_guid().to_string()));
    let answer = stage
        .get("/Groups", &[("excludedAttributes", "members"), ("filter", &filter)])
        .await?;
    stage
        .expect("unknown group without members: an empty list", &answer)
        .hits(0)
        .done();
    Ok(())
}

/// Without a valid token nothing is told and nothing is done: 401 with a SCIM error and a challenge (RFC 6750 section 3,
/// RFC 7644 sections 2 and 3.12).
pub async fn credentials(stage: &Stage<'_>) -> Result<(), EmulateError> {
    let guid = stage.job.random_guid();
    let body = json!({ "schemas": [super::super::dialect::USER], "userName": format!("intruder-{guid}@example.org") });
    for (check, method, path, credential) in [
        ("wrong token on a query", Method::GET, "/Users".to_owned(), Credential::Wrong),
        ("wrong token on groups", Method::GET, "/Groups".to_owned(), Credential::Wrong),
        ("no token on a query", Method::GET, "/Users".to_owned(), Credential::None),
        (
            "no token on a read by id",
            Method::GET,
            format!("/Users/{guid}"),
            Credential::None,
        ),
        (
            "wrong token on a creation",
            Method::POST,
            "/Users".to_owned(),
            Credential::Wrong,
        ),
        ("no token on a creation", Method::POST, "/Users".to_owned(), Credential::None),
        (
            "wrong token on a deletion",
            Method::DELETE,
            format!("/Users/{guid}"),
            Credential::Wrong,
        ),
    ] {
        let mut call = stage.call(method.clone(), &path);
        call.credential = credential;
        if method == Method::POST {
            call.body = Some(body.clone());
        }
        let answer = stage.send(call).await?;
        let challenge = answer.challenge.clone();
        stage
            .expect(check, &answer)
            .error(401, None)
            .that(!challenge.is_empty(), || "no WWW-Authenticate header".to_owned())
            .done();
    }
    let filter = format!("userName eq {}", quoted(&format!("intruder-{guid}@example.org")));
    let answer = stage.query("/Users", &filter).await?;
    stage
        .expect("nothing was created without a valid token", &answer)
        .hits(0)
        .done();
    Ok(())
}
