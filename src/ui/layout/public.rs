//! The frame of pages for people who are not signed in: one card in the middle.

use leptos::prelude::*;
use leptos_meta::Title;

use super::switches::{LanguageSwitch, ThemeSwitch};
use crate::i18n::*;
use crate::ui::components::{Icon, ToastRegion};

/// One card with the page's title.
#[component]
pub fn PublicLayout(
    /// Title of the page.
    #[prop(into)]
    title: String,
    /// The page.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title text=title.clone()/>
        <div class="public">
            <header class="public-head">
                <p class="side-brand"><Icon name="badge-check"/><span>{tu_string!(i18n, common.app.name)}</span></p>
                <div class="side-looks"><ThemeSwitch/><LanguageSwitch/></div>
            </header>
            <main class="panel public-card" id="main">
                <h1 class="page-title">{title}</h1>
                {children()}
            </main>
        </div>
        <ToastRegion/>
    }
}
