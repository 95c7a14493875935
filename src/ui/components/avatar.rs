//! Initials in place of a picture.

use leptos::prelude::*;

/// The initials of a name in a circle. Decoration: the name stands beside it.
#[component]
pub fn Avatar(
    /// The name.
    #[prop(into)]
    name: String,
    /// Whether it is the large one of a record's header.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    view! { <span class=if large { "initials initials-large" } else { "initials" } aria-hidden="true">{initials(&name)}</span> }
}

/// The first letter or digit of the first two words.
fn initials(name: &str) -> String {
    let letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    letters.take(2).flat_map(char::to_uppercase).collect()
}
