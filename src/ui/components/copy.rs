//! Values to take along: text that can be selected without WASM, and a copy button with it.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::Icon;
use super::time::use_hydrated;
use crate::i18n::*;

/// Puts text on the clipboard.
pub fn copy_to_clipboard(text: &str) {
    // The returned promise is left alone: the text stays selectable where the browser refuses.
    let _ = window().navigator().clipboard().write_text(text);
}

/// A button that copies `value` and says so, also to screen readers.
#[component]
pub fn CopyButton(
    /// What the value is, for the button's name.
    #[prop(into)]
    name: String,
    /// The value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_alive = use_hydrated();
    let is_copied = ArcRwSignal::new(false);
    let label = tu_string!(i18n, common.action.copy_named, name = name.clone()).to_string();
    let said = tu_string!(i18n, common.action.copied_named, name = name).to_string();
    let (shown, worded, spoken) = (is_copied.clone(), is_copied.clone(), is_copied.clone());
    let copy = move |_| {
        copy_to_clipboard(&value);
        is_copied.set(true);
        let done = is_copied.clone();
        set_timeout(move || done.set(false), Duration::from_secs(2));
    };
    let icon = move || {
        if shown.get() {
            view! { <Icon name="check"/> }
        } else {
            view! { <Icon name="copy"/> }
        }
    };
    let word = move || {
        if worded.get() {
            tu_string!(i18n, common.action.copied)
        } else {
            tu_string!(i18n, common.action.copy)
        }
    };
    view! {
        <button type="button" class="btn btn-sm" class:invisible=move || !is_alive.get() aria-label=label on:click=copy>
            {icon}
            <span>{word}</span>
        </button>
        <span class="sr-only" role="status">{move || spoken.get().then(|| said.clone())}</span>
    }
}

/// A labelled value in one line that selects as a whole, with a copy button.
#[component]
pub fn CopyField(
    /// What the value is.
    #[prop(into)]
    label: String,
    /// The value.
    #[prop(into)]
    value: String,
    /// A sentence below it.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    view! {
        <div class="field">
            <p class="field-label">{label.clone()}</p>
            <div class="copy-field">
                <code>{value.clone()}</code>
                <CopyButton name=label value=value/>
            </div>
            {hint.map(|hint| view! { <p class="field-hint"><span>{hint}</span></p> })}
        </div>
    }
}

/// A secret that is shown once. Children are the form by which the reader says that it is stored.
#[component]
pub fn SecretPanel(
    /// Heading.
    #[prop(into)]
    title: String,
    /// What to do with it, and that it will not be shown again.
    #[prop(into)]
    text: String,
    /// What the secret is called where it goes.
    #[prop(into)]
    label: String,
    /// The secret.
    #[prop(into)]
    value: String,
    /// The form that acknowledges it.
    children: Children,
) -> impl IntoView {
    let name = title.clone();
    view! {
        <section class="panel secret-panel" aria-label=name>
            <h2 class="panel-title"><Icon name="key-round"/><span>{title}</span></h2>
            <p>{text}</p>
            <CopyField label=label value=value/>
            <div class="secret-actions">{children()}</div>
        </section>
    }
}
