//! Sign in with e-mail address and password.

use leptos::prelude::*;

use crate::i18n::*;
use crate::server_fns::account::SignIn;
use crate::ui::components::{Field, FormError, Hidden, Icon, PostAction, PostForm, SubmitButton, action_error, use_param};
use crate::ui::layout::PublicLayout;

/// `/sign-in`
#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let action = PostAction::<SignIn>::new();
    let error = action_error(action);
    let return_to = use_param("return_to");
    let recovered = use_param("recovered");
    let news = move || {
        (recovered.get() == "true").then(|| {
            view! { <p class="callout" data-tone="success" role="status"><Icon name="circle-check"/><span>{tu_string!(i18n, account.sign_in.recovered)}</span></p> }
        })
    };
    view! {
        <PublicLayout title=tu_string!(i18n, account.sign_in.title)>
            {news}
            <PostForm action=action>
                <FormError error=error fields=&["email", "password"]/>
                <input type="hidden" name="input[return_to]" value=move || return_to.get()/>
                <Field field="email" label=tu_string!(i18n, account.email) kind="email" autocomplete="username" required=true autofocus=true error=error/>
                <Field field="password" label=tu_string!(i18n, account.password) kind="password" autocomplete="current-password" required=true error=error/>
                <SubmitButton label=tu_string!(i18n, account.sign_in.submit) pending=action.pending() class="btn-primary w-full"/>
            </PostForm>
            <p class="field-hint">{tu_string!(i18n, account.sign_in.help)}</p>
        </PublicLayout>
    }
}

/// A one-time link that cannot be used, and what to do.
#[component]
pub(super) fn UnusableLink(
    /// What to do.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="callout" data-tone="warning" role="alert">
            <Icon name="link"/>
            <div>
                <p>{text}</p>
                <p><a class="link" href="/sign-in">{tu_string!(i18n, account.sign_in.submit)}</a></p>
            </div>
        </div>
    }
}

/// The hidden token of a link, which also leaves the address bar as soon as the page is alive (security rule S41).
#[component]
pub(super) fn LinkToken(
    /// The token.
    token: String,
    /// The address without it.
    bare: &'static str,
) -> impl IntoView {
    Effect::new(move |_| {
        if let Ok(history) = window().history() {
            // Refused only for another origin.
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(bare));
        }
    });
    view! { <Hidden field="token" value=token/> }
}
