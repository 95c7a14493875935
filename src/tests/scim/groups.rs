//! Groups and their members.

use lanyard::domain::group::GroupMember;
use serde_json::json;

use super::{GROUP, NOBODY, id_of, start};

#[tokio::test]
async fn members_are_shown_unless_excluded() {
    let (_, _, directory) = start().await;
    let ada = directory.user("ada@contoso.example").await;
    let body = json!({ "schemas": [GROUP], "displayName": "Staff", "members": [{ "value": ada, "display": "made up", "$ref": "https://elsewhere.example/1" }] });
    let made = directory.post("/Groups", &body).await.expect(201);
    let id = id_of(&made);
    let address = format!("http://localhost:3000/scim/v2/Users/{ada}");
    assert_eq!(made["members"], json!([{ "value": ada, "$ref": address, "type": "User" }]));
    assert_eq!(directory.get("/Groups").await.expect(200)["Resources"], json!([made]));
    for query in [
        "excludedAttributes=members",
        "excludedAttributes=MEMBERS,externalId",
        "attributes=displayName",
        "attributes=urn:ietf:params:scim:schemas:core:2.0:Group:displayName",
    ] {
        for path in [
            format!("/Groups?{query}"),
            format!("/Groups/{id}?{query}"),
            format!("/Groups?filter=displayName+eq+%22staff%22&{query}"),
        ] {
            let text = directory.get(&path).await.expect(200).to_string();
            assert!(!text.contains("\"members\"") && text.contains("Staff"), "{path}: {text}");
        }
    }
    let patched = directory
        .patch(
            &format!("/Groups/{id}?attributes=members.value"),
            json!([{ "op": "add", "path": "members", "value": [{ "value": ada }] }]),
        )
        .await
        .expect(200);
    assert_eq!(
        (&patched["members"], patched.get("displayName")),
        (&json!([{ "value": ada }]), None)
    );
    let user = directory.get(&format!("/Users/{ada}")).await.expect(200);
    assert_eq!(
        user["groups"],
        json!([{ "value": id, "$ref": made["meta"]["location"], "display": "Staff", "type": "direct" }])
    );
}

#[tokio::test]
async fn a_group_is_replaced() {
    let (_, _, directory) = start().await;
    let (ada, bob) = (
        directory.user("ada@contoso.example").await,
        directory.user("bob@contoso.example").await,
    );
    let id = directory.group("Staff").await;
    let path = format!("/Groups/{id}");
    let put = |members: Option<serde_json::Value>| {
        let mut body = json!({ "schemas": [GROUP], "displayName": "Crew", "externalId": "x" });
        if let Some(members) = members {
            body["members"] = members;
        }
        body
    };
    directory.put(&path, &put(Some(json!([{ "value": ada }])))).await.expect(200);
    assert_eq!(directory.members(&id).await, [ada]);
    directory.put(&path, &put(Some(json!([{ "value": bob }])))).await.expect(200);
    assert_eq!(directory.members(&id).await, std::slice::from_ref(&bob));
    let kept = directory.put(&path, &put(None)).await.expect(200);
    assert_eq!(
        (&kept["displayName"], &kept["members"][0]["value"]),
        (&json!("Crew"), &json!(bob)),
        "a rename empties no group"
    );
    directory.put(&path, &put(Some(json!([])))).await.expect(200);
    assert!(directory.members(&id).await.is_empty());
    directory
        .put(&path, &put(Some(json!([{ "value": NOBODY }]))))
        .await
        .refused(400, Some("invalidValue"));
    directory
        .put(&format!("/Groups/{NOBODY}"), &put(None))
        .await
        .refused(404, None);
}

#[tokio::test]
async fn names_of_groups_are_unique_in_any_case() {
    let (_, _, directory) = start().await;
    directory.group("Staff").await;
    let other = directory.group("Crew").await;
    let detail = directory
        .post("/Groups", &json!({ "schemas": [GROUP], "displayName": "STAFF" }))
        .await
        .refused(409, Some("uniqueness"));
    assert_eq!(detail, "displayName 'STAFF' is already taken");
    directory
        .patch(
            &format!("/Groups/{other}"),
            json!([{ "op": "replace", "path": "displayName", "value": "staff" }]),
        )
        .await
        .refused(409, Some("uniqueness"));
    for name in [json!(""), json!(null), json!("a\nb"), json!("x".repeat(300)), json!({})] {
        directory
            .post("/Groups", &json!({ "schemas": [GROUP], "displayName": name }))
            .await
            .refused(400, Some("invalidValue"));
    }
    directory
        .post("/Groups", &json!({ "schemas": [GROUP] }))
        .await
        .refused(400, Some("invalidValue"));
}

