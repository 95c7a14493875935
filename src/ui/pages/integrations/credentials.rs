//! The secrets of a connector: which are live, which is still used, rotate with overlap, revoke.

use std::sync::Arc;

use leptos::prelude::*;

use super::overview::masked;
use crate::domain::connector::{ConnectorDetail, CredentialView, MAX_OVERLAP_HOURS};
use crate::domain::ids::{ConnectorId, CredentialId};
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::server_fns::connectors::{RevokeCredential, RotateConnectorSecret};
use crate::ui::components::*;

/// The section with the secrets and its two dialogs.
#[component]
pub(super) fn Secrets(
    /// The connector.
    detail: Arc<ConnectorDetail>,
    /// Makes a new secret.
    rotate: PostAction<RotateConnectorSecret>,
    /// Ends one.
    revoke: PostAction<RevokeCredential>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = detail.summary.id;
    let newest_made_at = detail
        .credentials
        .iter()
        .filter(|credential| !credential.is_superseded)
        .map(|credential| credential.created_at)
        .max();
    let secrets = detail
        .credentials
        .iter()
        .map(|credential| secret(credential, newest_made_at))
        .collect_view();
    view! {
        <section class="section" aria-labelledby="connector-secrets">
            <h2 class="section-title" id="connector-secrets">{tu_string!(i18n, connectors.secret.list)}</h2>
            <ul class="secret-list">{secrets}</ul>
            <RotateDialog id=id rotate=rotate/>
            <RevokeDialog id=id credentials=detail.credentials.clone() revoke=revoke/>
        </section>
    }
}

/// One secret.
fn secret(credential: &CredentialView, newest_made_at: Option<chrono::DateTime<chrono::Utc>>) -> AnyView {
    let i18n = use_i18n();
    let status = match (credential.is_live, credential.is_superseded) {
        (true, false) => Status::Live,
        (true, true) => Status::Ending,
        (false, _) => Status::Ended,
    };
    let still_used = (credential.is_live && credential.is_superseded).then(|| {
        let is_used = credential
            .last_used_at
            .zip(newest_made_at)
            .is_some_and(|(used, made)| used > made);
        let (icon, class, text) = if is_used {
            (
                "triangle-alert",
                "credential-note text-warning",
                tu_string!(i18n, connectors.secret.old_used),
            )
        } else {
            (
                "circle-check",
                "credential-note",
                tu_string!(i18n, connectors.secret.old_unused),
            )
        };
        view! { <p class=class><Icon name=icon/><span>{text}</span></p> }
    });
    let created_by = tu_string!(i18n, connectors.secret.by, name = in_sentence(&credential.created_by)).to_string();
    let used_from = credential.last_used_ip.clone().map(|ip| {
        view! { <span class="text-muted">{tu_string!(i18n, connectors.secret.from, ip = ip).to_string()}</span> }
    });
    let (created_at, used_at, ends_at) = (credential.created_at, credential.last_used_at, credential.expires_at);
    let id = credential.id.to_string();
    let revoke = credential.is_live.then(|| {
        let href = use_href(vec![("dialog", "revoke-secret".to_owned()), ("secret", id)]);
        let label = tu_string!(i18n, connectors.secret.revoke_name, last = credential.last_four.clone()).to_string();
        view! { <a class="btn btn-sm btn-ghost text-error" href=move || href.get() data-noscroll="" aria-label=label>{tu_string!(i18n, connectors.secret.revoke)}</a> }
    });
    // One that was replaced ends on purpose.
    let at_end = (credential.is_live && !credential.is_superseded).then(|| view! { <ExpiryNote at=ends_at/> });
    view! {
        <li class="secret-item">
            <div class="section-head">
                <div class="states"><code class="break-all">{masked(credential)}</code><StatusBadge status=status/></div>
                {revoke}
            </div>
            {still_used}
            <KeyValueList>
                <KeyValue label=tu_string!(i18n, connectors.secret.col_created)><RelativeTime at=created_at/>" "<bdi class="text-muted">{created_by}</bdi></KeyValue>
                <KeyValue label=tu_string!(i18n, connectors.secret.col_used)><OptionalTime at=used_at/>" "{used_from}</KeyValue>
                <KeyValue label=tu_string!(i18n, connectors.secret.col_ends)><RelativeTime at=ends_at/>" "{at_end}</KeyValue>
            </KeyValueList>
        </li>
    }
    .into_any()
}

