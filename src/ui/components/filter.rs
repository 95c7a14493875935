//! A filter form whose state is the query string: a plain GET form without WASM, search-as-you-type with it.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::field::Choice;
use super::icon::Icon;
use super::post::named_fields;
use super::query::href_with;
use crate::i18n::*;

/// How long to wait after a key before the list is asked for anew.
const TYPING_PAUSE: Duration = Duration::from_millis(250);

/// A GET form to the page itself. Its named inputs become the query; whatever is empty is left out, and so is `cursor`.
/// Sorting is kept by hidden inputs that the page adds.
#[component]
pub fn FilterForm(
    /// What the form is for, for assistive technology.
    #[prop(into)]
    label: String,
    /// The inputs.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let (path, search) = (use_location().pathname, use_location().search);
    let navigate = use_navigate();
    let form = NodeRef::<html::Form>::new();
    let typing = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(handle)) = typing.try_update_value(Option::take) {
            handle.clear();
        }
    };
    on_cleanup(stop);
    let apply = move |replace: bool| {
        if let (Some(form), Some(path)) = (form.get_untracked(), path.try_get_untracked()) {
            let params = form_params(&form);
            let params: Vec<(&str, &str)> = params.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            let target = href_with(&path, &params);
            // Leaving the search input reports a change that was applied already.
            if target != format!("{path}?{}", search.try_get_untracked().unwrap_or_default()) {
                navigate(
                    &target,
                    NavigateOptions {
                        replace,
                        scroll: false,
                        ..NavigateOptions::default()
                    },
                );
            }
        }
    };
    let (on_submit, on_change) = (apply.clone(), apply.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        stop();
        on_submit(false);
    };
    let input = move |_| {
        stop();
        let apply = apply.clone();
        typing.set_value(set_timeout_with_handle(move || apply(true), TYPING_PAUSE).ok());
    };
    let change = move |_| {
        stop();
        on_change(false);
    };
    view! {
        <form method="get" role="search" aria-label=label class="toolbar" node_ref=form on:submit=submit on:input=input on:change=change>
            {children()}
            <button type="submit" class="btn only-without-script">{tu_string!(i18n, common.action.apply)}</button>
        </form>
    }
}

/// The named, filled-in inputs of a form in order.
fn form_params(form: &web_sys::HtmlFormElement) -> Vec<(String, String)> {
    let Ok(data) = web_sys::FormData::new_with_form(form) else {
        return Vec::new();
    };
    named_fields(&data)
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// The search input of a [`FilterForm`]; `/` puts the cursor there.
#[component]
pub fn SearchInput(
    /// Its label, also its placeholder.
    #[prop(into)]
    label: String,
    /// The value in the address; the input follows it while nobody types there.
    #[prop(into)]
    value: Signal<String>,
    /// Name of the query parameter.
    #[prop(default = "search")]
    name: &'static str,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |before: Option<String>| {
        let now = value.get();
        if let Some(input) = node.get()
            && before.is_some_and(|before| before != now)
            && !document()
                .active_element()
                .is_some_and(|active| active.is_same_node(Some(&input)))
        {
            input.set_value(&now);
        }
        now
    });
    view! {
        <label class="input grow">
            <Icon name="search"/>
            <span class="sr-only">{label.clone()}</span>
            <input
                type="search"
                name=name
                value=value.get_untracked()
                placeholder=label
                autocomplete="off"
                spellcheck="false"
                data-search=""
                aria-keyshortcuts="/"
                node_ref=node
            />
        </label>
    }
}

/// A drop-down of a [`FilterForm`]; an empty value means no filter.
#[component]
pub fn FilterSelect(
    /// Its label.
    #[prop(into)]
    label: String,
    /// Name of the query parameter.
    name: &'static str,
    /// What can be chosen; the first one has the empty value.
    choices: Vec<Choice>,
    /// The value in the address.
    #[prop(into)]
    value: Signal<String>,
) -> impl IntoView {
    let node = NodeRef::<html::Select>::new();
    Effect::new(move |before: Option<String>| {
        let now = value.get();
        if let Some(select) = node.get()
            && before.is_some_and(|before| before != now)
        {
            select.set_value(&now);
        }
        now
    });
    let chosen = value.get_untracked();
    let options: Vec<_> = choices
        .into_iter()
        .map(|choice| {
            let is_chosen = choice.value == chosen;
            view! { <option value=choice.value selected=is_chosen>{choice.label}</option> }
        })
        .collect();
    view! {
        <label class="filter-select">
            <span class="field-label">{label}</span>
            <select class="select" name=name autocomplete="off" node_ref=node>{options}</select>
        </label>
    }
}

/// A parameter that a [`FilterForm`] carries along without showing it.
#[component]
pub fn FilterHidden(
    /// Name of the query parameter.
    name: &'static str,
    /// The value in the address.
    #[prop(into)]
    value: Signal<String>,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=move || value.get()/> }
}

/// A filter that is set, with a link that removes it; an item of a `<ul class="chips">`.
#[component]
pub fn FilterChip(
    /// What it narrows to.
    #[prop(into)]
    label: String,
    /// The page without it.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let remove = tu_string!(i18n, common.action.remove_filter, name = label.clone()).to_string();
    view! {
        <li class="chip">
            <span>{label}</span>
            <a href=href data-noscroll="" aria-label=remove><Icon name="x"/></a>
        </li>
    }
}
