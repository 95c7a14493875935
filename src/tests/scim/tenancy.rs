//! Whose data a token reaches.

use lanyard::domain::role::BuiltInRole;
use lanyard::service::connectors;
use serde_json::json;

use super::{Directory, GROUP, NOBODY, id_of, person, start};

#[tokio::test]
async fn s01_a_token_of_one_organisation_reaches_nothing_of_another() {
    let (app, organisation, one) = start().await;
    let two = Directory::new(&app, &app.another(&organisation, "Fabrikam").await).await;
    let ada = one.user("ada@contoso.example").await;
    let staff = one.group("Staff").await;
    one.patch(
        &format!("/Groups/{staff}"),
        json!([{ "op": "add", "path": "members", "value": [{ "value": ada }] }]),
    )
    .await
    .expect(204);
    // The same names are free there.
    let twin = two.user("ada@contoso.example").await;
    let crew = two.group("Staff").await;
    assert!(twin != ada && crew != staff);
    for path in [format!("/Users/{ada}"), format!("/Groups/{staff}")] {
        let foreign = two.get(&path).await;
        assert_eq!(
            foreign.text,
            two.get(&path.replace(&ada, NOBODY).replace(&staff, NOBODY)).await.text,
            "as if there were none"
        );
        foreign.refused(404, None);
        two.patch(&path, json!([{ "op": "replace", "path": "displayName", "value": "X" }]))
            .await
            .refused(404, None);
        two.put(&path, &json!({ "schemas": [], "userName": "x", "displayName": "X" }))
            .await
            .refused(404, None);
        two.delete(&path).await.refused(404, None);
    }
    let foreign = two
        .patch(
            &format!("/Groups/{crew}"),
            json!([{ "op": "add", "path": "members", "value": [{ "value": ada }] }]),
        )
        .await;
    let nobody = two
        .patch(
            &format!("/Groups/{crew}"),
            json!([{ "op": "add", "path": "members", "value": [{ "value": NOBODY }] }]),
        )
        .await;
    assert_eq!(foreign.text, nobody.text);
    foreign.refused(400, Some("invalidValue"));
    for (path, filter) in [
        ("/Users", format!("id eq \"{ada}\"")),
        ("/Users", format!("groups eq \"{staff}\"")),
        ("/Groups", format!("members eq \"{ada}\"")),
        ("/Users", "not (userName eq \"ada@contoso.example\")".to_owned()),
    ] {
        assert!(two.found(path, &filter).await.is_empty(), "{filter}");
    }
    assert_eq!(two.found("/Users", "externalId eq \"ext-ada@contoso.example\"").await, [twin]);
    assert_eq!(two.get("/Users").await.expect(200)["totalResults"], 1);
    assert_eq!(one.members(&staff).await, [ada]);
}

#[tokio::test]
async fn s02_accounts_that_the_connector_does_not_manage_are_not_touched() {
    let (app, organisation, directory) = start().await;
    let local = app
        .user(&organisation, "local@contoso.example", Some(BuiltInRole::Admin))
        .await;
    let owner = organisation.admin.own_user().unwrap();
    let other = Directory::new(&app, &organisation).await;
    let foreign = other.user("foreign@contoso.example").await;
    for id in [local.to_string(), owner.to_string(), foreign] {
        directory.get(&format!("/Users/{id}")).await.refused(404, None);
        directory
            .patch(
                &format!("/Users/{id}"),
                json!([{ "op": "replace", "path": "active", "value": false }]),
            )
            .await
            .refused(404, None);
        directory.delete(&format!("/Users/{id}")).await.refused(404, None);
        let group = json!({ "schemas": [GROUP], "displayName": id, "members": [{ "value": id }] });
        directory.post("/Groups", &group).await.refused(400, Some("invalidValue"));
    }
    for name in [
        "local@contoso.example",
        "LOCAL@contoso.example",
        "olive@vendor.example",
        "foreign@contoso.example",
    ] {
        assert!(directory.found("/Users", &format!("userName eq \"{name}\"")).await.is_empty());
        let detail = directory.post("/Users", &person(name)).await.refused(409, Some("uniqueness"));
        assert!(detail.contains(name), "{detail}");
    }
    let page = connectors::get(&organisation.admin, directory.connector).await.unwrap();
    assert_eq!(page.matches.len(), 2, "the administrator is asked");
    // A rename is no way round.
    let ada = directory.user("ada@contoso.example").await;
    let rename = json!([{ "op": "replace", "path": "userName", "value": "local@contoso.example" }]);
    directory
        .patch(&format!("/Users/{ada}"), rename)
        .await
        .refused(409, Some("uniqueness"));
    assert!(
        lanyard::service::users::get(&organisation.admin, local)
            .await
            .unwrap()
            .summary
            .is_active
    );
}

#[tokio::test]
async fn s03_what_a_directory_sends_is_never_taken_for_an_id_of_ours() {
    let (_, organisation, directory) = start().await;
    let owner = organisation.admin.own_user().unwrap().to_string();
    let first = directory.user("first@contoso.example").await;
    for (n, id) in ["1", "0", "-1", "admin", &owner, &first, &first.to_uppercase()]
        .into_iter()
        .enumerate()
    {
        let mut body = person(&format!("u{n}@contoso.example"));
        body["externalId"] = json!(id);
        body["id"] = json!(id);
        body["meta"] = json!({ "resourceType": "User", "location": format!("https://id.example/scim/v2/Users/{id}") });
        let made = directory.post("/Users", &body).await.expect(201);
        assert_eq!(made["externalId"], json!(id));
        assert!(id_of(&made) != owner && id_of(&made) != first);
        assert_eq!(
            directory.found("/Users", &format!("externalId eq \"{id}\"")).await,
            [id_of(&made)]
        );
    }
    for spelling in [
        "1",
        "ext-first@contoso.example",
        "first@contoso.example",
        &first.to_uppercase(),
        &first.replace('-', ""),
        &format!("%7B{first}%7D"),
        &format!("urn:uuid:{first}"),
        &format!("%20{first}"),
    ] {
        directory.get(&format!("/Users/{spelling}")).await.refused(404, None);
        directory.delete(&format!("/Users/{spelling}")).await.refused(404, None);
    }
    assert_eq!(
        directory
            .found("/Users", &format!("id eq \"{}\"", first.to_uppercase()))
            .await,
        Vec::<String>::new()
    );
    directory.get(&format!("/Users/{first}")).await.expect(200);
}
