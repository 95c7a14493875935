//! What the server writes of its work: logs that nobody can forge (security rule S51), figures whose number no request can
//! change, and no secret anywhere (security rule S49).

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::wire::{connect_from, post_json, source};
use super::{Installation, Server, scaled};

const CLIENT: Ipv4Addr = source(77);
/// What a terminal or a reader of lines would obey.
const ESCAPES: [&str; 5] = [
    "\u{1b}[2J",
    "\u{1b}]0;owned\u{7}",
    "\r\n{\"level\":\"INFO\",\"forged\":true}",
    "\u{9b}31m",
    "\u{8}\u{8}\u{7f}",
];

/// Sends requests over one connection and reads an answer to each, or to its end.
async fn pipeline(server: &Server, requests: &[Vec<u8>]) -> String {
    let mut stream = connect_from(CLIENT, server.address(), None).await.unwrap();
    let mut answers = String::new();
    let mut sent = 0;
    for part in requests.chunks(50) {
        stream.write_all(&part.concat()).await.unwrap();
        sent += part.len();
        let mut buffer = vec![0; 64 * 1024];
        while answers.matches("HTTP/1.1 ").count() < sent {
            let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut buffer)).await;
            match read.expect("an answer is missing") {
                Ok(0) | Err(_) => return answers,
                Ok(n) => answers.push_str(&String::from_utf8_lossy(&buffer[..n])),
            }
        }
    }
    answers
}

fn get(server: &Server, method: &str, path: &str, more: &[u8]) -> Vec<u8> {
    [
        format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", server.host()).as_bytes(),
        more,
        b"\r\n",
    ]
    .concat()
}

/// Sends the escapes wherever a client can put text, as they are and in every encoding.
async fn provoke(server: &Server, token: &str) {
    for escape in ESCAPES {
        let encoded: String = escape.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let header: Vec<u8> = escape.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
        for path in ["/", "/setup/", "/api/", "/scim/v2/Users/", "/pkg/"] {
            let agent = [b"User-Agent: ", header.as_slice(), b"\r\n"].concat();
            // One connection each: some of these are no HTTP at all.
            pipeline(
                server,
                &[get(
                    server,
                    "GET",
                    &format!("{path}{encoded}?x={encoded}"),
                    b"Connection: close\r\n",
                )],
            )
            .await;
            pipeline(
                server,
                &[get(server, "GET", &format!("{path}{escape}"), b"Connection: close\r\n")],
            )
            .await;
            pipeline(
                server,
                &[get(server, "GET", path, &[agent, b"Connection: close\r\n".to_vec()].concat())],
            )
            .await;
        }
        pipeline(server, &[get(server, "B\u{1b}D", "/", b"Connection: close\r\n")]).await;
        let body = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": format!("grace.hopper{escape}@contoso.example"),
            "displayName": format!("Grace{escape}Hopper"),
            escape: "x",
        });
        pipeline(
            server,
            &[post_json(server.host(), "/scim/v2/Users", token, &body.to_string(), false).into_bytes()],
        )
        .await;
        let form = format!("input[email]=grace.hopper%40contoso.example{encoded}&input[password]=x{encoded}");
        pipeline(server, &[sign_in(server, &form)]).await;
    }
    // A person who is there, and one who signs in.
    let body = serde_json::json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada.lovelace@contoso.example", "displayName": "Ada Lovelace" });
    let answer = pipeline(
        server,
        &[post_json(server.host(), "/scim/v2/Users", token, &body.to_string(), false).into_bytes()],
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    pipeline(
        server,
        &[sign_in(
            server,
            "input[email]=ada.lovelace%40contoso.example&input[password]=x",
        )],
    )
    .await;
}

fn sign_in(server: &Server, form: &str) -> Vec<u8> {
    format!(
        "POST /api/account/sign-in HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
        server.host(),
        server.origin,
        form.len()
    )
    .into_bytes()
}

#[tokio::test]
async fn s51_no_request_forges_a_line_or_leaves_a_name_in_the_log() {
    for format in ["json", "text"] {
        let installation = Installation::on_sqlite()
            .with("LOG_LEVEL", "trace")
            .with("LOG_FORMAT", format);
        installation.json(&["migrate"]);
        let (_, token) = installation.directory();
        let server = installation.serve().await;
        provoke(&server, &token).await;
        server.has_no_faults().await;
        let log = server.log();
        assert!(log.lines().count() > 50, "{log}");
        for line in log.lines() {
            let odd = line.chars().find(|character| character.is_control() && *character != '\t');
            assert_eq!(odd, None, "{format}: {line:?}");
            match format {
                "json" => {
                    let value: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
                    assert!(value.get("forged").is_none() && value.get("timestamp").is_some(), "{line}");
                }
                _ => assert!(line.starts_with("20"), "a line without time: {line:?}"),
            }
        }
        for telling in [
            "grace",
            "Hopper",
            "ada.lovelace",
            "Ada Lovelace",
            "contoso.example",
            &CLIENT.to_string(),
        ] {
            let line = log.lines().find(|line| line.contains(telling));
            assert_eq!(line, None, "{format}: {telling}");
        }
    }
}

/// What is counted, without the figures.
async fn series(server: &Server) -> BTreeSet<String> {
    let metrics = server.metrics().await;
    let name = |line: &str| line.rsplit_once(' ').map(|(name, _)| name.to_owned());
    metrics
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(name)
        .collect()
}

#[tokio::test]
async fn s51_odd_paths_make_no_new_series() {
    let installation = Installation::on_sqlite().with("LOG_LEVEL", "warn");
    let server = installation.serve().await;
    let odd = |n: usize| {
        let path = match n % 10 {
            0 => format!("/page-{n}"),
            1 => format!("/setup/guess-{n}/more"),
            2 => format!("/api/guess-{n}"),
            3 => format!("/pkg/guess-{n}.js"),
            4 => format!("/scim/v2/Users/{n}"),
            5 => format!("/scim/v2/guess-{n}"),
            6 => format!("/SCIM/%76{n}"),
            7 => format!("/api/users/{n}/list"),
            8 => format!("/healthz?n={n}"),
            _ => format!("//{n}"),
        };
        // Pages are rendered, which takes time; methods that nobody knows are refused before.
        let method = if n % 10 < 2 && n % 50 >= 10 {
            format!("ODD{n}")
        } else {
            "GET".to_owned()
        };
        get(&server, &method, &path, b"")
    };
    let first: Vec<_> = (0..100).map(odd).collect();
    pipeline(&server, &first).await;
    let before = series(&server).await;
    assert!(before.iter().any(|name| name.contains("unmatched")), "{before:?}");
    let all: Vec<_> = (100..scaled(2_000, 10_000)).map(odd).collect();
    let answers = pipeline(&server, &all).await;
    assert!(answers.matches("HTTP/1.1 ").count() >= all.len());
    let after = series(&server).await;
    assert_eq!(before.symmetric_difference(&after).collect::<Vec<_>>(), Vec::<&String>::new());
    server.has_no_faults().await;
}
