//! What other directories do differently.

use serde_json::json;

use super::{id_of, person, start};

#[tokio::test]
async fn okta_writes_back_what_it_read() {
    let (_, _, directory) = start().await;
    let mut body = person("ada@contoso.example");
    body["password"] = json!("Temp-Passw0rd");
    body["groups"] = json!([]);
    body["locale"] = json!("en-US");
    let made = directory.post("/Users", &body).await.expect(201);
    assert!(!made.to_string().contains("Passw0rd"));
    let path = format!("/Users/{}", id_of(&made));
    let mut again = made.clone();
    again["title"] = json!("Chief");
    again["unknown"] = json!({ "x": 1 });
    let put = directory.put(&path, &again).await.expect(200);
    assert_eq!(
        (&put["title"], &put["locale"], &put["id"]),
        (&json!("Chief"), &json!("en-US"), &made["id"])
    );
    again.as_object_mut().unwrap().remove("title");
    assert!(
        directory.put(&path, &again).await.expect(200).get("title").is_none(),
        "what is left out is gone"
    );
    directory
        .patch(&path, json!([{ "op": "replace", "value": { "active": false } }]))
        .await
        .expect(200);
    let group = directory.group("G").await;
    directory
        .patch(
            &format!("/Groups/{group}"),
            json!([{ "op": "replace", "value": { "id": group, "displayName": "N" } }]),
        )
        .await
        .expect(204);
    let list = directory.get("/Groups?startIndex=1&count=100").await.expect(200);
    assert_eq!(list["Resources"][0]["displayName"], "N");
    directory
        .put(&format!("/Users/{}", super::NOBODY), &body)
        .await
        .refused(404, None);
}

#[tokio::test]
async fn onelogin_sends_one_address_as_an_object() {
    let (_, _, directory) = start().await;
    let mut body = person("ada@contoso.example");
    body["emails"] = json!({ "value": "ada@contoso.example" });
    let made = directory.post("/Users", &body).await.expect(201);
    assert_eq!(made["emails"], json!([{ "value": "ada@contoso.example" }]));
}
