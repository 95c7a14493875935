//! The Home page.

use leptos::prelude::*;

use super::error::UiError;
use crate::domain::home::HomeView;

#[cfg(feature = "ssr")]
use super::context;
#[cfg(feature = "ssr")]
use crate::{domain::permission::Permission, service::home};

/// What needs attention, and figures.
#[server(endpoint = "home/get")]
pub async fn get_home() -> Result<HomeView, UiError> {
    let cx = context::require(Permission::ConsoleAccess).await?;
    context::answer(&cx, home::get(&cx).await)
}
