//! PATCH rows: operations, the answer they need, and what must be true when the resource is read again.

use serde_json::Value;

use super::super::compare::Want;
use super::super::error::EmulateError;
use super::super::job::Stage;
use super::subject::Subject;

/// Sends operations and reads the resource back; one check.
///
/// # Errors
/// If the server is gone for good.
pub async fn accepted(
    stage: &Stage<'_>,
    subject: &Subject,
    check: &'static str,
    operations: Vec<Value>,
    wants: &[Want],
) -> Result<bool, EmulateError> {
    let changed = stage.patch(&subject.path, operations).await?;
    let shown = stage.get(&subject.path, &[]).await?;
    let kind = subject.resource_type;
    Ok(stage
        .expect(check, &changed)
        .patched(kind, &subject.id)
        .also(&shown)
        .status(200)
        .resource(kind, &subject.id)
        .wants(wants)
        .done())
}

/// Sends operations that must be refused with 400, and checks that nothing of them was done; one check.
///
/// # Errors
/// If the server is gone for good.
pub async fn refused(
    stage: &Stage<'_>,
    subject: &Subject,
    check: &'static str,
    operations: Vec<Value>,
    scim_type: Option<&str>,
    wants: &[Want],
) -> Result<bool, EmulateError> {
    let answer = stage.patch(&subject.path, operations).await?;
    let shown = stage.get(&subject.path, &[]).await?;
    Ok(stage
        .expect(check, &answer)
        .error(400, scim_type)
        .also(&shown)
        .status(200)
        .wants(wants)
        .done())
}
