//! Shortcuts: `/` searches, `g` and a letter goes to a page, `?` shows the list, Ctrl/Cmd+K opens the palette. Single keys never
//! fire in inputs or while a dialog is open, and can be switched off (WCAG 2.1.4).

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

use crate::domain::account::Viewer;
use crate::domain::permission::Permission;
use crate::i18n::*;
use crate::server_fns::preferences::SetPreferences;
use crate::ui::components::{I18n, Icon, PostAction, PostForm};

/// How long after `g` its letter may follow, in milliseconds.
const SEQUENCE_PAUSE: f64 = 1_500.0;

/// Letters after `g`, the page, its name, and what it takes to open it.
fn targets(i18n: I18n) -> [(&'static str, &'static str, &'static str, Permission); 4] {
    [
        ("u", "/users", tu_string!(i18n, common.nav.users), Permission::UsersRead),
        ("g", "/groups", tu_string!(i18n, common.nav.groups), Permission::GroupsRead),
        (
            "c",
            "/integrations",
            tu_string!(i18n, common.nav.integrations),
            Permission::ConnectorsManage,
        ),
        (
            "l",
            "/logs/provisioning",
            tu_string!(i18n, common.nav.provisioning),
            Permission::ProvisioningRead,
        ),
    ]
}

/// Listens to the keyboard while the frame is on the page. Shows nothing.
#[component]
pub(super) fn Keyboard(
    viewer: Arc<Viewer>,
    is_palette_open: RwSignal<bool>,
    is_help_open: RwSignal<bool>,
    has_shortcuts: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let last_g = StoredValue::new(f64::MIN);
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key() && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            is_palette_open.try_update(|is_open| *is_open = !*is_open);
            return;
        }
        let is_plain =
            !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !event.default_prevented() && !event.repeat();
        if !is_plain || !has_shortcuts.try_get_untracked().unwrap_or_default() || is_typing(&event) || is_dialog_open() {
            return;
        }
        let now = event.time_stamp();
        if now - last_g.try_get_value().unwrap_or(f64::MIN) < SEQUENCE_PAUSE {
            last_g.try_set_value(f64::MIN);
            let target = targets(i18n)
                .into_iter()
                .find(|(letter, _, _, permission)| *letter == key && viewer.may(*permission));
            if let Some((_, href, _, _)) = target {
                event.prevent_default();
                navigate(href, leptos_router::NavigateOptions::default());
                return;
            }
        }
        match key.as_str() {
            "g" => {
                last_g.try_set_value(now);
            }
            "/" => {
                event.prevent_default();
                if !focus_search() {
                    is_palette_open.try_set(true);
                }
            }
            "?" => {
                event.prevent_default();
                is_help_open.try_set(true);
            }
            _ => {}
        }
    });
    on_cleanup(move || listener.remove());
}

/// Whether the key goes into an input.
fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.matches("input, textarea, select, [contenteditable]").unwrap_or(true))
}

/// Whether a dialog covers the page.
fn is_dialog_open() -> bool {
    !matches!(document().query_selector("dialog[open]"), Ok(None))
}

/// Puts the cursor into the page's search input, if it has one.
fn focus_search() -> bool {
    let input = document()
        .query_selector("[data-search]")
        .ok()
        .flatten()
        .and_then(|input| input.dyn_into::<web_sys::HtmlElement>().ok());
    input.is_some_and(|input| input.focus().is_ok())
}

/// The list of shortcuts, opened by `?`.
#[component]
pub(super) fn ShortcutHelp(viewer: Arc<Viewer>, is_open: RwSignal<bool>, has_shortcuts: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Dialog>::new();
    let action = PostAction::<SetPreferences>::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get()
            && is_open.get()
            && !dialog.open()
        {
            // Fails only where the element is not in the document.
            let _ = dialog.show_modal();
        }
    });
    let row = |keys: Vec<&'static str>, label: String| {
        let keys: Vec<_> = keys
            .into_iter()
            .map(|key| view! { <kbd class="kbd kbd-sm">{key}</kbd> })
            .collect();
        view! { <div><dt class="flex gap-1">{keys}</dt><dd>{label}</dd></div> }
    };
    let pages: Vec<_> = targets(i18n)
        .into_iter()
        .filter(|(_, _, _, permission)| viewer.may(*permission))
        .map(|(letter, _, name, _)| row(vec!["g", letter], tu_string!(i18n, common.keys.go, page = name).to_string()))
        .collect();
    view! {
        <dialog class="console-dialog" aria-labelledby="keys-title" node_ref=node on:close=move |_| is_open.set(false)>
            <div class="console-dialog-head">
                <h2 class="panel-title" id="keys-title">{tu_string!(i18n, common.keys.title)}</h2>
                <form method="dialog">
                    <button type="submit" class="btn btn-sm btn-square btn-ghost" aria-label=tu_string!(i18n, common.action.close)><Icon name="x"/></button>
                </form>
            </div>
            <dl class="kv">
                {row(vec!["Ctrl", "K"], tu_string!(i18n, common.keys.palette).to_owned())}
                {row(vec!["/"], tu_string!(i18n, common.keys.search).to_owned())}
                {pages}
                {row(vec!["?"], tu_string!(i18n, common.keys.help).to_owned())}
                {row(vec!["Esc"], tu_string!(i18n, common.keys.escape).to_owned())}
            </dl>
            <PostForm action=action class="dialog-actions">
                <button
                    type="submit"
                    class="btn"
                    name="input[shortcuts]"
                    value=move || if has_shortcuts.get() { "off" } else { "on" }
                    on:click=move |_| request_animation_frame(move || has_shortcuts.update(|has| *has = !*has))
                >
                    {move || if has_shortcuts.get() { tu_string!(i18n, common.keys.switch_off) } else { tu_string!(i18n, common.keys.switch_on) }}
                </button>
            </PostForm>
        </dialog>
    }
}
