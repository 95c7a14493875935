//! What the server does by itself: clean-up, and the export of the ends of the audit chains (security rule S53).

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::private_files;
use crate::service::error::causes;
use crate::service::{Services, audit, maintenance};

/// How often.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Where the ends of the chains are exported to, beside the database.
pub(super) fn heads_file(folder: &Path) -> PathBuf {
    folder.join("audit-heads.jsonl")
}

/// Works until `stop`. What fails is logged and tried again at the next time.
pub(super) async fn run(services: Services, folder: PathBuf, stop: CancellationToken) {
    loop {
        if let Err(error) = maintenance::run_once(&services).await {
            tracing::warn!(error = causes(&error), "clean-up failed and will be tried again");
        }
        export_heads(&services, &heads_file(&folder)).await;
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
    // What happened since the last time would be without proof for as long as the server stands still.
    export_heads(&services, &heads_file(&folder)).await;
}

/// To the log as well as to the file: whoever can change the database can often change a file beside it.
async fn export_heads(services: &Services, file: &Path) {
    let heads = match audit::export_heads(services).await {
        Ok(heads) => heads,
        Err(error) => {
            tracing::warn!(error = causes(&error), "the ends of the audit chains could not be read");
            return;
        }
    };
    let mut lines = String::new();
    for head in &heads {
        tracing::info!(
            chain = head.chain,
            sequence = head.sequence,
            hash = head.hash,
            signature = head.signature,
            "end of an audit chain"
        );
        if let Ok(line) = serde_json::to_string(head) {
            lines.push_str(&line);
            lines.push('\n');
        }
    }
    if let Err(error) = private_files::append(file, lines.as_bytes()) {
        tracing::warn!(%error, file = %file.display(), "the ends of the audit chains could not be written");
    }
}
