//! Facts of a record as a description list.

use leptos::prelude::*;

/// A description list of [`KeyValue`]s.
#[component]
pub fn KeyValueList(
    /// The facts.
    children: Children,
) -> impl IntoView {
    view! { <dl class="kv">{children()}</dl> }
}

/// One fact.
#[component]
pub fn KeyValue(
    /// What it is.
    #[prop(into)]
    label: String,
    /// Its value.
    children: Children,
) -> impl IntoView {
    view! { <div><dt>{label}</dt><dd>{children()}</dd></div> }
}
