//! Every filter form that Entra has used.
//!
//! Attribute names, operators and `userName` values are case-insensitive (RFC 7644 section 3.4.2.2, RFC 7643 section
//! 4.1.1). Older jobs leave out the quotes and ask for references with two clauses (Learn, "Develop and plan provisioning
//! for a SCIM endpoint", older edition).

use super::super::cycle::odd_case;
use super::super::dialect::{ENTERPRISE, USER};
use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::{Stage, quoted};
use super::subject::Subject;

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let Some(manager) = Subject::user(stage, directory, "manager").await? else {
        return Ok(());
    };
    let Some(person) = Subject::user(stage, directory, "person").await? else {
        return Ok(());
    };
    let Some(group) = Subject::group(stage, directory, "group").await? else {
        return Ok(());
    };
    stage.patch(&person.path, stage.dialect.manager(&manager.id)).await?;
    stage
        .patch(&group.path, stage.dialect.add_members(std::slice::from_ref(&person.id)))
        .await?;

    let name = quoted(&person.name);
    let odd = quoted(&odd_case(&person.name));
    let (id, external_id) = (quoted(&person.id), quoted(&person.external_id.to_string()));
    let bare = person.external_id.to_string();
    let other = quoted(&manager.id);
    for (check, filter) in [
        ("userName", format!("userName eq {name}")),
        ("userName, value in other case", format!("userName eq {odd}")),
        ("attribute and operator in capitals", format!("USERNAME EQ {odd}")),
        ("attribute with its schema URN", format!("{USER}:userName eq {name}")),
        ("externalId", format!("externalId eq {external_id}")),
        ("literal without quotes", format!("externalId eq {bare}")),
        (
            "work address by value path",
            format!("emails[type eq \"work\"].value eq {odd}"),
        ),
        (
            "work address by filter in brackets",
            format!("emails[type eq \"work\" and value eq {name}]"),
        ),
        ("two clauses", format!("userName eq {name} and active eq true")),
        ("id", format!("id eq {id}")),
        ("id and manager", format!("id eq {id} and {ENTERPRISE}:manager eq {other}")),
        (
            "id and manager, attribute without its URN",
            format!("id eq {id} and manager eq {other}"),
        ),
    ] {
        let answer = stage.query("/Users", &filter).await?;
        stage.expect(format!("find by {check}"), &answer).finds(&person.id).done();
    }
    let filter = format!("id eq {id} and manager eq {}", quoted(&person.id));
    let answer = stage.get("/Users", &[("filter", &filter), ("attributes", "id")]).await?;
    stage.expect("another manager: no hit", &answer).hits(0).done();
    let filter = format!("id eq {id} and manager eq {other}");
    let answer = stage.get("/Users", &[("filter", &filter), ("attributes", "id")]).await?;
    let is_bare = answer
        .resources()
        .iter()
        .all(|shown| shown.get("displayName").is_none() && shown.get("userName").is_none());
    stage
        .expect("attributes=id shows the id only", &answer)
        .finds(&person.id)
        .that(is_bare, || "more is shown".to_owned())
        .done();

    let name = quoted(&group.name);
    let odd = quoted(&odd_case(&group.name));
    let group_id = quoted(&group.id);
    for (check, filter) in [
        ("displayName", format!("displayName eq {name}")),
        ("displayName, value in other case", format!("displayName eq {odd}")),
        ("attribute in capitals", format!("DISPLAYNAME eq {name}")),
        (
            "externalId",
            format!("externalId eq {}", quoted(&group.external_id.to_string())),
        ),
        ("id and member", format!("id eq {group_id} and members eq {id}")),
        ("member by value path", format!("id eq {group_id} and members[value eq {id}]")),
    ] {
        let answer = stage
            .get("/Groups", &[("excludedAttributes", "members"), ("filter", &filter)])
            .await?;
        let shows_members = answer.resources().iter().any(|shown| shown.get("members").is_some());
        stage
            .expect(format!("find group by {check}"), &answer)
            .finds(&group.id)
            .that(!shows_members, || "\"members\" is shown although excluded".to_owned())
            .done();
    }
    let answer = stage
        .query("/Groups", &format!("id eq {group_id} and members eq {other}"))
        .await?;
    stage.expect("somebody who is no member: no hit", &answer).hits(0).done();

    let answer = stage.query("/Users", "userName zz \"x\"").await?;
    stage
        .expect("unknown operator is refused", &answer)
        .error(400, Some("invalidFilter"))
        .done();
    let answer = stage.query("/Users", "userName eq \"x").await?;
    stage
        .expect("unfinished filter is refused", &answer)
        .error(400, Some("invalidFilter"))
        .done();
    unknown_parameter(stage, &person).await
}

/// RFC 7644 section 3.4.2: unknown query parameters are ignored; the flag of the Tenant URL is one. Links do not carry it.
async fn unknown_parameter(stage: &Stage<'_>, person: &Subject) -> Result<(), EmulateError> {
    let answer = stage
        .get(&person.path, &[("aadOptscim062020", ""), ("api-version", "1")])
        .await?;
    let location = answer
        .body
        .pointer("/meta/location")
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
        .to_owned();
    stage
        .expect("unknown query parameters are ignored, and absent from links", &answer)
        .status(200)
        .resource("User", &person.id)
        .that(!location.contains('?'), || format!("meta.location is \"{location}\""))
        .done();
    Ok(())
}
