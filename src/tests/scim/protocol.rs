//! What every client of the protocol relies on: queries, discovery, status codes, headers.

use serde_json::{Value, json};

use super::{Call, Directory, ENT, FOLD, GROUP, META, USER, id_of, person, start};

#[tokio::test]
async fn the_connection_test_is_an_empty_list() {
    let (_, _, directory) = start().await;
    let empty = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": [] });
    for (path, attribute) in [("/Users", "userName"), ("/Users", "externalId"), ("/Groups", "displayName")] {
        let filter = format!("{attribute} eq \"7bd8b2f3-2c1f-4c4e-9f4e-2e9e4a1f6b55\"");
        assert_eq!(directory.query(path, &filter).await.expect(200), empty);
    }
    assert_eq!(directory.get("/Users?count=1").await.expect(200), empty);
}

async fn filled() -> (crate::app::TestApp, Directory, String, String) {
    let (app, _, directory) = start().await;
    let mut body = person("Ada@Contoso.example");
    body["title"] = json!("50%_Chief");
    body["userType"] = json!("Premium");
    body[ENT] = json!({ "department": "R&D", "manager": { "value": "m-1" } });
    body[FOLD] = json!({ "folders": ["North"] });
    body[META] = json!({ "CostCenter": "7" });
    body["roles"] = json!([{ "value": "user" }]);
    body["phoneNumbers"] = json!([{ "type": "mobile", "value": "+1" }, { "type": "work", "value": "+2" }]);
    let ada = id_of(&directory.post("/Users", &body).await.expect(201));
    let bob = id_of(
        &directory
            .post("/Users", &json!({ "schemas": [USER], "userName": "bob", "active": false }))
            .await
            .expect(201),
    );
    (app, directory, ada, bob)
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let (_app, directory, ada, bob) = filled().await;
    let both = vec![ada.clone(), bob.clone()];
    let created = directory.get(&format!("/Users/{ada}")).await.expect(200)["meta"]["created"]
        .as_str()
        .unwrap()
        .to_owned();
    let (ada, bob, none) = (vec![ada], vec![bob], Vec::new());
    for (filter, expected) in [
        ("userName eq \"ada@contoso.example\"", &ada),
        ("USERNAME EQ \"ADA@CONTOSO.EXAMPLE\"", &ada),
        (&format!("{USER}:userName eq \"ada@contoso.example\""), &ada),
        ("externalId eq \"ext-Ada@Contoso.example\"", &ada),
        ("externalId eq ext-Ada@Contoso.example", &ada),
        ("externalId eq \"EXT-ada@contoso.example\"", &none),
        ("externalId eq null", &bob),
        ("externalId pr", &ada),
        ("emails[type eq \"work\"].value eq \"ADA@contoso.example\"", &ada),
        ("emails[type eq \"home\"].value eq \"ada@contoso.example\"", &none),
        ("emails[type eq \"work\" and value co \"@contoso\"]", &ada),
        ("phoneNumbers[type eq \"mobile\" and value eq \"+2\"]", &none),
        ("emails co \"contoso\"", &ada),
        ("emails pr", &ada),
        ("not (emails pr)", &bob),
        ("title eq \"50%_chief\"", &ada),
        ("title co \"%\"", &ada),
        ("title co \"x\"", &none),
        ("title sw \"50\" and title ew \"chief\"", &ada),
        ("title ne \"other\"", &both),
        ("title eq null", &bob),
        ("userType eq \"Premium\"", &ada),
        ("userType eq \"premium\"", &none),
        ("active eq true", &ada),
        ("active eq \"False\"", &bob),
        ("name.familyName eq \"lovelace\"", &ada),
        ("name pr", &ada),
        ("displayName sw \"ada\" or userName eq \"bob\"", &both),
        ("roles eq \"USER\"", &ada),
        ("manager eq \"m-1\"", &ada),
        ("manager eq \"M-1\"", &none),
        (&format!("{ENT}:department eq \"r&d\""), &ada),
        (&format!("{FOLD}:folders eq \"North\""), &ada),
        (&format!("{META}:COSTCENTER eq \"7\""), &ada),
        (&format!("schemas eq \"{ENT}\""), &ada),
        (&format!("schemas eq \"{}\"", USER.to_lowercase()), &both),
        (&format!("meta.created eq \"{created}\""), &ada),
        (&format!("meta.created gt \"{created}\""), &bob),
        ("meta.lastModified gt \"2011-05-13T04:42:34Z\"", &both),
        ("meta.lastModified lt \"2011-05-13T04:42:34+02:00\"", &none),
        ("meta.resourceType eq \"User\"", &both),
        ("nope eq \"x\"", &none),
        ("nope ne \"x\"", &both),
        ("userName pr", &both),
        ("userName eq \"bob\" and not (active eq true)", &bob),
        ("userName eq \"' OR 1=1 --\"", &none),
    ] {
        assert_eq!(&directory.found("/Users", filter).await, expected, "{filter}");
    }
}

