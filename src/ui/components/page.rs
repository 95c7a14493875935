//! The frame of a page: head, empty states, and what stands in place of a page that could not be loaded.

use leptos::prelude::*;
use leptos_meta::Title;

use super::icon::Icon;
use super::text::UiErrorText;
use crate::i18n::*;
use crate::server_fns::{UiError, UiErrorCode};

/// A step on the way to this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Where it leads.
    pub href: String,
    /// Words.
    pub label: String,
}

impl Crumb {
    /// A step.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
        }
    }
}

/// Title (the page's one `h1` and the window's title), description, the way here, and actions as children.
#[component]
pub fn PageHeader(
    /// Title.
    #[prop(into)]
    title: String,
    /// A sentence below it.
    #[prop(optional, into)]
    description: Option<String>,
    /// The pages above this one.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <Crumbs crumbs=crumbs/>
        <header class="page-head">
            <div class="min-w-0">
                <h1 class="page-title">{title}</h1>
                {description.map(|text| view! { <p class="page-lead">{text}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
}

/// The way to this page, without a head.
#[component]
pub fn Crumbs(
    /// The pages above this one.
    crumbs: Vec<Crumb>,
) -> impl IntoView {
    let i18n = use_i18n();
    (!crumbs.is_empty()).then(|| {
        let links: Vec<_> = crumbs
            .into_iter()
            .map(|crumb| view! { <li><a href=crumb.href>{crumb.label}</a></li> })
            .collect();
        view! { <nav class="breadcrumbs crumbs" aria-label=tu_string!(i18n, common.breadcrumb)><ul>{links}</ul></nav> }
    })
}

/// Why there is nothing to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyKind {
    /// Nothing was made yet: say what it is for and offer the first step.
    Nothing,
    /// Nothing matches the filters.
    NoMatch,
    /// The viewer may not see it.
    NotPermitted,
    /// It could not be loaded.
    Failed,
}

/// What stands in place of content. Children are the next step.
#[component]
pub fn EmptyState(
    /// Why there is nothing.
    kind: EmptyKind,
    /// Heading; for all kinds but `Nothing` there is one already.
    #[prop(optional, into)]
    title: Option<String>,
    /// A sentence below it.
    #[prop(optional, into)]
    text: Option<String>,
    /// The next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (icon, usual_title, usual_text) = match kind {
        EmptyKind::Nothing => ("plus", "", ""),
        EmptyKind::NoMatch => (
            "search",
            tu_string!(i18n, common.empty.no_match),
            tu_string!(i18n, common.empty.no_match_text),
        ),
        EmptyKind::NotPermitted => (
            "lock",
            tu_string!(i18n, common.empty.not_permitted),
            tu_string!(i18n, common.empty.not_permitted_text),
        ),
        EmptyKind::Failed => ("triangle-alert", tu_string!(i18n, common.empty.failed), ""),
    };
    let title = title.unwrap_or_else(|| usual_title.to_owned());
    let text = text.unwrap_or_else(|| usual_text.to_owned());
    view! {
        <div class="empty">
            <Icon name=icon/>
            <h2 class="panel-title">{title}</h2>
            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}

/// Stands in place of a page or section whose data could not be read, and sets the status of the answer.
#[component]
pub fn LoadFailed(
    /// What went wrong.
    error: UiError,
) -> impl IntoView {
    let i18n = use_i18n();
    set_status(error.code.status());
    match error.code {
        UiErrorCode::Forbidden => view! { <EmptyState kind=EmptyKind::NotPermitted/> }.into_any(),
        UiErrorCode::NotFound => view! {
            <Title text=tu_string!(i18n, common.empty.not_found)/>
            <div class="empty">
                <Icon name="search"/>
                <h1 class="page-title">{tu_string!(i18n, common.empty.not_found)}</h1>
                <p>{tu_string!(i18n, common.error.not_found)}</p>
            </div>
        }
        .into_any(),
        _ => view! {
            <div class="empty" role="alert">
                <Icon name="triangle-alert"/>
                <h2 class="panel-title">{tu_string!(i18n, common.empty.failed)}</h2>
                <p><UiErrorText error=error/></p>
                // Asking for the same page from the server again works in every state of the browser.
                <div class="empty-actions"><a class="btn" rel="external" href="">{tu_string!(i18n, common.action.retry)}</a></div>
            </div>
        }
        .into_any(),
    }
}

/// The view of what was loaded, or [`LoadFailed`] in its place.
pub fn loaded<T>(result: Result<T, UiError>, view: impl FnOnce(T) -> AnyView) -> AnyView {
    match result {
        Ok(value) => view(value),
        Err(error) => view! { <LoadFailed error=error/> }.into_any(),
    }
}

/// What stands in place of a list while it loads in the browser.
#[component]
pub fn Loading() -> impl IntoView {
    view! { <div class="loading-block" aria-busy="true"><span class="loading loading-spinner"></span></div> }
}

/// Sets the status of the page's answer; in the browser there is none to set.
pub fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(options), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        axum::http::StatusCode::from_u16(status),
    ) {
        options.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
