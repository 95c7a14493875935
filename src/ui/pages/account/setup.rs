//! The first start: the printed link makes the first operator and the first organisation. Opening it changes nothing.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::sign_in::{LinkToken, UnusableLink};
use crate::domain::account::LinkStatus;
use crate::domain::account::MIN_PASSWORD_CHARS;
use crate::i18n::*;
use crate::server_fns::account::{CompleteSetup, get_setup_status};
use crate::ui::components::{Field, FormError, PostAction, PostForm, SubmitButton, action_error, load, loaded};
use crate::ui::layout::PublicLayout;

/// `/setup/:token`
#[component]
pub fn SetupPage() -> impl IntoView {
    let i18n = use_i18n();
    // Read once: the address loses the token as soon as the page is alive.
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    let asked = token.clone();
    let status = load(|| (), move |()| get_setup_status(asked.clone()));
    let action = PostAction::<CompleteSetup>::new();
    let error = action_error(action);
    view! {
        <PublicLayout title=tu_string!(i18n, account.setup.title)>
            <Suspense>
                {move || {
                    let token = token.clone();
                    Suspend::new(async move {
                        loaded(status.await, move |status| match status {
                            LinkStatus::Usable { .. } => view! {
                                <p class="page-lead">{tu_string!(i18n, account.setup.lead)}</p>
                                <PostForm action=action>
                                    <FormError error=error fields=&["name", "email", "password", "organisation"]/>
                                    <LinkToken token=token bare="/setup/done"/>
                                    <Field field="name" label=tu_string!(i18n, account.name) autocomplete="name" required=true autofocus=true error=error/>
                                    <Field field="email" label=tu_string!(i18n, account.email) kind="email" autocomplete="username" required=true error=error hint=tu_string!(i18n, account.setup.email_hint)/>
                                    <Field field="password" label=tu_string!(i18n, account.password) kind="password" autocomplete="new-password" required=true minlength=MIN_PASSWORD_CHARS error=error hint=tu_string!(i18n, account.password_hint, count = MIN_PASSWORD_CHARS)/>
                                    <Field field="organisation" label=tu_string!(i18n, account.setup.organisation) autocomplete="organization" required=true error=error hint=tu_string!(i18n, account.setup.organisation_hint)/>
                                    <SubmitButton label=tu_string!(i18n, account.setup.submit) pending=action.pending() class="btn-primary w-full"/>
                                </PostForm>
                            }
                            .into_any(),
                            LinkStatus::Unusable => view! { <UnusableLink text=tu_string!(i18n, account.setup.unusable)/> }.into_any(),
                            LinkStatus::AlreadySetUp => view! { <UnusableLink text=tu_string!(i18n, account.setup.done)/> }.into_any(),
                        })
                    })
                }}
            </Suspense>
        </PublicLayout>
    }
}
