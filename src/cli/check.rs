//! `check`: the settings in force, and what is wrong with them and with what they name. Changes nothing but the table in which
//! PostgreSQL or SQLite counts schema changes, which is made when it is missing.

use std::time::Duration;

use serde::Serialize;

use super::failure::Failure;
use super::master_key;
use super::output::Output;
use super::startup::{Opening, open_store};
use crate::config::{Config, Faults, Shown};
use crate::http::Site;
use crate::service::keys::id_of;
use crate::service::rekey::{NeededKeys, needed_keys};
use crate::store::connect;

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The outcome for one thing.
#[derive(Debug, Serialize)]
struct Finding {
    /// What was looked at.
    subject: &'static str,
    /// Whether it is in order.
    ok: bool,
    /// One sentence.
    text: String,
}

/// Checks everything that can be checked without changing anything.
pub(super) async fn run(loaded: Result<Config, Faults>, output: &Output) -> Result<(), Failure> {
    let config = loaded?;
    let (database, needed) = database(&config).await;
    let findings = [database, key(&config, needed), site(&config), plain_http(&config)];
    let is_ok = findings.iter().all(|finding| finding.ok);
    output.print(
        &serde_json::json!({ "ok": is_ok, "settings": config.shown(), "findings": findings }),
        || lines(config.shown(), &findings),
    );
    if is_ok { Ok(()) } else { Err(Failure::Silent) }
}

fn lines(settings: &[Shown], findings: &[Finding]) -> String {
    let width = settings.iter().map(|setting| setting.name.len()).max().unwrap_or(0);
    let mut lines: Vec<String> = settings
        .iter()
        .map(|setting| {
            let origin = setting
                .origin
                .as_deref()
                .map(|origin| format!("   ({origin})"))
                .unwrap_or_default();
            let value = if setting.value.is_empty() {
                "(not set)"
            } else {
                &setting.value
            };
            format!("{:width$} = {value}{origin}", setting.name)
        })
        .collect();
    lines.push(String::new());
    lines.extend(findings.iter().map(|finding| {
        format!(
            "{:6} {}: {}",
            if finding.ok { "ok" } else { "WRONG" },
            finding.subject,
            finding.text
        )
    }));
    lines.join("\n")
}

/// The database, and the master keys that it needs.
async fn database(config: &Config) -> (Finding, Option<NeededKeys>) {
    let finding = |ok: bool, text: String| Finding {
        subject: "database",
        ok,
        text,
    };
    if let Some(file) = &config.database.sqlite_file
        && !file.exists()
    {
        return (
            finding(
                true,
                format!("{} does not exist yet; the first start makes it", file.display()),
            ),
            None,
        );
    }
    let looked = tokio::time::timeout(PATIENCE, async {
        let store = open_store(config, Opening::Existing).await?;
        let pending = connect::pending_migrations(&store).await?;
        let recorded = match needed_keys(&store).await {
            Ok(recorded) => recorded,
            // Before the first schema change there is no table to ask.
            Err(_) if pending > 0 => None,
            Err(error) => return Err(error.into()),
        };
        drop(store.close().await);
        Ok::<_, Failure>((pending, recorded))
    });
    match looked.await {
        Ok(Ok((0, recorded))) => (finding(true, "answers, and its schema is up to date".to_owned()), recorded),
        Ok(Ok((pending, recorded))) => (
            finding(
                true,
                format!("answers; {pending} schema changes are due, which `lanyard migrate` or the next start makes"),
            ),
            recorded,
        ),
        Ok(Err(Failure::Failed(text))) => (finding(false, text), None),
        Ok(Err(Failure::Configuration(faults))) => (finding(false, faults.to_string()), None),
        Ok(Err(Failure::Silent)) => (finding(false, "cannot be opened".to_owned()), None),
        Err(_) => (finding(false, "does not answer".to_owned()), None),
    }
}

fn key(config: &Config, needed: Option<NeededKeys>) -> Finding {
    let finding = |ok: bool, text: String| Finding {
        subject: "master key",
        ok,
        text,
    };
    let ids: Vec<String> = match master_key::read(&config.master_key) {
        Ok(keys) => keys.iter().map(id_of).collect(),
        Err(Failure::Configuration(faults)) => return finding(false, faults.to_string()),
        Err(Failure::Failed(text)) => return finding(false, text),
        Err(Failure::Silent) => return finding(false, "cannot be read".to_owned()),
    };
    match (ids.first(), needed) {
        (None, Some(needed)) => finding(false, format!("is missing; the database was made with {}", needed.writing)),
        (None, None) => finding(true, "does not exist yet; the first start makes it".to_owned()),
        (Some(first), None) => finding(true, format!("is {first}")),
        (Some(first), Some(needed)) if !ids.contains(&needed.writing) => finding(
            false,
            format!("is {first}, and the database was made with {}", needed.writing),
        ),
        (Some(_), Some(NeededKeys { writing, previous: None })) => {
            finding(true, format!("is {writing}, with which the database was made"))
        }
        (
            Some(_),
            Some(NeededKeys {
                writing,
                previous: Some(previous),
            }),
        ) => finding(
            ids.contains(&previous),
            format!(
                "is being exchanged from {previous} to {writing}; `lanyard rekey` goes on with it, and both must be given until then"
            ),
        ),
    }
}

fn site(config: &Config) -> Finding {
    match Site::find(config.site_root.as_deref()) {
        Ok(site) => Finding {
            subject: "site",
            ok: true,
            text: format!("the browser's files are at {}", site.root().display()),
        },
        Err(missing) => Finding {
            subject: "site",
            ok: false,
            text: missing.to_string(),
        },
    }
}

fn plain_http(config: &Config) -> Finding {
    let text = if config.public_url.is_https() {
        format!(
            "{} must be given to {} by a proxy that ends TLS and keeps the Host header",
            config.public_url.origin(),
            config.listen
        )
    } else {
        "without TLS; good for this machine alone".to_owned()
    };
    Finding {
        subject: "transport",
        ok: true,
        text,
    }
}
