//! Who opens a page.

use std::sync::Arc;

use axum::http::HeaderMap;
use leptos::prelude::{provide_context, use_context};
use tokio::sync::OnceCell;
use tokio_util::task::TaskTracker;

use super::super::error::UiError;
use super::answer::answer;
use super::{Asking, authenticate, cookies};
use crate::domain::account::Viewer;
use crate::service::{Context, RequestInfo, Services, accounts};

/// Who opens a page, found out before the page is rendered.
#[derive(Clone)]
pub struct Visit {
    found: Option<Context>,
    viewer: Result<Option<Viewer>, UiError>,
    /// The renewed session.
    cookie: Option<String>,
}

impl Visit {
    /// Finds out who sends a request.
    pub async fn of(services: &Services, request: &RequestInfo, headers: &HeaderMap) -> Self {
        match authenticate(services, request.clone(), headers).await {
            Ok((cx, cookie)) => Self {
                viewer: answer(&cx, accounts::find_viewer(&cx).await),
                found: Some(cx),
                cookie,
            },
            Err(error) => Self {
                found: None,
                viewer: Err(error),
                cookie: None,
            },
        }
    }

    /// Makes the services and the visitor known while the page is rendered.
    pub fn provide(&self, services: &Services, background: &TaskTracker) {
        provide_context(Asking {
            services: services.clone(),
            background: background.clone(),
            found: Arc::new(OnceCell::new_with(self.found.clone())),
        });
        provide_context(self.clone());
        if let Some(cookie) = &self.cookie {
            cookies::give(cookie);
        }
    }

    /// Who looks at the page that is being rendered; none where no page is.
    pub fn viewer() -> Option<Result<Option<Viewer>, UiError>> {
        use_context::<Self>().map(|visit| visit.viewer)
    }
}