/// "Ends soon", from 30 days before the end. The server knows no reader's clock, so that it comes with hydration.
#[component]
fn ExpiryNote(at: chrono::DateTime<chrono::Utc>) -> impl IntoView {
    const THIRTY_DAYS_MS: i64 = 30 * 86_400_000;
    let i18n = use_i18n();
    let is_alive = use_hydrated();
    let warns_from = (at.timestamp_millis() - THIRTY_DAYS_MS) as f64;
    move || {
        let is_near = is_alive.get() && js_sys::Date::now() >= warns_from;
        is_near.then(|| view! { <span class="state" data-tone="warning"><Icon name="clock"/><span>{tu_string!(i18n, connectors.secret.ends_soon)}</span></span> })
    }
}

/// A new secret, and how long the old one still works.
#[component]
fn RotateDialog(id: ConnectorId, rotate: PostAction<RotateConnectorSecret>) -> impl IntoView {
    let i18n = use_i18n();
    let error = action_error(rotate);
    let choices = [
        (0, tu_string!(i18n, connectors.secret.overlap_now)),
        (24, tu_string!(i18n, connectors.secret.overlap_day)),
        (MAX_OVERLAP_HOURS, tu_string!(i18n, connectors.secret.overlap_week)),
    ];
    let choices = choices
        .into_iter()
        .map(|(hours, label)| {
            view! {
                <label class="field-check">
                    <input type="radio" class="radio radio-primary" name="input[overlap_hours]" value=hours.to_string() checked=hours == 24/>
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <Dialog name="rotate-secret" title=tu_string!(i18n, connectors.secret.rotate_title)>
            <PostForm action=rotate>
                <FormError error=error/>
                <p class="dialog-text">{tu_string!(i18n, connectors.secret.rotate_text)}</p>
                <Hidden field="id" value=id.to_string()/>
                <fieldset class="field">
                    <legend class="field-label">{tu_string!(i18n, connectors.secret.overlap)}</legend>
                    {choices}
                </fieldset>
                <DialogActions>
                    <SubmitButton label=tu_string!(i18n, connectors.secret.rotate_confirm) pending=rotate.pending()/>
                </DialogActions>
            </PostForm>
        </Dialog>
    }
}

/// The end of one secret: the one that the address names.
#[component]
fn RevokeDialog(id: ConnectorId, credentials: Vec<CredentialView>, revoke: PostAction<RevokeCredential>) -> impl IntoView {
    let chosen = use_param("secret");
    move || {
        let wanted = CredentialId::parse(&chosen.get()).ok()?;
        let credential = credentials
            .iter()
            .find(|credential| credential.id == wanted && credential.is_live)?;
        let is_last = credentials.iter().filter(|credential| credential.is_live).count() == 1;
        Some(revoke_dialog(id, credential, is_last, revoke))
    }
}

/// The dialog for one secret.
fn revoke_dialog(
    connector: ConnectorId,
    credential: &CredentialView,
    is_last: bool,
    revoke: PostAction<RevokeCredential>,
) -> AnyView {
    let i18n = use_i18n();
    let error = action_error(revoke);
    let text = tu_string!(i18n, connectors.secret.revoke_text, last = credential.last_four.clone()).to_string();
    let id = credential.id.to_string();
    let warning = is_last.then(|| {
        view! { <p class="dialog-text font-semibold">{tu_string!(i18n, connectors.secret.revoke_last)}</p> }
    });
    view! {
        <Dialog name="revoke-secret" title=tu_string!(i18n, connectors.secret.revoke_title)>
            <PostForm action=revoke>
                <FormError error=error/>
                <p class="dialog-text">{text}</p>
                {warning}
                <Hidden field="connector" value=connector.to_string()/>
                <Hidden field="credential" value=id/>
                <DialogActions>
                    <SubmitButton label=tu_string!(i18n, connectors.secret.revoke_confirm) pending=revoke.pending() class="btn-error"/>
                </DialogActions>
            </PostForm>
        </Dialog>
    }
    .into_any()
}
