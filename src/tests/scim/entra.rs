//! The requests of Microsoft Entra ID for users, in both of its dialects.

use serde_json::{Value, json};

use super::{Call, Directory, ENT, FOLD, META, USER, id_of, person, start};

/// Patches a fresh user and hands out what a read shows then.
async fn patched(directory: &Directory, path: &str, operations: Value) -> Value {
    let answered = directory.patch(path, operations.clone()).await;
    assert_eq!(answered.status, 200, "{operations}: {}", answered.text);
    let read = directory.get(path).await.expect(200);
    assert_eq!(answered.body, read, "{operations}: the answer is the user as it is now");
    read
}

#[tokio::test]
async fn creation_as_entra_sends_it() {
    let (_, _, directory) = start().await;
    let body = json!({
        "schemas": [USER, ENT],
        "externalId": "ada", "userName": "Ada@Contoso.example", "active": true, "displayName": "Ada L", "nickName": null,
        "emails": [{ "primary": true, "type": "work", "value": "ada@contoso.example" }],
        "name": { "formatted": "Ada L", "familyName": "L", "givenName": "Ada" },
        "phoneNumbers": [{ "type": "work", "value": "+49 (0) 30-1234 / 5" }],
        "roles": [], "meta": { "resourceType": "User" },
        FOLD: { "folders": [{ "value": "F1" }, { "value": " F2" }] },
        META: { "CostCenter": 4711, "isLead": true },
    });
    let answer = directory
        .send(
            Call::new("POST", "/Users?aadOptscim062020")
                .header("Content-Type", "application/scim+json; charset=utf-8")
                .raw(body.to_string()),
        )
        .await;
    let location = answer.header("location").to_owned();
    let etag = answer.header("etag").to_owned();
    let made = answer.expect(201);
    assert_eq!(location, format!("http://localhost:3000/scim/v2/Users/{}", id_of(&made)));
    assert_eq!(
        (&made["meta"]["location"], &made["meta"]["version"]),
        (&json!(location), &json!(etag))
    );
    assert_eq!(made["schemas"], json!([USER, FOLD, META]));
    assert_eq!(made["userName"], "Ada@Contoso.example");
    assert_eq!(made["phoneNumbers"][0]["value"], "+49 (0) 30-1234 / 5");
    assert_eq!(
        (&made[FOLD], &made[META]),
        (
            &json!({ "folders": ["F1", "F2"] }),
            &json!({ "CostCenter": "4711", "isLead": "true" })
        )
    );
    for absent in ["nickName", "roles", "userType", "groups", "password"] {
        assert!(made.get(absent).is_none(), "{absent}");
    }
    assert_eq!(directory.get(&format!("/Users/{}", id_of(&made))).await.expect(200), made);
    let detail = directory.post("/Users", &body).await.refused(409, Some("uniqueness"));
    assert_eq!(detail, "userName 'Ada@Contoso.example' is already taken");
}

