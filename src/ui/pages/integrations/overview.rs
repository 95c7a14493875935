//! The tab Overview: what is entered in the directory, the secrets, the redirect URIs, and the test.

use std::sync::Arc;

use leptos::prelude::*;

use super::connector::{Actions, TestResource};
use super::credentials::Secrets;
use super::test::TestConnection;
use crate::domain::connector::{ConnectorDetail, CredentialView};
use crate::i18n::*;
use crate::ui::components::*;

/// The tab.
#[component]
pub(super) fn Overview(
    /// The connector.
    detail: Arc<ConnectorDetail>,
    /// What can be done.
    actions: Actions,
    /// Steps of the last test.
    checks: TestResource,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = detail.summary.id;
    let new_secret = detail.new_secret.clone().map(|secret| {
        let error = action_error(actions.acknowledge);
        view! {
            <SecretPanel title=tu_string!(i18n, connectors.secret.new_title) text=tu_string!(i18n, connectors.secret.new_text) label=tu_string!(i18n, connectors.secret.password) value=secret>
                <PostForm action=actions.acknowledge>
                    <FormError error=error/>
                    <Hidden field="input" value=id.to_string()/>
                    <SubmitButton label=tu_string!(i18n, connectors.secret.stored) pending=actions.acknowledge.pending() icon="check"/>
                </PostForm>
            </SecretPanel>
        }
    });
    view! {
        {new_secret}
        <section class="section" aria-labelledby="connector-credentials">
            <h2 class="section-title" id="connector-credentials">{tu_string!(i18n, connectors.secret.credentials)}</h2>
            <p class="section-text">{tu_string!(i18n, connectors.secret.credentials_text)}</p>
            <CopyField label=tu_string!(i18n, connectors.secret.scim_url) value=detail.scim_url.clone() hint=tu_string!(i18n, connectors.secret.scim_url_hint)/>
            <CopyField label=tu_string!(i18n, connectors.secret.user_name) value=detail.user_name.clone() hint=tu_string!(i18n, connectors.secret.user_name_hint)/>
            <Password detail=detail.clone()/>
        </section>
        <Secrets detail=detail.clone() rotate=actions.rotate revoke=actions.revoke/>
        <section class="section" aria-labelledby="connector-redirects">
            <h2 class="section-title" id="connector-redirects">{tu_string!(i18n, connectors.oidc.title)}</h2>
            <p class="section-text">{tu_string!(i18n, connectors.oidc.text)}</p>
            <CopyField label=tu_string!(i18n, connectors.oidc.web) value=detail.web_redirect_uri.clone() hint=tu_string!(i18n, connectors.oidc.web_hint)/>
            <CopyField label=tu_string!(i18n, connectors.oidc.native) value=detail.native_redirect_uri.clone() hint=tu_string!(i18n, connectors.oidc.native_hint)/>
        </section>
        <TestConnection id=id checks=checks/>
    }
}

/// The secret as it can still be shown: its beginning and end.
pub(super) fn masked(credential: &CredentialView) -> String {
    format!("{}…{}", credential.prefix, credential.last_four)
}

/// The line of the password: masked, with the way to a new one.
#[component]
fn Password(detail: Arc<ConnectorDetail>) -> impl IntoView {
    let i18n = use_i18n();
    let live = || detail.credentials.iter().filter(|credential| credential.is_live);
    let newest = live().find(|credential| !credential.is_superseded).or_else(|| live().next());
    let (value, hint) = match newest {
        Some(credential) => (
            view! { <code>{masked(credential)}</code> }.into_any(),
            tu_string!(i18n, connectors.secret.password_hint),
        ),
        None => (
            view! { <span class="flex-1 text-muted">{tu_string!(i18n, common.none)}</span> }.into_any(),
            tu_string!(i18n, connectors.secret.password_none),
        ),
    };
    view! {
        <div class="field">
            <p class="field-label">{tu_string!(i18n, connectors.secret.password)}</p>
            <div class="copy-field">
                {value}
                <DialogLink name="rotate-secret" label=tu_string!(i18n, connectors.secret.rotate) class="btn btn-sm" icon="rotate-cw"/>
            </div>
            <p class="field-hint"><span>{hint}</span></p>
        </div>
    }
}
