//! The Billing page.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::UiError;
use crate::domain::organisation::BillingView;

#[cfg(feature = "ssr")]
use super::context;
#[cfg(feature = "ssr")]
use crate::{domain::permission::Permission, service::billing};

/// The position of the Enterprise Toolkit switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolkitSwitch {
    /// On or off. Where the operator has reserved the decision, `true` asks for it.
    pub is_on: bool,
}

/// Plan, toolkit and seats.
#[server(endpoint = "billing/get")]
pub async fn get_billing() -> Result<BillingView, UiError> {
    let cx = context::require(Permission::BillingManage).await?;
    context::answer(&cx, billing::get(&cx).await)
}

/// Switches the Enterprise Toolkit on or off, or asks for it.
#[server(endpoint = "billing/set-toolkit")]
pub async fn set_enterprise_toolkit(input: ToolkitSwitch) -> Result<(), UiError> {
    let cx = context::require(Permission::BillingManage).await?;
    context::write(&cx, || billing::set_toolkit(&cx, input.is_on)).await
}