#[tokio::test]
async fn s29_simple_changes_in_both_dialects() {
    let (_, _, directory) = start().await;
    let path = format!("/Users/{}", directory.user("ada@contoso.example").await);
    let department = format!("{ENT}:department");
    for (operations, pointer, expected) in [
        (
            json!([{ "op": "Replace", "path": "displayName", "value": "A" }]),
            "/displayName".to_owned(),
            json!("A"),
        ),
        (
            json!([{ "op": "replace", "value": { "displayName": "B", "name.givenName": "Grace", department.clone(): "R&D" } }]),
            "/name/givenName".to_owned(),
            json!("Grace"),
        ),
        (
            json!([{ "op": "Add", "path": department, "value": "Sales" }]),
            format!("/{ENT}/department"),
            json!("Sales"),
        ),
        (
            json!([{ "op": "add", "value": { ENT: { "department": "Law" } } }]),
            format!("/{ENT}/department"),
            json!("Law"),
        ),
        (
            json!([{ "op": "Replace", "path": "title", "value": [{ "$ref": null, "value": "Chief" }] }]),
            "/title".to_owned(),
            json!("Chief"),
        ),
        (
            json!([{ "op": "Replace", "path": "active", "value": "False" }]),
            "/active".to_owned(),
            json!(false),
        ),
        (
            json!([{ "op": "replace", "value": { "active": true } }]),
            "/active".to_owned(),
            json!(true),
        ),
        (
            json!([{ "op": "Replace", "path": "active", "value": [{ "$ref": null, "value": "False" }] }]),
            "/active".to_owned(),
            json!(false),
        ),
        (
            json!([{ "op": "Add", "path": "emails[type eq \"other\"].Value", "value": "x@y.example" }]),
            "/emails/1/value".to_owned(),
            json!("x@y.example"),
        ),
        (
            json!([{ "op": "Add", "path": "emails[type eq \"work\"].value", "value": "new@contoso.example" }]),
            "/emails/0/value".to_owned(),
            json!("new@contoso.example"),
        ),
        (
            json!([{ "op": "Add", "path": "addresses[type eq \"other\"].Formatted", "value": "Room 1" }]),
            "/addresses/0/formatted".to_owned(),
            json!("Room 1"),
        ),
        (
            json!([{ "op": "replace", "path": "title", "value": "" }]),
            "/title".to_owned(),
            Value::Null,
        ),
        (
            json!([{ "op": "replace", "path": "displayName", "value": null }]),
            "/displayName".to_owned(),
            Value::Null,
        ),
        (
            json!([{ "op": "Add", "path": "userType", "value": "Premium" }]),
            "/userType".to_owned(),
            json!("Premium"),
        ),
        (
            json!([{ "op": "Remove", "path": "userType" }]),
            "/userType".to_owned(),
            Value::Null,
        ),
    ] {
        let user = patched(&directory, &path, operations.clone()).await;
        assert_eq!(user.pointer(&pointer).cloned().unwrap_or_default(), expected, "{operations}");
    }
}

#[tokio::test]
async fn the_manager_is_set_and_cleared_in_every_form() {
    let (_, _, directory) = start().await;
    let boss = directory.user("boss@contoso.example").await;
    let path = format!("/Users/{}", directory.user("ada@contoso.example").await);
    let manager = format!("{ENT}:manager");
    for (set, clear) in [
        (
            json!([{ "op": "Add", "path": manager, "value": boss }]),
            json!([{ "op": "Remove", "path": manager }]),
        ),
        (
            json!([{ "op": "Add", "path": manager, "value": [{ "$ref": null, "value": boss }] }]),
            json!([{ "op": "Replace", "path": manager, "value": "" }]),
        ),
        (
            json!([{ "op": "replace", "value": { manager.clone(): boss } }]),
            json!([{ "op": "remove", "path": manager }]),
        ),
        (
            json!([{ "op": "replace", "path": manager, "value": { "value": boss } }]),
            json!([{ "op": "replace", "path": manager, "value": null }]),
        ),
    ] {
        assert_eq!(patched(&directory, &path, set).await[ENT]["manager"]["value"], json!(boss));
        assert_eq!(directory.found("/Users", &format!("manager eq \"{boss}\"")).await.len(), 1);
        assert!(patched(&directory, &path, clear).await.get(ENT).is_none());
        assert!(directory.found("/Users", &format!("manager eq \"{boss}\"")).await.is_empty());
    }
}

