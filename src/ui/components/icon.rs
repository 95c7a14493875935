//! Icons from the sprite `/icons.svg`, so that no drawing enters the WASM.

use leptos::prelude::*;

/// An icon by its name in the sprite. It is decoration: the control that holds it carries the words.
#[component]
pub fn Icon(
    /// Name in the sprite (`users`, `trash-2`, …).
    #[prop(into)]
    name: String,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg class=format!("icon {class}") aria-hidden="true" focusable="false">
            <use href=format!("/icons.svg#{name}")></use>
        </svg>
    }
}
