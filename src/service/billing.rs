//! Plan, Enterprise Toolkit and seats.

use super::Result;
use super::audit::{self, Event};
use super::context::Context;
use super::organisations::{target, toolkit_changes};
use crate::domain::organisation::BillingView;
use crate::domain::permission::Permission;
use crate::domain::user::UserType;
use crate::store::connectors;
use crate::store::organisations::{self, OrganisationRecord};

/// The Billing page.
///
/// # Errors
/// [`super::Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::BillingManage`].
pub async fn get(cx: &Context) -> Result<BillingView> {
    let scope = cx.demand(Permission::BillingManage)?;
    let record = organisations::get(cx.store(), &scope).await?;
    Ok(BillingView {
        connectors: connectors::list(cx.store(), &scope).await?.len() as u64,
        premium_used: organisations::seats_used(cx.store(), &scope, UserType::Premium).await?,
        standard_used: organisations::seats_used(cx.store(), &scope, UserType::Standard).await?,
        plan: record.plan,
        has_enterprise_toolkit: record.has_enterprise_toolkit,
        is_toolkit_reserved: record.is_toolkit_reserved,
        is_toolkit_requested: record.is_toolkit_requested,
        premium_limit: record.premium_limit,
        standard_limit: record.standard_limit,
    })
}

/// Switches the Enterprise Toolkit; where the operator has reserved the decision, asks for it or takes the question back. Without
/// it directories are refused, and nothing is lost.
///
/// # Errors
/// [`super::Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::BillingManage`].
pub async fn set_toolkit(cx: &Context, is_on: bool) -> Result<()> {
    let scope = cx.demand(Permission::BillingManage)?;
    let tx = cx.store().begin().await?;
    let before = organisations::get_for_update(&tx, &scope).await?;
    let wanted = if before.is_toolkit_reserved {
        OrganisationRecord {
            is_toolkit_requested: is_on && !before.has_enterprise_toolkit,
            ..before.clone()
        }
    } else {
        OrganisationRecord {
            has_enterprise_toolkit: is_on,
            is_toolkit_requested: false,
            ..before.clone()
        }
    };
    if wanted == before {
        return Ok(());
    }
    let record = OrganisationRecord {
        version: before.version + 1,
        updated_at: cx.now(),
        ..wanted
    };
    organisations::update(&tx, &scope, &record).await?;
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("billing.set_toolkit", target(&record), toolkit_changes(&before, &record)),
    )
    .await?;
    Ok(tx.commit().await?)
}
