//! The audit log.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::error::UiError;
use crate::domain::audit::{AuditEntry, AuditQuery, ChainReport};
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use super::context;
#[cfg(feature = "ssr")]
use crate::{domain::permission::Permission, service::audit};

/// A page of the log, newest first.
#[server(endpoint = "audit/list", input = Json)]
pub async fn list_audit(input: AuditQuery) -> Result<Page<AuditEntry>, UiError> {
    let cx = context::require(Permission::AuditRead).await?;
    context::answer(&cx, audit::list(&cx, &input).await)
}

/// Checks the organisation's chain from its first row to its last.
#[server(endpoint = "audit/verify")]
pub async fn verify_audit_chain() -> Result<ChainReport, UiError> {
    let cx = context::require(Permission::AuditExport).await?;
    context::answer(&cx, audit::verify(&cx).await)
}
