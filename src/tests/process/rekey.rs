//! The exchange of the master key, interrupted by `kill -9` while a server runs (security rule S47).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use lanyard::service::keys::{Keyring, place};
use lanyard::service::ports::{Random, SystemRandom};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, FromQueryResult, Statement};
use serde_json::json;

use super::{Installation, client, scaled};

const CANARY: &str = "canary-client-secret";

#[derive(FromQueryResult)]
struct Row {
    id: uuid::Uuid,
    organisation_id: uuid::Uuid,
    client_secret: String,
}

/// The database as somebody sees it who looks from outside.
struct Outside<'a> {
    installation: &'a Installation,
    database: DatabaseConnection,
}

impl Outside<'_> {
    fn keys(&self) -> Vec<Keyring> {
        let text = std::fs::read_to_string(self.installation.key_file()).unwrap();
        text.lines()
            .map(|line| Keyring::new(&hex::decode(line).unwrap().try_into().unwrap()))
            .collect()
    }

    fn statement(&self, sql: &str) -> Statement {
        Statement::from_string(self.database.get_database_backend(), sql.to_owned())
    }

    async fn fact(&self, name: &str) -> Option<String> {
        let sql = format!("SELECT value FROM installation_facts WHERE name = '{name}'");
        let found = self.database.query_one_raw(self.statement(&sql)).await.unwrap();
        found.map(|row| row.try_get("", "value").unwrap())
    }

    async fn rows(&self) -> Vec<Row> {
        let sql = "SELECT id, organisation_id, client_secret FROM connectors WHERE client_secret IS NOT NULL";
        Row::find_by_statement(self.statement(sql)).all(&self.database).await.unwrap()
    }

    /// How many secrets are sealed with this key.
    async fn sealed_with(&self, key: &str) -> i64 {
        let sql = format!("SELECT count(*) AS n FROM connectors WHERE client_secret LIKE 'v1:{key}:%'");
        let found = self.database.query_one_raw(self.statement(&sql)).await.unwrap();
        found.unwrap().try_get("", "n").unwrap()
    }

    /// Gives many connectors of the organisation a sealed secret.
    async fn fill(&self, org: &str, rows: u128) {
        let key = self.keys().remove(0);
        let org = uuid::Uuid::parse_str(org).unwrap();
        let literal = |id: uuid::Uuid| {
            if self.installation.is_sqlite() {
                format!("x'{}'", id.simple())
            } else {
                format!("'{id}'")
            }
        };
        let values: Vec<String> = (1..=rows)
            .map(|n| {
                let id = uuid::Uuid::from_u128(n << 96 | n);
                let place = place("connectors", "client_secret", id, org);
                let sealed = key.seal(&SystemRandom, &place, format!("{CANARY}-{id}").as_bytes()).unwrap();
                let now = "'2026-03-01T12:00:00+00:00'";
                format!(
                    "({}, {}, 'generic', 'C{n}', 'c{n}', false, 'u{n}', '{{}}', '{sealed}', false, '[]', 0, 1, {now}, {now})",
                    literal(id),
                    literal(org)
                )
            })
            .collect();
        let columns = "id, organisation_id, kind, name, name_key, is_paused, user_name, settings, client_secret, is_sign_in_enabled, contacts, failures_in_a_row, version, created_at, updated_at";
        let sql = format!("INSERT INTO connectors ({columns}) VALUES {}", values.join(", "));
        self.database.execute_unprepared(&sql).await.unwrap();
    }

    /// Every secret opens with a key of the file, and the file holds the keys that the database asks for. The ids of the keys
    /// that sealed something.
    async fn all_readable(&self, rows: usize) -> BTreeSet<String> {
        let (recorded, previous) = (self.fact("master_key_id").await, self.fact("previous_master_key_id").await);
        let keys = self.keys();
        let ids: Vec<String> = keys.iter().map(Keyring::key_id).collect();
        assert!(
            recorded.iter().chain(&previous).all(|id| ids.contains(id)),
            "{recorded:?} {previous:?} {ids:?}"
        );
        let found = self.rows().await;
        assert_eq!(found.len(), rows);
        let mut used = BTreeSet::new();
        for row in found {
            let place = place("connectors", "client_secret", row.id, row.organisation_id);
            let opened = keys
                .iter()
                .find_map(|key| Some((key.key_id(), key.open(&place, &row.client_secret).ok()?)));
            let (id, secret) = opened.unwrap_or_else(|| panic!("{} cannot be read", row.id));
            assert_eq!(secret.as_slice(), format!("{CANARY}-{}", row.id).as_bytes());
            used.insert(id);
        }
        used
    }
}

