//! What forms share: the error of an action, the summary above the fields, the submit button.

use leptos::prelude::*;

use super::icon::Icon;
use super::post::Post;
use super::text::{error_text, problem_text};
use crate::i18n::*;
use crate::server_fns::{UiError, UiErrorCode};

/// The error with which an action last ended, also when it comes from a post without WASM.
pub fn action_error(action: impl Into<Post>) -> Signal<Option<UiError>> {
    action.into().error()
}

/// Runs `then` in the browser each time the action has ended well.
pub fn on_success(action: impl Into<Post>, then: impl Fn() + 'static) {
    on_done(action.into(), Box::new(then));
}

fn on_done(post: Post, then: Box<dyn Fn()>) {
    let version = post.version();
    Effect::new(move |seen: Option<usize>| {
        let now = version.get();
        if seen.is_some_and(|seen| seen != now) && post.is_done_untracked() {
            then();
        }
        now
    });
}

/// The summary of an error above a form: one sentence, the fields that have no input of their own, the request id.
#[component]
pub fn FormError(
    /// The error, as [`action_error`] gives it.
    error: Signal<Option<UiError>>,
    /// Fields whose problem is shown beside their own input.
    #[prop(optional)]
    fields: &'static [&'static str],
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        error.get().map(|error| {
            let others: Vec<_> = error
                .fields
                .iter()
                .filter(|field| !fields.contains(&field.field.as_str()))
                .map(|field| view! { <li><span class="font-mono">{field.field.clone()}</span>": "{problem_text(i18n, &field.problem)}</li> })
                .collect();
            let others = (!others.is_empty()).then(|| view! { <ul class="list-disc ps-5">{others}</ul> });
            let reload = (error.code == UiErrorCode::Unauthenticated)
                .then(|| view! { <a class="link" href="/sign-in">{tu_string!(i18n, common.sign_in)}</a> });
            let request_id = error
                .request_id
                .map(|id| view! { <p class="text-sm opacity-80">{tu_string!(i18n, common.error.request_id, id = id).to_string()}</p> });
            view! {
                <div role="alert" class="callout form-error" data-tone="error">
                    <Icon name="circle-alert"/>
                    <div>
                        <p>{error_text(i18n, error.code)}</p>
                        {others}
                        {reload}
                        {request_id}
                    </div>
                </div>
            }
        })
    }
}

/// A submit button that keeps its label while the action runs.
#[component]
pub fn SubmitButton(
    /// What it does, a verb.
    #[prop(into)]
    label: String,
    /// Whether the action runs: `action.pending().into()`.
    #[prop(optional, into)]
    pending: Signal<bool>,
    /// Classes beside `btn`.
    #[prop(default = "btn-primary")]
    class: &'static str,
    /// Name of an icon.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// Name of the form field that this button sends, if it sends one.
    #[prop(optional)]
    name: Option<&'static str>,
    /// Value of that field.
    #[prop(optional, into)]
    value: Option<String>,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=format!("btn {class}")
            name=name
            value=value
            disabled=move || pending.get()
            aria-busy=move || pending.get().then_some("true")
        >
            {icon.map(|name| view! { <Icon name=name/> })}
            <span>{label}</span>
        </button>
    }
}
