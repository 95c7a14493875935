//! `audit verify`: every chain from its first row to its signed end.

use super::failure::Failure;
use super::output::Output;
use super::startup::{Opening, open};
use crate::config::Config;
use crate::domain::audit::ChainReport;
use crate::service::audit::verify_all;

/// Checks all chains. A broken one is a failure.
pub(super) async fn verify(config: &Config, output: &Output) -> Result<(), Failure> {
    let opened = open(config, Opening::Existing).await?;
    let reports = verify_all(&opened.context()).await;
    opened.close().await;
    let reports = reports?;
    let is_intact = is_intact(&reports);
    let chains: Vec<_> = reports
        .iter()
        .map(|(chain, report)| serde_json::json!({ "chain": chain, "rows": report.rows, "fault": report.fault }))
        .collect();
    output.print(&serde_json::json!({ "intact": is_intact, "chains": chains }), || {
        lines(&reports)
    });
    if is_intact { Ok(()) } else { Err(Failure::Silent) }
}

/// Whether no chain is broken.
pub(super) fn is_intact(reports: &[(String, ChainReport)]) -> bool {
    reports.iter().all(|(_, report)| report.fault.is_none())
}

/// One line for each chain.
pub(super) fn lines(reports: &[(String, ChainReport)]) -> String {
    let line = |(chain, report): &(String, ChainReport)| match &report.fault {
        None => format!("{chain}: {} rows, intact", report.rows),
        Some(fault) => format!(
            "{chain}: BROKEN at row {}: {} ({} rows before it are intact)",
            fault.sequence, fault.kind, report.rows
        ),
    };
    reports.iter().map(line).collect::<Vec<_>>().join("\n")
}
