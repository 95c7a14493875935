//! The end of a server: in order under load (reliability rule R7), and by a crash (security rule S48).

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::wire::{Outcome, exchange, once, post_json, read_answer};
use super::{Installation, Server, client, scaled};

/// Requests at once.
const WRITERS: usize = 6;

fn person(name: &str) -> String {
    json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": format!("{name}@contoso.example"), "externalId": name }).to_string()
}

/// External ids of all users.
async fn present(server: &Server, token: &str) -> HashSet<String> {
    let mut found = HashSet::new();
    loop {
        let url = format!("{}/scim/v2/Users?count=200&startIndex={}", server.origin, found.len() + 1);
        let page: Value = client()
            .get(url)
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let resources = page["Resources"].as_array().cloned().unwrap_or_default();
        if resources.is_empty() {
            assert_eq!(page["totalResults"], found.len());
            return found;
        }
        found.extend(resources.iter().map(|user| user["externalId"].as_str().unwrap().to_owned()));
    }
}

/// What the clients of one round saw.
#[derive(Default)]
struct Seen {
    acknowledged: Vec<String>,
    /// Sent over a connection that had been used before and that was closed meanwhile: never begun.
    unanswered: Vec<String>,
    faults: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r07_a_restart_under_load_loses_nothing() {
    let installation = Installation::new().await.with("LIMITS_SCIM_PER_SECOND", 0);
    installation.json(&["migrate"]);
    let (_, token) = installation.directory();
    let mut acknowledged: HashSet<String> = HashSet::new();
    for round in 0..scaled(4, 20) {
        let mut server = installation.serve().await;
        let seen = Arc::new(Mutex::new(Seen::default()));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (address, host, token, seen) = (server.address(), server.host().to_owned(), token.clone(), seen.clone());
                tokio::spawn(async move {
                    // Half of them keep their connection, as directories do.
                    let keep = writer % 2 == 0;
                    let mut kept: Option<TcpStream> = None;
                    for n in 0.. {
                        let name = format!("r{round}w{writer}n{n}");
                        let request = post_json(&host, "/scim/v2/Users", &token, &person(&name), keep);
                        let was_used = kept.is_some();
                        let outcome = match (&mut kept, keep) {
                            (Some(stream), _) => exchange(stream, &request).await,
                            (None, false) => once(address, &request).await,
                            (None, true) => match TcpStream::connect(address).await {
                                Ok(stream) => exchange(kept.insert(stream), &request).await,
                                Err(_) => Outcome::Refused,
                            },
                        };
                        let mut seen = seen.lock().unwrap();
                        match outcome {
                            Outcome::Answered(201) => seen.acknowledged.push(name),
                            Outcome::Refused => return,
                            Outcome::Broken(_) if was_used => {
                                seen.unanswered.push(name);
                                kept = None;
                            }
                            Outcome::Broken(why) => seen.faults.push(format!("{name}: {why}")),
                            Outcome::Answered(status) => seen.faults.push(format!("{name}: {status}")),
                        }
                    }
                })
            })
            .collect();
        // A request that has begun before the end and comes slowly is taken to its end.
        let slow = post_json(
            server.host(),
            "/scim/v2/Users",
            &token,
            &person(&format!("r{round}slow")),
            false,
        );
        let mut slowly = TcpStream::connect(server.address()).await.unwrap();
        let (first, rest) = slow.split_at(slow.len() - 20);
        tokio::time::sleep(Duration::from_millis(scaled(400, 1_500) + 37 * round)).await;
        slowly.write_all(first.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(60)).await;
        server.process.terminate();
        tokio::time::sleep(Duration::from_millis(400)).await;
        slowly.write_all(rest.as_bytes()).await.unwrap();
        assert_eq!(read_answer(&mut slowly).await, Outcome::Answered(201));
        acknowledged.insert(format!("r{round}slow"));
        assert_eq!(server.process.end(Duration::from_secs(28)).await, Some(0), "{}", server.log());
        for writer in writers {
            tokio::time::timeout(Duration::from_secs(10), writer).await.unwrap().unwrap();
        }
        let seen = std::mem::take(&mut *seen.lock().unwrap());
        assert!(seen.faults.is_empty(), "round {round}: {:?}", seen.faults);
        assert!(seen.acknowledged.len() > WRITERS, "no load in round {round}");
        acknowledged.extend(seen.acknowledged);

        let server = installation.serve().await;
        let present = present(&server, &token).await;
        let lost: Vec<_> = acknowledged.difference(&present).collect();
        assert!(lost.is_empty(), "round {round}: lost {lost:?}");
        let begun: Vec<_> = seen.unanswered.iter().filter(|name| present.contains(*name)).collect();
        assert!(begun.is_empty(), "round {round}: done and not answered {begun:?}");
        server.has_no_faults().await;
        let mut server = server;
        server.process.terminate();
        assert_eq!(server.process.end(Duration::from_secs(28)).await, Some(0));
    }
    assert!(installation.run(&["audit", "verify"]).status.success());
}

#[tokio::test]
async fn s48_a_crash_leaves_no_core_dump() {
    use std::os::unix::process::ExitStatusExt;

    // Whatever this test was started with, core dumps are allowed for what it starts, as far as that is ours to allow.
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let hard = getrlimit(Resource::Core).maximum;
    for maximum in [None, hard] {
        let limit = Rlimit {
            current: maximum,
            maximum,
        };
        if setrlimit(Resource::Core, limit).is_ok() {
            break;
        }
    }
    let installation = Installation::on_sqlite();
    let mut server = installation.serve().await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.process.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(
        core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(),
        ["0", "0"],
        "{core}"
    );
    // Of a process that cannot be dumped the system takes its files from its user.
    let memory = std::fs::metadata(format!("/proc/{}/mem", server.process.id())).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::uid(&memory), 0);
    let status = std::process::Command::new("kill")
        .args(["-ABRT", &server.process.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
    let ended = loop {
        if let Some(status) = server.process.ended() {
            break status;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert_eq!(ended.signal(), Some(6));
    assert!(!ended.core_dumped());
}
