//! Bounds on what a request may hold (security rule S27).

use serde_json::{Value, json};

use super::{Call, PATCH, USER, person, start};

#[tokio::test]
async fn s27_paging_numbers_are_safe() {
    let (_, _, directory) = start().await;
    for n in 0..12 {
        directory.user(&format!("u{n}@contoso.example")).await;
    }
    for (query, start, count) in [
        ("startIndex=1&count=5", 1, 5),
        ("startIndex=11&count=5", 11, 2),
        ("startIndex=6&count=5", 6, 5),
        ("startIndex=0&count=5", 1, 5),
        ("startIndex=-7", 1, 12),
        ("count=0", 1, 0),
        ("count=-1", 1, 0),
        ("count=99999999999999999999", 1, 12),
        ("startIndex=13", 13, 0),
        ("STARTINDEX=12", 12, 1),
        ("aadOptscim062020", 1, 12),
    ] {
        let list = directory.get(&format!("/Users?{query}")).await.expect(200);
        let found = (
            list["startIndex"].as_u64(),
            list["itemsPerPage"].as_u64(),
            list["Resources"].as_array().map(Vec::len),
        );
        assert_eq!(
            found,
            (Some(start), Some(count), Some(usize::try_from(count).unwrap())),
            "{query}"
        );
        assert_eq!(list["totalResults"], 12, "{query}");
    }
    let huge = directory
        .get("/Users?startIndex=99999999999999999999&count=1")
        .await
        .expect(200);
    assert_eq!((&huge["totalResults"], &huge["itemsPerPage"]), (&json!(12), &json!(0)));
    for query in [
        "count=x",
        "startIndex=1.5",
        "count=",
        "sortOrder=sideways",
        "attributes=id&excludedAttributes=name",
        "cursor=",
    ] {
        directory
            .get(&format!("/Users?{query}"))
            .await
            .refused(400, Some("invalidValue"));
    }
}

#[tokio::test]
async fn s27_filters_are_bounded() {
    let (_, _, directory) = start().await;
    let clauses = |n: usize| vec!["title pr"; n].join(" or ");
    directory.query("/Users", &clauses(64)).await.expect(200);
    for filter in [
        clauses(65),
        format!("{}title pr{}", "(".repeat(17), ")".repeat(17)),
        format!("title eq \"{}\"", "x".repeat(4_096)),
        "not ".repeat(500),
        "(".repeat(4_000),
        "userName eq".to_owned(),
        "userName zz \"x\"".to_owned(),
        "userName eq \"x".to_owned(),
        "active gt true".to_owned(),
        "meta.created gt \"yesterday\"".to_owned(),
        "addresses.locality eq \"x\"".to_owned(),
    ] {
        directory.query("/Users", &filter).await.refused(400, Some("invalidFilter"));
    }
    directory
        .query("/Users", "userName eq \"a\u{0}b\"")
        .await
        .refused(400, Some("invalidValue"));
}

#[tokio::test]
async fn s27_bodies_are_bounded() {
    let (_, _, directory) = start().await;
    let post = |body: String| {
        Call::new("POST", "/Users")
            .header("Content-Type", "application/json")
            .raw(body)
    };
    for body in [
        "",
        "  ",
        "{",
        "[]",
        "null",
        "\"x\"",
        "{\"userName\":\"a\",\"USERNAME\":\"b\"}",
        &"[".repeat(500_000),
    ] {
        directory
            .send(post(body.to_owned()))
            .await
            .refused(400, Some("invalidSyntax"));
    }
    let nested = format!("{}1{}", "{\"x\":".repeat(40), "}".repeat(40));
    directory.send(post(nested)).await.refused(400, Some("invalidSyntax"));
    directory
        .send(post("x".repeat(16 * 1024 * 1024 + 1)))
        .await
        .refused(413, None);
    directory
        .send(post("{}".to_owned()).header("Content-Length", "99999999"))
        .await
        .refused(413, None);
    directory
        .send(post(json!({ "schemas": [USER], "userName": "a\u{0}b" }).to_string()))
        .await
        .refused(400, Some("invalidValue"));
    directory
        .send(post(
            json!({ "schemas": [USER], "userName": "a", "title": "\u{0}" }).to_string(),
        ))
        .await
        .refused(400, Some("invalidValue"));
}

#[tokio::test]
async fn s27_operations_are_bounded() {
    let (_, _, directory) = start().await;
    let path = format!("/Users/{}", directory.user("ada@contoso.example").await);
    let many = |n: usize| {
        Value::Array(
            (0..n)
                .map(|n| json!({ "op": "replace", "path": "title", "value": n.to_string() }))
                .collect(),
        )
    };
    assert_eq!(directory.patch(&path, many(100)).await.expect(200)["title"], "99");
    directory.patch(&path, many(101)).await.refused(413, None);
    directory.patch(&path, json!([])).await.refused(400, Some("invalidSyntax"));
    directory
        .send(Call::new("PATCH", &path).json(&json!({ "Operations": many(1) })))
        .await
        .refused(400, Some("invalidSyntax"));
    let group = format!("/Groups/{}", directory.group("G").await);
    let members = |n: usize| {
        Value::Array(
            (0..n)
                .map(|n| json!({ "value": format!("0193a2b4-c5d6-7e8f-9012-{n:012}") }))
                .collect(),
        )
    };
    let change = |op: &str, n| json!([{ "op": op, "path": "members", "value": members(n) }]);
    directory.patch(&group, change("remove", 1_000)).await.expect(204);
    directory.patch(&group, change("remove", 1_001)).await.refused(413, None);
    directory.patch(&group, change("add", 1_001)).await.refused(413, None);
    directory
        .patch(&group, change("replace", 1_001))
        .await
        .refused(400, Some("invalidValue"));
}

#[tokio::test]
async fn media_types_are_checked_and_a_missing_one_is_json() {
    let (_, _, directory) = start().await;
    let post = |n: u32| Call::new("POST", "/Users").raw(person(&format!("u{n}@contoso.example")).to_string());
    directory.send(post(1)).await.expect(201);
    for (n, good) in [
        "application/scim+json",
        "application/scim+json; charset=utf-8",
        "application/json",
        "Application/JSON;charset=UTF-8",
    ]
    .into_iter()
    .enumerate()
    {
        directory
            .send(post(10 + u32::try_from(n).unwrap()).header("Content-Type", good))
            .await
            .expect(201);
    }
    for bad in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=utf-16",
    ] {
        directory.send(post(2).header("Content-Type", bad)).await.refused(415, None);
    }
    directory
        .send(post(2).header("Content-Encoding", "gzip"))
        .await
        .refused(415, None);
    directory
        .send(post(3).header("Content-Encoding", "identity"))
        .await
        .expect(201);
    // A body that is not read needs no type.
    directory
        .send(
            Call::new("GET", "/Users")
                .header("Content-Type", "text/plain")
                .header("Accept", "text/html"),
        )
        .await
        .expect(200);
    let body = json!({ "schemas": [PATCH], "Operations": [] }).to_string();
    directory
        .send(Call::new("PATCH", "/Users/1").header("Content-Type", "text/plain").raw(body))
        .await
        .refused(415, None);
}