#[tokio::test]
async fn folders_and_metadata_in_every_form() {
    let (_, organisation, directory) = start().await;
    let id = directory.user("ada@contoso.example").await;
    let path = format!("/Users/{id}");
    let folders = format!("{FOLD}:folders");
    for (operations, expected) in [
        (
            json!([{ "op": "Add", "path": folders, "value": [{ "value": "F1" }] }]),
            json!(["F1"]),
        ),
        (
            json!([{ "op": "Add", "path": folders, "value": [{ "value": "F2" }, { "value": "F1" }] }]),
            json!(["F1", "F2"]),
        ),
        (
            json!([{ "op": "replace", "value": { folders.clone(): "F3, F4,,F3" } }]),
            json!(["F3", "F4"]),
        ),
        (
            json!([{ "op": "Remove", "path": folders, "value": [{ "value": "F3" }] }]),
            json!(["F4"]),
        ),
        (
            json!([{ "op": "add", "value": { FOLD: { "folders": ["F5"] } } }]),
            json!(["F4", "F5"]),
        ),
        (json!([{ "op": "Remove", "path": folders }]), Value::Null),
    ] {
        let user = patched(&directory, &path, operations.clone()).await;
        assert_eq!(
            user.get(FOLD)
                .map(|extension| extension["folders"].clone())
                .unwrap_or_default(),
            expected,
            "{operations}"
        );
        let detail = lanyard::service::users::get(&organisation.admin, id.parse().unwrap())
            .await
            .unwrap();
        let mut shown: Vec<String> = detail.folders.into_iter().map(|folder| folder.value).collect();
        shown.sort();
        assert_eq!(
            json!(shown),
            if expected.is_null() { json!([]) } else { expected },
            "the console shows the same"
        );
    }
    let user = patched(&directory, &path, json!([{ "op": "Add", "path": format!("{META}:Cost.Center 2"), "value": 7 }, { "op": "replace", "value": { format!("{META}:Floor"): "3" } }])).await;
    assert_eq!(user[META], json!({ "Cost.Center 2": "7", "Floor": "3" }));
    assert_eq!(directory.found("/Users", &format!("{META}:floor eq \"3\"")).await, [id]);
}

#[tokio::test]
async fn roles_in_every_form() {
    let (_, organisation, directory) = start().await;
    let id = directory.user("ada@contoso.example").await;
    let path = format!("/Users/{id}");
    for (operations, expected, effective) in [
        (
            json!([{ "op": "Add", "path": "roles[primary eq \"True\"].value", "value": "user" }]),
            json!([{ "primary": true, "value": "User" }]),
            Some("User"),
        ),
        (
            json!([{ "op": "Replace", "path": "roles[primary eq \"True\"].value", "value": "READONLY" }]),
            json!([{ "primary": true, "value": "ReadOnly" }]),
            Some("ReadOnly"),
        ),
        (
            json!([{ "op": "Replace", "path": "roles", "value": [{ "value": "{\"id\":\"1\",\"value\":\"Admin\"}" }, { "value": "User" }] }]),
            json!([{ "value": "Admin" }, { "value": "User" }]),
            Some("User"),
        ),
        (json!([{ "op": "remove", "path": "roles" }]), Value::Null, None),
    ] {
        let user = patched(&directory, &path, operations.clone()).await;
        assert_eq!(user.get("roles").cloned().unwrap_or_default(), expected, "{operations}");
        let detail = lanyard::service::users::get(&organisation.admin, id.parse().unwrap())
            .await
            .unwrap();
        assert_eq!(
            detail.summary.role.map(|role| role.name).as_deref(),
            effective,
            "{operations}"
        );
    }
    let before = directory.get(&path).await.expect(200);
    for value in [
        json!([{ "value": "Root" }]),
        json!([{ "value": "User" }, { "value": "root" }]),
    ] {
        let detail = directory.patch(&path, json!([{ "op": "replace", "path": "displayName", "value": "X" }, { "op": "replace", "path": "roles", "value": value }])).await;
        let detail = detail.refused(400, Some("invalidValue"));
        assert!(detail.contains("roles") && detail.contains("EnterpriseAdmin"), "{detail}");
    }
    assert_eq!(directory.get(&path).await.expect(200), before);
}

