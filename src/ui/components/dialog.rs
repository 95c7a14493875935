//! Dialogs are opened by the address: `?dialog=NAME`. So they work as links before WASM has loaded, close on Back, and a form
//! inside that was refused comes back open. With WASM they are modal.

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use super::field::input_name;
use super::icon::Icon;
use super::query::{href_changed, param};
use super::text::problem_text;
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::server_fns::UiError;

/// The address of this page with the dialog of that name open; an empty name closes.
pub fn use_dialog_href(name: &'static str) -> Signal<String> {
    let (path, query) = (use_location().pathname, use_query_map());
    Signal::derive(move || query.with(|query| href_changed(&path.get(), query, &[("dialog", name)])))
}

/// A function that closes whichever dialog is open.
pub fn use_close_dialog() -> impl Fn() + Clone + Send + Sync + 'static {
    let href = use_dialog_href("");
    let query = use_query_map();
    let navigate = StoredValue::new(Box::new(use_navigate()) as Box<dyn Fn(&str, NavigateOptions) + Send + Sync>);
    move || {
        if query.with_untracked(|query| query.get_str("dialog").is_some()) {
            let href = href.get_untracked();
            navigate.with_value(|navigate| {
                navigate(
                    &href,
                    NavigateOptions {
                        replace: true,
                        scroll: false,
                        ..NavigateOptions::default()
                    },
                )
            });
        }
    }
}

/// A link that opens a dialog of this page.
#[component]
pub fn DialogLink(
    /// Name of the dialog.
    name: &'static str,
    /// What it does; an ellipsis says that a dialog follows.
    #[prop(into)]
    label: String,
    /// Classes.
    #[prop(default = "btn")]
    class: &'static str,
    /// Name of an icon.
    #[prop(optional)]
    icon: Option<&'static str>,
) -> impl IntoView {
    let href = use_dialog_href(name);
    view! {
        <a class=class href=move || href.get() data-noscroll="">
            {icon.map(|name| view! { <Icon name=name/> })}
            <span>{label}</span>
        </a>
    }
}

/// A dialog that is open while the address says `?dialog=NAME`. Children are always part of the page, hidden while it is closed.
#[component]
pub fn Dialog(
    /// Name of the dialog, unique on the page; also the beginning of its ids.
    name: &'static str,
    /// Heading.
    #[prop(into)]
    title: String,
    /// Whether it is wide.
    #[prop(optional)]
    wide: bool,
    /// What it holds, usually an `PostForm` that ends with [`DialogActions`].
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let is_open = Memo::new(move |_| query.with(|query| param(query, "dialog") == name));
    let close_href = use_dialog_href("");
    let close = use_close_dialog();
    let node = NodeRef::<html::Dialog>::new();
    // The attribute is written once: afterwards the browser's own methods keep it.
    let is_open_at_first = is_open.get_untracked();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if !is_open.get() {
            dialog.close();
        } else if !dialog.matches(":modal").unwrap_or(true) {
            dialog.set_open(false);
            // Fails only where the element is not in the document.
            let _ = dialog.show_modal();
        }
    });
    let closed = move |_| {
        if is_open.get_untracked() {
            close();
        }
    };
    let title_id = format!("{name}-title");
    let labelled_by = title_id.clone();
    view! {
        <dialog
            class=if wide { "console-dialog console-dialog-wide" } else { "console-dialog" }
            id=name
            open=is_open_at_first
            aria-labelledby=labelled_by
            node_ref=node
            on:close=closed
        >
            <div class="console-dialog-head">
                <h2 class="panel-title" id=title_id>{title}</h2>
                <a class="btn btn-sm btn-square btn-ghost" href=move || close_href.get() data-noscroll="" prop:replace=true aria-label=tu_string!(i18n, common.action.close)>
                    <Icon name="x"/>
                </a>
            </div>
            {children()}
        </dialog>
    }
}

/// The foot of a dialog: Cancel, then the children (a submit button).
#[component]
pub fn DialogActions(
    /// The buttons.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let close_href = use_dialog_href("");
    view! {
        <div class="dialog-actions">
            <a class="btn btn-ghost" href=move || close_href.get() data-noscroll="" prop:replace=true>{tu_string!(i18n, common.action.cancel)}</a>
            {children()}
        </div>
    }
}

/// The input in which the name of what is to be lost is typed. The server compares it (field `confirmation`).
#[component]
pub fn ConfirmField(
    /// The name to type.
    #[prop(into)]
    expected: String,
    /// Id of the input, unique on the page.
    id: &'static str,
    /// The error of the form's action.
    error: Signal<Option<UiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let problem = Signal::derive(move || {
        error.with(|error| {
            error
                .as_ref()
                .and_then(|error| error.field("confirmation"))
                .map(|found| problem_text(i18n, &found.problem))
        })
    });
    let error_id = format!("{id}-error");
    let described_by = {
        let error_id = error_id.clone();
        move || problem.with(Option::is_some).then(|| error_id.clone())
    };
    view! {
        <div class="field">
            <label class="field-label" for=id>{tu_string!(i18n, common.confirm.typed, name = in_sentence(&expected)).to_string()}</label>
            <input
                class="input w-full"
                class=("input-error", move || problem.with(Option::is_some))
                type="text"
                id=id
                name=input_name("confirmation")
                required=true
                autocomplete="off"
                spellcheck="false"
                autocapitalize="none"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            />
            {move || {
                let id = error_id.clone();
                problem.get().map(|text| view! { <p class="field-error" id=id><Icon name="circle-alert"/><span>{text}</span></p> })
            }}
        </div>
    }
}