#[tokio::test]
async fn memberships_outlive_deactivation_and_end_with_deletion() {
    let (_, organisation, directory) = start().await;
    let ada = directory.user("ada@contoso.example").await;
    let id = directory.group("Staff").await;
    directory
        .patch(
            &format!("/Groups/{id}"),
            json!([{ "op": "add", "path": "members", "value": [{ "value": ada }] }]),
        )
        .await
        .expect(204);
    directory
        .patch(
            &format!("/Users/{ada}"),
            json!([{ "op": "replace", "path": "active", "value": false }]),
        )
        .await
        .expect(200);
    assert_eq!(directory.members(&id).await, std::slice::from_ref(&ada));
    assert_eq!(
        directory
            .found("/Groups", &format!("id eq \"{id}\" and members eq \"{ada}\""))
            .await,
        std::slice::from_ref(&id)
    );
    let members: Vec<GroupMember> = lanyard::service::groups::list_members(&organisation.admin, id.parse().unwrap(), None)
        .await
        .unwrap()
        .items;
    assert_eq!(members.len(), 1);
    let version = async || directory.get(&format!("/Groups/{id}")).await.expect(200)["meta"]["version"].clone();
    let before = version().await;
    directory.delete(&format!("/Users/{ada}")).await.expect(204);
    assert_ne!(version().await, before, "who has read the old list of members is told so");
    assert!(directory.members(&id).await.is_empty());
    assert!(directory.found("/Groups", &format!("members eq \"{ada}\"")).await.is_empty());
}

#[tokio::test]
async fn group_changes_in_every_dialect() {
    let (_, _, directory) = start().await;
    let ada = directory.user("ada@contoso.example").await;
    let bob = directory.user("bob@contoso.example").await;
    let body = json!({ "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        "externalId": "8aa1a0c0", "displayName": "Staff", "meta": { "resourceType": "Group" } });
    let made = directory.post("/Groups", &body).await.expect(201);
    assert_eq!((&made["externalId"], made.get("members")), (&json!("8aa1a0c0"), None));
    let id = id_of(&made);
    let path = format!("/Groups/{id}");
    let both = {
        let mut both = [ada.clone(), bob.clone()];
        both.sort();
        both.to_vec()
    };
    let none: Vec<String> = Vec::new();
    for (operation, members) in [
        (
            json!({ "op": "Add", "path": "members", "value": [{ "$ref": null, "value": ada }] }),
            vec![ada.clone()],
        ),
        (
            json!({ "op": "Add", "path": "members", "value": [{ "$ref": null, "value": ada }, { "value": bob }] }),
            both.clone(),
        ),
        (
            json!({ "op": "Remove", "path": "members", "value": [{ "$ref": null, "value": ada }] }),
            vec![bob.clone()],
        ),
        (
            json!({ "op": "Remove", "path": "members", "value": [{ "$ref": null, "value": ada }] }),
            vec![bob.clone()],
        ),
        (
            json!({ "op": "remove", "path": format!("members[value eq \"{bob}\"]") }),
            none.clone(),
        ),
        (
            json!({ "op": "replace", "value": { "members": [{ "value": ada }] } }),
            vec![ada.clone()],
        ),
        (
            json!({ "op": "replace", "path": "members", "value": [{ "value": ada }, { "value": bob }] }),
            both.clone(),
        ),
        (
            json!({ "op": "remove", "path": "members", "value": [{ "value": super::NOBODY }] }),
            both,
        ),
        (json!({ "op": "remove", "path": "members" }), none),
    ] {
        let answer = directory.patch(&path, json!([operation])).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""), "{operation}");
        let mut found = directory.members(&id).await;
        found.sort();
        assert_eq!(found, members, "{operation}");
    }
    directory
        .patch(&path, json!([{ "op": "Replace", "path": "displayName", "value": "Crew" }]))
        .await
        .expect(204);
    assert_eq!(directory.found("/Groups", "displayName eq \"CREW\"").await, [id]);
    directory.delete(&path).await.expect(204);
    directory.delete(&path).await.refused(404, None);
}