fn chance(below: u64) -> u64 {
    let mut bytes = [0; 8];
    SystemRandom.fill(&mut bytes);
    u64::from_le_bytes(bytes) % below
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s47_rekey_survives_being_killed_while_a_server_runs() {
    let installation = Installation::new().await;
    installation.json(&["migrate"]);
    let (org, secret) = installation.directory();
    let outside = Outside {
        database: Database::connect(installation.database_url()).await.unwrap(),
        installation: &installation,
    };
    let rows = 2_000;
    outside.fill(&org, rows as u128).await;
    let first_key = outside.keys().remove(0).key_id();
    let server = installation.serve().await;

    // A directory that provisions all the while: each user is audited, and the end of the chain signed.
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let (stopped, count, users) = (stop.clone(), written.clone(), format!("{}/scim/v2/Users", server.origin));
    let token = secret.clone();
    let provisioning = tokio::spawn(async move {
        let client = client();
        while !stopped.load(Ordering::Relaxed) {
            let n = count.fetch_add(1, Ordering::Relaxed);
            let user = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": format!("u{n}@contoso.example"), "externalId": format!("e{n}") });
            let answer = client.post(&users).bearer_auth(&token).json(&user).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 201, "{}", answer.text().await.unwrap());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });

    let (mut halfway, mut ended_by_itself) = (0, 0);
    // On a busy machine the kill may come too late each time; then there are more rounds.
    for round in 0.. {
        if round >= scaled(6, 20) && (halfway > 0 || round >= 60) {
            break;
        }
        let key = outside.fact("master_key_id").await.unwrap();
        let mut rekey = installation.start(&["rekey"]);
        // At a moment after its start, or once some of the secrets are sealed again.
        let moment = Instant::now() + Duration::from_millis(chance(120));
        let left = i64::try_from(rows as u64 / 4 + chance(rows as u64 * 3 / 4)).unwrap();
        while rekey.ended().is_none() {
            let done = round % 3 != 0 && outside.sealed_with(&key).await <= left;
            if done || (round % 3 == 0 && Instant::now() >= moment) {
                break;
            }
        }
        ended_by_itself += usize::from(rekey.ended().is_some());
        rekey.kill();
        halfway += usize::from(outside.all_readable(rows).await.len() == 2);
        assert!(installation.run(&["audit", "verify"]).status.success());
    }
    assert!(
        halfway > 0,
        "never interrupted halfway; {ended_by_itself} ended by themselves"
    );

    // What was interrupted is finished, and one more goes through at once.
    installation.json(&["rekey"]);
    let done = installation.json(&["rekey"]);
    assert_eq!(outside.keys().len(), 1);
    let last_key = outside.keys().remove(0).key_id();
    assert_eq!(done["master_key_id"], last_key.as_str());
    assert_eq!(done["resealed"]["unreadable_secrets"], 0);
    assert_eq!(outside.all_readable(rows).await, BTreeSet::from([last_key.clone()]));
    assert_eq!(outside.fact("previous_master_key_id").await, None);

    // The server goes on under the new key without having been started again.
    let before = written.load(Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::Relaxed);
    provisioning.await.unwrap();
    assert!(written.load(Ordering::Relaxed) > before);
    server.has_no_faults().await;
    assert!(installation.run(&["audit", "verify"]).status.success());
    let mut again = server;
    again.process.terminate();
    assert_eq!(again.process.end(Duration::from_secs(20)).await, Some(0));
    let check = installation.json(&["check"]);
    assert!(
        check
            .to_string()
            .contains(&format!("is {last_key}, with which the database was made")),
        "{check}"
    );

    // The first key is kept for copies made before, for its owner alone, and opens nothing here any more.
    let kept = installation.folder().join(format!("lanyard.key.{first_key}"));
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::copy(&kept, installation.key_file()).unwrap();
    let refused = installation.run(&["audit", "verify"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains(&last_key), "{refused:?}");

    // No secret can be read out of the files.
    for file in std::fs::read_dir(installation.folder()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            for canary in [CANARY.as_bytes(), secret.as_bytes()] {
                assert!(
                    !bytes.windows(canary.len()).any(|window| window == canary),
                    "{}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn s47_a_key_in_the_environment_is_exchanged_by_giving_both() {
    let (old, new) = ("1f".repeat(32).replacen('1', "2", 1), "3e".repeat(32).replacen('3', "4", 1));
    let with = |keys: &str| Installation::on_sqlite().with("MASTER_KEY_FILE", "").with("MASTER_KEY", keys);
    let installation = with(&old);
    installation.json(&["migrate"]);
    let alone = installation.run(&["rekey"]);
    assert_eq!(alone.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&alone.stderr).contains("LANYARD_MASTER_KEY"),
        "{alone:?}"
    );
    let both = installation.with("MASTER_KEY", format!("{new},{old}"));
    both.json(&["rekey"]);
    assert!(both.run(&["audit", "verify"]).status.success());
    let after = both.with("MASTER_KEY", &new);
    assert!(after.run(&["audit", "verify"]).status.success());
    let wrong = after.with("MASTER_KEY", &old);
    assert_eq!(wrong.run(&["audit", "verify"]).status.code(), Some(1));
}