#[tokio::test]
async fn s29_a_change_is_all_or_nothing() {
    let (_, _, directory) = start().await;
    let path = format!("/Users/{}", directory.user("ada@contoso.example").await);
    let before = directory.get(&path).await.expect(200);
    let good = json!({ "op": "replace", "path": "displayName", "value": "Changed" });
    for (bad, scim_type) in [
        (
            json!({ "op": "replace", "path": "userType", "value": "premium" }),
            "invalidValue",
        ),
        (json!({ "op": "replace", "path": "nope", "value": "x" }), "invalidPath"),
        (json!({ "op": "replace", "path": "emails[", "value": "x" }), "invalidPath"),
        (
            json!({ "op": "replace", "path": "emails[type zz \"x\"].value", "value": "x" }),
            "invalidFilter",
        ),
        (json!({ "op": "remove" }), "noTarget"),
        (json!({ "op": "remove", "path": "userName" }), "mutability"),
        (json!({ "op": "replace", "path": "id", "value": "x" }), "mutability"),
        (json!({ "op": "move", "path": "title", "value": "x" }), "invalidSyntax"),
        (
            json!({ "op": "replace", "path": "active", "value": "perhaps" }),
            "invalidValue",
        ),
        (json!({ "op": "replace", "path": "userName", "value": "" }), "invalidValue"),
        (
            json!({ "op": "replace", "path": "displayName", "value": "x".repeat(300) }),
            "invalidValue",
        ),
    ] {
        let answer = directory.patch(&path, json!([good, bad])).await;
        assert_eq!(answer.clone().body["scimType"], scim_type, "{bad}: {}", answer.text);
        answer.refused(400, Some(scim_type));
        assert_eq!(directory.get(&path).await.expect(200), before, "{bad}");
    }
}

#[tokio::test]
async fn deactivation_restoration_and_deletion() {
    let (app, organisation, directory) = start().await;
    let id = directory.user("ada@contoso.example").await;
    let path = format!("/Users/{id}");
    patched(
        &directory,
        &path,
        json!([{ "op": "Add", "path": "roles[primary eq \"True\"].value", "value": "User" }]),
    )
    .await;
    let cookie = app.sign_in(&organisation, "ada@contoso.example").await;
    assert!(app.holder(&cookie).await.person().is_ok());
    assert_eq!(
        patched(
            &directory,
            &path,
            json!([{ "op": "Replace", "path": "active", "value": "False" }])
        )
        .await["active"],
        false
    );
    assert!(app.holder(&cookie).await.person().is_err(), "S12: sessions end at once");
    assert_eq!(
        directory.found("/Users", "userName eq \"ADA@contoso.example\"").await,
        std::slice::from_ref(&id),
        "inactive users are found"
    );
    assert_eq!(
        patched(
            &directory,
            &path,
            json!([{ "op": "Replace", "path": "active", "value": "True" }])
        )
        .await["active"],
        true
    );
    assert_eq!(directory.delete(&path).await.expect(204), Value::Null);
    directory.delete(&path).await.refused(404, None);
    directory.get(&path).await.refused(404, None);
    assert!(
        directory
            .found("/Users", "userName eq \"ada@contoso.example\"")
            .await
            .is_empty()
    );
    assert_ne!(
        directory.user("ada@contoso.example").await,
        id,
        "the name is free, the id is not"
    );
}

#[tokio::test]
async fn metadata_keys_in_two_spellings_are_one() {
    let (_, organisation, directory) = start().await;
    let mut body = person("ada@contoso.example");
    body[META] = json!({ "Größe": "M" });
    let path = format!("/Users/{}", id_of(&directory.post("/Users", &body).await.expect(201)));
    let operation = json!([{ "op": "Add", "path": format!("{META}:GRÖSSE"), "value": "L" }]);
    let changed = directory.patch(&path, operation).await.expect(200);
    assert_eq!(changed[META], json!({ "Größe": "L" }));
    let mut twins = person("bob@contoso.example");
    twins[META] = json!({ "Ｓｉｔｅ": "1", "SITE": "2" });
    let made = directory.post("/Users", &twins).await.expect(201);
    assert_eq!(made[META].as_object().unwrap().len(), 1);
    let id = id_of(&made).parse().unwrap();
    let detail = lanyard::service::users::get(&organisation.admin, id).await.unwrap();
    assert_eq!(detail.metadata.len(), 1);
}