#[tokio::test]
async fn attributes_are_picked_in_every_answer() {
    let (_app, directory, ada, _) = filled().await;
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for query in [
        "attributes=userName",
        "attributes=USERNAME",
        &format!("attributes={USER}:userName"),
    ] {
        let one = directory.get(&format!("/Users/{ada}?{query}")).await.expect(200);
        assert_eq!(keys(&one), ["id", "schemas", "userName"], "{query}");
        let list = directory.get(&format!("/Users?{query}&count=1")).await.expect(200);
        assert_eq!(list["Resources"][0], one);
    }
    let one = directory
        .get(&format!("/Users/{ada}?excludedAttributes=emails,name.givenName,id,{ENT}"))
        .await
        .expect(200);
    assert!(
        one.get("emails").is_none()
            && one.get(ENT).is_none()
            && one["name"] == json!({ "familyName": "Lovelace" })
            && one.get("id").is_some()
    );
    let patch = json!([{ "op": "replace", "path": "title", "value": "T" }]);
    assert_eq!(
        keys(
            &directory
                .patch(&format!("/Users/{ada}?attributes=title"), patch)
                .await
                .expect(200)
        ),
        ["id", "schemas", "title"]
    );
    assert_eq!(
        keys(&directory.post("/Users?attributes=userName", &person("eve")).await.expect(201)),
        ["id", "schemas", "userName"]
    );
    directory
        .post("/Users?attributes=userName&excludedAttributes=name", &person("mallory"))
        .await
        .refused(400, Some("invalidValue"));
    assert!(
        directory.found("/Users", "userName eq \"mallory\"").await.is_empty(),
        "what cannot be answered is not carried out"
    );
}

#[tokio::test]
async fn a_query_may_come_in_a_body() {
    let (_app, directory, ada, _) = filled().await;
    let search = |filter: &str| json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter, "attributes": ["userName"], "startIndex": 1, "count": 5 });
    let list = directory
        .post("/Users/.search", &search("userName sw \"ada\""))
        .await
        .expect(200);
    assert_eq!((id_of(&list["Resources"][0]), list["totalResults"].as_u64()), (ada, Some(1)));
    assert_eq!(
        directory.post("/Groups/.search", &search("displayName pr")).await.expect(200)["totalResults"],
        0
    );
    directory
        .post("/Users/.search", &search("userName zz 1"))
        .await
        .refused(400, Some("invalidFilter"));
    directory
        .post("/Users/.search", &json!({ "filter": "id pr" }))
        .await
        .refused(400, Some("invalidSyntax"));
}

#[tokio::test]
async fn nothing_changes_without_a_change() {
    let (app, directory, ada, _) = filled().await;
    let path = format!("/Users/{ada}");
    let before = directory.get(&path).await.expect(200);
    app.clock.advance(chrono::Duration::minutes(1));
    directory.patch(&path, json!([{ "op": "Add", "path": "title", "value": "50%_Chief" }, { "op": "Replace", "path": "active", "value": "True" }])).await.expect(200);
    directory.put(&path, &before).await.expect(200);
    assert_eq!(directory.get(&path).await.expect(200), before);
    let after = directory
        .patch(&path, json!([{ "op": "replace", "path": "title", "value": "T" }]))
        .await;
    assert_eq!(after.header("etag"), after.body["meta"]["version"]);
    assert!(after.body["meta"]["lastModified"].as_str() > before["meta"]["lastModified"].as_str());
    assert_eq!(after.body["meta"]["created"], before["meta"]["created"]);
}

#[tokio::test]
async fn s30_login_names_are_taken_as_sent_and_unique_however_they_look() {
    let (_, organisation, directory) = start().await;
    for name in [
        "Ada",
        "ada@contoso.example",
        "guest_partner.example#EXT#@contoso.onmicrosoft.com",
        "Jos\u{e9} \u{1f600}",
        "a b",
        "DOMAIN\\user",
        "x'; --",
    ] {
        let made = directory
            .post("/Users", &json!({ "schemas": [USER], "userName": name }))
            .await
            .expect(201);
        assert_eq!(made["userName"], json!(name), "served as sent");
        assert_eq!(
            directory.found("/Users", &format!("userName eq {}", json!(name))).await,
            [id_of(&made)],
            "{name}"
        );
    }
    for twin in [
        "ADA",
        "\u{ff21}da",
        "ad\u{200b}a",
        " ada ",
        "ADA@CONTOSO.EXAMPLE",
        "jose\u{301} \u{1f600}",
    ] {
        directory
            .post("/Users", &json!({ "schemas": [USER], "userName": twin }))
            .await
            .refused(409, Some("uniqueness"));
    }
    for bad in ["\u{200b}", "a\nb", "a\u{1b}[31m", &"x".repeat(300)] {
        directory
            .post("/Users", &json!({ "schemas": [USER], "userName": bad }))
            .await
            .refused(400, Some("invalidValue"));
    }
    let listed = lanyard::service::users::list(&organisation.admin, &lanyard::domain::user::UserQuery::default())
        .await
        .unwrap();
    assert!(
        listed
            .items
            .iter()
            .filter(|user| user.managed_by.is_some())
            .all(|user| !user.is_external || user.user_name.contains("#EXT#"))
    );
}

