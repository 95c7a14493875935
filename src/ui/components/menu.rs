//! The overflow menu "…": a `<details>`, so that it opens without WASM; arrow keys, Escape and a click outside work with it.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::Icon;
use super::query::encode;
use crate::i18n::*;

/// A menu behind a button. Children are [`MenuLink`], [`MenuRefused`], [`MenuGroup`], or `<li>` with a form.
#[component]
pub fn Menu(
    /// Name of the button; "More actions" unless given.
    #[prop(optional, into)]
    label: Option<String>,
    /// The entries.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = label.unwrap_or_else(|| tu_string!(i18n, common.action.more).to_owned());
    let node = NodeRef::<html::Details>::new();
    let close = move |with_focus: bool| {
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
            if with_focus && let Ok(Some(summary)) = details.query_selector("summary") {
                focus(&summary);
            }
        }
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        let Some(details) = node.get_untracked() else { return };
        match event.key().as_str() {
            "Escape" if details.open() => {
                event.stop_propagation();
                close(true);
            }
            "ArrowDown" | "ArrowUp" | "Home" | "End" => {
                event.prevent_default();
                details.set_open(true);
                move_focus(&details, &event.key());
            }
            _ => {}
        }
    };
    let left = move |event: leptos::ev::FocusEvent| {
        let inside = node
            .get_untracked()
            .zip(event.related_target())
            .is_some_and(|(details, target)| {
                target
                    .dyn_ref::<web_sys::Node>()
                    .is_some_and(|target| details.contains(Some(target)))
            });
        if !inside && event.related_target().is_some() {
            close(false);
        }
    };
    let picked = move |event: leptos::ev::MouseEvent| {
        let on_entry = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if on_entry.is_some_and(|target| matches!(target.closest("li a"), Ok(Some(_)))) {
            close(false);
        }
    };
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let inside = node
            .try_get_untracked()
            .flatten()
            .zip(event.target())
            .is_some_and(|(details, target)| {
                target
                    .dyn_ref::<web_sys::Node>()
                    .is_some_and(|target| details.contains(Some(target)))
            });
        if !inside && let Some(details) = node.try_get_untracked().flatten() {
            details.set_open(false);
        }
    });
    on_cleanup(move || outside.remove());
    view! {
        <details class="console-menu" node_ref=node on:keydown=key on:focusout=left on:click=picked>
            <summary class="btn btn-square" aria-label=label.clone() title=label>
                <Icon name="ellipsis"/>
            </summary>
            <ul class="menu console-menu-list">{children()}</ul>
        </details>
    }
}

/// Moves the focus among the entries of a menu.
fn move_focus(details: &web_sys::Element, key: &str) {
    let Ok(list) = details.query_selector_all("li a[href], li button:not([disabled])") else {
        return;
    };
    let count = list.length();
    if count == 0 {
        return;
    }
    let current = document().active_element();
    let index = (0..count).find(|index| {
        list.item(*index)
            .is_some_and(|node| current.as_ref().is_some_and(|current| node.is_same_node(Some(current))))
    });
    let next = match (key, index) {
        ("Home", _) | ("ArrowDown", None) => 0,
        ("End", _) | ("ArrowUp", None) => count - 1,
        ("ArrowDown", Some(index)) => (index + 1) % count,
        (_, Some(index)) => (index + count - 1) % count,
        (_, None) => 0,
    };
    if let Some(element) = list.item(next).and_then(|node| node.dyn_into::<web_sys::Element>().ok()) {
        focus(&element);
    }
}

/// Gives an element the focus.
pub(super) fn focus(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
    }
}

/// An entry that leads somewhere, such as `?dialog=delete`.
#[component]
pub fn MenuLink(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// Words.
    #[prop(into)]
    label: String,
    /// Name of an icon.
    icon: &'static str,
    /// Whether it endangers something.
    #[prop(optional)]
    danger: bool,
) -> impl IntoView {
    view! {
        <li>
            <a href=move || href.get() data-noscroll="" class=if danger { "text-error" } else { "" }>
                <Icon name=icon/>
                <span>{label}</span>
            </a>
        </li>
    }
}

/// An entry that cannot be chosen now, and why.
#[component]
pub fn MenuRefused(
    /// Words.
    #[prop(into)]
    label: String,
    /// Name of an icon.
    icon: &'static str,
    /// Why not.
    #[prop(into)]
    reason: String,
) -> impl IntoView {
    let id = format!("refused-{}", encode(&label).to_lowercase().replace('%', "-"));
    let described_by = id.clone();
    view! {
        <li>
            <button type="button" class="menu-refused" aria-disabled="true" aria-describedby=described_by>
                <Icon name=icon/>
                <span>
                    <span class="block">{label}</span>
                    <span class="menu-reason" id=id>{reason}</span>
                </span>
            </button>
        </li>
    }
}

/// A heading among the entries.
#[component]
pub fn MenuGroup(
    /// Words.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <li class="menu-title">{label}</li> }
}
