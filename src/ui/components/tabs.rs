//! Tabs that are links: the chosen one is the query parameter `tab`.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::query::{href_with, param};

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Value of `tab` in the address.
    pub key: &'static str,
    /// Words.
    pub label: String,
}

impl Tab {
    /// A tab.
    pub fn new(key: &'static str, label: impl Into<String>) -> Self {
        Self {
            key,
            label: label.into(),
        }
    }
}

/// The key of the chosen tab: one of `keys`, else the first.
pub fn use_tab(keys: &'static [&'static str]) -> Memo<&'static str> {
    let query = use_query_map();
    Memo::new(move |_| {
        let asked = query.with(|query| param(query, "tab"));
        keys.iter()
            .copied()
            .find(|key| *key == asked)
            .or_else(|| keys.first().copied())
            .unwrap_or_default()
    })
}

/// The row of tabs. The page shows the content for [`use_tab`].
#[component]
pub fn Tabs(
    /// What the tabs divide, for assistive technology.
    #[prop(into)]
    label: String,
    /// The tabs; the first is chosen when the address names none.
    tabs: Vec<Tab>,
    /// The chosen one.
    current: Memo<&'static str>,
) -> impl IntoView {
    let path = use_location().pathname;
    let first = tabs.first().map(|tab| tab.key).unwrap_or_default();
    let links: Vec<_> = tabs
        .into_iter()
        .map(|tab| {
            let key = tab.key;
            let href = move || href_with(&path.get(), &[("tab", if key == first { "" } else { key })]);
            view! {
                <a class="tab" class:tab-active=move || current.get() == key href=href data-noscroll="" aria-current=move || (current.get() == key).then_some("page")>
                    {tab.label}
                </a>
            }
        })
        .collect();
    view! { <nav class="tabs tabs-border console-tabs" aria-label=label>{links}</nav> }
}