#[tokio::test]
async fn discovery_tells_what_there_is() {
    let (_, _, directory) = start().await;
    let config = directory.get("/ServiceProviderConfig").await.expect(200);
    for (pointer, expected) in [
        ("/patch/supported", true),
        ("/filter/supported", true),
        ("/bulk/supported", false),
        ("/sort/supported", false),
        ("/etag/supported", false),
        ("/changePassword/supported", false),
    ] {
        assert_eq!(config.pointer(pointer), Some(&json!(expected)), "{pointer}");
    }
    assert_eq!(config["filter"]["maxResults"], 200);
    let schemas = directory.get("/Schemas").await.expect(200);
    let ids: Vec<&str> = schemas["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|schema| schema["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, [USER, ENT, FOLD, META, GROUP], "also while nothing uses them");
    assert!(!schemas.to_string().contains("null") && !schemas.to_string().contains("password"));
    for id in ids {
        for spelling in [id.to_owned(), id.to_uppercase(), id.replace(':', "%3A")] {
            assert_eq!(
                directory.get(&format!("/Schemas/{spelling}")).await.expect(200)["id"],
                json!(id)
            );
        }
    }
    let roles = schemas
        .pointer("/Resources/0/attributes")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .find(|attribute| attribute["name"] == "roles")
        .unwrap();
    assert_eq!(roles["subAttributes"][0]["canonicalValues"].as_array().unwrap().len(), 4);
    let types = directory.get("/ResourceTypes").await.expect(200);
    assert_eq!(types["totalResults"], 2);
    assert_eq!(directory.get("/ResourceTypes/User").await.expect(200), types["Resources"][0]);
    for path in ["/Schemas/urn:nope", "/ResourceTypes/Nope"] {
        directory.get(path).await.refused(404, None);
    }
    for path in ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/Schemas/x"] {
        directory.get(&format!("{path}?filter=id+pr")).await.refused(403, None);
    }
    // A key that was sent becomes part of the schema.
    directory
        .post(
            "/Users",
            &json!({ "schemas": [USER], "userName": "ada", META: { "Floor": 3 } }),
        )
        .await
        .expect(201);
    let metadata = directory.get(&format!("/Schemas/{META}")).await.expect(200);
    assert_eq!(metadata["attributes"][0]["name"], "Floor");
}

#[tokio::test]
async fn addresses_and_methods_that_are_not_there() {
    let (_, _, directory) = start().await;
    for (method, path, status, allow) in [
        ("GET", "/nope", 404, ""),
        ("GET", "/users", 404, ""),
        ("GET", "/Users/1/2", 404, ""),
        ("PUT", "/Users", 405, "GET, HEAD, POST"),
        ("OPTIONS", "/Users", 405, "GET, HEAD, POST"),
        ("POST", "/Users/1", 405, "GET, HEAD, PUT, PATCH, DELETE"),
        ("POST", "/Schemas", 405, "GET, HEAD"),
        ("DELETE", "/ServiceProviderConfig", 405, "GET, HEAD"),
        ("GET", "/Users/.search", 405, "POST"),
        ("POST", "/Bulk", 501, ""),
        ("GET", "/Me", 501, ""),
        ("POST", "/.search", 501, ""),
        ("GET", "", 501, ""),
        ("GET", "/", 501, ""),
    ] {
        let answer = directory.send(Call::new(method, path)).await;
        assert_eq!((answer.status, answer.header("allow")), (status, allow), "{method} {path}");
        answer.refused(status, None);
    }
    directory.get("/Users/").await.expect(200);
    let head = directory.send(Call::new("HEAD", "/Users")).await;
    assert_eq!(
        (head.status, head.text.as_str(), head.header("content-type")),
        (200, "", "application/scim+json")
    );
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let (_, _, directory) = start().await;
    let given = directory
        .send(Call::new("GET", "/Users").header("x-request-id", "abc-1"))
        .await;
    assert_eq!(given.header("x-request-id"), "abc-1");
    for answer in [
        directory.get("/Users").await,
        directory.get("/nope").await,
        directory.anonymous(Call::new("GET", "/Users")).await,
    ] {
        assert_eq!(answer.header("x-request-id").len(), 36);
    }
}
