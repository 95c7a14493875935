//! The console's frame for signed-in people. Whoever is not signed in goes to the sign-in page, and comes back afterwards.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::{Outlet, Redirect};
use leptos_router::hooks::{use_location, use_url};
use leptos_router::location::Url;

use super::keyboard::{Keyboard, ShortcutHelp};
use super::palette::Palette;
use super::side::SideMenu;
use crate::domain::account::Viewer;
use crate::domain::permission::Permission;
use crate::i18n::*;
use crate::server_fns::UiError;
use crate::server_fns::account::{find_viewer, viewer_of_page};
use crate::ui::components::{Icon, LoadFailed, ToastRegion, href_with, provide_viewer, set_status};
use crate::ui::pages::account::PermissionDenied;
use crate::ui::preferences::use_preferences;

/// Shows the page inside the frame, or why not.
///
/// The server knows the viewer before it renders: a page inside content that waits would be built twice there, and the browser
/// would look for its data under other numbers.
#[component]
pub fn ConsoleLayout() -> impl IntoView {
    let url = use_url();
    match SharedValue::new(viewer_of_page).into_inner() {
        Some(viewer) => framed(viewer, None, url),
        None => {
            // In the browser, on the way here from a page without frame.
            let owner = Owner::current();
            view! {
                <Transition>
                    {move || {
                        let owner = owner.clone();
                        Suspend::new(async move { framed(find_viewer().await, owner, url) })
                    }}
                </Transition>
            }
            .into_any()
        }
    }
}

/// The frame for this viewer. `owner` is where the pages look for what is provided, if not here.
fn framed(viewer: Result<Option<Viewer>, UiError>, owner: Option<Owner>, url: ReadSignal<Url>) -> AnyView {
    match viewer {
        Ok(Some(viewer)) if viewer.is_operator || viewer.may(Permission::ConsoleAccess) => {
            let viewer = Arc::new(viewer);
            match owner {
                Some(owner) => owner.with(|| provide_viewer(viewer.clone())),
                None => provide_viewer(viewer.clone()),
            }
            view! { <Frame viewer=viewer/> }.into_any()
        }
        Ok(Some(viewer)) => view! { <PermissionDenied viewer=Arc::new(viewer)/> }.into_any(),
        Ok(None) => {
            let asked = url.with_untracked(|url| {
                if url.search().is_empty() {
                    url.path().to_owned()
                } else {
                    format!("{}?{}", url.path(), url.search())
                }
            });
            let asked = if asked == "/" { String::new() } else { asked };
            set_status(302);
            view! { <Redirect path=href_with("/sign-in", &[("return_to", &asked)])/> }.into_any()
        }
        Err(error) => view! { <main class="shell-main" id="main"><LoadFailed error=error/></main> }.into_any(),
    }
}

/// Side menu, top bar, page, messages.
#[component]
fn Frame(viewer: Arc<Viewer>) -> impl IntoView {
    let i18n = use_i18n();
    let preferences = use_preferences();
    let is_narrow = RwSignal::new(preferences.is_sidebar_narrow);
    let has_shortcuts = RwSignal::new(preferences.has_shortcuts);
    let is_palette_open = RwSignal::new(false);
    let is_help_open = RwSignal::new(false);
    follow_pages();
    let menu_label = tu_string!(i18n, common.nav.menu);
    view! {
        <a class="skip-link" href="#main" rel="external">{tu_string!(i18n, common.nav.skip)}</a>
        <div class="shell" data-side=move || if is_narrow.get() { "narrow" } else { "wide" }>
            <SideMenu viewer=viewer.clone() is_narrow=is_narrow/>
            <div class="shell-body">
                <header class="shell-top">
                    <button type="button" class="btn btn-square btn-ghost shell-menu" popovertarget="side" aria-label=menu_label title=menu_label>
                        <Icon name="menu"/>
                    </button>
                    <span class="top-place">{viewer.organisation.as_ref().map(|organisation| organisation.name.clone())}</span>
                    <Palette viewer=viewer.clone() is_open=is_palette_open/>
                </header>
                <main class="shell-main" id="main" tabindex="-1">
                    <Outlet/>
                </main>
            </div>
        </div>
        <ShortcutHelp viewer=viewer.clone() is_open=is_help_open has_shortcuts=has_shortcuts/>
        <Keyboard viewer=viewer is_palette_open=is_palette_open is_help_open=is_help_open has_shortcuts=has_shortcuts/>
        <ToastRegion/>
    }
}

/// On another page the focus goes to its beginning, so that a screen reader and Tab start there; the phone's menu closes.
fn follow_pages() {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            use wasm_bindgen::JsCast;
            let element = |id: &str| {
                document()
                    .get_element_by_id(id)
                    .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
            };
            if let Some(side) = element("side") {
                // Not open, or a browser without popovers: nothing to close.
                let _ = side.hide_popover();
            }
            if let Some(main) = element("main") {
                let _ = main.focus();
            }
        }
        now
    });
}
